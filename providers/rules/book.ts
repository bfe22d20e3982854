/** What the rule-based brain says and how it understands people, one book a language. */
import { languageCode, type LanguageCode } from '../../domain/languages.ts';
import { madeOnce } from '../../domain/remembering.ts';
import { de } from './books/de.ts';
import { en } from './books/en.ts';
import { es } from './books/es.ts';
import { fr } from './books/fr.ts';
import { it } from './books/it.ts';
import { nl } from './books/nl.ts';
import { pl } from './books/pl.ts';
import { pt } from './books/pt.ts';
import { ru } from './books/ru.ts';
import { tr } from './books/tr.ts';
import { uk } from './books/uk.ts';

/** At least two, so that nothing has to be said a third time in the same words. */
export type Wordings = readonly [string, string, ...string[]];

/** `{label}` names the field, `{value}` what was noted, `{summary}`, `{when}`, `{botName}`, `{company}` as they say. */
export interface RulesBook {
  /** [RB2] Said first, spelled the second time; the third time keyed in where keys can tell it, else spelled in words. */
  ask: {
    name: Wordings;
    email: Wordings;
    phone: Wordings;
    /** Numbers of orders, policies and their like. */
    counted: Wordings;
    datetime: Wordings;
    text: Wordings;
  };
  /** Before a question that is asked again. */
  again: Wordings;
  noted: Wordings;
  notedValue: Wordings;
  summary: string;
  confirmQuestion: Wordings;
  correctWhat: Wordings;
  anythingElse: Wordings;
  howHelp: Wordings;
  callbackWhen: Wordings;
  callbackNoted: string;
  /** Where the number does not tell on whose clock a time is. */
  whichCity: Wordings;
  callbackCancelled: string;
  nothingPromised: string;
  /** `{which}`: their times. */
  cancelWhich: string;
  smsSent: string;
  /** [RB2] Asked for in a text message, and said that it was. */
  textQuestion: string;
  askedByText: string;
  smsText: string;
  languageChanged: string;
  speedChanged: string;
  notKnown: Wordings;
  offerHuman: Wordings;
  declined: Wordings;
  leftOut: string;
  failed: string;
  newClaim: string;
  whoIAm: string;
  /** Names of common fields as people say them; keys in English. */
  labels: Readonly<Record<string, string>>;
  hears: Hears;
}

export type HeardAs =
  | 'yes'
  | 'no'
  | 'goodbye'
  | 'nothingElse'
  | 'dontKnow'
  | 'wrong'
  | 'callBack'
  | 'cancelCall'
  | 'remind'
  | 'sms'
  | 'slower'
  | 'faster'
  | 'newCase'
  | 'question'
  | 'sameNumber'
  | 'greeting'
  | 'injection'
  | 'machine'
  | 'hearMe'
  | 'repeat'
  | 'morning'
  | 'emailWord'
  | 'phoneWord'
  | 'nameWord'
  | 'dateWord'
  | 'negation';

/** Alternatives separated by `|`, matched as whole words; `*` = any ending. */
export interface Hears extends Record<HeardAs, string> {
  /** Surely introduces a name: "my name is". */
  nameSurely: string;
  /** May introduce one: "this is", "I am". */
  namePerhaps: string;
  /** Ends a name: "and", "from". */
  nameEnds: string;
  /** Before an answer, not a part of it: "well, it's". */
  lead: string;
  /** Between a field's name and its value: "is", "lautet". */
  is: string;
  /** Opens another piece of information: "and my". */
  andMy: string;
}

const BOOKS: Record<LanguageCode, RulesBook> = { en, de, fr, es, it, pt, nl, pl, tr, ru, uk };

export function bookOf(language: string): RulesBook {
  return BOOKS[languageCode(language) ?? 'en'];
}

/** Nothing is spelled or keyed in where it is typed. */
export function inWriting(book: RulesBook): RulesBook {
  const { name, email, phone, counted, datetime, text } = book.ask;
  const plainly = ([first]: Wordings): Wordings => [first, first];
  const typed = { name: plainly(name), email: plainly(email), phone: plainly(phone), counted: plainly(counted) };
  return { ...book, ask: { ...typed, datetime: [datetime[0], datetime[1]], text } };
}

/** Whole words, any case; `*` any ending. */
export const wordsPattern = madeOnce((alternatives: string): RegExp => {
  const source = alternatives
    .split('|')
    .map((one) =>
      one
        .trim()
        .replace(/[.?+^${}()[\]\\]/g, '\\$&')
        .replace(/\*/g, '\\p{L}*')
        .replace(/\s+/g, '[\\s,]+')
        .replace(/['’]/g, "['’]"),
    )
    .join('|');
  return new RegExp(`(?<![\\p{L}\\p{N}])(?:${source})(?![\\p{L}\\p{N}])`, 'iu');
});

export function hears(book: RulesBook, what: HeardAs, utterance: string): boolean {
  return wordsPattern(book.hears[what]).test(utterance);
}

/** Heard, and not denied right before: "don't call me back". */
export function wants(book: RulesBook, what: HeardAs, utterance: string): boolean {
  const match = wordsPattern(book.hears[what]).exec(utterance);
  if (match === null) return false;
  const before = utterance.slice(0, match.index).trimEnd().split(/\s+/).slice(-2).join(' ');
  return !hears(book, 'negation', before);
}
