/** Remembers which providers have just failed, for all calls of the process: a dead one is not waited for in every turn. */

/** Single failures happen; this many in a row are a state. */
const FAILURES_TO_OPEN = 3;
const OPEN_MS = 15_000;
/** Nothing at all came: each further wait costs every caller seconds, so one such silence is enough. */
const OPEN_AFTER_SILENCE_MS = 30_000;
/** However long a vendor asks to be left alone, a minute later it is asked again. */
const OPEN_MOST_MS = 60_000;

export type Failing = { how: 'error'; retryAfterMs: number | null } | { how: 'silence' };

/** `resting`: too few failures to call it a state. `on_trial`: its pause is over, and it has not yet shown that it works again. */
export type Standing = 'sound' | 'on_trial' | 'resting' | 'off';

interface State {
  failures: number;
  openUntilMs: number;
  silent: boolean;
}

export class Breaker {
  readonly #states = new Map<string, State>();
  readonly #firstPauseMs: number;

  /** `firstPauseMs`: after a single failure. With somebody else to ask, it costs nothing to do so for a while. */
  constructor({ firstPauseMs = 0 }: { firstPauseMs?: number } = {}) {
    this.#firstPauseMs = firstPauseMs;
  }

  allows(provider: string, nowMs: number): boolean {
    return (this.#states.get(provider)?.openUntilMs ?? 0) <= nowMs;
  }

  standing(provider: string, nowMs: number): Standing {
    const state = this.#states.get(provider);
    if (state === undefined) return 'sound';
    if (state.openUntilMs <= nowMs) return 'on_trial';
    return state.failures < FAILURES_TO_OPEN && !state.silent ? 'resting' : 'off';
  }

  succeeded(provider: string): void {
    this.#states.delete(provider);
  }

  /** After its pause a provider gets one try; failing again closes it off again at once. */
  failed(provider: string, failing: Failing, nowMs: number): void {
    const failures = (this.#states.get(provider)?.failures ?? 0) + 1;
    const pauseMs = this.#pauseFor(failing, failures);
    this.#states.set(provider, { failures, openUntilMs: nowMs + pauseMs, silent: failing.how === 'silence' });
  }

  #pauseFor(failing: Failing, failures: number): number {
    if (failing.how === 'silence') return OPEN_AFTER_SILENCE_MS;
    if (failing.retryAfterMs !== null) return Math.min(failing.retryAfterMs, OPEN_MOST_MS);
    return failures >= FAILURES_TO_OPEN ? OPEN_MS : this.#firstPauseMs;
  }
}
