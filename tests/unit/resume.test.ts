import { expect, test } from 'vitest';
import { claimSchema } from '../../domain/claim.ts';
import { callDocument, newRecord } from '../../domain/document.ts';
import { asCallId, asE164 } from '../../domain/ids.ts';
import { earlierCalls } from '../../domain/resume.ts';
import type { CallDocument } from '../../domain/call-document.ts';

const NOW = Date.parse('2026-11-21T10:00:00Z');
const DAY = 24 * 3_600_000;

function call(id: string, daysAgo: number, changes: Partial<CallDocument> = {}): CallDocument {
  const record = newRecord({
    callId: asCallId(id),
    direction: 'inbound',
    customerNumber: asE164('+447700900123'),
    botNumber: asE164('+447700900001'),
    initiate: {
      botCompany: 'Contoso',
      botName: 'Amelie',
      task: 'Help',
      operatorNumber: null,
      claim: claimSchema([{ name: 'order_number', type: 'text', description: null }]),
      language: 'en-US',
      speechSpeed: 1,
      scenario: null,
    },
    phase: 'closed',
    atMs: NOW - daysAgo * DAY,
  });
  const synthesis = { short: `Matter ${id}`, long: '', satisfaction: 'high' as const, improvement_suggestions: '' };
  return { ...callDocument(record, NOW), disposition: 'completed', synthesis, ...changes };
}

const told = (calls: CallDocument[]): string | null => earlierCalls(calls, { nowMs: NOW, except: 'now' });

test('[CL15] the last three calls are told in short, newest first', () => {
  expect(told([call('a', 1), call('b', 2), call('c', 3), call('d', 4)])).toBe(
    'Earlier calls. 2026-11-20: Matter a. 2026-11-19: Matter b. 2026-11-18: Matter c.',
  );
});

test('[CL15] this call, and those that reached nobody, are not told', () => {
  expect(
    told([call('now', 0), call('a', 1, { disposition: 'no_answer' }), call('b', 1, { disposition: null })]),
  ).toBeNull();
});

test('[CL15] an unfinished claim is offered, to be continued or begun anew; an old or a complete one is not', () => {
  const claim = { caller_phone: '+447700900123', order_number: 'A17' };
  const open = told([call('a', 3, { claim, disposition: 'dropped' })]);
  expect(open).toContain('Left unfinished on 2026-11-18: order_number = A17.');
  expect(open).toContain('if not, begin anew');
  const whole = { ...claim, caller_name: 'Anna', caller_email: 'a@b.example' };
  expect(told([call('a', 3, { claim: whole })])).not.toContain('unfinished');
  expect(told([call('a', 100, { claim, disposition: 'dropped' })])).not.toContain('unfinished');
  expect(told([call('a', 3, { claim, disposition: 'transferred' })])).not.toContain('unfinished');
});
