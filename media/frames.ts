/** The socket's unit of sound: 20 ms of signed 16-bit little-endian mono at 16 kHz. */

export const SAMPLE_RATE_HZ = 16_000;
export const FRAME_MS = 20;
export const BYTES_A_MS = (SAMPLE_RATE_HZ / 1000) * 2;
export const FRAME_BYTES = BYTES_A_MS * FRAME_MS;
export const SILENT_FRAME: Buffer = Buffer.alloc(FRAME_BYTES);
const NOTHING: Buffer = Buffer.alloc(0);

/** Below this a frame is silence to a listener: about −48 dBFS. */
const LOUD_RMS = 130;

/** Cuts sound that comes in pieces of any size. The network truncates what is longer than a frame, so each is exactly one. */
export class FrameCutter {
  #rest: Buffer = NOTHING;

  /** What comes now begins a frame. */
  get even(): boolean {
    return this.#rest.length === 0;
  }

  push(pcm: Buffer): Buffer[] {
    const all = this.#rest.length === 0 ? pcm : Buffer.concat([this.#rest, pcm]);
    const frames: Buffer[] = [];
    let start = 0;
    for (; start + FRAME_BYTES <= all.length; start += FRAME_BYTES)
      frames.push(all.subarray(start, start + FRAME_BYTES));
    // What was given is not ours to keep.
    this.#rest = start === all.length ? NOTHING : Buffer.from(all.subarray(start));
    return frames;
  }

  /** The last frame, filled up with silence; null = nothing is left. */
  rest(): Buffer | null {
    if (this.#rest.length === 0) return null;
    const frame = Buffer.alloc(FRAME_BYTES);
    this.#rest.copy(frame);
    this.#rest = NOTHING;
    return frame;
  }
}

/** Bytes from the wire lie at odd addresses too, where no view of samples can be had. */
const samples = new Int16Array(FRAME_BYTES / 2);
const bytes = Buffer.from(samples.buffer);

export function rmsOf(pcm: Buffer): number {
  const count = pcm.length >> 1;
  if (count === 0) return 0;
  let sum = 0;
  for (let at = 0; at < count; at += samples.length) sum += energyOf(pcm.subarray(at * 2, (at + samples.length) * 2));
  return Math.sqrt(sum / count);
}

export const isLoud = (frame: Buffer): boolean => rmsOf(frame) >= LOUD_RMS;

function energyOf(piece: Buffer): number {
  const count = piece.copy(bytes) >> 1;
  let sum = 0;
  for (let index = 0; index < count; index += 1) {
    const sample = samples[index] ?? 0;
    sum += sample * sample;
  }
  return sum;
}
