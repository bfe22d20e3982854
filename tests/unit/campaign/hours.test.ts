import { describe, expect, test } from 'vitest';
import {
  ANY_TIME,
  hoursOfCountry,
  nextCallableMs,
  offsetMs,
  zoneNow,
  type CallingHours,
} from '../../../domain/calling-hours.ts';
import { changed, newProgress, readiness, type ContactProgress } from '../../../domain/campaign-contact.ts';
import { countryOfNumber, zonesOfNumber } from '../../../providers/time-zones.ts';

const at = (iso: string): number => Date.parse(iso);
const iso = (ms: number | null): string | null => (ms === null ? null : new Date(ms).toISOString());
const OFFICE: CallingHours = [{ days: [1, 2, 3, 4, 5], from: '09:00', to: '18:00' }];
const NIGHT: CallingHours = [{ days: [1, 2, 3, 4, 5, 6, 7], from: '02:00', to: '04:00' }];

describe('the next moment at which somebody may be rung', () => {
  test.each([
    ['within the hours: now', '2026-03-03T10:15:00Z', '2026-03-03T10:15:00.000Z'],
    ['before them: when they begin', '2026-03-03T07:59:00Z', '2026-03-03T08:00:00.000Z'],
    ['the minute they end: tomorrow', '2026-03-03T17:00:00Z', '2026-03-04T08:00:00.000Z'],
    ['Friday evening: Monday', '2026-03-06T20:00:00Z', '2026-03-09T08:00:00.000Z'],
    ['the weekend on which clocks go forward', '2026-03-28T12:00:00Z', '2026-03-30T07:00:00.000Z'],
    ['the weekend on which clocks go back', '2026-10-24T12:00:00Z', '2026-10-26T08:00:00.000Z'],
  ])('[CH1] %s', (_, now, expected) => {
    expect(iso(nextCallableMs(at(now), 'Europe/Berlin', [OFFICE]))).toBe(expected);
  });

  test('[CH1] hours in the gap of a clock change begin an hour later, and are never longer than the day allows', () => {
    expect(iso(nextCallableMs(at('2026-03-28T12:00:00Z'), 'Europe/Berlin', [NIGHT]))).toBe('2026-03-29T01:00:00.000Z');
    expect(iso(nextCallableMs(at('2026-03-29T02:30:00Z'), 'Europe/Berlin', [NIGHT]))).toBe('2026-03-30T00:00:00.000Z');
  });

  test('[CH1] country, campaign and customer must all allow it', () => {
    const country = hoursOfCountry('FR', {});
    const lunch: CallingHours = [{ days: [1, 2, 3, 4, 5, 6, 7], from: '12:30', to: '14:30' }];
    const rules = [country, OFFICE, lunch];
    expect(iso(nextCallableMs(at('2026-06-02T11:00:00Z'), 'Europe/Paris', rules))).toBe('2026-06-02T12:00:00.000Z');
    expect(iso(nextCallableMs(at('2026-06-02T12:30:00Z'), 'Europe/Paris', rules))).toBe('2026-06-03T10:30:00.000Z');
    const sunday: CallingHours = [{ days: [7], from: '10:00', to: '12:00' }];
    expect(nextCallableMs(at('2026-06-02T11:00:00Z'), 'Europe/Paris', [country, sunday])).toBeNull();
  });

  test('[CH4] the configuration’s hours replace the shipped ones, country by country', () => {
    expect(hoursOfCountry('FR', { FR: ANY_TIME })).toBe(ANY_TIME);
    expect(hoursOfCountry('DE', {})).toBe(hoursOfCountry(null, {}));
    expect(hoursOfCountry('DE', { default: ANY_TIME })).toBe(ANY_TIME);
  });
});

describe('the zone of a contact', () => {
  test('[CH2] several zones count as one while their clocks agree, and as none when they do not', () => {
    const arizona = ['America/Denver', 'America/Phoenix'];
    expect(zoneNow(arizona, at('2026-01-15T18:00:00Z'))).toBe('America/Denver');
    expect(zoneNow(arizona, at('2026-07-15T18:00:00Z'))).toBeNull();
    expect(zoneNow([], at('2026-07-15T18:00:00Z'))).toBeNull();
  });

  test('[CH2] a number tells its zones and its country', () => {
    expect(zonesOfNumber('+12025550143')).toEqual(['America/New_York']);
    expect(zonesOfNumber('+447700900123')).toContain('Europe/London');
    expect(zonesOfNumber('+18005551234').length).toBeGreaterThan(10);
    expect(zonesOfNumber('+99912')).toEqual([]);
    expect(countryOfNumber('+33612345678')).toBe('FR');
    expect(countryOfNumber('+447700900123')).toBe('GB');
  });

  test('[CH2] offsets are those of the moment', () => {
    expect(offsetMs('Europe/London', at('2026-01-01T00:00:00Z'))).toBe(0);
    expect(offsetMs('Europe/London', at('2026-07-01T00:00:00Z'))).toBe(3_600_000);
    expect(offsetMs('Asia/Kathmandu', at('2026-07-01T00:00:00.500Z'))).toBe(20_700_000);
  });
});

const contact = (change: Partial<ContactProgress> = {}): ContactProgress => ({
  ...newProgress({ country: 'DE', zones: ['Europe/Berlin'], hours: null, dueAtMs: 0 }),
  ...change,
});

describe('a contact whose turn has come', () => {
  const tuesdayNoon = at('2026-03-03T11:00:00Z');
  const sunday = at('2026-03-08T11:00:00Z');
  const rules = { byCountry: {}, campaign: null };

  test('[CH1] is rung in their hours, and waits outside of them', () => {
    expect(readiness(contact(), rules, tuesdayNoon)).toEqual({ may: 'dial' });
    expect(readiness(contact(), rules, sunday)).toMatchObject({
      may: 'not_now',
      contact: { state: 'pending', waits_for: 'window', due_at_ms: at('2026-03-09T08:00:00Z'), revision: 2 },
    });
  });

  test('[CH3] is not rung while the zone is unknown: somebody is asked', () => {
    const unknown = readiness(contact({ zones: ['America/New_York', 'America/Chicago'] }), rules, tuesdayNoon);
    expect(unknown).toMatchObject({ may: 'not_now', contact: { state: 'needs_zone' } });
  });

  test('[CH6] asks for other hours where only the campaign’s are in the way; else it is given up, and says why', () => {
    const asks = readiness(contact(), { byCountry: { DE: OFFICE }, campaign: NIGHT }, tuesdayNoon);
    expect(asks).toMatchObject({ may: 'not_now', contact: { state: 'needs_hours', disposition: null } });
    const never = readiness(contact({ hours: NIGHT }), { byCountry: { DE: OFFICE }, campaign: OFFICE }, tuesdayNoon);
    expect(never).toMatchObject({ may: 'not_now', contact: { state: 'done', disposition: 'never_callable' } });
  });

  test('[CG1] each change is a revision of its own', () => {
    expect(changed(contact({ revision: 7 }), { tries: 1 })).toMatchObject({ revision: 8, tries: 1 });
  });
});
