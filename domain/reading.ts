/** How what the customer has said so far reads: is there more to come? Recognisers seldom punctuate what is provisional, so words must tell. */
import { endsHesitating } from './hesitations.ts';
import { readingBook, type ReadyBook } from './reading-books.ts';
import { remembering } from './remembering.ts';
import { smallLetters } from './small-letters.ts';
import { withNumerals } from './spoken-numbers.ts';

/** `dictating`: what was said cannot be all: an announcement with nothing behind it, half an address, a name being spelled, too few digits, an "um". */
export type Reading = 'finished' | 'unclear' | 'unfinished' | 'dictating';

export interface Said {
  text: string;
  /** The bot's last words; empty = it has said nothing. */
  asked: string;
  /** In which the recogniser listens. The same word ends a sentence in one language and begins one in another. */
  language: string;
}

/** A customer's words that are being read. */
interface Read {
  /** In small letters, with the marks at its end. */
  said: string;
  /** Without them. */
  bare: string;
  /** In small letters. */
  asked: string;
  language: string;
  book: ReadyBook;
}

/** Letters one by one: a name being spelled. */
const SPELLING = /(?:^|\s)(?:\p{L}[\s.-]+){2,}\p{L}\.?\s*$/u;
const LAST_LETTER = /(?:^|\s)\p{L}\.?$/u;

/** Digits of a national telephone number at least. */
const SHORT_NUMBER_DIGITS = 7;
/** With its country's code: +33, +34, +48 and nine digits, +1 and ten. */
const INTERNATIONAL_DIGITS = 11;

const WHOLE_ADDRESS = /@[\p{L}\p{N}-]+(?:\.[\p{L}\p{N}-]+)*\.\p{L}{2,}$/u;

/** Of one phrase in the books' lists. */
const MOST_WORDS = 4;
/** With more words than that nothing is a short answer. */
const MOST_ANSWER_WORDS = 10;

/** [EP7-EP9, EP17-EP19] Asked several times a beat, while the words change a few times a second. */
export const readingOf = (said: Said): Reading => remembered(`${said.language}\n${said.asked}\n${said.text}`, said);

const remembered = remembering(freshReading);

function freshReading({ text, asked, language }: Said): Reading {
  const said = plain(text);
  if (said === '') return 'unclear';
  const bare = said.replace(/[\s.,!?…;:]+$/u, '');
  const read: Read = { said, bare, asked: plain(asked), language, book: readingBook(language) };
  if (isAnnounced(read) || isSpelled(read) || endsHesitating(bare, language)) return 'dictating';
  if (/[!?]$/u.test(said)) return 'finished';
  return ofAddress(read) ?? ofNumber(read) ?? ofAnswer(read) ?? ofLastWords(read);
}

const plain = (text: string): string => smallLetters(text.trim()).replace(/\s+/gu, ' ');

const isAnnounced = ({ bare, book }: Read): boolean => book.announces.test(bare);

function isSpelled({ bare, asked, book }: Read): boolean {
  if (SPELLING.test(bare) || book.spelledLike.test(bare)) return true;
  return book.asksSpelling.test(asked) && LAST_LETTER.test(bare);
}

function ofAddress({ bare, asked, book }: Read): Reading | null {
  if (WHOLE_ADDRESS.test(bare) || book.spokenAddress.test(bare)) return 'finished';
  const begun = /@\S*$/u.test(bare) || (book.asksEmail.test(asked) && book.halfAddress.test(bare));
  return begun ? 'dictating' : null;
}

