import { describe, expect, test } from 'vitest';
import { breakerTrips, noteOutcome } from '../../../domain/campaign-breaker.ts';
import { afterAttempt, SHIPPED_RETRY_PLAN, type RetryPlan } from '../../../domain/campaign-retry.ts';
import type { AttemptOutcome } from '../../../domain/campaign.ts';
import { disclosureFor, withDisclosure } from '../../../domain/disclosure.ts';
import {
  CAMPAIGN_AHEAD_MS,
  COST_OF_CONNECT,
  COST_OF_DIAL,
  grant,
  grantWithin,
  PERSON_AHEAD_MS,
} from '../../../domain/pacing.ts';
import { fillTemplate, variablesIn } from '../../../domain/template.ts';

const VONAGE = { perSecond: 3 };

/** The moments at which `asks` (at their own times) may make their legs. */
function timeline(asks: { atMs: number; creations: number }[]): number[] {
  let freeAtMs = 0;
  return asks.map(({ atMs, creations }) => {
    const granted = grant(freeAtMs, { creations, nowMs: atMs }, VONAGE);
    freeAtMs = granted.freeAtMs;
    return granted.startAtMs;
  });
}

describe('the account’s budget of new legs', () => {
  test('[PA1] dials that will be answered come at one and a half a second, for as long as one likes', () => {
    const starts = timeline(Array.from({ length: 31 }, () => ({ atMs: 1_000_000, creations: COST_OF_DIAL })));
    expect(starts[0]).toBe(1_000_000);
    expect((starts[30] ?? 0) - (starts[0] ?? 0)).toBeGreaterThanOrEqual(20_000);
    expect((starts[30] ?? 0) - (starts[0] ?? 0)).toBeLessThanOrEqual(20_001);
  });

  test('[PA1] no second holds more than the network makes, whatever is answered at once', () => {
    const starts = timeline(Array.from({ length: 40 }, () => ({ atMs: 5_000_000, creations: COST_OF_DIAL })));
    for (const start of starts) {
      const dials = starts.filter((each) => each >= start && each < start + 1_000).length;
      expect(dials * COST_OF_DIAL).toBeLessThanOrEqual(4);
    }
  });

  test('[PA2] who rings in is connected at once, and dials wait the longer', () => {
    let freeAtMs = 0;
    const nowMs = 9_000_000;
    for (let call = 0; call < 30; call += 1)
      freeAtMs = grant(freeAtMs, { creations: COST_OF_CONNECT, nowMs }, VONAGE).freeAtMs;
    const dial = grant(freeAtMs, { creations: COST_OF_DIAL, nowMs }, VONAGE);
    expect(dial.startAtMs - nowMs).toBeGreaterThan(9_000);
  });

  /** Fifteen campaigns that ask whenever they wait for nothing, every 50 ms; `promises` at their moments. */
  function rush(promises: number[], limit = VONAGE) {
    let freeAtMs = 0;
    const take = (nowMs: number, withinMs: number): number | null => {
      const granted = grantWithin(freeAtMs, { creations: COST_OF_DIAL, nowMs, withinMs }, limit);
      freeAtMs = granted?.freeAtMs ?? freeAtMs;
      return granted === null ? null : granted.startAtMs;
    };
    const waitingTillMs = Array.from({ length: 15 }, () => 0);
    const waits: (number | null)[] = [];
    let dials = 0;
    for (let nowMs = 0; nowMs < 60_000; nowMs += 50) {
      waitingTillMs.forEach((tillMs, campaign) => {
        const startAtMs = tillMs > nowMs ? null : take(nowMs, CAMPAIGN_AHEAD_MS);
        if (startAtMs === null) return;
        waitingTillMs[campaign] = startAtMs;
        dials += 1;
      });
      for (const atMs of promises) {
        const startAtMs = atMs === nowMs ? take(nowMs, PERSON_AHEAD_MS) : undefined;
        if (startAtMs !== undefined) waits.push(startAtMs === null ? null : startAtMs - nowMs);
      }
    }
    return { waits, dials };
  }

  test('[PA4] fifteen campaigns ask all the time: a promised dial has its legs within two seconds, the rest is theirs', () => {
    const { waits, dials } = rush([10_000, 20_050, 30_100, 40_350]);
    for (const wait of waits) expect(wait ?? Number.POSITIVE_INFINITY).toBeLessThan(2_000);
    expect(waits).toHaveLength(4);
    expect(dials + waits.length).toBeGreaterThanOrEqual(88);
  });

  test('[PA4] at one leg in two seconds too it waits for no more than the campaigns’ last dial', () => {
    const { waits } = rush([10_000, 30_000], { perSecond: 0.5 });
    for (const wait of waits) expect(wait ?? Number.POSITIVE_INFINITY).toBeLessThanOrEqual(4_000 + CAMPAIGN_AHEAD_MS);
  });

  test('[PA4] promises of the same minute are rung one after the other, in their order, and campaigns after them', () => {
    const { waits } = rush(Array.from({ length: 60 }, () => 5_000));
    const inOrder = waits.map((wait) => wait ?? -1);
    expect(inOrder).toEqual([...inOrder].sort((a, b) => a - b));
    expect(inOrder.at(-1)).toBeGreaterThan(39_000);
    expect(inOrder.at(-1)).toBeLessThan(42_000);
  });

  test('[PA1] time that has passed unused is no credit', () => {
    const starts = timeline([
      { atMs: 1_000_000, creations: COST_OF_DIAL },
      { atMs: 1_060_000, creations: COST_OF_DIAL },
      { atMs: 1_060_000, creations: COST_OF_DIAL },
    ]);
    expect(starts).toEqual([1_000_000, 1_060_000, 1_060_667]);
  });
});

