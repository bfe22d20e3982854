/** One StreamingRecognize call, whichever version speaks: order of messages, limits, faults, and what is said when. */
import { status, type ServerDuplexStream } from '@grpc/grpc-js';
import type { Logger } from 'pino';
import type { SpokenRegister } from '../voice/spoken.ts';
import { recognitionFaultsForNext, type RecognitionFaults, type SpeechFaults } from './faults.ts';
import { bytesASecond, IncomingSound, type SoundShape } from './incoming-sound.ts';
import { UtteranceRecogniser, type Recognised } from './utterances.ts';

export interface StreamSettings {
  sound: SoundShape;
  interimResults: boolean;
  voiceActivityEvents: boolean;
  /** Ends the stream when speech does not begin in time, or does not go on; counted in audio. */
  speechStartTimeoutMs: number | null;
  speechEndTimeoutMs: number | null;
}

export interface Refusal {
  code: number;
  details: string;
}

/** What differs between the versions of the interface. */
export interface Dialect<Request, Response> {
  settings(first: Request): StreamSettings | Refusal;
  audio(later: Request): Buffer | Refusal;
  response(told: Recognised): Response;
  /** v1 says it when a voice activity timeout ends the stream; v2 has no word for it. */
  timeoutResponse: Response | null;
}

export interface SessionContext {
  spoken: SpokenRegister;
  faults: SpeechFaults;
  log: Logger | undefined;
}

export class RecognitionSession<Request, Response> {
  readonly #call: ServerDuplexStream<Request, Response>;
  readonly #dialect: Dialect<Request, Response>;
  readonly #context: SessionContext;
  readonly #faults: RecognitionFaults;
  #limitTimer: NodeJS.Timeout | undefined;
  #settings: StreamSettings | undefined;
  #sound: IncomingSound | undefined;
  #recogniser: UtteranceRecogniser | undefined;
  #audioBytes = 0;
  #lastEvent: 'none' | 'began' | 'ended' = 'none';
  #lastEventAtMs = 0;
  #noAudioTimer: NodeJS.Timeout | undefined;
  #over = false;
  /** Answers held back by a fault keep their order. */
  readonly #outbox: { dueMs: number; act: () => void }[] = [];
  #outboxTimer: NodeJS.Timeout | undefined;

  constructor(
    call: ServerDuplexStream<Request, Response>,
    dialect: Dialect<Request, Response>,
    context: SessionContext,
  ) {
    this.#call = call;
    this.#dialect = dialect;
    this.#context = context;
    this.#faults = recognitionFaultsForNext(context.faults);
    call.on('data', (request: Request) => {
      this.#take(request);
    });
    call.on('end', () => {
      this.#halfClosed();
    });
    call.on('cancelled', () => {
      this.#finish();
    });
    call.on('error', (error) => {
      context.log?.debug({ err: error }, 'recognition stream broke');
      this.#finish();
    });
  }

  #take(request: Request): void {
    if (this.#over) return;
    if (this.#settings === undefined) {
      this.#open(request);
      return;
    }
    const audio = this.#dialect.audio(request);
    if ('code' in audio) this.#fail(audio);
    else this.#hear(audio, this.#settings);
  }

