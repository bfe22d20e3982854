/**
 * Recognition by a server that transcribes files: the stream is cut into utterances here, a growing one is asked about again and
 * again for interims, and asked about once more at its end. One request at a time a stream; silence is never sent.
 */
import { ProviderError } from '../provider-error.ts';
import type { Recognizer, RecognizerEvent, RecognizerOptions, RecognizerStream } from '../stt.ts';
import { wavFile } from '../wav.ts';
import { whisperLanguage } from './languages.ts';
import { FRAME_MS, Segmenter, type Utterance } from './segments.ts';
import { brokenOff, formBody, post, textOf, type SpeechServer } from './server.ts';
import { transcriptFrom, type Transcript } from './transcript.ts';

export interface OpenAiRecognizerOptions extends SpeechServer {
  name?: string | undefined;
  model: string;
  /** `json` for servers that refuse `verbose_json`; the guards against invented words are fewer then. */
  responseFormat?: 'verbose_json' | 'json' | undefined;
  /** New sound between two interims; 0 = none. */
  interimEveryMs?: number | undefined;
  endAfterMs?: number | undefined;
  /** For one answer. A caller waits 1.5 s for a final at most, so a slower server has failed. */
  answerTimeoutMs?: number | undefined;
}

const VENDOR = 'openai-stt';
const PATH = '/audio/transcriptions';
const DEFAULT_INTERIM_EVERY_MS = 700;
const DEFAULT_END_AFTER_MS = 500;
/** Below the shortest pause that ends a turn (`vad_cutoff_timeout_ms`, 250 ms as shipped), above the gaps between words. */
const SETTLED_AFTER_MS = 160;
const DEFAULT_ANSWER_TIMEOUT_MS = 4_000;
const GROWING_STABILITY = 0.4;
const SETTLED_STABILITY = 0.9;
/** Whisper reads 224 tokens of prompt at most, and the last ones. */
const LONGEST_PROMPT = 400;

export function createOpenAiRecognizer(options: OpenAiRecognizerOptions): Recognizer {
  return {
    name: options.name ?? 'openai',
    open: (asked, onEvent) => new TranscribedStream(options, { asked, onEvent }),
  };
}

interface Part {
  utterance: Utterance;
  over: boolean;
  /** Told once the parts before it have had their finals. */
  waiting: RecognizerEvent[];
  /** The newest words, and up to which frame they reach. */
  known: { until: number; transcript: Transcript } | null;
  askedUntil: number;
  told: string;
}

interface Asking {
  part: Part;
  until: number;
  abort: AbortController;
}

class TranscribedStream implements RecognizerStream {
  readonly #options: OpenAiRecognizerOptions;
  readonly #asked: RecognizerOptions;
  readonly #onEvent: (event: RecognizerEvent) => void;
  readonly #prompt: string;
  readonly #frameBytes: number;
  readonly #segmenter: Segmenter;
  #left: Buffer = Buffer.alloc(0);
  /** The first is being told; only the last may still grow. */
  #parts: Part[] = [];
  #asking: Asking | null = null;
  #state: 'open' | 'half-closed' | 'closed' = 'open';

