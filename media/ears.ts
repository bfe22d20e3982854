/** What is heard on one leg: is the customer speaking, and which words. Timing only; what it means is decided elsewhere. */
import { FRAME_MS, FrameCutter, SILENT_FRAME } from './frames.ts';
import { Recognition, type RecognitionOptions, type Words } from './recognition.ts';
import { SpeechDetector, type Sound } from './speech-detector.ts';
import type { Vad } from './vad.ts';

/** The network sends nothing while nobody speaks; recognisers and the detector need the pace all the same. */
const SILENT_AFTER_MS = 100;
/** After a stall of this process the missing time is not made up for: 2 s of silence says as much as 10. */
const MOST_SILENCE_AT_ONCE_MS = 2_000;

export interface EarOptions extends RecognitionOptions {
  vad: Vad;
  /** `vad_threshold`, as it stands. */
  threshold: () => number;
}

export class Ears {
  readonly #detector: SpeechDetector;
  readonly #recognition: Recognition;
  /** A message is one frame as the network promises; a test's or a bridge's may be more. */
  readonly #cutter = new FrameCutter();
  readonly #pacer: EarOptions['pacer'];
  /** Sound, real or silent, has been heard up to this moment. */
  #heardUntilMs: number;
  #lastFrameAtMs = 0;

  constructor(options: EarOptions) {
    this.#pacer = options.pacer;
    this.#recognition = new Recognition(options);
    this.#heardUntilMs = options.pacer.nowMs();
    this.#detector = new SpeechDetector(options.vad, {
      threshold: options.threshold,
      onFault: (error) => {
        options.log.error({ err: error }, 'voice activity detection has failed');
      },
    });
  }

  /** Speech since the last utterance was taken; null = none. */
  get sound(): Sound | null {
    return this.#detector.sound;
  }

  get words(): Words {
    return this.#recognition.words;
  }

  get finalPending(): boolean {
    return this.#recognition.finalPending;
  }

  get sendsInterims(): boolean {
    return this.#recognition.sendsInterims;
  }

  speaksAt(nowMs: number): boolean {
    return this.#detector.speaksAt(nowMs);
  }

  onFrame(frame: Buffer): void {
    const nowMs = this.#pacer.nowMs();
    this.#lastFrameAtMs = nowMs;
    for (const whole of this.#cutter.push(frame)) {
      this.#hear(whole, nowMs);
      this.#heardUntilMs = Math.max(this.#heardUntilMs + FRAME_MS, nowMs - SILENT_AFTER_MS);
    }
  }

  beat(nowMs: number): void {
    if (nowMs - this.#lastFrameAtMs > SILENT_AFTER_MS) {
      this.#heardUntilMs = Math.max(this.#heardUntilMs, nowMs - MOST_SILENCE_AT_ONCE_MS);
      for (; this.#heardUntilMs + FRAME_MS <= nowMs; this.#heardUntilMs += FRAME_MS)
        this.#hear(SILENT_FRAME, this.#heardUntilMs + FRAME_MS);
    }
    this.#recognition.beat(nowMs, { speaking: this.speaksAt(nowMs), sinceMs: this.sound?.firstAtMs ?? nowMs });
  }

  forceFinal(): void {
    this.#recognition.forceFinal();
  }

  /** The utterance has been dealt with; the next sound begins another. */
  take(): void {
    this.#detector.forget();
    this.#recognition.take();
  }

  /** Until this is said for the first time, words are kept for later. */
  listenFor(tongue: { language: string; hints: string[] }): void {
    this.#recognition.listenFor(tongue);
  }

  stop(): void {
    this.#recognition.stop();
  }

  #hear(frame: Buffer, atMs: number): void {
    this.#detector.push(frame, atMs);
    this.#recognition.write(frame);
  }
}
