/** When somebody may be rung: hours of the day in the customer's own zone, by country, by campaign and by customer. All must allow it. */
import { madeOnce } from './remembering.ts';

/** Monday is 1, as in ISO 8601. */
export type Weekday = 1 | 2 | 3 | 4 | 5 | 6 | 7;

export interface CallingWindow {
  days: readonly Weekday[];
  /** `09:00`; 24:00 ends the day. */
  from: string;
  to: string;
}
/** As a {@link CallingWindow} says it. */
export const TIME_OF_DAY = /^(?:(?:[01]\d|2[0-3]):[0-5]\d|24:00)$/;
/** [CH5] A window that ends before it begins would allow no call at all, and nobody would be told. */
export const endsAfterItBegins = ({ from, to }: { from: string; to: string }): boolean => from < to;
export const ENDS_TOO_EARLY =
  'must end after it begins; hours past midnight are two windows, until 24:00 and from 00:00';

/** No window = never; the whole week is {@link ANY_TIME}. */
export type CallingHours = readonly CallingWindow[];

const WEEK: readonly Weekday[] = [1, 2, 3, 4, 5, 6, 7];
const WORKDAYS: readonly Weekday[] = [1, 2, 3, 4, 5];
export const ANY_TIME: CallingHours = [{ days: WEEK, from: '00:00', to: '24:00' }];

/**
 * Shipped hours by country (ISO 3166); `default` for the rest. US: 47 CFR 64.1200(c)(1), 8 to 21 of the called party. FR: decree 2022-1313,
 * workdays 10 to 13 and 14 to 20. ES: 9 to 21, not on Sundays. Others: what decent callers keep to. The configuration replaces them.
 */
export const SHIPPED_CALLING_HOURS: Readonly<Record<string, CallingHours>> = {
  default: [
    { days: WORKDAYS, from: '09:00', to: '20:00' },
    { days: [6], from: '10:00', to: '16:00' },
  ],
  US: [{ days: WEEK, from: '08:00', to: '21:00' }],
  CA: [
    { days: WORKDAYS, from: '09:00', to: '21:30' },
    { days: [6, 7], from: '10:00', to: '18:00' },
  ],
  GB: [
    { days: WORKDAYS, from: '08:00', to: '21:00' },
    { days: [6], from: '09:00', to: '17:00' },
  ],
  FR: [
    { days: WORKDAYS, from: '10:00', to: '13:00' },
    { days: WORKDAYS, from: '14:00', to: '20:00' },
  ],
  ES: [{ days: [1, 2, 3, 4, 5, 6], from: '09:00', to: '21:00' }],
};

export const hoursOfCountry = (
  country: string | null,
  configured: Readonly<Record<string, CallingHours>>,
): CallingHours =>
  configured[country ?? 'default'] ??
  SHIPPED_CALLING_HOURS[country ?? 'default'] ??
  configured['default'] ??
  SHIPPED_CALLING_HOURS['default'] ??
  [];

export interface LocalMoment {
  year: number;
  month: number;
  day: number;
  weekday: Weekday;
  minutes: number;
}

const DAY_MS = 24 * 3_600_000;
const MINUTE_MS = 60_000;
/** Two weeks hold every pattern of a week, whatever day today is. */
const DAYS_AHEAD = 14;

const formatOf = madeOnce((zone: string): Intl.DateTimeFormat => {
  return new Intl.DateTimeFormat('en-GB', {
    timeZone: zone,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  });
});

export function isZone(zone: string): boolean {
  try {
    formatOf(zone);
    return true;
  } catch {
    return false;
  }
}

/** How far the zone's clock is ahead of UTC at that moment. */
export function offsetMs(zone: string, atMs: number): number {
  const parts = Object.fromEntries(
    formatOf(zone)
      .formatToParts(atMs)
      .map(({ type, value }) => [type, Number(value)]),
  ) as Record<'year' | 'month' | 'day' | 'hour' | 'minute' | 'second', number>;
  const asUtc = Date.UTC(parts.year, parts.month - 1, parts.day, parts.hour, parts.minute, parts.second);
  return asUtc - Math.floor(atMs / 1_000) * 1_000;
}

export function localMoment(zone: string, atMs: number): LocalMoment {
  const local = new Date(atMs + offsetMs(zone, atMs));
  return {
    year: local.getUTCFullYear(),
    month: local.getUTCMonth(),
    day: local.getUTCDate(),
    weekday: (((local.getUTCDay() + 6) % 7) + 1) as Weekday,
    minutes: local.getUTCHours() * 60 + local.getUTCMinutes(),
  };
}

/** A wall-clock time as an instant: in the hour that a clock change leaves out an hour later, in the doubled one the first. */
export function instantOf(zone: string, localMs: number): number {
  const before = localMs - offsetMs(zone, localMs - DAY_MS);
  const after = localMs - offsetMs(zone, localMs + DAY_MS);
  const [earlier, later] = before < after ? [before, after] : [after, before];
  const fits = (atMs: number): boolean => atMs + offsetMs(zone, atMs) === localMs;
  return fits(earlier) ? earlier : later;
}

/**
 * [CH2-CH3] The zone to reckon with: several count as one when their clocks show the same hour now, otherwise it is not known and
 * somebody has to be asked.
 */
export function zoneNow(zones: readonly string[], nowMs: number): string | null {
  const [first, ...others] = zones;
  if (first === undefined) return null;
  const offset = offsetMs(first, nowMs);
  return others.every((zone) => offsetMs(zone, nowMs) === offset) ? first : null;
}

interface Interval {
  fromMin: number;
  toMin: number;
}

/** [CH1] Now, or the next moment at which all of them allow a call; null = they never meet. */
export function nextCallableMs(nowMs: number, zone: string, rules: readonly CallingHours[]): number | null {
  const today = localMoment(zone, nowMs);
  for (let day = 0; day <= DAYS_AHEAD; day += 1) {
    const midnight = Date.UTC(today.year, today.month, today.day) + day * DAY_MS;
    const weekday = (((today.weekday - 1 + day) % 7) + 1) as Weekday;
    for (const { fromMin, toMin } of common(rules.map((hours) => intervalsOf(hours, weekday)))) {
      const fromMs = instantOf(zone, midnight + fromMin * MINUTE_MS);
      const toMs = instantOf(zone, midnight + toMin * MINUTE_MS);
      if (toMs > nowMs && toMs > fromMs) return Math.max(nowMs, fromMs);
    }
  }
  return null;
}

const intervalsOf = (hours: CallingHours, weekday: Weekday): Interval[] =>
  hours
    .filter(({ days }) => days.includes(weekday))
    .map(({ from, to }) => ({ fromMin: minutesOf(from), toMin: minutesOf(to) }));

export function minutesOf(time: string): number {
  const [hours = '0', minutes = '0'] = time.split(':');
  return Number(hours) * 60 + Number(minutes);
}

function common(all: readonly Interval[][]): Interval[] {
  const [first = [{ fromMin: 0, toMin: 24 * 60 }], ...others] = all;
  const met = others.reduce<Interval[]>(
    (standing, next) =>
      standing.flatMap((one) =>
        next.map((other) => ({
          fromMin: Math.max(one.fromMin, other.fromMin),
          toMin: Math.min(one.toMin, other.toMin),
        })),
      ),
    first,
  );
  return met.filter(({ fromMin, toMin }) => fromMin < toMin).sort((one, other) => one.fromMin - other.fromMin);
}
