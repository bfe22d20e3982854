import { describe, expect, test } from 'vitest';
import { nextOccurrence, recurrenceFrom, type Recurrence } from '../../domain/recurrence.ts';

const at = (iso: string): number => Date.parse(iso);

function rule(text: string): Recurrence {
  const read = recurrenceFrom(text);
  if (!read.ok) throw new Error(read.reason);
  return read.rule;
}

/** The first `many` times, the series' own start included. */
function times(text: string, { start, zone, many }: { start: string; zone: string; many: number }): string[] {
  const series = { rule: rule(text), zone, startAtMs: at(start) };
  const found: string[] = [];
  for (let afterMs = series.startAtMs - 1; found.length < many;) {
    const next = nextOccurrence(series, afterMs);
    if (next === null) break;
    found.push(new Date(next).toISOString());
    afterMs = next;
  }
  return found;
}

describe('times that come again', () => {
  test('[CB20] every Monday at nine in Berlin stays at nine over both changes of the clocks', () => {
    expect(times('FREQ=WEEKLY;BYDAY=MO', { start: '2026-10-19T07:00:00Z', zone: 'Europe/Berlin', many: 3 })).toEqual([
      '2026-10-19T07:00:00.000Z',
      '2026-10-26T08:00:00.000Z',
      '2026-11-02T08:00:00.000Z',
    ]);
    expect(times('FREQ=WEEKLY', { start: '2026-03-23T08:00:00Z', zone: 'Europe/Berlin', many: 2 })).toEqual([
      '2026-03-23T08:00:00.000Z',
      '2026-03-30T07:00:00.000Z',
    ]);
  });

  test('[CB20] an hour that is left out comes an hour later, one that comes twice is taken the first time', () => {
    expect(times('FREQ=DAILY', { start: '2026-03-28T01:30:00Z', zone: 'Europe/Berlin', many: 3 })).toEqual([
      '2026-03-28T01:30:00.000Z',
      '2026-03-29T01:30:00.000Z',
      '2026-03-30T00:30:00.000Z',
    ]);
    expect(times('FREQ=DAILY', { start: '2026-10-24T00:30:00Z', zone: 'Europe/Berlin', many: 3 })).toEqual([
      '2026-10-24T00:30:00.000Z',
      '2026-10-25T00:30:00.000Z',
      '2026-10-26T01:30:00.000Z',
    ]);
  });

  test('[CB20] several days, every other week, so many times', () => {
    expect(
      times('RRULE:FREQ=WEEKLY;INTERVAL=2;BYDAY=TU,TH;COUNT=4', {
        start: '2026-11-24T10:00:00Z',
        zone: 'Etc/UTC',
        many: 9,
      }),
    ).toEqual([
      '2026-11-24T10:00:00.000Z',
      '2026-11-26T10:00:00.000Z',
      '2026-12-08T10:00:00.000Z',
      '2026-12-10T10:00:00.000Z',
    ]);
  });

  test('[CB20] the first time counts, whether or not it is one of the days', () => {
    expect(times('FREQ=WEEKLY;BYDAY=FR;COUNT=2', { start: '2026-11-24T10:00:00Z', zone: 'Etc/UTC', many: 9 })).toEqual([
      '2026-11-24T10:00:00.000Z',
      '2026-11-27T10:00:00.000Z',
    ]);
  });

  test('[CB20] a month without the day is left out, the 29th of February waits for its year', () => {
    expect(times('FREQ=MONTHLY;COUNT=3', { start: '2027-01-31T10:00:00Z', zone: 'Etc/UTC', many: 9 })).toEqual([
      '2027-01-31T10:00:00.000Z',
      '2027-03-31T10:00:00.000Z',
      '2027-05-31T10:00:00.000Z',
    ]);
    expect(times('FREQ=YEARLY', { start: '2028-02-29T10:00:00Z', zone: 'Etc/UTC', many: 2 })[1]).toBe(
      '2032-02-29T10:00:00.000Z',
    );
  });

  test('[CB20] until a day, that day included', () => {
    expect(
      times('FREQ=DAILY;BYDAY=MO,TU,WE,TH,FR;UNTIL=20261130', {
        start: '2026-11-26T10:00:00Z',
        zone: 'Etc/UTC',
        many: 9,
      }),
    ).toEqual(['2026-11-26T10:00:00.000Z', '2026-11-27T10:00:00.000Z', '2026-11-30T10:00:00.000Z']);
  });

  test('[CB20] times that were missed are passed over', () => {
    const series = { rule: rule('FREQ=WEEKLY'), zone: 'Etc/UTC', startAtMs: at('2026-11-02T10:00:00Z') };
    expect(nextOccurrence(series, at('2026-11-20T00:00:00Z'))).toBe(at('2026-11-23T10:00:00Z'));
  });
});

test.each([
  ['FREQ=HOURLY', 'FREQ'],
  ['INTERVAL=2', 'FREQ'],
  ['FREQ=DAILY;INTERVAL=0', 'INTERVAL'],
  ['FREQ=DAILY;COUNT=2;UNTIL=20270101', 'exclude'],
  ['FREQ=MONTHLY;BYDAY=1MO', 'BYDAY'],
  ['FREQ=WEEKLY;BYDAY=XX', 'BYDAY'],
  ['FREQ=WEEKLY;BYMONTHDAY=3', 'BYMONTHDAY'],
  ['FREQ=DAILY;UNTIL=tomorrow', 'UNTIL'],
  ['FREQ=DAILY;BYSETPOS=1', 'BYSETPOS'],
  ['FREQ=DAILY;FREQ=WEEKLY', 'FREQ'],
])('[CB20] “%s” is refused with the reason', (text, reason) => {
  const read = recurrenceFrom(text);
  expect(read.ok ? null : read.reason).toContain(reason);
});
