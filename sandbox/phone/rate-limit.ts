/** So many in any second; what comes above is refused, nothing waits. */
export class RateLimit {
  readonly #perSecond: number;
  readonly #now: () => number;
  readonly #enforced: () => boolean;
  #taken: number[] = [];

  constructor(perSecond: number, now: () => number, enforced: () => boolean = () => true) {
    this.#perSecond = perSecond;
    this.#now = now;
    this.#enforced = enforced;
  }

  take(): boolean {
    const nowMs = this.#now();
    this.#taken = this.#taken.filter((atMs) => nowMs - atMs < 1000);
    if (this.#enforced() && this.#taken.length >= this.#perSecond) return false;
    this.#taken.push(nowMs);
    return true;
  }
}
