/** Dates and times as people say them, in the customer's zone: "tomorrow at ten", "в четверг в три часа дня", ISO as it is. */
import * as chrono from 'chrono-node';
import { DateTime, FixedOffsetZone } from 'luxon';
import { languageCode, type LanguageCode } from '../domain/languages.ts';
import { delayIn } from '../domain/spoken-delays.ts';
import { withNumerals } from '../domain/spoken-numbers.ts';

type Parser = Pick<typeof chrono.en, 'parse'>;

const PARSERS: Partial<Record<LanguageCode, Parser>> = {
  en: chrono.en,
  de: chrono.de,
  fr: chrono.fr,
  es: chrono.es,
  it: chrono.it,
  pt: chrono.pt,
  nl: chrono.nl,
  ru: chrono.ru,
  uk: chrono.uk,
};

/** chrono-node 2.10 reads neither Polish nor Turkish: their words of time become English ones. */
const INTO_ENGLISH: Partial<Record<LanguageCode, readonly (readonly [RegExp, string])[]>> = {
  pl: dictionary({
    pojutrze: 'in 2 days',
    jutro: 'tomorrow',
    'dzisiaj|dziś': 'today',
    przedwczoraj: '2 days ago',
    wczoraj: 'yesterday',
    'poniedziałek|poniedziałku': 'monday',
    'wtorek|wtorku': 'tuesday',
    'środa|środę|środy': 'wednesday',
    'czwartek|czwartku': 'thursday',
    'piątek|piątku': 'friday',
    'sobota|sobotę': 'saturday',
    'niedziela|niedzielę': 'sunday',
    rano: 'am',
    'po południu|wieczorem': 'pm',
    'za godzinę': 'in 1 hour',
    za: 'in',
    'godzin[ęyę]?|godziny': 'hours',
    'minut[ęy]?': 'minutes',
    dni: 'days',
    'o godzinie|o': 'at',
    'w|we': 'on',
    stycznia: 'january',
    lutego: 'february',
    marca: 'march',
    kwietnia: 'april',
    maja: 'may',
    czerwca: 'june',
    lipca: 'july',
    sierpnia: 'august',
    września: 'september',
    października: 'october',
    listopada: 'november',
    grudnia: 'december',
  }),
  tr: dictionary({
    'öbür gün': 'in 2 days',
    yarın: 'tomorrow',
    bugün: 'today',
    dün: 'yesterday',
    pazartesi: 'monday',
    salı: 'tuesday',
    çarşamba: 'wednesday',
    perşembe: 'thursday',
    cumartesi: 'saturday',
    cuma: 'friday',
    pazar: 'sunday',
    günü: '',
    "saat (\\d{1,2})(?:'?[dt][ea])?": 'at $1',
    '(\\d+) saat sonra': 'in $1 hours',
    '(\\d+) gün sonra': 'in $1 days',
    '(\\d+) dakika sonra': 'in $1 minutes',
    sabah: 'morning',
    akşam: 'evening',
    ocak: 'january',
    şubat: 'february',
    mart: 'march',
    nisan: 'april',
    mayıs: 'may',
    haziran: 'june',
    temmuz: 'july',
    ağustos: 'august',
    eylül: 'september',
    ekim: 'october',
    kasım: 'november',
    aralık: 'december',
  }),
};

