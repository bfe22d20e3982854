/** Numbers as they are spoken: "five five five", "double two", "zweiundvierzig", "двадцать пять" become digits. */
import { languageCode, perLanguage, type LanguageCode } from './languages.ts';
import { HUNDREDS, WORDS } from './number-words.ts';

const REPEAT: Record<string, number> = { double: 2, triple: 3, doppel: 2, doble: 2, dubbel: 2, dobro: 2, doppio: 2 };

/** Articles, and the English letter, that are number words too: digits only next to other digits. */
const AMBIGUOUS = new Set([
  'ein',
  'un',
  'une',
  'una',
  'um',
  'uma',
  'een',
  'uno',
  'oh',
  'meia',
  'bir',
  'один',
  'одна',
  'одну',
]);

interface Lexicon {
  values: ReadonlyMap<string, number>;
  joint: string | null;
  /** From here on a smaller number may follow within the same number; Turkish says "ten three" for thirteen. */
  growsFrom: number;
}

const lexiconOf = perLanguage((code): Lexicon => {
  const words = WORDS[code];
  const values = new Map<string, number>();
  words.small.forEach((variants, value) => {
    for (const word of variants.split('|')) values.set(word, value);
  });
  words.tens.forEach((variants, index) => {
    for (const word of variants.split('|')) values.set(word, (index + 2) * 10);
  });
  (HUNDREDS[code] ?? []).forEach((variants, index) => {
    for (const word of variants.split('|')) values.set(word.replace(' ', ''), (index + 1) * 100);
  });
  addFused(code, values);
  return { values, joint: words.joint, growsFrom: code === 'tr' ? 10 : 20 };
});

/** At the end of a longer word: `veintidós`, `trentatré`. */
const ACCENTED: Readonly<Record<string, string>> = { dos: 'dós', tres: 'trés', seis: 'séis', un: 'ún', tre: 'tré' };

function addFused(code: LanguageCode, values: Map<string, number>): void {
  const { small, tens, fused } = WORDS[code];
  const variants = (list: string | undefined): string[] => (list ?? '').split('|');
  tens.forEach((tenWords, index) => {
    for (let unit = 1; unit <= 9; unit += 1) {
      for (const ten of variants(tenWords)) {
        for (const one of variants(small[unit])) {
          const value = (index + 2) * 10 + unit;
          for (const joint of variants(fused ?? undefined))
            if (fused !== null) values.set(`${one}${joint}${ten}`, value);
          if (code === 'it') {
            values.set(/^[uo]/.test(one) ? ten.slice(0, -1) + one : ten + one, value);
            values.set(ten + (ACCENTED[one] ?? one), value);
          }
          if (code === 'es' && ten === 'veinte') {
            values.set(`veinti${one}`, value);
            values.set(`veinti${ACCENTED[one] ?? one}`, value);
          }
          if (code === 'fr' || code === 'en') values.set(`${ten}-${one}`, value);
        }
      }
    }
  });
  if (code !== 'fr') return;
  for (let unit = 10; unit <= 19; unit += 1) {
    for (const one of variants(small[unit])) {
      values.set(`soixante-${one}`, 60 + unit);
      values.set(`quatre-vingt-${one}`, 80 + unit);
    }
  }
}

export interface NumeralOptions {
  /** Leave words alone that are articles too (`ein`, `un`): for sentences, where digits are rare. */
  careful: boolean;
}

/** Number words become numerals, everything else stays: `tomorrow at ten` → `tomorrow at 10`. */
export function withNumerals(text: string, language: string, options: NumeralOptions = { careful: true }): string {
  const code = languageCode(language) ?? 'en';
  const lexicon = lexiconOf(code);
  const tokens = joined(text, code).split(/(\s+)/);
  const out: string[] = [];
  for (let index = 0; index < tokens.length; index += 1) {
    const read = readNumber(tokens, index, { lexicon, careful: options.careful });
    if (read === null) out.push(tokens[index] ?? '');
    else {
      out.push(String(read.value) + read.tail);
      index = read.last;
    }
  }
  return out.join('');
}

/** Number words of several: `beş yüz`, `soixante et onze`, `quatre vingt dix-sept`. */
function joined(text: string, code: LanguageCode): string {
  if (code === 'tr')
    return text.replace(/(?<!\p{L})(iki|üç|dört|beş|altı|yedi|sekiz|dokuz)\s+yüz(?!\p{L})/giu, '$1yüz');
  if (code !== 'fr') return text;
  return text
    .replace(/(?<!\p{L})quatre\s+(vingts?)(?!\p{L})/giu, 'quatre-$1')
    .replace(
      /(?<!\p{L})(soixante|quatre-vingt)[\s-]+(?:et[\s-]+)?(dix(?:[\s-]+(?:sept|huit|neuf))?|onze|douze|treize|quatorze|quinze|seize)(?!\p{L})/giu,
      (_, ten: string, rest: string) => `${ten}-${rest.replace(/\s+/u, '-')}`,
    );
}

interface NumberReading {
  value: number;
  last: number;
  tail: string;
}

function readNumber(
  tokens: readonly string[],
  start: number,
  how: { lexicon: Lexicon; careful: boolean },
): NumberReading | null {
  const first = wordAt(tokens, start);
  const value = how.lexicon.values.get(first.word);
  if (value === undefined) return null;
  if (how.careful && AMBIGUOUS.has(first.word)) return null;
  let reading: NumberReading = { value, last: start, tail: first.tail };
  // Grows while smaller orders follow: hundred, ten, unit. A comma between them ends the number.
  for (let order = value; reading.tail === '' && order >= how.lexicon.growsFrom;) {
    const isJoint = how.lexicon.joint !== null && wordAt(tokens, reading.last + 2).word === how.lexicon.joint;
    const at = reading.last + (isJoint ? 4 : 2);
    const next = wordAt(tokens, at);
    const more = how.lexicon.values.get(next.word);
    const fits = more !== undefined && more > 0 && (order >= 100 ? more < 100 : more < 10 && order % 10 === 0);
    if (!fits) break;
    reading = { value: reading.value + more, last: at, tail: next.tail };
    order = more;
  }
  return reading;
}

function wordAt(tokens: readonly string[], index: number): { word: string; tail: string } {
  const token = tokens[index] ?? '';
  const parts = /^(.*?)([.,;:!?)]*)$/su.exec(token);
  return { word: (parts?.[1] ?? '').toLowerCase(), tail: parts?.[2] ?? '' };
}

/** All digits of a spoken number in order, a leading plus kept: `plus one five five five` → `+1555`. */
export function spokenDigits(text: string, language: string): string {
  // French hyphens hold a number together (dix-sept); elsewhere they only stand between digits.
  const lower =
    languageCode(language) === 'fr' ? text.toLowerCase() : text.toLowerCase().replace(/[-–](?=\p{L})/gu, ' ');
  const repeated = lower.replace(
    /(?<!\p{L})(double|triple|doppel|doble|dubbel|dobro|doppio)\s+(\p{L}+|\d)/gu,
    (_, times: string, word: string) => Array.from({ length: REPEAT[times] ?? 1 }, () => word).join(' '),
  );
  const plus = repeated.replace(/(?<!\p{L})(plus|más|più|mais|плюс|artı)(?!\p{L})\s*/gu, '+');
  const numerals = withNumerals(plus.replace(/\+/g, ' + '), language, { careful: false });
  const digits = numerals.replace(/[^\d+]/g, '');
  return (digits.startsWith('+') ? '+' : '') + digits.replace(/\+/g, '');
}
