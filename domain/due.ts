/** When a promised call is due, and when again after a try that did not reach anybody. */

const MINUTE_MS = 60_000;
const RETRY_AFTER_MS = [5 * MINUTE_MS, 15 * MINUTE_MS, 60 * MINUTE_MS] as const;

export const ATTEMPTS_MAX = 4;
/** Somebody is on that line already: not an attempt, asked again soon. */
export const LINE_BUSY_RETRY_MS = 2 * MINUTE_MS;
/** What the customer is told after a transfer that failed: "we will call you back". */
export const AFTER_FAILED_TRANSFER_MS = 15 * MINUTE_MS;

/** [CB1] 5, 15, 60 minutes after a try that was not answered; null = it was the last. */
export function retryDelayMs(attemptsMade: number): number | null {
  if (attemptsMade >= ATTEMPTS_MAX) return null;
  return RETRY_AFTER_MS[Math.min(attemptsMade, RETRY_AFTER_MS.length) - 1] ?? null;
}

/** [CB2] A time that has passed or cannot be read is due in a minute: a promise is kept late rather than dropped. */
export function dueAtMs(dueDateTime: string, nowMs: number): number {
  const parsed = Date.parse(dueDateTime);
  return Number.isNaN(parsed) ? nowMs + MINUTE_MS : Math.max(parsed, nowMs + MINUTE_MS);
}
