/** E-mails, names and numbers are said back; where that fails they are spelled, then keyed in or written. Counted in tries, a field each. */
import type { ClaimField, ClaimValues } from './claim.ts';
import { spokenEmail } from './spoken-email.ts';

/** Field → how often what the customer said of it did not hold: it was refused, or the customer corrected it. */
export type Tries = Readonly<Record<string, number>>;

export type WayToAsk =
  | 'say'
  | 'spell'
  /** Letter by letter with a word for each: where nothing can be written. */
  | 'spell_in_words'
  | 'keypad'
  | 'text_message';

type Kind = 'email' | 'name' | 'phone' | 'counted' | 'moment';

/** Fields whose value is a number, whatever else may be in it. */
const COUNTED = /(?:^|_)(?:number|order|policy|code|id|account|zip|postcode)$/i;
const NAME = /(?:^|_)(?:caller|customer|full|last|first|contact|person)_?name$|^name$/i;

export const isNameField = (field: ClaimField): boolean => field.type === 'text' && NAME.test(field.name);
export const isCountedField = (field: ClaimField): boolean => field.type === 'text' && COUNTED.test(field.name);

/** Null = told in the customer's own words: summed up at the end, not said back at once. */
export function kindOf(field: ClaimField): Kind | null {
  switch (field.type) {
    case 'email':
      return 'email';
    case 'phone_number':
      return 'phone';
    case 'datetime':
      return 'moment';
    case 'text':
      if (isNameField(field)) return 'name';
      return isCountedField(field) ? 'counted' : null;
  }
}

/** What the line allows beside speech. */
export interface Means {
  /** An answer by text message reaches the call. */
  textReplies: boolean;
}

/** [RB2] */
export function wayToAsk(field: ClaimField, tries: number, means: Means): WayToAsk {
  const kind = kindOf(field);
  if (kind === null || tries <= 0) return 'say';
  switch (kind) {
    case 'email':
    case 'name':
      if (tries === 1) return 'spell';
      return means.textReplies ? 'text_message' : 'spell_in_words';
    case 'phone':
    case 'counted':
      return tries === 1 ? 'spell' : 'keypad';
    case 'moment':
      return tries === 1 ? 'say' : 'keypad';
  }
}

interface Offered {
  schema: readonly ClaimField[];
  /** Before the tool ran. */
  claim: ClaimValues;
  updates: readonly { field: string; value: string }[];
  /** What the tool said: stored, or refused with the fields to blame. */
  stored: ClaimValues | null;
  refusal: string;
}

/** [RB1] A value that is refused is a try, and so is one that replaces another: the customer has corrected it. */
export function triesAfter(tries: Tries, { schema, claim, updates, stored, refusal }: Offered): Tries {
  const after: Record<string, number> = { ...tries };
  for (const { field: name } of updates) {
    const field = schema.find((each) => each.name === name);
    if (field === undefined || kindOf(field) === null) continue;
    const before = Object.hasOwn(claim, name) ? claim[name] : undefined;
    const corrected = stored !== null && before !== undefined && before !== '' && stored[name] !== before;
    const blamed = stored === null && refusal.includes(name);
    if (corrected || blamed) after[name] = (after[name] ?? 0) + 1;
  }
  return after;
}

/** [RB3] As the customer can check it by ear; null = nothing that has to be said back at once. */
export function saidBack(
  field: ClaimField,
  value: string,
  { tries, language }: { tries: number; language: string },
): string | null {
  switch (kindOf(field)) {
    case 'email':
      return spokenEmail(tries > 0 ? letters(value) : value, language);
    case 'name':
      return tries > 0 ? `${value}, ${value.split(/\s+/).map(letters).join(', ')}` : value;
    case 'phone':
    case 'counted':
      return value.replace(/[^\d+\p{L}]/gu, '').replace(/(?<=.)(?=.)/gu, ' ');
    case 'moment':
    case null:
      return null;
  }
}

/** Spelled, its signs left as they are. */
const letters = (text: string): string => text.replace(/(?<=[\p{L}\p{N}])(?=[\p{L}\p{N}])/gu, ' ');

/** A customer whose number is withheld cannot be written to. */
export const meansFor = (customerNumber: string | null): Means => ({ textReplies: customerNumber !== null });

const HOW: Record<Exclude<WayToAsk, 'say'>, string> = {
  spell: 'ask to spell it, letter by letter or digit by digit',
  spell_in_words: 'ask to spell it with a word for each letter, like A as in Anna',
  keypad: 'ask to key it in on the keypad of the phone and press the hash key',
  text_message:
    'send a text message that asks for it (send_sms) and say that they may answer it; what they write reaches you here',
};

/** [RB4] For the model: how to ask for what did not hold before. Null = nothing of the kind. */
export function askingGuidance(missing: readonly ClaimField[], tries: Tries, means: Means): string | null {
  const hints = missing.flatMap((field) => {
    const times = tries[field.name] ?? 0;
    const way = wayToAsk(field, times, means);
    return way === 'say'
      ? []
      : [`${field.name} was not right ${times === 1 ? 'once' : `${String(times)} times`}: ${HOW[way]}`];
  });
  return hints.length === 0 ? null : `${hints.join('; ')}.`;
}

/** For the model, behind what was stored. */
export const sayingBack = (parts: readonly { field: string; said: string }[]): string =>
  parts.length === 0
    ? ''
    : ` Say back, so that the customer can object: ${parts.map(({ field, said }) => `${field} as “${said}”`).join('; ')}.`;

export const howToAsk = (way: WayToAsk): string | null => (way === 'say' ? null : HOW[way]);
