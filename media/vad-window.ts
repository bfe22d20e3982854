/** The piece of sound that is judged at a time, and what whoever judges it promises. */
import { SAMPLE_RATE_HZ } from './frames.ts';

/** Silero's own window: 32 ms. */
export const WINDOW_SAMPLES = 512;
export const WINDOW_MS = (WINDOW_SAMPLES * 1000) / SAMPLE_RATE_HZ;

export interface Vad {
  /** Probability of speech in the next window; 0 = too quiet to be asked about. What is given is read before it returns. */
  next(window: Int16Array): number;
}

export interface VadModel {
  readonly name: string;
  newEar(): Vad;
}

/** Full scale = 1. */
export function rmsOfWindow(window: Int16Array): number {
  let sum = 0;
  for (let index = 0; index < window.length; index += 1) {
    const sample = window[index] ?? 0;
    sum += sample * sample;
  }
  return Math.sqrt(sum / window.length) / 32_768;
}
