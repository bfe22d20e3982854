/**
 * Reminders that come again: a subset of RFC 5545 rules, on the customer's own clock. Of the packages that read such rules the best known
 * reckons in UTC and leaves the zone to its caller, which is the part that matters here; so the rule is ours and small.
 */
import { instantOf, localMoment, type LocalMoment, type Weekday } from './calling-hours.ts';

export interface Recurrence {
  freq: 'DAILY' | 'WEEKLY' | 'MONTHLY' | 'YEARLY';
  interval: number;
  /** Empty = the first time's own. */
  byDay: Weekday[];
  byMonthDay: number[];
  /** The last moment at which it may come, inclusive. */
  untilMs: number | null;
  /** How often it comes, the first time included. */
  count: number | null;
}

const DAY_NAMES = ['MO', 'TU', 'WE', 'TH', 'FR', 'SA', 'SU'] as const;
const KNOWN = ['FREQ', 'INTERVAL', 'BYDAY', 'BYMONTHDAY', 'UNTIL', 'COUNT', 'WKST'];
const INTERVAL_MAX = 1_000;
const DAY_MS = 24 * 3_600_000;
/** Without a match: the longest that a day is missing (February 29th around 2100). */
const YEARS_SEARCHED = 8;

/** `FREQ=WEEKLY;BYDAY=MO,TH;COUNT=10`, with or without `RRULE:`; a sentence that says what is wrong with it otherwise. */
export function recurrenceFrom(text: string): { ok: true; rule: Recurrence } | { ok: false; reason: string } {
  const refused = (reason: string) => ({ ok: false, reason }) as const;
  const parts = new Map<string, string>();
  for (const part of text
    .trim()
    .toUpperCase()
    .replace(/^RRULE:/, '')
    .split(';')) {
    if (part === '') continue;
    const [name = '', value = ''] = part.split('=');
    if (!KNOWN.includes(name)) return refused(`${name} is not supported; supported: ${KNOWN.join(', ')}`);
    if (value === '' || parts.has(name)) return refused(`${name} must have one value`);
    parts.set(name, value);
  }
  const freq = parts.get('FREQ');
  if (freq !== 'DAILY' && freq !== 'WEEKLY' && freq !== 'MONTHLY' && freq !== 'YEARLY')
    return refused('FREQ must be DAILY, WEEKLY, MONTHLY or YEARLY');
  if ((parts.get('WKST') ?? 'MO') !== 'MO') return refused('weeks begin on Monday: WKST=MO');
  const interval = wholeNumber(parts.get('INTERVAL') ?? '1', INTERVAL_MAX);
  if (interval === null) return refused(`INTERVAL must be a number from 1 to ${INTERVAL_MAX}`);
  const count = parts.has('COUNT') ? wholeNumber(parts.get('COUNT') ?? '', 10_000) : undefined;
  if (count === null) return refused('COUNT must be a number from 1 to 10000');
  const untilMs = parts.has('UNTIL') ? untilFrom(parts.get('UNTIL') ?? '') : undefined;
  if (untilMs === null) return refused('UNTIL must be a moment in UTC like 20270131T235959Z, or a day like 20270131');
  if (count !== undefined && untilMs !== undefined) return refused('COUNT and UNTIL exclude each other');
  const days = parts.get('BYDAY')?.split(',') ?? [];
  const byDay = days.map((day) => DAY_NAMES.findIndex((name) => name === day) + 1) as (Weekday | 0)[];
  if (byDay.includes(0)) return refused('BYDAY must list days like MO,TH; days with a number are not supported');
  if (days.length > 0 && freq !== 'DAILY' && freq !== 'WEEKLY') return refused('BYDAY goes with DAILY or WEEKLY');
  const monthDays =
    parts
      .get('BYMONTHDAY')
      ?.split(',')
      .map((day) => wholeNumber(day, 31)) ?? [];
  if (monthDays.includes(null)) return refused('BYMONTHDAY must list days from 1 to 31');
  if (monthDays.length > 0 && freq !== 'MONTHLY') return refused('BYMONTHDAY goes with MONTHLY');
  return {
    ok: true,
    rule: {
      freq,
      interval,
      byDay: byDay as Weekday[],
      byMonthDay: monthDays as number[],
      untilMs: untilMs ?? null,
      count: count ?? null,
    },
  };
}

