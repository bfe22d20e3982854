/** The last seconds of a line, to be heard again by another stream. One piece of memory a leg: frames kept one by one would outlive every young collection. */
export class KeptSound {
  readonly #ring: Buffer;
  #next = 0;
  #filled = 0;

  constructor(bytes: number) {
    this.#ring = Buffer.allocUnsafeSlow(bytes);
  }

  /** Copied; the oldest goes. */
  push(pcm: Buffer): void {
    const size = this.#ring.length;
    const kept = pcm.length > size ? pcm.subarray(pcm.length - size) : pcm;
    const first = kept.copy(this.#ring, this.#next);
    if (first < kept.length) kept.copy(this.#ring, 0, first);
    this.#next = (this.#next + kept.length) % size;
    this.#filled = Math.min(size, this.#filled + kept.length);
  }

  /** A copy of what came last, as much of it as there is. */
  last(bytes: number): Buffer {
    const wanted = Math.min(bytes, this.#filled);
    const from = this.#next - wanted;
    return from >= 0
      ? Buffer.from(this.#ring.subarray(from, this.#next))
      : Buffer.concat([this.#ring.subarray(from), this.#ring.subarray(0, this.#next)]);
  }
}
