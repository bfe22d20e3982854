/** Where somebody says they are: the time zone of a city or a country, by the names that Node's own tables carry. */
import { zoneNow } from '../../domain/calling-hours.ts';
import { perLanguage } from '../../domain/languages.ts';

/** Names are inflected in these: compared without their endings. */
const INFLECTED: ReadonlySet<string> = new Set(['pl', 'tr', 'ru', 'uk']);
const ENDING = 2;
const SHORTEST_STEM = 3;

interface Place {
  name: string;
  /** Half a millisecond each for a country: for the one that was named alone. */
  zones: () => readonly string[];
}

/** Null = no place was made out, or its clocks differ. */
export function zoneSaid(utterance: string, { language, nowMs }: { language: string; nowMs: number }): string | null {
  const words = plain(utterance);
  const place = placesIn(language).find(({ name }) => words.includes(` ${name}`));
  return place === undefined ? null : zoneNow(place.zones(), nowMs);
}

/** At a process's start: the names of a language take some 50 ms to gather, for which no call should stand still. */
export function knowPlaces(languages: readonly string[]): void {
  for (const language of languages) placesIn(language);
}

/** Longest first: "new york" before "york". */
const placesIn = perLanguage((code): Place[] =>
  [...cities(), ...countries('en'), ...countries(code)]
    .map(({ name, zones }) => ({ name: asHeard(plain(name).trim(), code), zones }))
    .sort((one, other) => other.name.length - one.name.length),
);

const asHeard = (name: string, code: string): string =>
  INFLECTED.has(code) && name.length >= SHORTEST_STEM + ENDING ? name.slice(0, -ENDING) : `${name} `;

/** `America/New_York`: the city that the zone is named after. */
const cities = (): Place[] =>
  Intl.supportedValuesOf('timeZone')
    .filter((zone) => zone.includes('/') && !zone.startsWith('Etc/'))
    .map((zone) => ({ name: zone.slice(zone.lastIndexOf('/') + 1).replace(/_/g, ' '), zones: () => [zone] }));

const LETTERS = Array.from({ length: 26 }, (_, place) => String.fromCharCode('A'.charCodeAt(0) + place));

function countries(language: string): Place[] {
  const names = new Intl.DisplayNames([language], { type: 'region', fallback: 'none' });
  return LETTERS.flatMap((first) => LETTERS.map((second) => first + second)).flatMap((country): Place[] => {
    const name = names.of(country);
    return name === undefined ? [] : [{ name, zones: () => zonesOf(country) }];
  });
}

/** Of ECMA-402's locale information, which TypeScript does not know yet. */
const zonesOf = (country: string): string[] =>
  (new Intl.Locale(`und-${country}`) as Intl.Locale & { getTimeZones?: () => string[] | undefined }).getTimeZones?.() ??
  [];

/** Lower case, without accents, a blank around each word. */
const plain = (text: string): string =>
  ` ${text
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim()} `;
