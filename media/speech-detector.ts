/** From frames to "the customer speaks": windows for the model, then hysteresis over its answers. */
import { BYTES_A_MS } from './frames.ts';
import { WINDOW_MS, WINDOW_SAMPLES, type Vad } from './vad-window.ts';

/** Two windows in a row begin speech: one alone is a click. */
const WINDOWS_TO_BEGIN = 2;
/** Speech goes on down to this much below the threshold that began it. */
const HYSTERESIS = 0.15;
/** No speech for this long between two words is still one stretch. */
const STRETCH_GAP_MS = 200;
/** More windows waiting than this (2 s) means that the process cannot keep up: the oldest go. */
const MOST_WAITING = 64;

export interface Sound {
  /** Wall time, of the utterance. */
  firstAtMs: number;
  /** Of its current or last stretch. */
  beganAtMs: number;
  lastSpeechAtMs: number;
  /** Speech alone, pauses left out, since the last `forget`. */
  voicedMs: number;
}

export class SpeechDetector {
  readonly #vad: Vad;
  readonly #threshold: () => number;
  readonly #onFault: (error: unknown) => void;
  readonly #window = new Int16Array(WINDOW_SAMPLES);
  readonly #windowBytes = Buffer.from(this.#window.buffer);
  #filledBytes = 0;
  readonly #waiting: { window: Int16Array; endsAtMs: number }[] = [];
  #asking = false;
  #run = 0;
  #inSpeech = false;
  #sound: Sound | null = null;
  #stirredAtMs = 0;
  #judgedUntilMs = 0;

  constructor(vad: Vad, options: { threshold: () => number; onFault: (error: unknown) => void }) {
    this.#vad = vad;
    this.#threshold = options.threshold;
    this.#onFault = options.onFault;
  }

  /** Null = no speech since the last `forget`. */
  get sound(): Sound | null {
    return this.#sound;
  }

  /** The line was last louder than its own noise: this may be speech, or has just been. */
  get stirredAtMs(): number {
    return this.#stirredAtMs;
  }

  /** What came later waits for its judgement, or has not come. */
  get judgedUntilMs(): number {
    return this.#judgedUntilMs;
  }

  speaksAt(nowMs: number): boolean {
    return this.#sound !== null && nowMs - this.#sound.lastSpeechAtMs < STRETCH_GAP_MS;
  }

  forget(): void {
    this.#sound = null;
  }

  /** The sound is copied. */
  push(frame: Buffer, atMs: number): void {
    for (let at = 0; at < frame.length;) {
      const taken = frame.copy(this.#windowBytes, this.#filledBytes, at);
      at += taken;
      this.#filledBytes += taken;
      if (this.#filledBytes < this.#windowBytes.length) return;
      this.#filledBytes = 0;
      this.#due(atMs - (frame.length - at) / BYTES_A_MS);
    }
  }

  #due(endsAtMs: number): void {
    if (!this.#asking) {
      this.#judge(this.#window, endsAtMs);
      return;
    }
    this.#waiting.push({ window: this.#window.slice(), endsAtMs });
    if (this.#waiting.length > MOST_WAITING) this.#waiting.shift();
  }

  #judge(window: Int16Array, endsAtMs: number): void {
    const answer = this.#vad.next(window);
    if (answer !== 0) this.#stirredAtMs = endsAtMs;
    if (typeof answer === 'number') this.#note(answer, endsAtMs);
    else void this.#await(answer, endsAtMs);
  }

  async #await(answer: Promise<number>, endsAtMs: number): Promise<void> {
    this.#asking = true;
    try {
      this.#note(await answer, endsAtMs);
    } catch (error) {
      this.#onFault(error);
      this.#judgedUntilMs = endsAtMs;
    }
    this.#asking = false;
    for (let next = this.#waiting.shift(); next !== undefined; next = this.#waiting.shift()) {
      this.#judge(next.window, next.endsAtMs);
      if (this.#isAsking()) return;
    }
  }

  #isAsking(): boolean {
    return this.#asking;
  }

  #note(probability: number, endsAtMs: number): void {
    this.#judgedUntilMs = endsAtMs;
    const threshold = this.#inSpeech ? this.#threshold() - HYSTERESIS : this.#threshold();
    if (probability < threshold) {
      this.#run = 0;
      this.#inSpeech = false;
      return;
    }
    this.#run += 1;
    if (this.#inSpeech) this.#lengthen(endsAtMs, 1);
    else if (this.#run >= WINDOWS_TO_BEGIN) {
      this.#inSpeech = true;
      this.#lengthen(endsAtMs, this.#run);
    }
  }

  #lengthen(endsAtMs: number, windows: number): void {
    const known = this.#sound;
    const beganAtMs =
      known !== null && endsAtMs - known.lastSpeechAtMs < STRETCH_GAP_MS
        ? known.beganAtMs
        : endsAtMs - windows * WINDOW_MS;
    this.#sound = {
      firstAtMs: known?.firstAtMs ?? beganAtMs,
      beganAtMs,
      lastSpeechAtMs: endsAtMs,
      voicedMs: (known?.voicedMs ?? 0) + windows * WINDOW_MS,
    };
  }
}
