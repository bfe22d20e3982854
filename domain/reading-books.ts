/** By what words a sentence shows whether there is more to come: one file a language in `readings/`, made ready for use once. */
import { perLanguage, type LanguageCode } from './languages.ts';
import { de } from './readings/de.ts';
import { en } from './readings/en.ts';
import { es } from './readings/es.ts';
import { fr } from './readings/fr.ts';
import { it } from './readings/it.ts';
import { nl } from './readings/nl.ts';
import { pl } from './readings/pl.ts';
import { pt } from './readings/pt.ts';
import { ru } from './readings/ru.ts';
import { tr } from './readings/tr.ts';
import { uk } from './readings/uk.ts';
import { SIGNS } from './spoken-email.ts';

/** As recognisers write it, in small letters with straight apostrophes. Lists are separated by commas, what ends in a mark of alternatives (`|`) is a pattern. */
export interface ReadingBook {
  /** Words with which no sentence ends: a full stop behind them is the recogniser's own. */
  neverLast: string;
  /** Words with which few end: a full stop behind them counts. */
  seldomLast: string;
  /** Patterns: something is announced that takes several breaths to say, and nothing of it has been said. */
  announces: readonly string[];
  /** Patterns that announce where nothing but openers stands before them; otherwise they may be the end of a sentence. */
  announcesAlone: readonly string[];
  /** Pattern: up to two words before an announcement it makes a question or a statement of it ("what my name is"). */
  asking: string;
  /** What people begin with before they come to the point. */
  openers: string;
  /** Pattern: between a letter and its word, "P as in Peter". */
  spelledLike: string;
  /** Patterns for the bot's own question: what it asks for is dictated. */
  asksNumber: string;
  asksEmail: string;
  asksSpelling: string;
  /** Nothing is to be added to these, whatever was asked. */
  complete: string;
  /** Whole answers to a question, the beginning of something where none was asked. */
  yesNo: string;
  /** Behind a yes or a no they make it complete, and mean nothing by themselves. */
  afterYesNo: string;
  /** Number words that are other words too: digits beside others, or where a number was asked for. */
  seldomDigits: string;
  /** Words that count as a digit and are no number by themselves. */
  countsToo: string;
  /** Of a whole national telephone number, at least. */
  phoneDigits: number;
  /** The word for the plus of a number is the word for "more". */
  plusMeansMore?: true;
}

const BOOKS: Record<LanguageCode, ReadingBook> = { en, de, fr, es, it, pt, nl, pl, tr, ru, uk };

export interface ReadyBook {
  neverLast: ReadonlySet<string>;
  seldomLast: ReadonlySet<string>;
  announces: RegExp;
  spelledLike: RegExp;
  asksNumber: RegExp;
  asksEmail: RegExp;
  asksSpelling: RegExp;
  complete: ReadonlySet<string>;
  yesNo: ReadonlySet<string>;
  afterYesNo: ReadonlySet<string>;
  seldomDigits: ReadonlySet<string>;
  countsToo: ReadonlySet<string>;
  phoneDigits: number;
  plusMeansMore: boolean;
  spokenAddress: RegExp;
  halfAddress: RegExp;
  plusAtEnd: RegExp;
  plusBeforeDigits: RegExp;
}

export const readingBook = perLanguage((code) => madeReady(BOOKS[code], code));

const START = '(?<![\\p{L}\\p{N}])';

function madeReady(book: ReadingBook, code: LanguageCode): ReadyBook {
  const { '@': at, '.': dot, _: underscore, '-': dash, '+': plus } = SIGNS[code];
  const within = `${dot}|${underscore}|${dash}`;
  return {
    neverLast: setOf(book.neverLast),
    seldomLast: setOf(book.seldomLast),
    announces: announcing(book),
    spelledLike: new RegExp(`(?:^|\\s)\\p{L} (?:${book.spelledLike}) \\p{L}+$`, 'u'),
    asksNumber: new RegExp(book.asksNumber, 'u'),
    asksEmail: new RegExp(book.asksEmail, 'u'),
    asksSpelling: new RegExp(book.asksSpelling, 'u'),
    complete: setOf(book.complete),
    yesNo: setOf(book.yesNo),
    afterYesNo: setOf(book.afterYesNo),
    seldomDigits: setOf(book.seldomDigits),
    countsToo: setOf(book.countsToo),
    phoneDigits: book.phoneDigits,
    plusMeansMore: book.plusMeansMore === true,
    // Of `….co.uk` the first half is no end.
    spokenAddress: new RegExp(`(?:^|\\s)(?:${at})\\s(?:.*\\s)?(?:${dot})\\s(?!co$)\\p{L}{2,}$`, 'u'),
    halfAddress: new RegExp(
      [
        `(?:^|\\s)(?:${at}|${within})$`,
        // "anna at gmail", "anna dot petrova"
        `\\s(?:${at})(?:\\s(?!(?:${dot})(?:\\s|$))\\S+){1,3}$`,
        `^(?!.*\\s(?:${at})\\s).*\\s(?:${within})\\s\\S+$`,
      ].join('|'),
      'u',
    ),
    plusAtEnd: new RegExp(`(?:^|\\s)(?:${plus})$|\\+$`, 'u'),
    plusBeforeDigits: new RegExp(`(?:^|\\s)(?:\\+|(?:${plus})\\s)\\s*\\d[\\d\\s().-]*$`, 'u'),
  };
}

function announcing({ announces, announcesAlone, asking, openers }: ReadingBook): RegExp {
  const anywhere = `(?<!${START}(?:${asking}) (?:\\p{L}+ ){0,2})${START}(?:${announces.join('|')})`;
  const alone = `^(?:(?:${listOf(openers).join('|')})[\\s,.!]+)*(?:${announcesAlone.join('|')})`;
  return new RegExp(`(?:${anywhere}|${alone})$`, 'u');
}

const listOf = (list: string): string[] => list.trim().split(/,\s+/u);
const setOf = (list: string): ReadonlySet<string> => new Set(listOf(list));
