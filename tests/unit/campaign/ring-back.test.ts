import { expect, test } from 'vitest';
import { SHIPPED_RETRY_PLAN } from '../../../domain/campaign-retry.ts';
import { afterResult, newProgress, taken, type ContactProgress } from '../../../domain/campaign-contact.ts';
import type { AttemptOutcome } from '../../../domain/campaign.ts';
import { asAttemptId, asContactId } from '../../../domain/ids.ts';

const plan = { plan: SHIPPED_RETRY_PLAN, nowMs: 60_000 };
const resultOf = (attempt: string, outcome: AttemptOutcome) => ({
  contactId: asContactId('them'),
  attemptId: asAttemptId(attempt),
  outcome,
  endedAtMs: 50_000,
  recordId: `record of ${attempt}: ${outcome}`,
});

const rung = (contact: ContactProgress, attemptId: string): ContactProgress =>
  taken(contact, { batchId: 'batch', attemptId, callId: `call of ${attemptId}`, nowMs: 1_000 });

/** Rung, with the outcomes one after another. */
function after(...outcomes: AttemptOutcome[]): ContactProgress {
  let contact = newProgress({ country: 'US', zones: ['America/New_York'], hours: null, dueAtMs: 0 });
  for (const [index, outcome] of outcomes.entries()) {
    contact = rung(contact, `try ${index + 1}`);
    contact = afterResult(contact, resultOf(`try ${index + 1}`, outcome), plan) ?? contact;
  }
  return contact;
}

const served = { ...resultOf('try 1', 'completed'), rungBack: true as const };

test.each([
  ['while the retry waits', after('dropped')],
  ['after their line was asked for in vain', after('dropped', 'line_busy')],
  ['when it was the last attempt', { ...after('dropped'), state: 'done' as const, disposition: 'dropped' as const }],
])('[CG17] %s the attempt counts as it came out after they rang back', (_, contact) => {
  const done = afterResult(contact, served, plan);
  expect(done).toMatchObject({ state: 'done', disposition: 'completed' });
  expect(done?.attempts[0]).toMatchObject({ outcome: 'completed', record_id: served.recordId });
  expect(done === null ? null : afterResult(done, served, plan)).toBeNull();
});

test('[CG17] a later try that rings or has been answered stands', () => {
  expect(afterResult(rung(after('dropped'), 'try 2'), served, plan)).toBeNull();
  expect(afterResult(after('dropped', 'completed'), served, plan)).toBeNull();
  expect(afterResult(after('no_answer'), served, plan)).toBeNull();
});
