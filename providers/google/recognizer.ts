/** Streaming recognition, Speech-to-Text v2. One gRPC stream for each opened stream; opening the next one is the caller's matter. */
import { status } from '@grpc/grpc-js';
import type { protos } from '@google-cloud/speech';
import type { CancellableStream } from 'google-gax';
import { ProviderError } from '../provider-error.ts';
import type { Recognizer, RecognizerEvent, RecognizerOptions, RecognizerStream } from '../stt.ts';
import { projectOf, speechClients, type GoogleConnection } from './clients.ts';
import { googleFailure, statusCodeOf } from './failure.ts';
import { AudioMessages, configMessage } from './recognition-request.ts';
import { canonicalLanguage, defaultModel } from './voices.ts';

type Response = protos.google.cloud.speech.v2.IStreamingRecognizeResponse;
type Result = protos.google.cloud.speech.v2.IStreamingRecognitionResult;

export interface GoogleRecognizerOptions extends GoogleConnection {
  /** For every language; absent = by language and location. */
  model?: string | undefined;
  /** By language (`ru`, `en-GB`), before `model`. */
  models?: Record<string, string> | undefined;
  automaticPunctuation?: boolean | undefined;
  /** Audio sent together; Google advises 100 ms. */
  messageMs?: number | undefined;
  /** How long the last final may take after the half-close. Google answers in well under a second. */
  closeTimeoutMs?: number | undefined;
}

export interface ClosableRecognizer extends Recognizer {
  close(): Promise<void>;
}

interface Line {
  connect(): CancellableStream;
  release(): void;
}

const VENDOR = 'google-speech';
const DEFAULT_LOCATION = 'global';
const DEFAULT_MESSAGE_MS = 100;
const DEFAULT_CLOSE_TIMEOUT_MS = 5_000;
/** Messages that the service has not taken: 10 s of speech, far above the 3 s that are replayed into a new stream, below a caller's patience. */
const MOST_UNSENT_MESSAGES = 100;

export function createGoogleRecognizer(options: GoogleRecognizerOptions): ClosableRecognizer {
  const clients = speechClients(options);
  const location = options.location ?? DEFAULT_LOCATION;
  const prepare = async (asked: RecognizerOptions): Promise<Line> => {
    const lease = await clients.lease();
    const { client } = lease;
    const project = await projectOf(options, client).catch((error: unknown) => {
      lease.release();
      throw error;
    });
    const first = configMessage(asked, {
      recognizer: `projects/${project}/locations/${location}/recognizers/_`,
      model: modelFor(options, asked.language, location),
      automaticPunctuation: options.automaticPunctuation ?? true,
    });
    return {
      connect: () => {
        // The helper `streamingRecognize` is v1's: it sends no recognizer and audio in a field that v2 does not know.
        const wire = client._streamingRecognize();
        wire.write(first);
        return wire;
      },
      release: () => {
        lease.release();
      },
    };
  };
  return {
    name: 'google',
    open: (asked, onEvent) =>
      new GoogleRecognizerStream(prepare(asked), onEvent, {
        messages: new AudioMessages(asked.sampleRateHz, options.messageMs ?? DEFAULT_MESSAGE_MS),
        closeTimeoutMs: options.closeTimeoutMs ?? DEFAULT_CLOSE_TIMEOUT_MS,
      }),
    close: () => clients.close(),
  };
}

function modelFor(options: GoogleRecognizerOptions, language: string, location: string): string {
  const code = canonicalLanguage(language);
  const byLanguage = options.models?.[code] ?? options.models?.[code.split('-')[0] ?? code];
  return byLanguage ?? options.model ?? defaultModel(language, location);
}

class GoogleRecognizerStream implements RecognizerStream {
  readonly #onEvent: (event: RecognizerEvent) => void;
  readonly #messages: AudioMessages;
  readonly #closeTimeoutMs: number;
  #line: Line | undefined;
  #wire: CancellableStream | undefined;
  /** Audio from before the connection was there. */
  #early: Buffer[] = [];
  #state: 'open' | 'half-closed' | 'closed' = 'open';
  #closeTimer: NodeJS.Timeout | undefined;

