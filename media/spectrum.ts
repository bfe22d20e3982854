/**
 * Loudness by frequency of two frames in one fast transform, where the model's file has a matrix of windowed cosines and sines: 264,000 of the
 * 670,000 multiplications of a window become 8,000.
 */

const SIZE = 256;
const HALF = SIZE / 2;
export const FREQUENCIES = HALF + 1;

/** Hann's: what the file's rows are multiplied with. */
const window = Float64Array.from({ length: SIZE }, (_, at) => 0.5 - 0.5 * Math.cos((2 * Math.PI * at) / SIZE));
const cosines = Float64Array.from({ length: HALF }, (_, at) => Math.cos((2 * Math.PI * at) / SIZE));
const sines = Float64Array.from({ length: HALF }, (_, at) => -Math.sin((2 * Math.PI * at) / SIZE));
const mirrored = Uint8Array.from({ length: SIZE }, (_, at) => {
  let back = 0;
  for (let bit = 1; bit < SIZE; bit <<= 1) back = (back << 1) | (at & bit ? 1 : 0);
  return back;
});
const real = new Float64Array(SIZE);
const imaginary = new Float64Array(SIZE);

/** Of `sound`, the two frames that begin at `from` and half a frame later, into `to`, the second `room` behind the first. */
export function spectra(
  sound: Float32Array,
  from: number,
  to: { floats: Float32Array; at: number; room: number },
): void {
  for (let at = 0; at < SIZE; at += 1) {
    const place = mirrored[at] as number;
    const weight = window[at] as number;
    real[place] = (sound[from + at] as number) * weight;
    imaginary[place] = (sound[from + HALF + at] as number) * weight;
  }
  firstTwoSteps();
  for (let span = 4; span < SIZE; span *= 2) step(span);
  const { floats, at: first } = to;
  const second = first + to.room;
  // One frame was the real part, the other the imaginary one: they come apart by symmetry.
  for (let k = 0; k <= HALF; k += 1) {
    const opposite = (SIZE - k) & (SIZE - 1);
    const a = real[k] as number;
    const b = imaginary[k] as number;
    const c = real[opposite] as number;
    const d = imaginary[opposite] as number;
    floats[first + k] = 0.5 * Math.sqrt((a + c) * (a + c) + (b - d) * (b - d));
    floats[second + k] = 0.5 * Math.sqrt((b + d) * (b + d) + (c - a) * (c - a));
  }
}

/** Their factors are 1 and −i. */
function firstTwoSteps(): void {
  for (let at = 0; at < SIZE; at += 4) {
    const aRe = real[at] as number;
    const aIm = imaginary[at] as number;
    const bRe = real[at + 1] as number;
    const bIm = imaginary[at + 1] as number;
    const cRe = real[at + 2] as number;
    const cIm = imaginary[at + 2] as number;
    const dRe = real[at + 3] as number;
    const dIm = imaginary[at + 3] as number;
    const sumRe = aRe + bRe;
    const sumIm = aIm + bIm;
    const lessRe = aRe - bRe;
    const lessIm = aIm - bIm;
    const otherRe = cRe + dRe;
    const otherIm = cIm + dIm;
    const turnRe = cIm - dIm;
    const turnIm = dRe - cRe;
    real[at] = sumRe + otherRe;
    imaginary[at] = sumIm + otherIm;
    real[at + 1] = lessRe + turnRe;
    imaginary[at + 1] = lessIm + turnIm;
    real[at + 2] = sumRe - otherRe;
    imaginary[at + 2] = sumIm - otherIm;
    real[at + 3] = lessRe - turnRe;
    imaginary[at + 3] = lessIm - turnIm;
  }
}

/** Cooley and Tukey's. */
function step(span: number): void {
  const stride = HALF / span;
  for (let begin = 0; begin < SIZE; begin += 2 * span)
    for (let index = 0; index < span; index += 1) {
      const near = begin + index;
      const far = near + span;
      const c = cosines[index * stride] as number;
      const s = sines[index * stride] as number;
      const x = real[far] as number;
      const y = imaginary[far] as number;
      const re = x * c - y * s;
      const im = x * s + y * c;
      const a = real[near] as number;
      const b = imaginary[near] as number;
      real[far] = a - re;
      imaginary[far] = b - im;
      real[near] = a + re;
      imaginary[near] = b + im;
    }
}
