/** Phone numbers as written or spoken → E.164. */
import { parsePhoneNumberFromString, type CountryCode } from 'libphonenumber-js/max';
import { spokenDigits } from '../domain/spoken-numbers.ts';

export interface PhoneReading {
  /** Null: not a number that exists in that country's plan. */
  e164: string | null;
  /** Digits heard, to say them back when they do not make a number. */
  digits: string;
}

/** `country`: ISO 3166, for numbers without a leading plus. */
export function phoneFrom(text: string, { language, country }: { language: string; country: string }): PhoneReading {
  const digits = spokenDigits(text, language);
  if (digits.replace('+', '').length < 5) return { e164: null, digits };
  const international = digits.startsWith('00') ? `+${digits.slice(2)}` : digits;
  const parsed = parsePhoneNumberFromString(international, country as CountryCode);
  if (parsed?.isValid() === true) return { e164: parsed.number, digits };
  // Numbering plans grow faster than the tables: a whole international number of the right length passes, and in North America
  // (one length for all) a national one too.
  if (parsed?.isPossible() === true && (international.startsWith('+') || parsed.countryCallingCode === '1'))
    return { e164: parsed.number, digits };
  // Recognisers often lose the plus: the same digits may still be a whole international number.
  const withPlus =
    international.startsWith('+') || international.length < 10
      ? undefined
      : parsePhoneNumberFromString(`+${international}`);
  return { e164: withPlus?.isValid() === true ? withPlus.number : null, digits };
}

/** `+1 202 555 0143` in the grouping of its country, for reading out. */
export function readablePhone(e164: string): string {
  return parsePhoneNumberFromString(e164)?.formatInternational() ?? e164;
}
