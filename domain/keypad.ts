/** Dates keyed in on a telephone: digits alone, in the order in which that country writes them. */

/** Month before day. */
const MONTH_FIRST = new Set(['US', 'PH', 'FM', 'PW', 'MH', 'BZ']);

/**
 * `24122026` or `2412`, with `1430` behind for a time → `2026-12-24T14:30`. Without a year the next such day, or for what has happened the
 * last. Null = no such date. The clock is the customer's: `nowIso` tells its day.
 */
export function keyedDate(
  keys: string,
  { country, nowIso, direction }: { country: string; nowIso: string; direction: 'past' | 'future' },
): string | null {
  const digits = keys.replace(/[\s#*.-]/g, '');
  const parts = /^(\d\d)(\d\d)(\d{4})?(\d\d[0-5]\d)?$/.exec(digits);
  if (parts === null) return null;
  const [first = '', second = ''] = [parts[1], parts[2]];
  const [month, day] = MONTH_FIRST.has(country) ? [first, second] : [second, first];
  // Eight digits are day and year, or day and time: 0101 2359 is no year of a customer's.
  const year = parts[3];
  const time = parts[4] ?? (year !== undefined && !isYear(year) && isTime(year) ? year : undefined);
  const given = year !== undefined && isYear(year) ? year : undefined;
  if (year !== undefined && given === undefined && time !== year) return null;
  if (time !== undefined && !isTime(time)) return null;
  const date = given === undefined ? nearest(month, day, { nowIso, direction }) : `${given}-${month}-${day}`;
  return date !== null && exists(date)
    ? `${date}T${time === undefined ? '00:00' : `${time.slice(0, 2)}:${time.slice(2)}`}`
    : null;
}

const isYear = (digits: string): boolean => /^(?:19|20)\d\d$/.test(digits);
const isTime = (digits: string): boolean => /^(?:[01]\d|2[0-3])[0-5]\d$/.test(digits);

function nearest(
  month: string,
  day: string,
  { nowIso, direction }: { nowIso: string; direction: 'past' | 'future' },
): string | null {
  const today = nowIso.slice(0, 10);
  const thisYear = Number(today.slice(0, 4));
  const years = direction === 'future' ? [0, 1, 2, 3, 4] : [0, -1, -2, -3, -4];
  const dates = years.map((ahead) => `${String(thisYear + ahead)}-${month}-${day}`).filter(exists);
  return dates.find((date) => (direction === 'future' ? date >= today : date <= today)) ?? null;
}

function exists(date: string): boolean {
  const atMs = Date.parse(`${date}T00:00:00Z`);
  return !Number.isNaN(atMs) && new Date(atMs).toISOString().slice(0, 10) === date;
}