  constructor(
    preparing: Promise<Line>,
    onEvent: (event: RecognizerEvent) => void,
    settings: { messages: AudioMessages; closeTimeoutMs: number },
  ) {
    this.#onEvent = onEvent;
    this.#messages = settings.messages;
    this.#closeTimeoutMs = settings.closeTimeoutMs;
    preparing.then(
      (line) => {
        this.#line = line;
        if (this.#state === 'closed') line.release();
        else this.#connect(line.connect());
      },
      (error: unknown) => {
        this.#closed(false, googleFailure(VENDOR, error));
      },
    );
  }

  write(pcm: Buffer): void {
    if (this.#state !== 'open') return;
    for (const message of this.#messages.take(pcm)) this.#send(message);
  }

  halfClose(): void {
    if (this.#state !== 'open') return;
    for (const message of this.#messages.rest()) this.#send(message);
    // Sending may have found out that nobody takes the audio.
    if (this.#isClosed()) return;
    this.#state = 'half-closed';
    this.#wire?.end();
    this.#awaitClose();
  }

  abort(): void {
    this.#state = 'closed';
    this.#release();
  }

  #connect(wire: CancellableStream): void {
    this.#wire = wire;
    wire.on('error', (error: unknown) => {
      this.#failed(error);
    });
    wire.on('data', (response: Response) => {
      this.#heard(response);
    });
    wire.on('end', () => {
      this.#ended();
    });
    for (const message of this.#early.splice(0)) this.#send(message);
    if (this.#state === 'half-closed') wire.end();
  }

  #send(audio: Buffer): void {
    if (this.#state === 'closed') return;
    const unsent = this.#wire?.writableLength ?? this.#early.length;
    if (unsent >= MOST_UNSENT_MESSAGES) {
      this.#closed(
        false,
        new ProviderError(VENDOR, 'timeout', { message: `${unsent} audio messages wait to be taken` }),
      );
    } else if (this.#wire === undefined) {
      this.#early.push(audio);
    } else {
      this.#wire.write({ audio });
    }
  }

  #heard(response: Response): void {
    if (this.#state === 'half-closed') this.#awaitClose();
    if (response.speechEventType === 'SPEECH_ACTIVITY_BEGIN') this.#tell({ type: 'speech_began' });
    const results = response.results ?? [];
    for (const result of results) {
      if (result.isFinal === true) {
        const language = result.languageCode ? canonicalLanguage(result.languageCode) : null;
        this.#tell({
          type: 'final',
          text: textOf(result).trim(),
          confidence: result.alternatives?.[0]?.confidence ?? 0,
          language,
        });
      }
    }
    // The interims of one response are consecutive parts of one sentence; the first is the most settled.
    const interims = results.filter((result) => result.isFinal !== true);
    const text = interims.map(textOf).join('').trim();
    if (text !== '')
      this.#tell({ type: 'interim', text, stability: Math.min(...interims.map((result) => result.stability ?? 0)) });
    if (response.speechEventType === 'SPEECH_ACTIVITY_END') this.#tell({ type: 'speech_ended' });
  }

  #ended(): void {
    if (this.#state === 'half-closed') this.#closed(true, null);
    else
      this.#closed(
        false,
        new ProviderError(VENDOR, 'vendor_fault', { message: 'the service ended the stream of its own accord' }),
      );
  }

  #failed(error: unknown): void {
    // OUT_OF_RANGE: 305 s are over, or 10 s without audio. Both are the service's ordinary way to end a stream.
    if (statusCodeOf(error) === status.OUT_OF_RANGE) this.#closed(true, null);
    else this.#closed(false, googleFailure(VENDOR, error));
  }

  #awaitClose(): void {
    clearTimeout(this.#closeTimer);
    this.#closeTimer = setTimeout(() => {
      this.#closed(
        true,
        new ProviderError(VENDOR, 'timeout', { message: `no end within ${this.#closeTimeoutMs} ms of the last audio` }),
      );
    }, this.#closeTimeoutMs);
  }

  #closed(expected: boolean, error: Error | null): void {
    if (this.#state === 'closed') return;
    this.#state = 'closed';
    this.#release();
    this.#onEvent({ type: 'closed', expected, error });
  }

  #release(): void {
    clearTimeout(this.#closeTimer);
    this.#early = [];
    this.#wire?.cancel();
    this.#wire?.destroy();
    this.#line?.release();
  }

  #tell(event: RecognizerEvent): void {
    if (this.#state !== 'closed') this.#onEvent(event);
  }

  #isClosed(): boolean {
    return this.#state === 'closed';
  }
}

function textOf(result: Result): string {
  return result.alternatives?.[0]?.transcript ?? '';
}
