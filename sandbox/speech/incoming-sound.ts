/** Bytes from the wire, in any pieces, to 20 ms frames at the rate the recogniser hears. */
import { StreamResampler } from '../voice/resample.ts';
import { samplesOfLinear16, samplesOfMulaw } from './sound-formats.ts';

export interface SoundShape {
  encoding: 'LINEAR16' | 'MULAW';
  sampleRateHz: number;
}

export const HEARING_HZ = 16_000;
const FRAMES_A_SECOND = 50;

export function bytesASecond(shape: SoundShape): number {
  return shape.sampleRateHz * (shape.encoding === 'MULAW' ? 1 : 2);
}

export class IncomingSound {
  readonly #decode: (bytes: Buffer) => Int16Array;
  readonly #frameBytes: number;
  readonly #resampler: StreamResampler;
  #left: Buffer = Buffer.alloc(0);

  constructor(shape: SoundShape) {
    this.#decode = shape.encoding === 'MULAW' ? samplesOfMulaw : samplesOfLinear16;
    this.#frameBytes = bytesASecond(shape) / FRAMES_A_SECOND;
    this.#resampler = new StreamResampler(shape.sampleRateHz, HEARING_HZ);
  }

  /** The frames that these bytes complete. */
  push(bytes: Buffer): Int16Array[] {
    const all = this.#left.length === 0 ? bytes : Buffer.concat([this.#left, bytes]);
    const frames = [];
    let at = 0;
    for (; at + this.#frameBytes <= all.length; at += this.#frameBytes) {
      frames.push(this.#resampler.push(this.#decode(all.subarray(at, at + this.#frameBytes))));
    }
    this.#left = all.subarray(at);
    return frames;
  }
}
