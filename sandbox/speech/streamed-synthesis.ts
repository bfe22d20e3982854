/** One StreamingSynthesize call: configuration, then texts; each is spoken as soon as it is there, in pieces. */
import { once } from 'node:events';
import { setTimeout as wait } from 'node:timers/promises';
import { status, type ServerDuplexStream } from '@grpc/grpc-js';
import { synthesisFaultsForNext, type SynthesisFaults } from './faults.ts';
import {
  NATURAL_HZ,
  refusalFor,
  refuseByFault,
  speak,
  Unfit,
  voiceOf,
  type SpeakRequest,
  type SynthesisContext,
} from './speaking.ts';
import type { VoiceRequest } from './voices.ts';

export interface StreamRequest {
  streamingRequest?: 'streamingConfig' | 'input';
  streamingConfig?: {
    voice: VoiceRequest | null;
    streamingAudioConfig: { audioEncoding: string; sampleRateHertz: number; speakingRate: number } | null;
  };
  input?: { inputSource?: 'text' | 'markup'; text?: string; markup?: string };
}

type Manner = Omit<SpeakRequest, 'text'>;

/** About what Google sends at a time. */
const PIECE_MS = 200;

export class StreamedSynthesis {
  readonly #call: ServerDuplexStream<StreamRequest, { audioContent: Buffer }>;
  readonly #context: SynthesisContext;
  readonly #faults: SynthesisFaults;
  readonly #cancel = new AbortController();
  #manner: Manner | undefined;
  #speaking: Promise<void> = Promise.resolve();
  #idleTimer: NodeJS.Timeout | undefined;
  #over = false;

  constructor(call: ServerDuplexStream<StreamRequest, { audioContent: Buffer }>, context: SynthesisContext) {
    this.#call = call;
    this.#context = context;
    this.#faults = synthesisFaultsForNext(context.faults);
    call.on('data', (request: StreamRequest) => {
      const cameAtMs = performance.now();
      this.#inOrder(() => this.#take(request, cameAtMs));
      this.#watchForText();
    });
    call.on('end', () => {
      clearTimeout(this.#idleTimer);
      this.#inOrder(() => {
        this.#end();
        return Promise.resolve();
      });
    });
    call.on('cancelled', () => {
      this.#finish();
    });
    call.on('error', (error) => {
      context.log?.debug({ err: error }, 'synthesis stream broke');
      this.#finish();
    });
  }

  #inOrder(act: () => Promise<void>): void {
    this.#speaking = this.#speaking
      .then(() => (this.#over ? undefined : act()))
      .catch((error: unknown) => {
        if (!this.#over) this.#fail(refusalFor(error, this.#context.log));
      });
  }

  async #take(request: StreamRequest, cameAtMs: number): Promise<void> {
    if (this.#manner === undefined) {
      this.#manner = this.#open(request);
      return;
    }
    const text = (request.input?.text ?? request.input?.markup ?? '').trim();
    if (request.streamingRequest !== 'input')
      throw new Unfit(status.INVALID_ARGUMENT, 'After the first message only input may come.');
    if (text === '') return;
    const sound = await speak({ ...this.#manner, text }, this.#context);
    await this.#pause(cameAtMs + this.#faults.firstByteDelayMs - performance.now());
    await this.#play(sound, this.#manner);
  }

  #open(first: StreamRequest): Manner {
    if (this.#faults.noStreaming) throw new Unfit(status.UNIMPLEMENTED, 'Streaming synthesis is not implemented.');
    refuseByFault(this.#faults);
    if (first.streamingRequest !== 'streamingConfig')
      throw new Unfit(status.INVALID_ARGUMENT, 'The first message must contain a streaming_config.');
    const voice = voiceOf(first.streamingConfig?.voice ?? null);
    if (!voice.streams)
      throw new Unfit(
        status.INVALID_ARGUMENT,
        'Currently, only Chirp 3: HD voices are supported in streaming synthesis.',
      );
    const audio = first.streamingConfig?.streamingAudioConfig ?? {
      audioEncoding: 'PCM',
      sampleRateHertz: NATURAL_HZ,
      speakingRate: 0,
    };
    if (audio.audioEncoding === 'LINEAR16')
      throw new Unfit(status.INVALID_ARGUMENT, 'LINEAR16 is not supported in streaming synthesis.');
    return {
      voice,
      encoding: audio.audioEncoding,
      sampleRateHz: audio.sampleRateHertz,
      speakingRate: audio.speakingRate,
    };
  }

  async #play(sound: Buffer, manner: Manner): Promise<void> {
    if (this.#faults.silent) return;
    const hz = manner.sampleRateHz === 0 ? NATURAL_HZ : manner.sampleRateHz;
    const pieceBytes = Math.round((hz * PIECE_MS) / 1000) * (manner.encoding === 'MULAW' ? 1 : 2);
    for (let at = 0; at < sound.length; at += pieceBytes) {
      if (at > 0) await this.#pause(this.#faults.chunkDelayMs);
      if (this.#over) return;
      if (this.#faults.abortHalfway && at >= sound.length / 2)
        throw new Unfit(status.ABORTED, 'The stream was aborted.');
      if (!this.#call.write({ audioContent: sound.subarray(at, at + pieceBytes) })) await this.#drained();
    }
  }

  async #pause(ms: number): Promise<void> {
    // A cancelled call ends the pause; what follows sees that it is over.
    if (ms > 0) await wait(ms, undefined, { signal: this.#cancel.signal }).catch(() => undefined);
  }

  async #drained(): Promise<void> {
    await once(this.#call, 'drain', { signal: this.#cancel.signal }).catch(() => undefined);
  }

  #watchForText(): void {
    clearTimeout(this.#idleTimer);
    if (this.#over) return;
    this.#idleTimer = setTimeout(() => {
      this.#fail({ code: status.ABORTED, details: 'Stream aborted due to long duration elapsed without input sent.' });
    }, this.#faults.idleLimitMs);
  }

  #end(): void {
    if (this.#faults.silent) return;
    this.#finish();
    this.#call.end();
  }

  #fail(refusal: { code: number; details: string }): void {
    this.#finish();
    this.#call.emit('error', refusal);
  }

  #finish(): void {
    this.#over = true;
    clearTimeout(this.#idleTimer);
    this.#cancel.abort();
  }
}
