/** What a telephone line makes of a voice: level, noise, the band, the coding, what else is in the room. All of it follows from a seed. */
import { seeded } from '../statistics.ts';

export const RATE_HZ = 16_000;
export const FRAME_SAMPLES = 320;

export interface LineSettings {
  /** Of the voice. */
  gainDb?: number;
  /** White noise, so many dB under a usual voice. */
  noiseDb?: number;
  /** 50 Hz and what rings with it. */
  humDb?: number;
  /** Somebody else talks in the room. */
  babbleDb?: number;
  /** Of full scale. */
  offset?: number;
  /** 300 to 3,400 Hz and the coding of a telephone exchange. */
  telephone?: boolean;
  /** A horn, a door, a keyboard: bursts of noise so far apart and as loud as the voice. */
  knocksEveryMs?: number;
}

/** The loud parts of a usual espeak voice, as measured over the bench's sentences. */
const USUAL_RMS = 3_200;
const KNOCK_MS = 40;

const rmsAt = (db: number): number => USUAL_RMS * 10 ** (db / 20);

export class Line {
  readonly #settings: LineSettings;
  readonly #chance: () => number;
  readonly #babble: Int16Array;
  readonly #band = [biquad('high', 300), biquad('high', 300), biquad('low', 3_400), biquad('low', 3_400)];
  #at = 0;

  constructor(settings: LineSettings, { seed, babble }: { seed: number; babble: Int16Array }) {
    this.#settings = settings;
    this.#chance = seeded(seed);
    this.#babble = babble;
  }

  /** Does anything sound on it while nobody speaks? */
  get quiet(): boolean {
    const { noiseDb, humDb, babbleDb, offset, knocksEveryMs } = this.#settings;
    return [noiseDb, humDb, babbleDb, offset, knocksEveryMs].every((each) => each === undefined);
  }

  /** The next 20 ms as they leave the telephone. */
  frame(voice: Int16Array | null): Buffer {
    const { telephone = false, gainDb = 0 } = this.#settings;
    const gain = 10 ** (gainDb / 20);
    const pcm = new Int16Array(FRAME_SAMPLES);
    for (let index = 0; index < FRAME_SAMPLES; index += 1) {
      let sample = (voice?.[index] ?? 0) * gain + this.#background(this.#at + index);
      if (telephone) sample = mulaw(this.#band.reduce((sound, filter) => filter(sound), sample));
      pcm[index] = Math.max(-32_768, Math.min(32_767, Math.round(sample)));
    }
    this.#at += FRAME_SAMPLES;
    return Buffer.from(pcm.buffer);
  }

  #background(at: number): number {
    const { noiseDb, humDb, babbleDb, offset = 0, knocksEveryMs } = this.#settings;
    let sound = offset * 32_768;
    if (noiseDb !== undefined) sound += this.#white() * rmsAt(noiseDb);
    if (humDb !== undefined)
      sound += rmsAt(humDb) * [50, 150, 250].reduce((sum, hz, nth) => sum + tone(at, hz) / (nth + 1), 0);
    if (babbleDb !== undefined && this.#babble.length > 0)
      sound += (this.#babble[at % this.#babble.length] ?? 0) * 10 ** (babbleDb / 20);
    if (knocksEveryMs !== undefined && ((at * 1_000) / RATE_HZ) % knocksEveryMs < KNOCK_MS)
      sound += this.#white() * USUAL_RMS;
    return sound;
  }

  /** Root mean square 1. */
  #white(): number {
    return (this.#chance() * 2 - 1) * Math.sqrt(3);
  }
}

const tone = (at: number, hz: number): number => Math.SQRT2 * Math.sin((2 * Math.PI * hz * at) / RATE_HZ);

/** G.711 there and back. */
function mulaw(sample: number): number {
  const bounded = Math.max(-32_635, Math.min(32_635, sample));
  const magnitude = Math.log1p((255 * Math.abs(bounded)) / 32_635) / Math.log(256);
  const step = Math.round(magnitude * 127) / 127;
  return Math.sign(bounded) * (((256 ** step - 1) / 255) * 32_635);
}

/** Second order, Butterworth. */
function biquad(kind: 'low' | 'high', hz: number): (sample: number) => number {
  const omega = (2 * Math.PI * hz) / RATE_HZ;
  const [cos, alpha] = [Math.cos(omega), Math.sin(omega) / Math.SQRT2];
  const side = kind === 'low' ? (1 - cos) / 2 : (1 + cos) / 2;
  const [b0, b1] = [side / (1 + alpha), ((kind === 'low' ? 2 : -2) * side) / (1 + alpha)];
  const [a1, a2] = [(-2 * cos) / (1 + alpha), (1 - alpha) / (1 + alpha)];
  let [x1, x2, y1, y2] = [0, 0, 0, 0];
  return (sample) => {
    const out = b0 * sample + b1 * x1 + b0 * x2 - a1 * y1 - a2 * y2;
    [x2, x1, y2, y1] = [x1, sample, y1, out];
    return out;
  };
}