function wholeNumber(text: string, max: number): number | null {
  const value = Number(text);
  return /^\d+$/.test(text) && value >= 1 && value <= max ? value : null;
}

function untilFrom(text: string): number | null {
  const match = /^(\d{4})(\d\d)(\d\d)(?:T(\d\d)(\d\d)(\d\d)Z)?$/.exec(text);
  if (match === null) return null;
  const [, year, month, day, hour = '23', minute = '59', second = '59'] = match;
  const atMs = Date.UTC(Number(year), Number(month) - 1, Number(day), Number(hour), Number(minute), Number(second));
  return Number.isNaN(atMs) ? null : atMs;
}

export interface Series {
  rule: Recurrence;
  /** IANA: whose clock the rule goes by. */
  zone: string;
  /** The first time; its day and its time of day stand for those that the rule leaves open. */
  startAtMs: number;
}

/**
 * [CB20] The next time after that moment; null = it comes no more. The local hour stays over a change of the clocks; an hour that a change leaves
 * out comes an hour later, of one that comes twice it is the first. A month without that day is left out.
 */
export function nextOccurrence(series: Series, afterMs: number): number | null {
  const { rule, zone, startAtMs } = series;
  const start = localMoment(zone, startAtMs);
  const startDay = Date.UTC(start.year, start.month, start.day);
  const quiet = YEARS_SEARCHED * 366 + rule.interval * LONGEST_DAYS[rule.freq];
  let comes = 0;
  for (let day = 0, last = 0; day - last <= quiet && day <= MOST_DAYS; day += 1) {
    const midnight = startDay + day * DAY_MS;
    if (day > 0 && !fits(rule, start, midnight)) continue;
    last = day;
    const atMs = day === 0 ? startAtMs : instantOf(zone, midnight + timeOfDayMs(start, startAtMs));
    comes += 1;
    if (rule.count !== null && comes > rule.count) return null;
    if (rule.untilMs !== null && atMs > rule.untilMs) return null;
    if (atMs > afterMs) return atMs;
  }
  return null;
}

const LONGEST_DAYS: Readonly<Record<Recurrence['freq'], number>> = { DAILY: 1, WEEKLY: 7, MONTHLY: 31, YEARLY: 366 };
/** A series begun fifty years ago is no reminder any more. */
const MOST_DAYS = 50 * 366;

const timeOfDayMs = (start: LocalMoment, startAtMs: number): number => start.minutes * 60_000 + (startAtMs % 60_000);

function fits(rule: Recurrence, start: LocalMoment, midnight: number): boolean {
  const date = new Date(midnight);
  const startDay = Date.UTC(start.year, start.month, start.day);
  const weekday = (((date.getUTCDay() + 6) % 7) + 1) as Weekday;
  switch (rule.freq) {
    case 'DAILY':
      return (
        ((midnight - startDay) / DAY_MS) % rule.interval === 0 &&
        (rule.byDay.length === 0 || rule.byDay.includes(weekday))
      );
    case 'WEEKLY': {
      const weeks = (mondayOf(midnight, weekday) - mondayOf(startDay, start.weekday)) / (7 * DAY_MS);
      const days = rule.byDay.length === 0 ? [start.weekday] : rule.byDay;
      return weeks % rule.interval === 0 && days.includes(weekday);
    }
    case 'MONTHLY': {
      const months = (date.getUTCFullYear() - start.year) * 12 + date.getUTCMonth() - start.month;
      const days = rule.byMonthDay.length === 0 ? [start.day] : rule.byMonthDay;
      return months % rule.interval === 0 && days.includes(date.getUTCDate());
    }
    case 'YEARLY':
      return (
        (date.getUTCFullYear() - start.year) % rule.interval === 0 &&
        date.getUTCMonth() === start.month &&
        date.getUTCDate() === start.day
      );
  }
}

const mondayOf = (midnight: number, weekday: Weekday): number => midnight - (weekday - 1) * DAY_MS;
