/** Speech synthesis: streamed for the voices that can, in one piece for the others. One stream an utterance: an idle one is closed by the service. */
import { status } from '@grpc/grpc-js';
import type { protos, TextToSpeechClient } from '@google-cloud/text-to-speech';
import { ProviderError } from '../provider-error.ts';
import type { Synthesizer, Utterable } from '../tts.ts';
import type { Lease } from './client-pool.ts';
import { ttsClients, type GoogleConnection } from './clients.ts';
import { googleFailure, statusCodeOf } from './failure.ts';
import { textPieces } from './text-pieces.ts';
import { twoWay } from './two-way.ts';
import { voiceFor, type Voice } from './voices.ts';
import { WavStripper } from '../wav.ts';
import { WireQueue } from './wire-queue.ts';

type Request = protos.google.cloud.texttospeech.v1.IStreamingSynthesizeRequest;
type Reply = protos.google.cloud.texttospeech.v1.IStreamingSynthesizeResponse;

export interface GoogleSynthesizerOptions extends GoogleConnection {
  /** Voice by language (`ru`, `en-GB`), before the one built in. */
  voices?: Record<string, string> | undefined;
  /** Silence of the service, first sound included. Google's first sound comes in under a second. */
  idleTimeoutMs?: number | undefined;
}

export interface ClosableSynthesizer extends Synthesizer {
  close(): Promise<void>;
}

interface Task {
  utterable: Utterable;
  voice: Voice;
  pieces: string[];
  idleMs: number;
  signal: AbortSignal;
}

const VENDOR = 'google-tts';
/** Above a slow first sound, below the point where a caller asks whether anyone is there. */
const DEFAULT_IDLE_TIMEOUT_MS = 8_000;

export function createGoogleSynthesizer(options: GoogleSynthesizerOptions): ClosableSynthesizer {
  const clients = ttsClients(options);
  const speaker = new Speaker();
  return {
    name: 'google',
    close: () => clients.close(),
    async *synthesize(utterable, signal) {
      signal.throwIfAborted();
      const pieces = textPieces(utterable.text, utterable.language);
      if (pieces.length === 0) return;
      const voice = voiceFor(utterable.language, utterable.voice ?? voiceSetting(options.voices, utterable.language));
      const task: Task = { utterable, voice, pieces, idleMs: options.idleTimeoutMs ?? DEFAULT_IDLE_TIMEOUT_MS, signal };
      let lease: Lease<TextToSpeechClient> | undefined;
      try {
        lease = await clients.lease();
        signal.throwIfAborted();
        yield* speaker.speak(lease.client, task);
      } catch (error) {
        signal.throwIfAborted();
        throw googleFailure(VENDOR, error);
      } finally {
        lease?.release();
      }
    },
  };
}

function voiceSetting(voices: Record<string, string> | undefined, language: string): string | null {
  return voices?.[language] ?? voices?.[language.split('-')[0] ?? language] ?? null;
}

class Speaker {
  /** Voices, or `*` for all, that this service has refused to stream and spoken in one piece. */
  readonly #unstreamed = new Set<string>();

  async *speak(client: TextToSpeechClient, task: Task): AsyncGenerator<Buffer> {
    if (!task.voice.streams || this.#unstreamed.has('*') || this.#unstreamed.has(task.voice.name ?? '')) {
      yield* inOnePiece(client, task);
      return;
    }
    let refusal: status | null = null;
    let spoken = false;
    try {
      for await (const sound of streamed(client, task)) {
        spoken = true;
        yield sound;
      }
    } catch (error) {
      refusal = statusCodeOf(error);
      if (spoken || (refusal !== status.UNIMPLEMENTED && refusal !== status.INVALID_ARGUMENT)) throw error;
    }
    if (refusal === null) return;
    yield* inOnePiece(client, task);
    // Only now is it known that the refusal was about streaming, not about the request.
    this.#unstreamed.add(refusal === status.UNIMPLEMENTED ? '*' : (task.voice.name ?? ''));
  }
}

