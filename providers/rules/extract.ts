/** Everything in an utterance that belongs into the claim. */
import type { ClaimField } from '../../domain/claim.ts';
import { emailFrom } from '../../domain/spoken-email.ts';
import { keyedDate } from '../../domain/keypad.ts';
import { isCountedField, isNameField } from '../../domain/read-back.ts';
import { spokenDigits } from '../../domain/spoken-numbers.ts';
import { phoneFrom } from '../phone-numbers.ts';
import { dateFrom } from '../spoken-dates.ts';
import { hears, wants, wordsPattern } from './book.ts';
import { labelKey, mentions } from './fields.ts';
import { amendedName, introducedName, plainName } from './names.ts';
import type { Situation } from './situation.ts';
import { containsOneOf } from './wording.ts';

export interface Update {
  field: string;
  value: string;
}

/** Names of fields that hold what the call is about in the customer's own words. */
const ABOUT =
  /problem|incident|description|reason|issue|request|subject|topic|matter|need|concern|question|symptom|complaint|what_happened|details?$/i;
const PAST_FIELD = /incident|accident|birth|happen|occur|loss|damage|since|purchas/i;
/** Keyed in on the telephone. */
const KEYS = /^[\d*#\s]+$/;
const MIN_PHONE_DIGITS = 7;
const MIN_WORDS_OF_A_MATTER = 3;
const MAX_WORDS_OF_A_TIME = 7;

interface Reading {
  situation: Situation;
  updates: Update[];
  /** May fields that are filled be overwritten by whatever fits? */
  correcting: boolean;
}

/** `dateIsTaken`: its date belongs to something else, a call back. */
export function claimUpdates(situation: Situation, { dateIsTaken }: { dateIsTaken: boolean }): Update[] {
  const { utterance, book, question } = situation;
  const correcting =
    hears(book, 'wrong', utterance) ||
    isAskedAgain(situation) ||
    containsOneOf(question, book.correctWhat) ||
    containsOneOf(question, book.confirmQuestion);
  const reading: Reading = { situation, updates: [], correcting };
  let segments = readEmail(segmentsOf(utterance, situation), reading);
  segments = segments.filter((segment) => !readLabelled(segment, reading));
  segments = readPhone(segments, reading);
  segments = segments.filter((segment) => !readName(segment, reading));
  if (dateIsTaken) segments = segments.filter((segment) => !asksToBeCalled(segment, situation));
  const rest = refinedTime(segments.join('').trim(), reading);
  readWhatWasAsked(rest, reading);
  if (!dateIsTaken) readDate(rest, reading);
  readMatter(rest, reading);
  return reading.updates.filter(({ field, value }) => situation.state.claim[field] !== value);
}

/** The customer has objected to what was noted: it is asked for though it is there. */
export const isAskedAgain = ({ asked, state }: Situation): boolean =>
  asked !== null && (state.claim[asked.name] ?? '') !== '';

/** "Call me back in an hour" is done by another tool, and no part of what the call is about. */
const asksToBeCalled = (segment: string, { book }: Situation): boolean =>
  wants(book, 'callBack', segment) || wants(book, 'remind', segment);

/** "My name is Anna, and my email is …" says two things. Numbers separated by commas stay together. */
function segmentsOf(utterance: string, { book }: Situation): string[] {
  const opener = wordsPattern(book.hears.andMy).source;
  const marked = utterance
    .replace(new RegExp(`([,;.]?\\s+)(${opener})`, 'giu'), '$1¦$2')
    .replace(/((?<!\d)[,;]\s+|[,;]\s+(?!\d)|(?<=\p{L}{2}|\d)[.!?]\s+)/gu, '$1¦');
  return marked.split('¦').filter((segment) => segment.trim() !== '');
}

function target(reading: Reading, fits: (field: ClaimField) => boolean): ClaimField | null {
  const { situation, updates, correcting } = reading;
  const free = (field: ClaimField): boolean => fits(field) && !updates.some((update) => update.field === field.name);
  const { asked } = situation;
  if (asked !== null && free(asked)) return asked;
  return situation.missing.find(free) ?? (correcting ? (situation.setup.claim_fields.find(free) ?? null) : null);
}

function readEmail(segments: string[], reading: Reading): string[] {
  const field = target(reading, ({ type }) => type === 'email');
  if (field === null) return segments;
  const { language } = reading.situation.state;
  for (const segment of segments) {
    const found = emailFrom(segment, language);
    if (found === null) continue;
    reading.updates.push({ field: field.name, value: found.email });
    return segments.filter((other) => other !== segment);
  }
  const whole = emailFrom(segments.join(''), language);
  if (whole === null) return segments;
  reading.updates.push({ field: field.name, value: whole.email });
  return [];
}

/** "The order number is 17": a text field by its own name. */
function readLabelled(segment: string, reading: Reading): boolean {
  const { book, setup } = reading.situation;
  for (const field of setup.claim_fields) {
    if (field.type !== 'text' || isNameField(field) || reading.updates.some((update) => update.field === field.name))
      continue;
    const key = labelKey(field);
    const labels = [key === null ? null : (book.labels[key] ?? null), field.name.replace(/_/g, ' ')].filter(
      (label) => label !== null,
    );
    const value = labels.map((label) => labelledValue(segment, label, reading.situation)).find((one) => one !== '');
    if (value === undefined || isQuestion(segment, reading.situation)) continue;
    if (isCountedField(field) && !/\d/.test(value)) continue;
    reading.updates.push({ field: field.name, value });
    return true;
  }
  return false;
}

/** Told only with "is" or a colon between, or as a number right behind: "where my order is" tells nothing of it. */
function labelledValue(segment: string, label: string, situation: Situation): string {
  const is = `(?<is>(?:\\s*(?:[:,]|${wordsPattern(situation.book.hears.is).source}))*)`;
  const told = new RegExp(`${wordsPattern(label).source}${is}\\s*(?<value>.*)$`, 'iu').exec(segment)?.groups;
  const value = tidy(told?.['value'] ?? '', situation);
  return (told?.['is'] ?? '') !== '' || /^\S*\d/.test(value) ? value : '';
}

function readPhone(segments: string[], reading: Reading): string[] {
  const { state, asked, book, utterance } = reading.situation;
  const field = target(reading, ({ type }) => type === 'phone_number');
  if (field === null) return segments;
  if (
    asked?.name === field.name &&
    state.customer_phone !== null &&
    (hears(book, 'sameNumber', utterance) ||
      (hears(book, 'yes', utterance) && spokenDigits(utterance, state.language) === ''))
  ) {
    reading.updates.push({ field: field.name, value: state.customer_phone });
    return [];
  }
  const how = { language: state.language, country: state.country };
  const whole = [...segments, segments.join('')];
  for (const [index, segment] of whole.entries()) {
    const { e164, digits } = phoneFrom(segment, how);
    if (e164 === null || digits.replace('+', '').length < MIN_PHONE_DIGITS) continue;
    reading.updates.push({ field: field.name, value: e164 });
    return index === segments.length ? [] : segments.filter((other) => other !== segment);
  }
  return segments;
}

function readName(segment: string, reading: Reading): boolean {
  const { situation } = reading;
  const field = situation.setup.claim_fields.find(isNameField);
  if (field === undefined || reading.updates.some((update) => update.field === field.name)) return false;
  const name = introducedName(segment, { book: situation.book, asked: situation.asked?.name === field.name });
  const known = situation.state.claim[field.name];
  // "The name is wrong" names nobody.
  if (
    name === null ||
    hears(situation.book, 'wrong', name.name) ||
    hears(situation.book, 'negation', name.name.split(' ')[0] ?? '')
  )
    return false;
  if (known !== undefined && !name.surely && !reading.correcting) return false;
  reading.updates.push({ field: field.name, value: name.name });
  // "My name is Anna Petrova and my car was hit": only a segment that says nothing else is used up.
  return segment.trim().length <= name.name.length + 30;
}

function readDate(text: string, reading: Reading): void {
  const { state, asked, book } = reading.situation;
  const fits = ({ type, name }: ClaimField): boolean =>
    type === 'datetime' && (asked?.name === name || !reading.updates.some((update) => update.field === name));
  const named = reading.situation.setup.claim_fields.find((field) => fits(field) && mentions(text, field, book));
  const field = named ?? target(reading, fits);
  if (field === null || text === '') return;
  const direction = PAST_FIELD.test(`${field.name} ${field.description ?? ''}`) ? 'past' : 'future';
  const keyed =
    asked?.name === field.name && KEYS.test(text) ? keyedDate(text, { ...state, nowIso: state.now, direction }) : null;
  if (keyed !== null) {
    reading.updates.push({ field: field.name, value: keyed });
    return;
  }
  const date = dateFrom(text, { language: state.language, nowMs: Date.parse(state.now), zone: state.zone, direction });
  if (date === null || (asked?.name !== field.name && !date.hasDay)) return;
  reading.updates.push({ field: field.name, value: date.iso });
}

/** "Yesterday." – "Where was it?" – "At five in the afternoon": a time without a day completes the day that was noted without one. */
function refinedTime(rest: string, { situation, updates }: Reading): string {
  const { state, setup } = situation;
  if (rest === '' || rest.split(/\s+/).length > MAX_WORDS_OF_A_TIME) return rest;
  const field = setup.claim_fields.find(
    ({ type, name }) => type === 'datetime' && /T00:00:00/.test(state.claim[name] ?? ''),
  );
  const day = field === undefined ? undefined : state.claim[field.name];
  if (field === undefined || day === undefined) return rest;
  const time = dateFrom(rest, {
    language: state.language,
    nowMs: Date.parse(state.now),
    zone: state.zone,
    direction: 'future',
  });
  if (time === null || time.hasDay || !time.hasTime) return rest;
  updates.push({ field: field.name, value: day.replace(/T\d\d:\d\d/, time.iso.slice(10, 16)) });
  return '';
}

/** The free answer to a question for a text. */
function readWhatWasAsked(rest: string, reading: Reading): void {
  const { situation, updates } = reading;
  const { asked, book } = situation;
  if (asked === null || asked.type !== 'text' || updates.some((update) => update.field === asked.name)) return;
  const filledBefore = situation.state.claim[asked.name] !== undefined;
  if ((filledBefore && !reading.correcting) || hears(book, 'dontKnow', rest) || isQuestion(rest, situation)) return;
  if (isNameField(asked)) {
    const name = plainName(tidy(rest, situation), book);
    if (name !== null) updates.push({ field: asked.name, value: amendedName(situation.state.claim[asked.name], name) });
    return;
  }
  const value = tidy(rest, situation);
  if (value !== '' && !isMereReply(value, situation)) updates.push({ field: asked.name, value });
}

/** What the customer says of their own accord goes into the field that holds the matter. */
function readMatter(rest: string, reading: Reading): void {
  const { situation, updates } = reading;
  const { asked, question, book } = situation;
  if (asked !== null || containsOneOf(question, book.correctWhat) || containsOneOf(question, book.callbackWhen)) return;
  const field = situation.missing.find(({ type, name }) => type === 'text' && ABOUT.test(name));
  if (field === undefined || updates.some((update) => update.field === field.name)) return;
  const value = tidy(rest, situation);
  if (value.split(/\s+/).length < MIN_WORDS_OF_A_MATTER || isQuestion(rest, situation) || isMereReply(value, situation))
    return;
  updates.push({ field: field.name, value });
}

export function isQuestion(text: string, { book, asked }: Pick<Situation, 'book' | 'asked'>): boolean {
  const opens = wordsPattern(book.hears.question).exec(text)?.index === 0;
  // Without the recogniser's question mark only a short one counts: "what happened was that …" tells something.
  return opens && (text.trimEnd().endsWith('?') || (asked === null && text.split(/\s+/).length <= 8));
}

function isMereReply(text: string, { book }: Situation): boolean {
  const words = text.split(/\s+/).length;
  return (
    words <= 3 &&
    (['yes', 'no', 'greeting', 'goodbye', 'nothingElse', 'repeat'] as const).some((what) => hears(book, what, text))
  );
}

/** Without "well, it's" in front and the full stop behind. */
function tidy(text: string, { book }: Pick<Situation, 'book'>): string {
  const lead = new RegExp(`^[\\s,.:;!-]*${wordsPattern(book.hears.lead).source}[\\s,.:;!-]*`, 'iu');
  let tidied = text.trim();
  for (let before = ''; before !== tidied;) {
    before = tidied;
    tidied = tidied.replace(lead, '');
  }
  const bare = tidied.replace(/^[\s,.:;!-]+|[\s,.;!?]+$/gu, '');
  return bare === '' ? '' : (bare[0] ?? '').toUpperCase() + bare.slice(1);
}
