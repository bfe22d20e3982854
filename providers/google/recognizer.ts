/** Streaming recognition, Speech-to-Text v2. One gRPC stream for each opened stream; opening the next one is the caller's matter. */
import { status } from '@grpc/grpc-js';
import type { protos } from '@google-cloud/speech';
import { ProviderError } from '../provider-error.ts';
import type { Recognizer, RecognizerEvent, RecognizerOptions, RecognizerStream } from '../stt.ts';
import { projectOf, speechClients, type GoogleConnection } from './clients.ts';
import { googleFailure, statusCodeOf } from './failure.ts';
import { audioInBytes, audioMessages, configMessage } from './recognition-request.ts';
import { twoWay, type TwoWay } from './two-way.ts';
import { canonicalLanguage, defaultModel } from './voices.ts';

type Request = protos.google.cloud.speech.v2.IStreamingRecognizeRequest;
type Response = protos.google.cloud.speech.v2.IStreamingRecognizeResponse;
type Wire = TwoWay<Request, Response>;
type Result = protos.google.cloud.speech.v2.IStreamingRecognitionResult;

export interface GoogleRecognizerOptions extends GoogleConnection {
  /** For every language; absent = by language and location. */
  model?: string | undefined;
  /** By language (`ru`, `en-GB`), before `model`. */
  models?: Record<string, string> | undefined;
  automaticPunctuation?: boolean | undefined;
  /** How long the last final may take after the half-close. Google answers in well under a second. */
  closeTimeoutMs?: number | undefined;
}

export interface ClosableRecognizer extends Recognizer {
  close(): Promise<void>;
}

interface Line {
  connect(): Wire;
  release(): void;
}

const VENDOR = 'google-speech';
const DEFAULT_LOCATION = 'global';
const DEFAULT_CLOSE_TIMEOUT_MS = 5_000;
/** Audio that the service has not taken: far above the 3 s that are replayed into a new stream, below a caller's patience. */
const MOST_UNSENT_MS = 10_000;

export function createGoogleRecognizer(options: GoogleRecognizerOptions): ClosableRecognizer {
  const clients = speechClients(options);
  const location = options.location ?? DEFAULT_LOCATION;
  const prepare = async (asked: RecognizerOptions): Promise<Line> => {
    const lease = await clients.lease();
    const { client } = lease;
    const found = Promise.all([
      projectOf(options, client),
      twoWay<Request, Response>(client.speechStub, 'streamingRecognize', audioInBytes),
    ]);
    const [project, open] = await found.catch((error: unknown) => {
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
        const wire = open();
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
        sampleRateHz: asked.sampleRateHz,
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
  readonly #closeTimeoutMs: number;
  readonly #mostUnsentBytes: number;
  #unsentBytes = 0;
  #line: Line | undefined;
  #wire: Wire | undefined;
  /** Audio from before the connection was there. */
  #early: Buffer[] = [];
  #state: 'open' | 'half-closed' | 'closed' = 'open';
  #closeTimer: NodeJS.Timeout | undefined;

  constructor(
    preparing: Promise<Line>,
    onEvent: (event: RecognizerEvent) => void,
    settings: { closeTimeoutMs: number; sampleRateHz: number },
  ) {
    this.#onEvent = onEvent;
    this.#closeTimeoutMs = settings.closeTimeoutMs;
    this.#mostUnsentBytes = (MOST_UNSENT_MS * settings.sampleRateHz * 2) / 1_000;
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
    for (const message of audioMessages(pcm)) this.#send(message);
  }

  halfClose(): void {
    if (this.#state !== 'open') return;
    this.#state = 'half-closed';
    this.#wire?.end();
    this.#awaitClose();
  }

  abort(): void {
    this.#state = 'closed';
    this.#release();
  }

  #connect(wire: Wire): void {
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
    for (const message of this.#early.splice(0)) this.#write(wire, message);
    if (this.#state === 'half-closed') wire.end();
  }

  #send(audio: Buffer): void {
    if (this.#state === 'closed') return;
    if (this.#unsentBytes > this.#mostUnsentBytes) {
      this.#closed(
        false,
        new ProviderError(VENDOR, 'timeout', { message: `${this.#unsentBytes} bytes of audio wait to be taken` }),
      );
      return;
    }
    this.#unsentBytes += audio.length;
    if (this.#wire === undefined) this.#early.push(audio);
    else this.#write(this.#wire, audio);
  }

  #write(wire: Wire, audio: Buffer): void {
    wire.write({ audio }, () => {
      this.#unsentBytes -= audio.length;
    });
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
    this.#wire = undefined;
    if (this.#state === 'half-closed') this.#closed(true, null);
    else
      this.#closed(
        false,
        new ProviderError(VENDOR, 'vendor_fault', { message: 'the service ended the stream of its own accord' }),
      );
  }

  #failed(error: unknown): void {
    // The echo of our own cancel.
    if (this.#state === 'closed') return;
    this.#wire = undefined;
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
    this.#line?.release();
  }

  #tell(event: RecognizerEvent): void {
    if (this.#state !== 'closed') this.#onEvent(event);
  }
}

function textOf(result: Result): string {
  return result.alternatives?.[0]?.transcript ?? '';
}
