/** From frames to "the customer speaks": windows for the model, then hysteresis over its answers. */
import { BYTES_A_MS } from './frames.ts';
import { WINDOW_MS, WINDOW_SAMPLES, type Vad } from './vad-window.ts';

/** Two windows in a row begin speech: one alone is a click. */
const WINDOWS_TO_BEGIN = 2;
/** Speech goes on down to this much below the threshold that began it. */
const HYSTERESIS = 0.15;
/** What is too quiet to be asked about has probability 0 and ends speech at any threshold. */
const LEAST_THRESHOLD = 0.01;
/** No speech for this long between two words is still one stretch. */
const STRETCH_GAP_MS = 200;

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
  readonly #window = new Int16Array(WINDOW_SAMPLES);
  readonly #windowBytes = Buffer.from(this.#window.buffer);
  #filledBytes = 0;
  #run = 0;
  #inSpeech = false;
  #sound: Sound | null = null;
  #stirredAtMs = 0;
  #judgedUntilMs = 0;

  constructor(vad: Vad, threshold: () => number) {
    this.#vad = vad;
    this.#threshold = threshold;
  }

  /** Null = no speech since the last `forget`. */
  get sound(): Sound | null {
    return this.#sound;
  }

  /** The line was last louder than its own noise: this may be speech, or has just been. */
  get stirredAtMs(): number {
    return this.#stirredAtMs;
  }

  /** What came later has not filled a window, or has not come. */
  get judgedUntilMs(): number {
    return this.#judgedUntilMs;
  }

  /** Sound has ended, be it for a breath or for good: the last window was none. */
  get pausing(): boolean {
    return this.#sound !== null && !this.#inSpeech;
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
      this.#judge(atMs - (frame.length - at) / BYTES_A_MS);
    }
  }

  #judge(endsAtMs: number): void {
    const answer = this.#vad.next(this.#window);
    if (answer !== 0) this.#stirredAtMs = endsAtMs;
    this.#note(answer, endsAtMs);
  }

  #note(probability: number, endsAtMs: number): void {
    this.#judgedUntilMs = endsAtMs;
    const threshold = this.#inSpeech ? Math.max(LEAST_THRESHOLD, this.#threshold() - HYSTERESIS) : this.#threshold();
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
