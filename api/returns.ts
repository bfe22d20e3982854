/** How often a call has come back to the bot lately: hosts that live and take no socket would otherwise be tried without end. */
import type { CallId } from '../domain/ids.ts';

/** Pacing makes this about twenty seconds of trying. */
const MOST = 12;
const WITHIN_MS = 60_000;
const MOST_CALLS = 10_000;

export class Returns {
  readonly #atMs = new Map<CallId, number[]>();

  /** Notes one more; false = that was too many. */
  note(callId: CallId, nowMs: number): boolean {
    const lately = [...(this.#atMs.get(callId) ?? []).filter((atMs) => atMs > nowMs - WITHIN_MS), nowMs];
    this.#atMs.delete(callId);
    this.#atMs.set(callId, lately);
    const [oldest] = this.#atMs.keys();
    if (this.#atMs.size > MOST_CALLS && oldest !== undefined) this.#atMs.delete(oldest);
    return lately.length <= MOST;
  }
}
