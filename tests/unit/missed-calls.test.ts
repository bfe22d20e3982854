import { describe, expect, test } from 'vitest';
import { claimSchema } from '../../domain/claim.ts';
import { asCallId, asE164, asLegId } from '../../domain/ids.ts';
import { missedAmong, missedDocument, verdictOn, type MissedLeg } from '../../domain/missed-calls.ts';

const HOUR = 3_600_000;
const NOW = Date.parse('2026-11-21T12:00:00Z');
const ANNA = asE164('+447700900001');
const OURS = asE164('+442079460000');

const leg = (more: Partial<MissedLeg & { known: boolean }> = {}) => ({
  legId: asLegId('leg-1'),
  callId: asCallId('call-1'),
  from: ANNA,
  to: OURS,
  startedAtMs: NOW - HOUR,
  over: true,
  known: false,
  ...more,
});
const missed = (more: Partial<MissedLeg> = {}): MissedLeg => {
  const { known, ...plain } = leg();
  return { ...plain, cameAgain: false, ...more };
};

describe('which calls were missed', () => {
  test('[MC1] a leg that is over and that no workflow knows', () => {
    const legs = [
      leg(),
      leg({ legId: asLegId('known'), from: asE164('+447700900002'), known: true }),
      leg({ legId: asLegId('still on'), from: asE164('+447700900003'), over: false }),
    ];
    expect(missedAmong(legs).map(({ legId }) => legId)).toEqual(['leg-1']);
  });

  test('[MC4] whoever rang again and was answered, or is on the line, needs no call from us', () => {
    const later = { legId: asLegId('leg-2'), startedAtMs: NOW - HOUR / 2 };
    expect(missedAmong([leg(), leg({ ...later, known: true })])).toMatchObject([{ cameAgain: true }]);
    expect(missedAmong([leg(), leg({ ...later, over: false })])).toMatchObject([{ cameAgain: true }]);
    expect(missedAmong([leg(), leg(later)]).map(({ cameAgain }) => cameAgain)).toEqual([false, false]);
    expect(missedAmong([leg(), leg({ ...later, from: asE164('+447700900009'), known: true })])).toMatchObject([
      { cameAgain: false },
    ]);
    expect(
      missedAmong([leg(), leg({ legId: asLegId('before'), startedAtMs: NOW - 2 * HOUR, known: true })]),
    ).toMatchObject([{ cameAgain: false }]);
  });

  test('[MC4] withheld numbers are different people', () => {
    const nobody = { from: null };
    const legs = [leg(nobody), leg({ ...nobody, legId: asLegId('leg-2'), startedAtMs: NOW, known: true })];
    expect(missedAmong(legs)).toMatchObject([{ cameAgain: false }]);
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
