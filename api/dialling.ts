/** Which numbers we ring, and how a person's writing becomes one. */
import { parsePhoneNumberFromString, type CountryCode } from 'libphonenumber-js/max';
import { asE164, type E164 } from '../domain/ids.ts';
import { invalidField } from './problems.ts';

export interface DiallingRules {
  allowedPrefixes: string[];
  defaultCountry: string;
}

/** E.164, or null. Possible by length is enough: numbers reserved for tests and fiction are not "valid" and must still work in the sandbox. */
export function e164From(text: string, defaultCountry: string): E164 | null {
  // [AP14] In an address a plus that nobody has escaped arrives as a space.
  const written = text.replace(/^ (?=\d)/, '+');
  const number = parsePhoneNumberFromString(written, defaultCountry as CountryCode);
  return number?.isPossible() === true && /^\+[1-9]\d{6,14}$/.test(number.number) ? asE164(number.number) : null;
}

/** Throws a problem that names the field. */
export function numberIn(field: string, text: string, { defaultCountry }: Pick<DiallingRules, 'defaultCountry'>): E164 {
  const number = e164From(text, defaultCountry);
  if (number === null) throw invalidField(field, 'must be a phone number in E.164 form, like +447700900123');
  return number;
}

/** And one that begins as those that are rung do. */
export function diallable(field: string, text: string, rules: DiallingRules): E164 {
  const number = numberIn(field, text, rules);
  if (!rules.allowedPrefixes.some((prefix) => number.startsWith(prefix))) {
    throw invalidField(field, `numbers beginning so are not rung; allowed: ${rules.allowedPrefixes.join(', ')}`);
  }
  return number;
}
