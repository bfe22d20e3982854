/** What follows an attempt, by its outcome. */
import type { AttemptOutcome } from './campaign.ts';

/** Outcomes after which another attempt may be made. */
export const RETRIED = ['busy', 'no_answer', 'voicemail', 'rejected', 'failed', 'dropped'] as const;
export type RetriedOutcome = (typeof RETRIED)[number];

export interface RetryRule {
  /** Attempts that may come out so, the first included; 1 = never again. */
  attempts: number;
  /** Minutes until the next one, by how often it has come out so; the last one stays. */
  afterMin: readonly number[];
}

export interface RetryPlan {
  /** Whatever they come out as. */
  attemptsMax: number;
  byOutcome: Record<RetriedOutcome, RetryRule>;
}

export const SHIPPED_RETRY_PLAN: RetryPlan = {
  attemptsMax: 4,
  byOutcome: {
    busy: { attempts: 4, afterMin: [5, 15, 60] },
    no_answer: { attempts: 3, afterMin: [60, 240] },
    voicemail: { attempts: 2, afterMin: [240] },
    rejected: { attempts: 1, afterMin: [] },
    failed: { attempts: 2, afterMin: [30] },
    dropped: { attempts: 2, afterMin: [5] },
  },
};

/** [CB7] Somebody is on that line: asked again soon, no attempt lost. */
const LINE_BUSY_RETRY_MS = 2 * 60_000;

export type AfterAttempt = { next: 'retry'; afterMs: number } | { next: 'done' };

/** [CG3] `earlier`: outcomes of this contact's attempts before this one. */
export function afterAttempt(
  outcome: AttemptOutcome,
  earlier: readonly (AttemptOutcome | null)[],
  plan: RetryPlan,
): AfterAttempt {
  if (outcome === 'line_busy') return { next: 'retry', afterMs: LINE_BUSY_RETRY_MS };
  if (!isRetried(outcome)) return { next: 'done' };
  const made = earlier.filter((each) => each !== 'line_busy').length + 1;
  const rule = plan.byOutcome[outcome];
  const timesSo = earlier.filter((each) => each === outcome).length + 1;
  if (made >= plan.attemptsMax || timesSo >= rule.attempts) return { next: 'done' };
  const minutes = rule.afterMin[timesSo - 1] ?? rule.afterMin.at(-1) ?? 0;
  return { next: 'retry', afterMs: minutes * 60_000 };
}

const isRetried = (outcome: AttemptOutcome): outcome is RetriedOutcome =>
  (RETRIED as readonly string[]).includes(outcome);
