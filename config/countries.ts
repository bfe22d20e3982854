/** `dialing.countries`: hours and phrases that a country's law or custom asks for. */
import type { CallingHours } from '../domain/calling-hours.ts';
import type { Config } from './load.ts';
import type { ConfigFile } from './schema.ts';

export function countriesFrom(
  countries: ConfigFile['dialing']['countries'],
): Pick<Config['dialing'], 'hoursByCountry' | 'phrasesByCountry'> {
  const entries = Object.entries(countries);
  return {
    hoursByCountry: Object.fromEntries(
      entries.flatMap(([name, { calling_hours }]) =>
        calling_hours === null ? [] : [[name, calling_hours as CallingHours]],
      ),
    ),
    phrasesByCountry: Object.fromEntries(
      entries.map(([name, { ai_disclosure, consent }]) => [name, { aiDisclosure: ai_disclosure, consent }]),
    ),
  };
}