/** Times of day that the parsers do not read or read without the part of the day. */
const CLOCK: Partial<Record<LanguageCode, readonly (readonly [RegExp, (hour: number, rest: string) => string])[]>> = {
  en: [
    [/\bhalf past (\d{1,2})\b/gi, (hour) => `${hour}:30`],
    [/\bquarter past (\d{1,2})\b/gi, (hour) => `${hour}:15`],
    [/\bquarter to (\d{1,2})\b/gi, (hour) => `${previous(hour)}:45`],
    [
      /\b(\d{1,2}) ([0-5]\d)\b(?=\s*(?:$|[.,!?]|am|pm|a\.m|p\.m|in the|tomorrow|today|on))/gi,
      (hour, minutes) => `${hour}:${minutes}`,
    ],
    [/\b(\d{1,2}(?::\d\d)?) (?:o['’]?clock )?in the (?:afternoon|evening)\b/gi, (hour, rest) => clock(hour + 12, rest)],
    [/\b(\d{1,2}(?::\d\d)?) (?:o['’]?clock )?in the morning\b/gi, (hour, rest) => clock(hour, rest)],
    [
      /\bat (\d{1,2}(?::\d\d)?) (?=tomorrow afternoon|tomorrow evening|this afternoon|this evening)/gi,
      (hour, rest) => `at ${clock(hour + 12, rest)} `,
    ],
  ],
  de: [
    [/(?<!\p{L})halb (\d{1,2})(?: uhr)?/giu, (hour) => `${previous(hour)}:30 Uhr`],
    [/(?<!\p{L})viertel nach (\d{1,2})(?: uhr)?/giu, (hour) => `${hour}:15 Uhr`],
    [/(?<!\p{L})viertel vor (\d{1,2})(?: uhr)?/giu, (hour) => `${previous(hour)}:45 Uhr`],
    [
      /(?<!\p{L})(\d{1,2}(?::\d\d)?) uhr (?:nachmittags|abends|am nachmittag|am abend)/giu,
      (hour, rest) => `${clock(hour + 12, rest)} Uhr`,
    ],
  ],
  ru: [
    [/(?<!через )(?<!\d)(\d{1,2}) час(?:ов|а)?(?!\p{L})(?= (?:дня|вечера))/giu, (hour) => clock(hour + 12, '')],
    [/(?<!через )(?<!\d)(\d{1,2}) час(?:ов|а)?(?!\p{L})/giu, (hour) => clock(hour, '')],
    [/(?<=\d\d:\d\d) (?:дня|вечера|утра)/giu, () => ''],
    [/(?<!\p{L})в час дня/giu, () => 'в 13:00'],
  ],
  uk: [
    [
      /(?<!через )(?<!\d)(\d{1,2})(?:-?(?:й|ій))? годин[іуи]?(?!\p{L})(?= (?:дня|вечора))/giu,
      (hour) => clock(hour + 12, ''),
    ],
    [/(?<!через )(?<!\d)(\d{1,2})(?:-?(?:й|ій))? годин[іуи]?(?!\p{L})/giu, (hour) => clock(hour, '')],
    [/(?<=\d\d:\d\d) (?:дня|вечора|ранку)/giu, () => ''],
  ],
};

const PAST_WORDS =
  /(?<!\p{L})(last|ago|yesterday|past|letzte\w*|vorige\w*|gestern|vorgestern|vor \d|dernière?|passé|hier|il y a|pasad[oa]|ayer|hace|scors[oa]|ieri|fa|passad[oa]|ontem|há|atrás|vorige|afgelopen|gisteren|geleden|zeszł\p{L}*|ostatni\p{L}*|temu|geçen|önce|прошл\p{L}*|вчера|позавчера|назад|минул\p{L}*|вчора|тому)(?!\p{L})/iu;

const NAMES_UTC = /\b(?:UTC|GMT)\b/;

export interface DateContext {
  language: string;
  nowMs: number;
  /** IANA. */
  zone: string;
  /** What an open weekday or day of the month means: the coming one, or the last one. */
  direction: 'future' | 'past';
}

export interface SpokenDate {
  /** ISO 8601 with offset. */
  iso: string;
  atMs: number;
  hasDay: boolean;
  hasTime: boolean;
  /** "In an hour": reckoned from now, so that no part of the day is meant by it. */
  fromNow: boolean;
  /** Words of the utterance, as far as they can be found in it. */
  source: string;
}

/** The first date or time in the text; null = none. Without a day it is the nearest such time, without a time midnight. */
export function dateFrom(text: string, context: DateContext): SpokenDate | null {
  const iso = isoDate(text, context.zone);
  if (iso !== null) return iso;
  const code = languageCode(context.language) ?? 'en';
  const now = DateTime.fromMillis(context.nowMs, { zone: context.zone });
  const delay = context.direction === 'future' ? delayIn(text, code) : null;
  if (delay !== null)
    return spoken(now.startOf('minute').plus({ minutes: delay.minutes }), {
      hasDay: true,
      hasTime: true,
      fromNow: true,
      source: delay.source,
    });
  // The customer's wall clock passes for UTC, so that no rule of the parser sees another zone than theirs.
  const wallClock = new Date(Date.UTC(now.year, now.month - 1, now.day, now.hour, now.minute));
  const prepared = readable(text, code);
  const future = context.direction === 'future' && !PAST_WORDS.test(text);
  const parser = PARSERS[code] ?? chrono.en;
  const results = parser.parse(prepared, { instant: wallClock, timezone: 0 }, { forwardDate: future });
  return combined(results, { now, future, text: prepared });
}

function combined(
  results: readonly chrono.ParsedResult[],
  context: { now: DateTime; future: boolean; text: string },
): SpokenDate | null {
  const says = (part: chrono.Component) => results.find((result) => result.start.isCertain(part));
  const withDay = says('day') ?? says('weekday') ?? says('month');
  const withTime =
    says('hour') ??
    results.find((result) =>
      /morning|noon|evening|abend|morgens|mittag|утр|вечер|днем|matin|soir|tarde|sera|ochtend|avond/i.test(result.text),
    );
  const relative = results.find(
    (result) =>
      result.start.isCertain('hour') &&
      result.start.isCertain('day') &&
      result.start.isCertain('minute') &&
      !/:/.test(result.text),
  );
  if (withDay === undefined && withTime === undefined) return null;
  const day = (withDay ?? withTime)?.start;
  if (day === undefined) return null;
  const time =
    relative === undefined
      ? (withTime ?? (withDay?.start.isCertain('hour') === true ? withDay : undefined))?.start
      : relative.start;
  // A relative time ("in an hour") carries the offset of the wall clock it was reckoned from, which is zero here.
  const offset = time?.get('timezoneOffset') ?? 0;
  const zone = offset !== 0 || NAMES_UTC.test(context.text) ? FixedOffsetZone.instance(offset) : context.now.zone;
  let at = DateTime.fromObject(
    {
      year: day.get('year') ?? context.now.year,
      month: day.get('month') ?? 1,
      day: day.get('day') ?? 1,
      hour: time?.get('hour') ?? 0,
      minute: time?.get('minute') ?? 0,
    },
    { zone },
  ).setZone(context.now.zone);
  if (!at.isValid) return null;
  const open = withDay === undefined || !withDay.start.isCertain('day');
  if (withDay === undefined && context.future && at < context.now) at = at.plus({ days: 1 });
  else if (!context.future && open && at > context.now) at = at.minus({ days: withDay === undefined ? 1 : 7 });
  return spoken(at, {
    hasDay: withDay !== undefined,
    hasTime: time !== undefined,
    fromNow: relative?.start.tags().has('result/relativeDateAndTime') === true,
    source: results.map((result) => result.text).join(' '),
  });
}

function isoDate(text: string, zone: string): SpokenDate | null {
  const match = /\b\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:?\d\d)?)?/.exec(text);
  if (match === null) return null;
  const at = DateTime.fromISO(match[0].replace(' ', 'T'), { zone });
  return at.isValid
    ? spoken(at, { hasDay: true, hasTime: match[0].length > 10, fromNow: false, source: match[0] })
    : null;
}

function spoken(at: DateTime, said: Pick<SpokenDate, 'hasDay' | 'hasTime' | 'fromNow' | 'source'>): SpokenDate | null {
  const iso = at.toISO({ suppressMilliseconds: true });
  return iso === null ? null : { iso, atMs: at.toMillis(), ...said };
}

function readable(text: string, code: LanguageCode): string {
  let prepared = withNumerals(text, code);
  for (const [pattern, write] of CLOCK[code] ?? []) {
    prepared = prepared.replace(pattern, (_all: string, hour: unknown) => {
      const groups = typeof hour === 'string' ? hour.split(':') : [];
      return write(Number(groups[0] ?? 0), groups[1] ?? minutesIn(_all));
    });
  }
  for (const [pattern, english] of INTO_ENGLISH[code] ?? []) prepared = prepared.replace(pattern, english);
  return prepared.replace(/\s+/g, ' ');
}

/** The second number of "10 30". */
const minutesIn = (text: string): string => /\d{1,2} ([0-5]\d)/.exec(text)?.[1] ?? '';
const previous = (hour: number): number => (hour <= 1 ? 12 : hour - 1);
/** An hour of the afternoon counted twice (15 + 12) is what it was. */
const clock = (hour: number, minutes: string): string =>
  `${String(hour === 24 ? 12 : hour > 24 ? hour - 12 : hour).padStart(2, '0')}:${minutes === '' ? '00' : minutes}`;

function dictionary(words: Record<string, string>): (readonly [RegExp, string])[] {
  return Object.entries(words).map(
    ([word, english]) => [new RegExp(`(?<![\\p{L}\\d])(?:${word})(?!\\p{L})`, 'giu'), english] as const,
  );
}