  constructor(
    options: OpenAiRecognizerOptions,
    stream: { asked: RecognizerOptions; onEvent: (event: RecognizerEvent) => void },
  ) {
    this.#options = options;
    this.#asked = stream.asked;
    this.#onEvent = stream.onEvent;
    this.#prompt = stream.asked.hints.join(', ').slice(0, LONGEST_PROMPT);
    this.#frameBytes = ((stream.asked.sampleRateHz * FRAME_MS) / 1_000) * 2;
    this.#segmenter = new Segmenter({
      endAfterMs: options.endAfterMs ?? DEFAULT_END_AFTER_MS,
      settledAfterMs: SETTLED_AFTER_MS,
    });
  }

  write(pcm: Buffer): void {
    if (this.#state !== 'open') return;
    const all = this.#left.length === 0 ? pcm : Buffer.concat([this.#left, pcm]);
    let at = 0;
    // A copy: the caller may use its buffer again.
    for (; at + this.#frameBytes <= all.length; at += this.#frameBytes)
      this.#hear(Buffer.from(all.subarray(at, at + this.#frameBytes)));
    this.#left = Buffer.from(all.subarray(at));
  }

  halfClose(): void {
    if (this.#state !== 'open') return;
    this.#state = 'half-closed';
    const part = this.#parts.at(-1);
    if (part !== undefined && !part.over) this.#endOf(part);
    this.#askNext();
    if (this.#parts.length === 0)
      queueMicrotask(() => {
        this.#closed(true, null);
      });
  }

  abort(): void {
    this.#state = 'closed';
    this.#asking?.abort.abort();
  }

  #hear(frame: Buffer): void {
    const event = this.#segmenter.push(frame);
    if (event === null) return;
    if (event.type === 'began') {
      const utterance = this.#segmenter.current;
      if (utterance !== null) this.#begin(utterance);
      return;
    }
    const part = this.#parts.at(-1);
    if (part === undefined) return;
    if (event.type === 'ended') this.#endOf(part);
    else if (event.settled) this.#askFor(part);
    else this.#askForInterim(part);
  }

  #begin(utterance: Utterance): void {
    const part: Part = { utterance, over: false, waiting: [], known: null, askedUntil: 0, told: '' };
    this.#parts.push(part);
    this.#tell(part, { type: 'speech_began' });
  }

  #askForInterim(part: Part): void {
    const everyMs = this.#options.interimEveryMs ?? DEFAULT_INTERIM_EVERY_MS;
    const newMs = (part.utterance.frames - part.askedUntil) * FRAME_MS;
    if (everyMs > 0 && newMs >= everyMs && this.#asking === null && part === this.#parts[0] && part.utterance.isWord)
      this.#ask(part);
  }

  /** [ST103] All of its words so far; an answer to less of it is not waited for. */
  #askFor(part: Part): void {
    if (part !== this.#parts[0] || !part.utterance.isWord || part.askedUntil >= part.utterance.voicedUntil) return;
    this.#asking?.abort.abort();
    this.#ask(part);
  }

  #endOf(part: Part): void {
    part.over = true;
    this.#tell(part, { type: 'speech_ended' });
    this.#askNext();
  }

  /** What the first part still needs for its final; parts without a word need nothing. */
  #askNext(): void {
    for (let part = this.#parts[0]; part?.over === true; part = this.#parts[0]) {
      const needed = part.utterance.voicedUntil;
      if (!part.utterance.isWord) this.#finished(part, null);
      else if (part.known !== null && part.known.until >= needed) this.#finished(part, part.known.transcript);
      else {
        this.#askFor(part);
        return;
      }
    }
  }

  #finished(part: Part, transcript: Transcript | null): void {
    if (transcript !== null)
      this.#tell(part, {
        type: 'final',
        text: transcript.text,
        confidence: transcript.confidence,
        language: transcript.language,
      });
    this.#parts.shift();
    for (const event of this.#parts[0]?.waiting.splice(0) ?? []) this.#emit(event);
    if (this.#parts.length === 0 && this.#state === 'half-closed') this.#closed(true, null);
  }

  #ask(part: Part): void {
    const asking: Asking = { part, until: part.utterance.frames, abort: new AbortController() };
    part.askedUntil = asking.until;
    this.#asking = asking;
    this.#transcribe(part.utterance.sound(), asking.abort.signal).then(
      (transcript) => {
        if (asking !== this.#asking || this.#state === 'closed') return;
        this.#asking = null;
        part.known = { until: asking.until, transcript };
        this.#tellInterim(part, transcript);
        this.#askNext();
      },
      (error: unknown) => {
        if (asking !== this.#asking || this.#state === 'closed') return;
        this.#closed(false, error instanceof Error ? error : new Error(String(error)));
      },
    );
  }

  #tellInterim(part: Part, { text }: Transcript): void {
    if (part.over || text === '' || this.#options.interimEveryMs === 0) return;
    const settled = part.askedUntil >= part.utterance.voicedUntil;
    if (text === part.told && !settled) return;
    part.told = text;
    this.#tell(part, { type: 'interim', text, stability: settled ? SETTLED_STABILITY : GROWING_STABILITY });
  }

  async #transcribe(pcm: Buffer, aborted: AbortSignal): Promise<Transcript> {
    const { model, responseFormat = 'verbose_json', answerTimeoutMs = DEFAULT_ANSWER_TIMEOUT_MS } = this.#options;
    const { language, sampleRateHz } = this.#asked;
    const body = formBody(
      {
        model,
        language: whisperLanguage(language),
        response_format: responseFormat,
        // Without chance: the same sound has the same words, so that an interim stands.
        temperature: '0',
        ...(this.#prompt === '' ? {} : { prompt: this.#prompt }),
      },
      { name: 'speech.wav', type: 'audio/wav', bytes: wavFile(pcm, sampleRateHz) },
    );
    const late = AbortSignal.timeout(answerTimeoutMs);
    try {
      const request = { vendor: VENDOR, path: PATH, body };
      const response = await post(this.#options, request, AbortSignal.any([aborted, late]));
      const transcript = transcriptFrom(JSON.parse(await textOf(response)), { language, prompt: this.#prompt });
      if (transcript === null)
        throw new ProviderError(VENDOR, 'vendor_fault', { message: 'a transcription in an unknown form' });
      return transcript;
    } catch (error) {
      if (late.aborted && !aborted.aborted)
        throw new ProviderError(VENDOR, 'timeout', { message: `no words within ${String(answerTimeoutMs)} ms` });
      if (error instanceof SyntaxError)
        throw new ProviderError(VENDOR, 'vendor_fault', { message: 'a transcription that is no JSON', cause: error });
      throw brokenOff(VENDOR, PATH, error);
    }
  }

  #tell(part: Part, event: RecognizerEvent): void {
    if (part === this.#parts[0]) this.#emit(event);
    else part.waiting.push(event);
  }

  #emit(event: RecognizerEvent): void {
    if (this.#state !== 'closed') this.#onEvent(event);
  }

  #closed(expected: boolean, error: Error | null): void {
    if (this.#state === 'closed') return;
    this.abort();
    this.#onEvent({ type: 'closed', expected, error });
  }
}
