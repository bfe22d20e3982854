/** What the model or the rules offer for a claim field → the value as it is stored, or a sentence that says what to mend. */
import type { ClaimField } from '../domain/claim.ts';
import { emailFrom } from '../domain/spoken-email.ts';
import { phoneFrom } from '../providers/phone-numbers.ts';
import { dateFrom } from '../providers/spoken-dates.ts';

export interface ClaimValueContext {
  /** BCP 47, of the conversation. */
  language: string;
  nowMs: number;
  /** IANA, the customer's. */
  zone: string;
  /** ISO 3166, for phone numbers without a country code. */
  country: string;
}

export type NormalisedValue = { ok: true; value: string } | { ok: false; reason: string };

const TEXT_MAX_CHARS = 2_000;
/** What models write instead of leaving a field out. */
const NOTHING = /^(?:null|none|undefined|unknown|n\/?a|not (?:given|provided|specified|known)|tbd|-+|\?+|\.+)$/i;
const ABOUT_THE_PAST =
  /incident|accident|birth|born|happen|occur|loss|damage|since|purchas|bought|unfall|schaden|geburt|naissance|nacimiento|рожден|происшеств|авари|покупк|случил/i;

export function normaliseClaimValue(field: ClaimField, value: unknown, context: ClaimValueContext): NormalisedValue {
  if (typeof value !== 'string' && typeof value !== 'number' && typeof value !== 'boolean')
    return refused(field, 'the value must be a text');
  const text = String(value).replace(/\s+/g, ' ').trim();
  if (text === '') return refused(field, 'the value is empty; ask the customer');
  if (NOTHING.test(text))
    return refused(field, `"${text}" says nothing; leave the field out until the customer has told it`);
  switch (field.type) {
    case 'text':
      return normaliseText(field, text);
    case 'datetime':
      return normaliseDate(field, text, context);
    case 'email':
      return normaliseEmail(field, text, context);
    case 'phone_number':
      return normalisePhone(field, text, context);
  }
}

/** The field of that name, or why there is none. */
export function claimFieldNamed(
  schema: readonly ClaimField[],
  name: string,
): { ok: true; field: ClaimField } | { ok: false; reason: string } {
  const field = schema.find((candidate) => candidate.name === name);
  if (field !== undefined) return { ok: true, field };
  return { ok: false, reason: `There is no field "${name}". Fields: ${schema.map((known) => known.name).join(', ')}.` };
}

/** Does the field speak of something that has happened? Then "on Monday" is the last Monday. */
export function dateDirection(field: Pick<ClaimField, 'name' | 'description'>): 'past' | 'future' {
  return ABOUT_THE_PAST.test(`${field.name} ${field.description ?? ''}`) ? 'past' : 'future';
}

function normaliseText(field: ClaimField, text: string): NormalisedValue {
  if (!/[\p{L}\p{N}]/u.test(text)) return refused(field, `"${text}" has neither a letter nor a digit`);
  if (text.length > TEXT_MAX_CHARS)
    return refused(field, `the text is longer than ${TEXT_MAX_CHARS} characters; shorten it`);
  return { ok: true, value: text };
}

function normaliseDate(field: ClaimField, text: string, { language, nowMs, zone }: ClaimValueContext): NormalisedValue {
  const direction = dateDirection(field);
  const date =
    dateFrom(text, { language, nowMs, zone, direction }) ?? dateFrom(text, { language: 'en', nowMs, zone, direction });
  if (date === null)
    return refused(field, `"${text}" is no date or time; give ISO 8601, as 2026-01-31T10:00:00, or ask the customer`);
  return { ok: true, value: date.iso };
}

function normaliseEmail(field: ClaimField, text: string, { language }: ClaimValueContext): NormalisedValue {
  const found = emailFrom(text, language) ?? emailFrom(text, 'en');
  if (found === null) return refused(field, `"${text}" is no e-mail address; ask the customer to spell it`);
  return { ok: true, value: found.email };
}

function normalisePhone(field: ClaimField, text: string, { language, country }: ClaimValueContext): NormalisedValue {
  const { e164, digits } = phoneFrom(text, { language, country });
  if (e164 !== null) return { ok: true, value: e164 };
  const heard = digits === '' ? 'no digits in it' : `the digits ${digits} are not a whole number`;
  return refused(
    field,
    `"${text}" is no phone number (${heard}); ask the customer to say it digit by digit, with the country code`,
  );
}

function refused(field: ClaimField, why: string): NormalisedValue {
  return { ok: false, reason: `${field.name}: ${why}.` };
}