/** A number is seldom said in one breath; one that cannot be whole yet goes on. Of four digits nobody knows. */
function ofNumber(read: Read): Reading | null {
  const { said, bare, asked, book } = read;
  const numberAsked = book.asksNumber.test(asked);
  if (numberAsked && book.plusAtEnd.test(bare)) return 'dictating';
  const numerals = withNumerals(bare, read.language, { careful: false });
  const digits = trailingDigits(numerals, book);
  if (digits === 0 || (digits === 1 && !numberAsked && book.seldomDigits.has(lastWords(bare, 1)))) return null;
  const isNumber = numberAsked || book.asksNumber.test(bare);
  const isInternational =
    book.plusBeforeDigits.test(numerals) && (isNumber || !book.plusMeansMore || bare.includes('+'));
  if (digits >= (isInternational ? INTERNATIONAL_DIGITS : wholeDigits(numberAsked, book)))
    return numberAsked || said.endsWith('.') ? 'finished' : 'unclear';
  if (isInternational) return digits < INTERNATIONAL_DIGITS - 1 ? 'dictating' : 'unfinished';
  return isNumber && digits < SHORT_NUMBER_DIGITS ? 'dictating' : 'unfinished';
}

/** Nine digits are a telephone number only where one was asked for and its country has such. */
const wholeDigits = (numberAsked: boolean, { phoneDigits }: ReadyBook): number =>
  numberAsked ? phoneDigits : Math.max(phoneDigits, 10);

function trailingDigits(numerals: string, { countsToo }: ReadyBook): number {
  let digits = 0;
  for (const word of numerals.split(/[\s-]+/u).reverse()) {
    const digitsOnly = word.replace(/[.,+()/]/gu, '');
    if (/^\d+$/u.test(digitsOnly)) digits += digitsOnly.length;
    else if (countsToo.has(digitsOnly)) digits += 1;
    else if (digitsOnly !== '' || word === '') break;
  }
  return digits;
}

/** Nothing but set phrases: "no, thank you", "yes, that's right", "ja genau". */
function ofAnswer({ bare, asked, book }: Read): Reading | null {
  let words = bare
    .replace(/[.,!?…;:]+/gu, '')
    .split(' ')
    .filter((word) => word !== '');
  if (words.length === 0 || words.length > MOST_ANSWER_WORDS) return null;
  let answered = false;
  let complete = false;
  while (words.length > 0) {
    const [taken, kind] = phraseAt(words, { book, answered });
    if (kind === null) return null;
    if (kind === 'yes_no') answered = true;
    else complete = true;
    words = words.slice(taken);
  }
  return complete || asked.endsWith('?') ? 'finished' : 'unclear';
}

type Phrase = 'complete' | 'yes_no' | 'after';

function phraseAt(words: readonly string[], { book, answered }: { book: ReadyBook; answered: boolean }) {
  for (let taken = Math.min(MOST_WORDS, words.length); taken > 0; taken -= 1) {
    const phrase = words.slice(0, taken).join(' ');
    let kind: Phrase | null = null;
    if (book.complete.has(phrase)) kind = 'complete';
    else if (book.yesNo.has(phrase)) kind = 'yes_no';
    else if (answered && book.afterYesNo.has(phrase)) kind = 'after';
    if (kind !== null) return [taken, kind] as const;
  }
  return [0, null] as const;
}

function ofLastWords(read: Read): Reading {
  const { said, bare, asked, book } = read;
  const promising =
    endsWith(bare, book.neverLast) || (!said.endsWith('.') && endsWith(bare, book.seldomLast)) || /[,;:…]$/u.test(said);
  if (promising) return book.asksNumber.test(asked) || book.asksEmail.test(asked) ? 'dictating' : 'unfinished';
  return said.endsWith('.') ? 'finished' : 'unclear';
}

function endsWith(bare: string, phrases: ReadonlySet<string>): boolean {
  for (let count = 1; count <= MOST_WORDS; count += 1) if (phrases.has(lastWords(bare, count))) return true;
  return false;
}

const lastWords = (bare: string, count: number): string =>
  bare
    .split(' ')
    .slice(-count)
    .map((word) => word.replace(/^[^\p{L}\p{N}']+|[^\p{L}\p{N}']+$/gu, ''))
    .join(' ');
