/**
 * [ST118] L16 from one sample rate to another, as it streams: a polyphase windowed sinc, so that what lies above the lower of the two
 * Nyquist frequencies is gone, not folded back into the voice. About 50 multiplications a sample out.
 */

/** Zero crossings on each side: about 70 dB of stop band under a Blackman window. */
const HALF_WIDTH = 16;
/** The transition band ends below the lower Nyquist frequency. */
const PASS_BAND = 0.92;

interface Bank {
  up: number;
  down: number;
  /** Taps on each side of the place that is computed. */
  reach: number;
  phases: Float32Array[];
}

const banks = new Map<string, Bank>();

export class Resampler {
  readonly #bank: Bank | null;
  /** Samples from `#firstAt` on; what lies before has been used. Zeros stand before the beginning. */
  #held: Int16Array;
  #firstAt: number;
  #next = 0;
  #total = 0;

  constructor(fromHz: number, toHz: number) {
    this.#bank = fromHz === toHz ? null : bankFor(fromHz, toHz);
    this.#firstAt = -(this.#bank?.reach ?? 0);
    this.#held = new Int16Array(this.#bank?.reach ?? 0);
  }

  /** Whole samples in, those out that are certain by now. */
  push(pcm: Buffer): Buffer {
    if (this.#bank === null) return pcm;
    this.#total += pcm.length >> 1;
    return this.#convert(this.#bank, samplesOf(pcm));
  }

  /** What waited for the sound after it; after this no more may be pushed. */
  rest(): Buffer {
    const bank = this.#bank;
    if (bank === null) return Buffer.alloc(0);
    const sound = this.#convert(bank, new Int16Array(bank.reach + 1));
    const beyond = this.#next - Math.ceil((this.#total * bank.up) / bank.down);
    return beyond > 0 ? sound.subarray(0, Math.max(0, sound.length - beyond * 2)) : sound;
  }

  #convert(bank: Bank, samples: Int16Array): Buffer {
    const all = new Int16Array(this.#held.length + samples.length);
    all.set(this.#held);
    all.set(samples, this.#held.length);
    const { up, down, reach, phases } = bank;
    const lastAt = this.#firstAt + all.length - 1;
    // The place of output n is n·down/up; its taps end `reach` samples after it.
    const end = Math.max(this.#next, Math.floor(((lastAt - reach + 1) * up - 1) / down) + 1);
    const out = Buffer.allocUnsafe((end - this.#next) * 2);
    for (let at = 0; this.#next < end; this.#next += 1, at += 2) {
      const position = this.#next * down;
      const first = Math.floor(position / up) - reach + 1 - this.#firstAt;
      const taps = phases[position % up] ?? new Float32Array();
      let sum = 0;
      for (let k = 0; k < taps.length; k += 1) sum += (taps[k] ?? 0) * (all[first + k] ?? 0);
      out.writeInt16LE(Math.max(-32_768, Math.min(32_767, Math.round(sum))), at);
    }
    const keepFrom = Math.floor((this.#next * down) / up) - reach + 1;
    const used = Math.min(all.length, Math.max(0, keepFrom - this.#firstAt));
    this.#held = all.slice(used);
    this.#firstAt += used;
    return out;
  }
}

function samplesOf(pcm: Buffer): Int16Array {
  const samples = new Int16Array(pcm.length >> 1);
  for (let at = 0; at < samples.length; at += 1) samples[at] = pcm.readInt16LE(at * 2);
  return samples;
}

function bankFor(fromHz: number, toHz: number): Bank {
  const key = `${String(fromHz)}>${String(toHz)}`;
  const known = banks.get(key);
  if (known !== undefined) return known;
  const divisor = greatestCommonDivisor(fromHz, toHz);
  const up = toHz / divisor;
  const down = fromHz / divisor;
  const cutoff = PASS_BAND * Math.min(1, up / down);
  const reach = Math.ceil(HALF_WIDTH / cutoff);
  const phases = Array.from({ length: up }, (_, phase) => taps(phase / up, cutoff, reach));
  const bank: Bank = { up, down, reach, phases };
  banks.set(key, bank);
  return bank;
}

function taps(shift: number, cutoff: number, reach: number): Float32Array {
  const weights = Array.from({ length: 2 * reach }, (_, k) => {
    const x = k - (reach - 1) - shift;
    const angle = Math.PI * x * cutoff;
    const sinc = Math.abs(angle) < 1e-9 ? 1 : Math.sin(angle) / angle;
    const place = (x + reach) / (2 * reach);
    return sinc * (0.42 - 0.5 * Math.cos(2 * Math.PI * place) + 0.08 * Math.cos(4 * Math.PI * place));
  });
  const sum = weights.reduce((total, weight) => total + weight, 0);
  return Float32Array.from(weights, (weight) => weight / sum);
}

function greatestCommonDivisor(a: number, b: number): number {
  return b === 0 ? a : greatestCommonDivisor(b, a % b);
}