  #open(first: Request): void {
    const settings = this.#dialect.settings(first);
    if ('code' in settings) {
      this.#fail(settings);
    } else if (this.#faults.unavailable) {
      this.#fail({ code: status.UNAVAILABLE, details: 'The service is currently unavailable.' });
    } else if (this.#faults.resourceExhausted) {
      this.#fail({
        code: status.RESOURCE_EXHAUSTED,
        details: "Quota exceeded for quota metric 'Recognition requests' per minute.",
      });
    } else {
      this.#settings = settings;
      this.#sound = new IncomingSound(settings.sound);
      this.#recogniser = new UtteranceRecogniser(this.#context.spoken, this.#faults);
      this.#limitTimer = setTimeout(this.#streamLimit, this.#faults.streamLimitMs);
      this.#watchForAudio();
    }
  }

  #hear(audio: Buffer, settings: StreamSettings): void {
    this.#watchForAudio();
    this.#audioBytes += audio.length;
    const { closeAfterBytes, closeCode } = this.#faults;
    if (closeAfterBytes !== null && this.#audioBytes >= closeAfterBytes) {
      this.#fail({ code: closeCode, details: `closed after ${this.#audioBytes} bytes of audio` });
      return;
    }
    if (this.#audioMs(settings) > this.#faults.streamLimitMs) {
      this.#streamLimit();
      return;
    }
    for (const frame of this.#sound?.push(audio) ?? []) {
      for (const told of this.#recogniser?.hear(frame) ?? []) this.#tell(told, settings);
    }
    this.#checkVoiceActivity(settings);
  }

  #halfClosed(): void {
    if (this.#over) return;
    const settings = this.#settings;
    if (settings === undefined) {
      this.#fail({
        code: status.INVALID_ARGUMENT,
        details: 'Malformed request: the stream ended before its configuration.',
      });
      return;
    }
    clearTimeout(this.#noAudioTimer);
    for (const told of this.#recogniser?.finish() ?? []) this.#tell(told, settings);
    this.#end();
  }

  #tell(told: Recognised, settings: StreamSettings): void {
    if (told.type === 'began' || told.type === 'ended') {
      this.#lastEvent = told.type;
      this.#lastEventAtMs = told.atMs;
      if (settings.voiceActivityEvents) this.#send(this.#dialect.response(told), 0);
    } else if (told.type === 'interim') {
      if (settings.interimResults && this.#faults.interims === 'normal') this.#send(this.#dialect.response(told), 0);
    } else {
      this.#send(this.#dialect.response(told), this.#faults.finalDelayMs);
    }
  }

  #checkVoiceActivity(settings: StreamSettings): void {
    const limitMs = this.#lastEvent === 'none' ? settings.speechStartTimeoutMs : settings.speechEndTimeoutMs;
    if (this.#lastEvent === 'began' || limitMs === null || this.#over) return;
    if (this.#audioMs(settings) - this.#lastEventAtMs < limitMs) return;
    for (const told of this.#recogniser?.finish() ?? []) this.#tell(told, settings);
    if (this.#dialect.timeoutResponse !== null) this.#send(this.#dialect.timeoutResponse, 0);
    this.#end();
  }

  #send(response: Response, delayMs: number): void {
    if (this.#isSilent()) return;
    this.#inOrder(delayMs, () => {
      this.#call.write(response);
    });
  }

  #end(): void {
    if (this.#isSilent()) return;
    this.#inOrder(0, () => {
      this.#finish();
      this.#call.end();
    });
  }

  #inOrder(delayMs: number, act: () => void): void {
    if (this.#outbox.length === 0 && delayMs === 0) {
      act();
      return;
    }
    const dueMs = Math.max(this.#outbox.at(-1)?.dueMs ?? 0, performance.now() + delayMs);
    this.#outbox.push({ dueMs, act });
    if (this.#outbox.length === 1) this.#sendAt(dueMs);
  }

  #sendAt(dueMs: number): void {
    this.#outboxTimer = setTimeout(this.#sendDue, dueMs - performance.now());
  }

  readonly #sendDue = (): void => {
    // A timer may fire a part of a millisecond early.
    const due = performance.now() + 1;
    while (!this.#over && this.#outbox[0] !== undefined && this.#outbox[0].dueMs <= due) this.#outbox.shift()?.act();
    const next = this.#outbox[0];
    if (!this.#over && next !== undefined) this.#sendAt(next.dueMs);
  };

  #fail(refusal: Refusal): void {
    if (this.#over) return;
    this.#finish();
    this.#call.emit('error', refusal);
  }

  #watchForAudio(): void {
    clearTimeout(this.#noAudioTimer);
    const details =
      'Audio Timeout Error: Long duration elapsed without audio. Audio should be sent close to real time.';
    this.#noAudioTimer = setTimeout(() => {
      this.#fail({ code: status.OUT_OF_RANGE, details });
    }, this.#faults.noAudioLimitMs);
  }

  readonly #streamLimit = (): void => {
    this.#fail({ code: status.OUT_OF_RANGE, details: this.#limitText() });
  };

  #limitText(): string {
    return `Exceeded maximum allowed stream duration of ${Math.round(this.#faults.streamLimitMs / 1000)} seconds.`;
  }

  #audioMs(settings: StreamSettings): number {
    return (this.#audioBytes * 1000) / bytesASecond(settings.sound);
  }

  /** Also a stream that was opened before the fault was set falls silent. */
  #isSilent(): boolean {
    const { silent, failingStreams } = this.#context.faults.stt;
    return this.#faults.silent || (silent && failingStreams === null);
  }

  #finish(): void {
    this.#over = true;
    clearTimeout(this.#noAudioTimer);
    clearTimeout(this.#limitTimer);
    clearTimeout(this.#outboxTimer);
  }
}
