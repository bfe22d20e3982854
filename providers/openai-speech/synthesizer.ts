/** Synthesis by a server that speaks OpenAI's interface. Piper speaks at 16 or 22.05 kHz, Kokoro and Coqui at 24: all of it is brought to the leg's rate as it comes. */
import type { IncomingMessage } from 'node:http';
import { ProviderError } from '../provider-error.ts';
import { Resampler } from '../resample.ts';
import type { Synthesizer, Utterable } from '../tts.ts';
import { WavStripper } from '../wav.ts';
import { byLanguage } from './languages.ts';
import { brokenOff, post, type Post, type SpeechServer } from './server.ts';

export interface OpenAiSynthesizerOptions extends SpeechServer {
  name?: string | undefined;
  model: string;
  /** By language: `en-GB`, `en`, or `*` for every one. */
  voices: Readonly<Record<string, string>>;
  /** `wav` tells its rate; `pcm` only where the server writes it into the content type. */
  responseFormat?: 'wav' | 'pcm' | undefined;
  /** Of `pcm` without a word about it. OpenAI's own: 24 kHz. */
  pcmRateHz?: number | undefined;
  /** Silence of the server, first sound included. */
  idleTimeoutMs?: number | undefined;
}

const VENDOR = 'openai-tts';
const PATH = '/audio/speech';
/** WAVE_FORMAT_PCM, and WAVE_FORMAT_EXTENSIBLE, whose depth tells what it holds. */
const PCM_ENCODINGS: ReadonlySet<number> = new Set([1, 0xfffe]);
const DEFAULT_VOICE = 'alloy';
const DEFAULT_PCM_HZ = 24_000;
/** A sentence on a processor without a graphics card takes a second or two; beyond this the caller asks whether anyone is there. */
const DEFAULT_IDLE_TIMEOUT_MS = 8_000;
const RATES: ReadonlySet<number> = new Set([8_000, 11_025, 12_000, 16_000, 22_050, 24_000, 32_000, 44_100, 48_000]);

export function createOpenAiSynthesizer(options: OpenAiSynthesizerOptions): Synthesizer {
  return {
    name: options.name ?? 'openai',
    async *synthesize(utterable, signal) {
      signal.throwIfAborted();
      if (utterable.text.trim() === '') return;
      const idle = new IdleTimer(options.idleTimeoutMs ?? DEFAULT_IDLE_TIMEOUT_MS);
      const either = AbortSignal.any([signal, idle.signal]);
      try {
        const response = await post(options, { vendor: VENDOR, path: PATH, body: bodyOf(options, utterable) }, either);
        for await (const sound of soundOf(response, options, utterable)) {
          signal.throwIfAborted();
          // The listener may take its time.
          idle.stop();
          if (sound.length > 0) yield sound;
          signal.throwIfAborted();
          idle.restart();
        }
      } catch (error) {
        signal.throwIfAborted();
        if (idle.signal.aborted) throw idle.signal.reason;
        throw brokenOff(VENDOR, PATH, error);
      } finally {
        idle.stop();
      }
    },
  };
}

function bodyOf(options: OpenAiSynthesizerOptions, { text, language, voice, speed }: Utterable): Post['body'] {
  const request = {
    model: options.model,
    input: text,
    voice: voice ?? byLanguage(options.voices, language) ?? DEFAULT_VOICE,
    speed,
    response_format: options.responseFormat ?? 'wav',
  };
  return { type: 'application/json', bytes: Buffer.from(JSON.stringify(request)) };
}

async function* soundOf(
  response: IncomingMessage,
  options: OpenAiSynthesizerOptions,
  utterable: Utterable,
): AsyncGenerator<Buffer> {
  const type = response.headers['content-type'] ?? '';
  // A server that does not know the format answers in its own.
  if (!/^(audio\/(x-|vnd\.)?(wav|wave|pcm|l16|raw|basic)|application\/octet-stream|$)/i.test(type))
    throw new ProviderError(VENDOR, 'vendor_fault', { message: `the sound came as ${type}` });
  const told = Number(/rate=(\d+)/i.exec(type)?.[1] ?? options.pcmRateHz ?? DEFAULT_PCM_HZ);
  const stripper = new WavStripper();
  let resampler: Resampler | null = null;
  const convert = (pcm: Buffer): Buffer => {
    if (pcm.length === 0) return pcm;
    resampler ??= new Resampler(rateOf(stripper, told), utterable.sampleRateHz);
    return resampler.push(pcm);
  };
  for await (const chunk of response as AsyncIterable<Buffer>) yield convert(stripper.take(chunk));
  yield convert(stripper.rest());
  const last = (resampler as Resampler | null)?.rest();
  if (last !== undefined) yield last;
}

function rateOf({ format }: WavStripper, told: number): number {
  const ours =
    format === null || (PCM_ENCODINGS.has(format.encoding) && format.channels === 1 && format.bitsPerSample === 16);
  if (!ours)
    throw new ProviderError(VENDOR, 'vendor_fault', { message: `sound of another kind: ${JSON.stringify(format)}` });
  const rate = format?.sampleRateHz ?? told;
  if (!RATES.has(rate)) throw new ProviderError(VENDOR, 'vendor_fault', { message: `sound at ${String(rate)} Hz` });
  return rate;
}

class IdleTimer {
  readonly #abort = new AbortController();
  readonly #ms: number;
  #timer: NodeJS.Timeout | undefined;

  constructor(ms: number) {
    this.#ms = ms;
    this.restart();
  }

  get signal(): AbortSignal {
    return this.#abort.signal;
  }

  restart(): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      this.#abort.abort(new ProviderError(VENDOR, 'timeout', { message: `no sound for ${String(this.#ms)} ms` }));
    }, this.#ms);
  }

  stop(): void {
    clearTimeout(this.#timer);
  }
}
