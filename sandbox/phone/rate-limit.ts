/** So many in any second; what comes above is refused, nothing waits. */
export class RateLimit {
  readonly #perSecond: number;
  readonly #now: () => number;
  #taken: number[] = [];
  enforced = true;

  constructor(perSecond: number, now: () => number) {
    this.#perSecond = perSecond;
    this.#now = now;
  }

  take(): boolean {
    const nowMs = this.#now();
    this.#taken = this.#taken.filter((atMs) => nowMs - atMs < 1000);
    if (this.enforced && this.#taken.length >= this.#perSecond) return false;
    this.#taken.push(nowMs);
    return true;
  }
}
