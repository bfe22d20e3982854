/** The socket's unit of sound: 20 ms of signed 16-bit little-endian mono at 16 kHz. */

export const SAMPLE_RATE_HZ = 16_000;
export const FRAME_MS = 20;
export const FRAME_BYTES = (SAMPLE_RATE_HZ / 1000) * FRAME_MS * 2;
export const SILENT_FRAME: Buffer = Buffer.alloc(FRAME_BYTES);

/** Below this a frame is silence to a listener: about −48 dBFS. */
const LOUD_RMS = 130;

/** Cuts sound that comes in pieces of any size. The network truncates what is longer than a frame, so each is exactly one. */
export class FrameCutter {
  #rest: Buffer = Buffer.alloc(0);

  push(pcm: Buffer): Buffer[] {
    const all = this.#rest.length === 0 ? pcm : Buffer.concat([this.#rest, pcm]);
    const frames: Buffer[] = [];
    let start = 0;
    for (; start + FRAME_BYTES <= all.length; start += FRAME_BYTES)
      frames.push(all.subarray(start, start + FRAME_BYTES));
    this.#rest = all.subarray(start);
    return frames;
  }

  /** The last frame, filled up with silence; null = nothing is left. */
  rest(): Buffer | null {
    if (this.#rest.length === 0) return null;
    const frame = Buffer.alloc(FRAME_BYTES);
    this.#rest.copy(frame);
    this.#rest = Buffer.alloc(0);
    return frame;
  }
}

export function rmsOf(pcm: Buffer): number {
  const samples = Math.floor(pcm.length / 2);
  if (samples === 0) return 0;
  let sum = 0;
  for (let index = 0; index < samples; index += 1) {
    const sample = pcm.readInt16LE(index * 2);
    sum += sample * sample;
  }
  return Math.sqrt(sum / samples);
}

export const isLoud = (frame: Buffer): boolean => rmsOf(frame) >= LOUD_RMS;