async function* streamed(client: TextToSpeechClient, task: Task): AsyncGenerator<Buffer> {
  const { utterable, voice, pieces, idleMs, signal } = task;
  const queue = new WireQueue<Reply>();
  const open = await twoWay<Request, Reply>(client.textToSpeechStub, 'streamingSynthesize');
  signal.throwIfAborted();
  const wire = open();
  wire.on('error', (error: unknown) => {
    queue.push({ kind: 'failed', error });
  });
  wire.on('data', (message: Reply) => {
    queue.push({ kind: 'message', message });
  });
  wire.on('end', () => {
    queue.push({ kind: 'end' });
  });
  const onAbort = (): void => {
    wire.cancel();
    queue.push({ kind: 'failed', error: signal.reason });
  };
  signal.addEventListener('abort', onAbort, { once: true });
  let over = false;
  try {
    wire.write({
      streamingConfig: {
        voice: voiceParams(voice),
        streamingAudioConfig: { audioEncoding: 'PCM', sampleRateHertz: utterable.sampleRateHz, ...rate(utterable) },
      },
    });
    for (const text of pieces) wire.write({ input: { text } });
    wire.end();
    const stripper = new WavStripper();
    for (;;) {
      const item = await queue.next(
        idleMs,
        () => new ProviderError(VENDOR, 'timeout', { message: `no sound for ${idleMs} ms` }),
      );
      // Sound that had already come must not be heard after a barge-in.
      signal.throwIfAborted();
      if (item.kind === 'failed') throw item.error;
      const sound = item.kind === 'end' ? stripper.rest() : stripper.take(bytesOf(item.message.audioContent));
      checkFormat(stripper, utterable);
      over = item.kind === 'end';
      if (sound.length > 0) yield sound;
      if (over) return;
    }
  } finally {
    signal.removeEventListener('abort', onAbort);
    if (!over) wire.cancel();
  }
}

async function* inOnePiece(client: TextToSpeechClient, task: Task): AsyncGenerator<Buffer> {
  const { utterable, voice, pieces, idleMs, signal } = task;
  for (const text of pieces) {
    const request = {
      input: { text },
      voice: voiceParams(voice),
      audioConfig: { audioEncoding: 'PCM' as const, sampleRateHertz: utterable.sampleRateHz, ...rate(utterable) },
    };
    // `retry: null`: on a live call a late answer is as bad as none; who calls decides.
    const [reply] = await orAborted(client.synthesizeSpeech(request, { timeout: idleMs, retry: null }), signal);
    const stripper = new WavStripper();
    const sound = Buffer.concat([stripper.take(bytesOf(reply.audioContent)), stripper.rest()]);
    checkFormat(stripper, utterable);
    if (sound.length > 0) yield sound;
    signal.throwIfAborted();
  }
}

function voiceParams(voice: Voice): { languageCode: string; name?: string } {
  return { languageCode: voice.languageCode, ...(voice.name === null ? {} : { name: voice.name }) };
}

/** Left out at 1: not every streaming voice takes a rate. */
function rate(utterable: Utterable): { speakingRate?: number } {
  return utterable.speed === 1 ? {} : { speakingRate: utterable.speed };
}

function bytesOf(content: Uint8Array | string | null | undefined): Buffer {
  if (content === null || content === undefined) return Buffer.alloc(0);
  return typeof content === 'string'
    ? Buffer.from(content, 'base64')
    : Buffer.from(content.buffer, content.byteOffset, content.byteLength);
}

/** A header that announces another kind of sound than the one asked for: played as it is, it would be noise. */
function checkFormat(stripper: WavStripper, utterable: Utterable): void {
  const format = stripper.format;
  if (format === null) return;
  if (
    format.encoding === 1 &&
    format.channels === 1 &&
    format.bitsPerSample === 16 &&
    format.sampleRateHz === utterable.sampleRateHz
  )
    return;
  const got = `encoding ${format.encoding}, ${format.channels} channels, ${format.bitsPerSample} bits, ${format.sampleRateHz} Hz`;
  throw new ProviderError(VENDOR, 'vendor_fault', {
    message: `asked for 16-bit mono PCM at ${utterable.sampleRateHz} Hz, got ${got}`,
  });
}

/** The generated unary methods cannot be cancelled: the answer is left to arrive unheard, its deadline bounds it. */
async function orAborted<Value>(work: Promise<Value>, signal: AbortSignal): Promise<Value> {
  signal.throwIfAborted();
  let onAbort = (): void => undefined;
  const aborted = new Promise<never>((_, reject) => {
    onAbort = () => {
      reject(signal.reason as Error);
    };
    signal.addEventListener('abort', onAbort, { once: true });
  });
  try {
    return await Promise.race([work, aborted]);
  } finally {
    signal.removeEventListener('abort', onAbort);
  }
}