describe('what follows an attempt', () => {
  const outcomes = (plan: RetryPlan, ...all: AttemptOutcome[]) =>
    all.map((outcome, index) => {
      const after = afterAttempt(outcome, all.slice(0, index), plan);
      return after.next === 'done' ? 'done' : after.afterMs / 60_000;
    });

  test('[CG3] each outcome has its own attempts and pauses', () => {
    expect(outcomes(SHIPPED_RETRY_PLAN, 'busy', 'busy', 'busy', 'busy')).toEqual([5, 15, 60, 'done']);
    expect(outcomes(SHIPPED_RETRY_PLAN, 'no_answer', 'busy', 'no_answer')).toEqual([60, 5, 240]);
    expect(outcomes(SHIPPED_RETRY_PLAN, 'no_answer', 'no_answer', 'no_answer')).toEqual([60, 240, 'done']);
    expect(outcomes(SHIPPED_RETRY_PLAN, 'rejected')).toEqual(['done']);
  });

  test('[CG3] all together never exceed the plan', () => {
    expect(outcomes({ ...SHIPPED_RETRY_PLAN, attemptsMax: 2 }, 'busy', 'no_answer')).toEqual([5, 'done']);
  });

  test.each(['completed', 'transferred', 'callback_booked', 'opted_out', 'message_left'] as const)(
    '[CG3] after %s nobody is rung again',
    (outcome) => {
      expect(afterAttempt(outcome, [], SHIPPED_RETRY_PLAN)).toEqual({ next: 'done' });
    },
  );

  test('[CG4] a line that was busy with ourselves is no attempt', () => {
    const plan = { ...SHIPPED_RETRY_PLAN, attemptsMax: 1 };
    expect(outcomes(plan, 'line_busy', 'line_busy', 'busy')).toEqual([2, 2, 'done']);
  });
});

describe('the breaker', () => {
  const rule = { of: 4, share: 0.5, probeAfterMin: 10 };
  const after = (...all: AttemptOutcome[]): AttemptOutcome[] =>
    all.reduce<AttemptOutcome[]>((recent, outcome) => noteOutcome(recent, outcome, rule), []);

  test('[CG7] trips when half of the newest failed, and not on few', () => {
    expect(breakerTrips(after('failed', 'failed', 'failed'), rule)).toBeNull();
    expect(breakerTrips(after('busy', 'failed', 'completed', 'failed'), rule)).toContain('2 of the last 4');
  });

  test('[CG7] forgets older failures, and counts neither busy lines of ours nor opt-outs', () => {
    expect(breakerTrips(after('failed', 'failed', 'failed', 'busy', 'busy', 'completed'), rule)).toBeNull();
    expect(after('failed', 'line_busy', 'opted_out')).toEqual(['failed']);
  });
});

describe('what a contact hears', () => {
  test('[CG9] variables are filled in; an unknown one leaves nothing behind', () => {
    expect(
      fillTemplate('Hello {{first_name}} {{ last_name }}, you owe {{sum}}.', { first_name: 'Ann', sum: '5 €' }),
    ).toBe('Hello Ann, you owe 5 €.');
    expect(fillTemplate('{{constructor}}', {})).toBe('');
    expect(variablesIn('{{a}} {{b}} {{ a }} {c}')).toEqual(['a', 'b']);
  });

  test('[CG8] country and language decide what is disclosed; the configuration replaces it or takes it away', () => {
    const configured = {
      DE: { aiDisclosure: { de: 'Hier spricht ein Automat.' }, consent: { de: 'Sie können widersprechen.' } },
      FR: { aiDisclosure: { fr: '' }, consent: null },
    };
    expect(disclosureFor({ country: 'DE', language: 'de-DE' }, configured)).toBe(
      'Hier spricht ein Automat. Sie können widersprechen.',
    );
    expect(disclosureFor({ country: 'FR', language: 'fr-FR' }, configured)).toBeNull();
    expect(disclosureFor({ country: 'GB', language: 'en-GB' }, configured)).toMatch(/automated call/);
  });

  test('[CG8] it is said before the greeting’s question', () => {
    expect(withDisclosure('Hello Ann. Do you have a minute?', 'I am a machine.')).toBe(
      'Hello Ann. I am a machine. Do you have a minute?',
    );
    expect(withDisclosure('Hello Ann.', 'I am a machine.')).toBe('Hello Ann. I am a machine.');
    expect(withDisclosure('Ann?', 'I am a machine.')).toBe('I am a machine. Ann?');
  });
});
