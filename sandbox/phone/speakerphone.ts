/** A telephone on the table: what its loudspeaker plays comes back into its microphone, later, fainter and with the room around it. */
import { FRAME_MS } from './clock.ts';
import { FRAME_SAMPLES, type Frame } from './sound.ts';

export interface EchoSettings {
  /** Loudspeaker, air, microphone and what the phone does to the sound. */
  delayMs: number;
  /** Of the sound played: 0.1 is 20 dB fainter. */
  gain: number;
}

/** The table and the wall: later than the direct way by so many samples, and that much of it. */
const REFLECTIONS: readonly (readonly [number, number])[] = [
  [37, -0.4],
  [131, 0.3],
  [290, -0.2],
];
/** A small loudspeaker gives little above this share of the change from one sample to the next: about 3.4 kHz. */
const DULLNESS = 0.74;

export class Speakerphone {
  readonly #gain: number;
  readonly #delayFrames: number;
  #played: (Frame | undefined)[] = [];
  #before: Frame = new Int16Array(FRAME_SAMPLES);
  #dull = 0;

  constructor({ delayMs, gain }: EchoSettings) {
    this.#gain = gain;
    this.#delayFrames = Math.round(delayMs / FRAME_MS);
  }

  play(frame: Frame | undefined): void {
    this.#played.push(frame);
  }

  /** What of it reaches the microphone now. */
  pickUp(): Frame | undefined {
    if (this.#played.length <= this.#delayFrames) return undefined;
    const now = this.#played.shift() ?? new Int16Array(FRAME_SAMPLES);
    const both = new Int16Array(2 * FRAME_SAMPLES);
    both.set(this.#before);
    both.set(now, FRAME_SAMPLES);
    this.#before = now;
    const echo = new Int16Array(FRAME_SAMPLES);
    for (let index = 0; index < FRAME_SAMPLES; index += 1) {
      let sample = both[FRAME_SAMPLES + index] ?? 0;
      for (const [later, share] of REFLECTIONS) sample += share * (both[FRAME_SAMPLES + index - later] ?? 0);
      this.#dull += DULLNESS * (sample * this.#gain - this.#dull);
      echo[index] = Math.max(-32_768, Math.min(32_767, Math.round(this.#dull)));
    }
    return echo;
  }
}
