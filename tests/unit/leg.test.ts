import { describe, expect, test } from 'vitest';
import { endsLeg, outcomeOf, type DialOutcome, type LegStatus } from '../../domain/leg.ts';

/** Each status, whether the leg is over then, and what it makes of a dial. */
const STATUSES: [LegStatus, ends: boolean, outcome: DialOutcome | null][] = [
  ['started', false, null],
  ['ringing', false, null],
  ['answered', false, 'answered'],
  ['human', false, 'answered'],
  ['machine', false, 'voicemail'],
  ['busy', true, 'busy'],
  ['cancelled', true, 'cancelled'],
  ['timeout', true, 'no_answer'],
  ['unanswered', true, 'no_answer'],
  ['rejected', true, 'rejected'],
  ['failed', true, 'failed'],
  ['disconnected', false, null],
  ['completed', true, null],
];

describe('a status of a leg', () => {
  test.each(STATUSES)('[CL10] %s ends it: %s', (status, ends) => {
    expect(endsLeg(status)).toBe(ends);
  });

  test.each(STATUSES)('[CL11] %s (over: %s) makes a dial %s', (status, _ends, outcome) => {
    expect(outcomeOf(status)).toBe(outcome);
  });

  test('[CL11] a leg that ends without an answer says why, except after a conversation', () => {
    const silent = STATUSES.filter(([, ends, outcome]) => ends && outcome === null).map(([status]) => status);
    expect(silent).toEqual(['completed']);
  });
});
