import { describe, expect, test } from 'vitest';
import { claimSchema } from '../../domain/claim.ts';
import { asCallId, asE164, asLegId } from '../../domain/ids.ts';
import { missedDocument, rangAgain, verdictOn, type MissedLeg } from '../../domain/missed-calls.ts';

const HOUR = 3_600_000;
const NOW = Date.parse('2026-11-21T12:00:00Z');
const ANNA = asE164('+447700900001');
const OURS = asE164('+442079460000');

const missed = (more: Partial<MissedLeg> = {}): MissedLeg => ({
  legId: asLegId('leg-1'),
  callId: asCallId('call-1'),
  from: ANNA,
  to: OURS,
  startedAtMs: NOW - HOUR,
  over: true,
  cameAgain: false,
  ...more,
});

describe('whose call stands for whose', () => {
  const later = { legId: asLegId('leg-2'), startedAtMs: NOW - HOUR / 2 };

  test('[MC4] whoever rang again was answered then, is on the line, or is rung back for that call', () => {
    expect(rangAgain(missed(), [missed(), missed(later)])).toBe(true);
    expect(rangAgain(missed(later), [missed(), missed(later)])).toBe(false);
    expect(rangAgain(missed(), [missed(), missed({ ...later, from: asE164('+447700900009') })])).toBe(false);
  });

  test('[MC4] withheld numbers are different people', () => {
    const nobody = { from: null };
    expect(rangAgain(missed(nobody), [missed(nobody), missed({ ...nobody, ...later })])).toBe(false);
  });
});

describe('what becomes of them', () => {
  test.each([
    ['ring_back', missed(), true],
    ['withheld', missed({ from: null }), true],
    ['came_again', missed({ cameAgain: true }), true],
    ['too_old', missed({ startedAtMs: NOW - 25 * HOUR }), true],
    ['not_allowed', missed(), false],
  ])('[MC2] %s', (verdict, of, diallable) => {
    expect(verdictOn(of, { nowMs: NOW, diallable })).toBe(verdict);
  });

  test('[MC1] the record says that it was missed, and names its leg', () => {
    const initiate = {
      botCompany: 'Contoso',
      botName: 'Amelie',
      task: 'Help',
      operatorNumber: null,
      claim: claimSchema([]),
      language: 'en-US',
      speechSpeed: 1,
      scenario: null,
    };
    const { callId, legId } = missed();
    const document = missedDocument({ callId, legId, customerNumber: ANNA, botNumber: OURS, initiate, atMs: NOW });
    expect(document).toMatchObject({
      call_id: 'call-1',
      direction: 'inbound',
      phone_number: ANNA,
      disposition: 'missed',
      missed: true,
      in_progress: false,
      phase: 'closed',
      created_at: '2026-11-21T12:00:00.000Z',
      closed_at: '2026-11-21T12:00:00.000Z',
      legs: [{ leg_id: 'leg-1', role: 'customer' }],
    });
  });
});
