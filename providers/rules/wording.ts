/** Sentences from the book, chosen so that none is said a third time. */
import type { ClaimField } from '../../domain/claim.ts';
import type { CallSetup, CallState } from '../../domain/prompt.ts';
import { languageOf } from '../../domain/languages.ts';
import { filled, type PhraseVariables } from '../../domain/phrases.ts';
import { isCountedField, isNameField, kindOf as readBackKindOf, saidBack } from '../../domain/read-back.ts';
import { spokenEmail } from '../../domain/spoken-email.ts';
import { readablePhone } from '../phone-numbers.ts';
import type { RulesBook, Wordings } from './book.ts';
import { labelKey } from './fields.ts';
import type { Situation } from './situation.ts';

export function questionFor(field: ClaimField, { book, attempt }: { book: RulesBook; attempt: number }): string {
  const wordings = book.ask[kindOf(field)];
  const wording = wordings[Math.min(attempt, wordings.length - 1)] ?? wordings[0];
  return filled(wording, { label: labelOf(field, book) });
}

export const askedByText = (field: ClaimField, book: RulesBook): string =>
  filled(book.askedByText, { label: labelOf(field, book) });

export const textQuestion = (field: ClaimField, { book, setup }: Pick<Situation, 'book' | 'setup'>): string =>
  filled(book.textQuestion, { label: labelOf(field, book), company: setup.company });

function kindOf(field: ClaimField): keyof RulesBook['ask'] {
  if (isNameField(field)) return 'name';
  if (isCountedField(field)) return 'counted';
  switch (field.type) {
    case 'email':
      return 'email';
    case 'phone_number':
      return 'phone';
    case 'datetime':
      return 'datetime';
    case 'text':
      return 'text';
  }
}

/** A description that asks for itself ("What is damaged") does not go into "the …". */
const ASKS = /^(what|when|where|who|which|how|why)\b/i;

/** As people of that language say it; else the description or the name as given. */
export function labelOf(field: ClaimField, book: RulesBook): string {
  const key = labelKey(field);
  const known = key === null ? undefined : book.labels[key];
  const given = field.description?.replace(/[.?!\s]+$/, '') ?? '';
  return (
    known ??
    (given !== '' && given.length <= 80 && !ASKS.test(given) ? lowerFirst(given) : field.name.replace(/_/g, ' '))
  );
}

function lowerFirst(text: string): string {
  return /^\p{Lu}\p{Ll}/u.test(text) ? (text[0] ?? '').toLowerCase() + text.slice(1) : text;
}

/** The wording said least often so far; null when each has been said twice. */
export function fresh(wordings: Wordings, said: readonly string[], variables: PhraseVariables = {}): string | null {
  const counted = wordings.map((wording) => {
    const sentence = filled(wording, variables);
    return { sentence, times: said.filter((text) => text.includes(sentence)).length };
  });
  const least = counted.reduce((best, candidate) => (candidate.times < best.times ? candidate : best));
  return least.times >= 2 ? null : least.sentence;
}

/** Short acknowledgements may come again; they go round. */
export function inTurn(
  wordings: Wordings,
  situation: Pick<Situation, 'said'>,
  variables: PhraseVariables = {},
): string {
  return filled(wordings[situation.said.length % wordings.length] ?? wordings[0], variables);
}

export function containsOneOf(text: string, wordings: Wordings): boolean {
  return wordings.some((wording) => text.includes(filled(wording, {})));
}

/** As much as is needed to read values out. */
export interface Known {
  setup: Pick<CallSetup, 'claim_fields'>;
  state: Pick<CallState, 'claim' | 'language' | 'now' | 'in_writing'>;
  book: RulesBook;
}

/** A stored value as it is read out. */
export function spokenValue(field: ClaimField, value: string, situation: Pick<Known, 'state'>): string {
  switch (field.type) {
    case 'email':
      return situation.state.in_writing === true ? value : spokenEmail(value, situation.state.language);
    case 'phone_number':
      return readablePhone(value);
    case 'datetime':
      return spokenMoment(value, situation);
    case 'text':
      return value;
  }
}

/** [RB3] A value as it is said right after it was noted; null = it is only summed up at the end. */
export function saidAfterNoting(field: ClaimField, value: string, { state }: Pick<Situation, 'state'>): string | null {
  const tries = state.tries[field.name] ?? 0;
  switch (readBackKindOf(field)) {
    case null:
      return null;
    case 'moment':
    case 'phone':
      return spokenValue(field, value, { state });
    default:
      return state.in_writing === true ? value : saidBack(field, value, { tries, language: state.language });
  }
}

/** "Thursday, November 26, 10:00 AM", in the conversation's language, on the clock that the moment was written down with: the customer's. */
export function spokenMoment(iso: string, { state }: Pick<Known, 'state'>): string {
  const atMs = Date.parse(`${iso.slice(0, 19)}Z`);
  if (Number.isNaN(atMs)) return iso;
  const dateOnly = /T00:00:00/.test(iso);
  const year = iso.slice(0, 4) === state.now.slice(0, 4) ? {} : ({ year: 'numeric' } as const);
  return new Intl.DateTimeFormat(languageOf(state.language).locale, {
    timeZone: 'UTC',
    weekday: 'long',
    day: 'numeric',
    month: 'long',
    ...year,
    ...(dateOnly ? {} : { hour: 'numeric', minute: '2-digit' }),
  }).format(atMs);
}

export function summaryOf({ setup, state, book }: Known): string {
  return setup.claim_fields
    .flatMap((field) => {
      const value = state.claim[field.name];
      return value === undefined || value === ''
        ? []
        : [`${labelOf(field, book)}: ${spokenValue(field, value.replace(/[.!?]+$/, ''), { state })}`];
    })
    .join('; ');
}
