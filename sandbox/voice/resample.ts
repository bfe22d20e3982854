/** Band-limited conversion between sample rates: polyphase windowed sinc, so that what lies above the new Nyquist is gone, not folded back. */

const HALF_WIDTH = 16; // zero crossings each side: about 70 dB of stop band under a Blackman window

interface Bank {
  up: number;
  down: number;
  reach: number;
  phases: Float32Array[];
}

const banks = new Map<string, Bank>();

export function resample(pcm: Int16Array, fromHz: number, toHz: number): Int16Array {
  if (fromHz === toHz) return pcm;
  const { up, down, reach, phases } = bankFor(fromHz, toHz);
  const out = new Int16Array(Math.floor((pcm.length * up) / down));
  for (let i = 0; i < out.length; i += 1) {
    const position = i * down;
    const first = Math.floor(position / up) - reach + 1;
    const taps = phases[position % up] ?? new Float32Array();
    let sum = 0;
    for (let k = 0; k < taps.length; k += 1) sum += (taps[k] ?? 0) * (pcm[first + k] ?? 0);
    out[i] = Math.max(-32768, Math.min(32767, Math.round(sum)));
  }
  return out;
}

function bankFor(fromHz: number, toHz: number): Bank {
  const key = `${fromHz}>${toHz}`;
  let bank = banks.get(key);
  if (bank === undefined) {
    bank = makeBank(fromHz, toHz);
    banks.set(key, bank);
  }
  return bank;
}

function makeBank(fromHz: number, toHz: number): Bank {
  const divisor = greatestCommonDivisor(fromHz, toHz);
  const up = toHz / divisor;
  const down = fromHz / divisor;
  // 0.94: the transition band ends below the lower of the two Nyquist frequencies.
  const cutoff = 0.94 * Math.min(1, up / down);
  const reach = Math.ceil(HALF_WIDTH / cutoff);
  const phases = Array.from({ length: up }, (_, phase) => phaseTaps(phase / up, cutoff, reach));
  return { up, down, reach, phases };
}

function phaseTaps(shift: number, cutoff: number, reach: number): Float32Array {
  const taps = new Float32Array(2 * reach);
  let sum = 0;
  for (let k = 0; k < taps.length; k += 1) {
    const x = k - (reach - 1) - shift;
    const angle = Math.PI * x * cutoff;
    const sinc = Math.abs(angle) < 1e-9 ? 1 : Math.sin(angle) / angle;
    const place = (x + reach) / (2 * reach);
    const window = 0.42 - 0.5 * Math.cos(2 * Math.PI * place) + 0.08 * Math.cos(4 * Math.PI * place);
    taps[k] = cutoff * sinc * window;
    sum += taps[k] ?? 0;
  }
  return taps.map((tap) => tap / sum);
}

function greatestCommonDivisor(a: number, b: number): number {
  return b === 0 ? a : greatestCommonDivisor(b, a % b);
}

/** The same, fed piece by piece: a frame in, a frame out, late by the filter's reach. */
export class StreamResampler {
  readonly #fromHz: number;
  readonly #toHz: number;
  readonly #reach: number;
  #history: Int16Array;

  constructor(fromHz: number, toHz: number) {
    this.#fromHz = fromHz;
    this.#toHz = toHz;
    // Whole periods of the rate ratio on both sides, so that every frame starts at the same phase.
    const { down, reach } = bankFor(fromHz, toHz);
    this.#reach = Math.ceil(reach / down) * down;
    this.#history = new Int16Array(2 * this.#reach);
  }

  /** The frame's length times the ratio must be whole, as it is for 20 ms. */
  push(frame: Int16Array): Int16Array {
    if (this.#fromHz === this.#toHz) return frame;
    const all = new Int16Array(this.#history.length + frame.length);
    all.set(this.#history);
    all.set(frame, this.#history.length);
    this.#history = all.slice(frame.length);
    const converted = resample(all, this.#fromHz, this.#toHz);
    const skipped = (this.#reach * this.#toHz) / this.#fromHz;
    return converted.slice(skipped, skipped + (frame.length * this.#toHz) / this.#fromHz);
  }
}
