/** [CG7] A campaign whose attempts fail for reasons of ours or the network's stops by itself. */
import type { AttemptOutcome, BreakerRule } from './campaign.ts';

/** Newest last; bounded by the rule. */
export function noteOutcome(
  recent: readonly AttemptOutcome[],
  outcome: AttemptOutcome,
  rule: BreakerRule,
): AttemptOutcome[] {
  if (outcome === 'line_busy' || outcome === 'opted_out') return [...recent];
  return [...recent, outcome].slice(-rule.of);
}

/** Null = all is well; else why it stops, in a sentence. */
export function breakerTrips(recent: readonly AttemptOutcome[], rule: BreakerRule): string | null {
  if (recent.length < rule.of) return null;
  const failed = recent.filter((outcome) => outcome === 'failed').length;
  return failed / recent.length >= rule.share
    ? `${failed} of the last ${recent.length} attempts failed: the network or the numbers are at fault`
    : null;
}
