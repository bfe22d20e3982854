/** From frames to "the customer speaks": windows for the model, then hysteresis over its answers. */
import { SAMPLE_RATE_HZ } from './frames.ts';
import { WINDOW_MS, WINDOW_SAMPLES, type Vad } from './vad.ts';

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
  #window = new Float32Array(WINDOW_SAMPLES);
  #filled = 0;
  readonly #waiting: { window: Float32Array; atMs: number }[] = [];
  #asking = false;
  #run = 0;
  #inSpeech = false;
  #sound: Sound | null = null;

  constructor(vad: Vad, options: { threshold: () => number; onFault: (error: unknown) => void }) {
    this.#vad = vad;
    this.#threshold = options.threshold;
    this.#onFault = options.onFault;
  }

  /** Null = no speech since the last `forget`. */
  get sound(): Sound | null {
    return this.#sound;
  }

  speaksAt(nowMs: number): boolean {
    return this.#sound !== null && nowMs - this.#sound.lastSpeechAtMs < STRETCH_GAP_MS;
  }

  forget(): void {
    this.#sound = null;
  }

  push(frame: Buffer, atMs: number): void {
    const samples = frame.length >> 1;
    for (let index = 0; index < samples; index += 1) {
      this.#window[this.#filled] = frame.readInt16LE(index * 2) / 32_768;
      this.#filled += 1;
      if (this.#filled < WINDOW_SAMPLES) continue;
      const endsAtMs = atMs - ((samples - 1 - index) * 1000) / SAMPLE_RATE_HZ;
      this.#waiting.push({ window: this.#window, atMs: endsAtMs });
      this.#window = new Float32Array(WINDOW_SAMPLES);
      this.#filled = 0;
    }
    if (this.#waiting.length > MOST_WAITING) this.#waiting.splice(0, this.#waiting.length - MOST_WAITING);
    if (!this.#asking && this.#waiting.length > 0) void this.#ask();
  }

  async #ask(): Promise<void> {
    this.#asking = true;
    try {
      for (let next = this.#waiting.shift(); next !== undefined; next = this.#waiting.shift()) {
        this.#judge(await this.#vad.next(next.window), next.atMs);
      }
    } catch (error) {
      this.#onFault(error);
    } finally {
      this.#asking = false;
    }
  }

  #judge(probability: number, endsAtMs: number): void {
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
