/** Names of people in what they say: introduced, bare, or spelled. */
import { wordsPattern, type RulesBook } from './book.ts';

const MAX_WORDS = 4;
/** Lower-case parts of names; elsewhere some of them end one. */
const PARTICLE = /^(?:de|del|della|der|den|di|da|do|dos|du|la|le|el|van|von|zu|af|ter|ten|bin|al)$/;
const WORD = /^[\p{L}][\p{L}'’.-]*$/u;

/** "My name is anna petrova"; "this is Anna" only when asked or with a capital first and last name. */
export function introducedName(
  text: string,
  { book, asked }: { book: RulesBook; asked: boolean },
): { name: string; surely: boolean } | null {
  const surely = after(text, book.hears.nameSurely);
  if (surely !== null) {
    const words = nameWords(surely, book);
    return words.length === 0 ? null : { name: written(words), surely: true };
  }
  const perhaps = after(text, book.hears.namePerhaps);
  if (perhaps === null) return null;
  const words = nameWords(perhaps, book);
  const capitals = words.filter((word) => /^\p{Lu}\p{Ll}/u.test(word)).length;
  return words.length > 0 && capitals === words.length && (asked || capitals >= 2)
    ? { name: written(words), surely: false }
    : null;
}

/** The answer to "what is your name?". Null when it cannot be one. */
export function plainName(answer: string, book: RulesBook): string | null {
  const words = nameWords(answer, book);
  const all = answer.split(/[\s,]+/).filter((word) => word !== '').length;
  return words.length === 0 || (all > MAX_WORDS + 2 && !isSpelled(words)) ? null : written(words);
}

function after(text: string, introduction: string): string | null {
  const match = wordsPattern(introduction).exec(text);
  return match === null ? null : text.slice(match.index + match[0].length).trim();
}

function nameWords(text: string, book: RulesBook): string[] {
  const ends = wordsPattern(book.hears.nameEnds);
  const words: string[] = [];
  const raws = text.replace(/(?<=^|\s|-)(\p{L})-(?=\p{L}(?:-|\s|$|[,.]))/gu, '$1 ').split(/\s+/);
  for (const [index, raw] of raws.entries()) {
    const word = raw.replace(/^[,;:!?"«»]+|[,;:!?"«».]+$/gu, '');
    const letter = /^\p{L}$/u.test(word);
    const inside =
      words.length > 0 && PARTICLE.test(word) && /^(?:\p{Lu}|(?:der|den|la|los)\s?$)/u.test(raws[index + 1] ?? '');
    if (!WORD.test(word) || (!letter && !inside && fullMatch(ends, word))) break;
    words.push(word);
    if (/[.!?;]$/.test(raw) && word.length > 2) break;
  }
  return isSpelled(words) ? words : words.slice(0, MAX_WORDS);
}

function fullMatch(pattern: RegExp, word: string): boolean {
  return pattern.exec(word)?.[0].length === word.length;
}

const isSpelled = (words: readonly string[]): boolean => words.filter((word) => word.length === 1).length >= 3;

/** Spelled letters run together: "Anna P E T R O V A" → "Anna Petrova". */
function written(words: readonly string[]): string {
  const joined: string[] = [];
  let run = '';
  for (const word of [...words, '']) {
    if (word.length === 1 && isSpelled(words)) run += word;
    else {
      if (run !== '') joined.push(run.toLowerCase());
      run = '';
      if (word !== '') joined.push(word);
    }
  }
  return joined
    .map((word) =>
      PARTICLE.test(word)
        ? word
        : word.replace(/(^|[-'’])(\p{Ll})/gu, (_, before: string, letter: string) => before + letter.toUpperCase()),
    )
    .join(' ');
}

/** "No, it's Petrova": the word of the known name that it sounds like is replaced, the others stay. */
export function amendedName(known: string | undefined, given: string): string {
  const words = known?.split(' ') ?? [];
  if (words.length < 2 || given.includes(' ')) return given;
  const at = words.findIndex((word) => alike(word, given));
  return at < 0 ? given : words.with(at, given).join(' ');
}

/** The same beginning, and about as long. */
function alike(one: string, other: string): boolean {
  const [a, b] = [one.toLowerCase(), other.toLowerCase()];
  return a.slice(0, 2) === b.slice(0, 2) && Math.abs(a.length - b.length) <= 3;
}
