/** The shape of a sound: sixteen log band energies on a 32 ms window, freed of loudness, and a code of which band outweighs its neighbour. */

export const STEP_SAMPLES = 160; // 10 ms at 16 kHz
export const WINDOW_SAMPLES = 512;
/** A print begins and ends with windows that lie half in the silence around the phrase. */
const LEAD_STEPS = 2;
export const BANDS = 16;
/** Telephone band: the same shape survives a leg at 8 kHz. */
const LOWEST_HZ = 200;
const HIGHEST_HZ = 3_700;
/** Mean square under which a window is silence; espeak's quietest voiced windows lie an order of magnitude above it. */
const SILENCE_POWER = 80 * 80;
/** Added to each band, so that faint noise does not shape empty bands. */
const FLOOR = 4e4;

export interface SoundPrint {
  steps: number;
  /** BANDS values a step; zeros where silent. */
  shapes: Float32Array;
  /** One code a step; -1 where silent. */
  codes: Int32Array;
  firstVoiced: number;
  lastVoiced: number;
}

export function soundPrint(pcm: Int16Array): SoundPrint {
  const padded = new Int16Array(pcm.length + 2 * LEAD_STEPS * STEP_SAMPLES);
  padded.set(pcm, LEAD_STEPS * STEP_SAMPLES);
  const steps = Math.max(0, Math.floor((padded.length - WINDOW_SAMPLES) / STEP_SAMPLES) + 1);
  const shapes = new Float32Array(steps * BANDS);
  const codes = new Int32Array(steps);
  for (let step = 0; step < steps; step += 1) {
    const at = step * STEP_SAMPLES;
    codes[step] = shapeInto(
      padded.subarray(at, at + WINDOW_SAMPLES),
      shapes.subarray(step * BANDS, (step + 1) * BANDS),
    );
  }
  const firstVoiced = Math.max(
    0,
    codes.findIndex((code) => code >= 0),
  );
  const lastVoiced = Math.max(
    0,
    codes.findLastIndex((code) => code >= 0),
  );
  return { steps, shapes, codes, firstVoiced, lastVoiced };
}

/** The sample of the phrase at which a step's window begins. */
export function stepToSample(step: number): number {
  return (step - LEAD_STEPS) * STEP_SAMPLES;
}

export function sampleToStep(sample: number): number {
  return sample / STEP_SAMPLES + LEAD_STEPS;
}

/** The place in the phrase that the middle of a step's window stands for. */
export function stepToMs(step: number): number {
  return (step - LEAD_STEPS) * 10 + 16;
}

export function isVoiced(samples: Int16Array): boolean {
  const enough = samples.length * SILENCE_POWER;
  let power = 0;
  for (let i = 0; i < samples.length; i += 1) {
    const sample = samples[i] ?? 0;
    power += sample * sample;
  }
  return power >= enough && enough > 0;
}

/** Writes the window's shape (unit length, mean zero) and answers its code, or -1 for silence. */
export function shapeInto(window: Int16Array, shape: Float32Array): number {
  if (!isVoiced(window)) {
    shape.fill(0);
    return -1;
  }
  bandEnergies(window, shape);
  let mean = 0;
  for (let band = 0; band < BANDS; band += 1) {
    shape[band] = Math.log((shape[band] ?? 0) + FLOOR);
    mean += (shape[band] ?? 0) / BANDS;
  }
  let length = 0;
  let code = 0;
  for (let band = 0; band < BANDS; band += 1) {
    const value = (shape[band] ?? 0) - mean;
    if (band > 0 && value > (shape[band - 1] ?? 0)) code |= 1 << (band - 1);
    shape[band] = value;
    length += value * value;
  }
  const scale = length > 0 ? 1 / Math.sqrt(length) : 0;
  for (let band = 0; band < BANDS; band += 1) shape[band] = (shape[band] ?? 0) * scale;
  return code;
}

const hann = Float64Array.from(
  { length: WINDOW_SAMPLES },
  (_, i) => 0.5 - 0.5 * Math.cos((2 * Math.PI * i) / (WINDOW_SAMPLES - 1)),
);
const cosines = Float64Array.from({ length: WINDOW_SAMPLES / 2 }, (_, i) =>
  Math.cos((2 * Math.PI * i) / WINDOW_SAMPLES),
);
const sines = Float64Array.from({ length: WINDOW_SAMPLES / 2 }, (_, i) => Math.sin((2 * Math.PI * i) / WINDOW_SAMPLES));
const reversed = Uint16Array.from({ length: WINDOW_SAMPLES }, (_, i) => bitReverse(i, Math.log2(WINDOW_SAMPLES)));
const bandEdges = Uint16Array.from({ length: BANDS + 1 }, (_, i) => {
  const hz = fromMel(toMel(LOWEST_HZ) + (i / BANDS) * (toMel(HIGHEST_HZ) - toMel(LOWEST_HZ)));
  return Math.round((hz * WINDOW_SAMPLES) / 16_000);
});
const real = new Float64Array(WINDOW_SAMPLES);
const imaginary = new Float64Array(WINDOW_SAMPLES);

function bandEnergies(window: Int16Array, into: Float32Array): void {
  for (let i = 0; i < WINDOW_SAMPLES; i += 1) {
    const from = reversed[i] ?? 0;
    real[i] = (window[from] ?? 0) * (hann[from] ?? 0);
    imaginary[i] = 0;
  }
  transform();
  for (let band = 0; band < BANDS; band += 1) {
    const first = bandEdges[band] ?? 0;
    const end = Math.max(first + 1, bandEdges[band + 1] ?? 0);
    let energy = 0;
    for (let bin = first; bin < end; bin += 1) energy += (real[bin] ?? 0) ** 2 + (imaginary[bin] ?? 0) ** 2;
    into[band] = energy / (end - first);
  }
}

/** Radix-2 Fourier transform, in place, of `real` and `imaginary` in bit-reversed order. */
function transform(): void {
  for (let size = 2; size <= WINDOW_SAMPLES; size *= 2) {
    const half = size / 2;
    const stride = WINDOW_SAMPLES / size;
    for (let start = 0; start < WINDOW_SAMPLES; start += size) {
      for (let k = 0; k < half; k += 1) butterfly(start + k, start + k + half, k * stride);
    }
  }
}

function butterfly(a: number, b: number, turn: number): void {
  const c = cosines[turn] ?? 1;
  const s = sines[turn] ?? 0;
  const rb = real[b] ?? 0;
  const ib = imaginary[b] ?? 0;
  const ra = real[a] ?? 0;
  const ia = imaginary[a] ?? 0;
  const tr = rb * c + ib * s;
  const ti = ib * c - rb * s;
  real[a] = ra + tr;
  imaginary[a] = ia + ti;
  real[b] = ra - tr;
  imaginary[b] = ia - ti;
}

function bitReverse(value: number, bits: number): number {
  let out = 0;
  for (let i = 0; i < bits; i += 1) out |= ((value >> i) & 1) << (bits - 1 - i);
  return out;
}

function toMel(hz: number): number {
  return 2595 * Math.log10(1 + hz / 700);
}

function fromMel(mel: number): number {
  return 700 * (10 ** (mel / 2595) - 1);
}
