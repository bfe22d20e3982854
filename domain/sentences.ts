/** Cuts a reply that comes in pieces into sentences that can be spoken while the rest is still being written. */

/** Words after which a full stop ends nothing, lower case, without the stop. */
const ABBREVIATIONS: Readonly<Record<string, readonly string[]>> = {
  en: [
    'mr',
    'mrs',
    'ms',
    'dr',
    'prof',
    'st',
    'ave',
    'no',
    'nr',
    'vs',
    'etc',
    'e.g',
    'i.e',
    'inc',
    'ltd',
    'approx',
    'ext',
    'jr',
    'sr',
  ],
  de: [
    'hr',
    'fr',
    'dr',
    'prof',
    'nr',
    'str',
    'z.b',
    'd.h',
    'u.a',
    'bzw',
    'ca',
    'usw',
    'tel',
    'inkl',
    'evtl',
    'ggf',
    'st',
  ],
  fr: ['m', 'mm', 'mme', 'mlle', 'dr', 'av', 'bd', 'etc', 'p.ex', 'tél', 'env'],
  es: ['sr', 'sra', 'srta', 'dr', 'dra', 'ud', 'uds', 'av', 'avda', 'etc', 'p.ej', 'núm', 'tel'],
  ru: ['г', 'ул', 'д', 'кв', 'стр', 'т.е', 'т.к', 'т.д', 'т.п', 'др', 'руб', 'тел', 'им', 'гр', 'см', 'пр'],
};
/** Languages that write ordinals as a number with a stop: "3. Mai". */
const ORDINAL_STOP: ReadonlySet<string> = new Set(['de', 'cs', 'pl', 'fi', 'hu', 'da', 'nb']);

/** A clause this long is spoken at its comma: the voice begins earlier, and nobody hears the seam. */
const LONG_CLAUSE_CHARS = 140;
const MIN_CLAUSE_CHARS = 50;

/** A first clause of so many words may go ahead, when so many whole words behind its comma show that the sentence is long. */
const FIRST_CLAUSE_WORDS = 4;
const WORDS_BEYOND = 4;
/** The text so far ends with a stop behind a word of letters alone: in a digit, an address or an initial it might go on. */
const WHOLE_AT_ITS_STOP = /(?<=(?:^|\s|[¿¡"'«„(])\p{L}[\p{L}'’-]*\p{L})([.!?…])$/u;

const TERMINATOR = /[.!?…]+["'»”’)\]]*(?=\s)|[。！？]+["'」』）]*|\n+/gu;

export interface SentenceCutter {
  /** The sentences that this piece completes. */
  push(piece: string): string[];
  /** What is left, when no more comes. */
  rest(): string[];
}

/** `hasty`: the first piece is wanted as soon as a voice can begin with it, for somebody waits. */
export function createSentenceCutter(language: string, { hasty = false } = {}): SentenceCutter {
  const primary = language.split('-')[0]?.toLowerCase() ?? 'en';
  let pending = '';
  let first = hasty;
  const endOfNext = (): number => endOfSentence(pending, primary) || (first ? endInHaste(pending, primary) : 0);
  const cut = (): string[] => {
    const sentences: string[] = [];
    for (let end = endOfNext(); end > 0; end = endOfNext()) {
      const sentence = speakable(pending.slice(0, end));
      if (sentence !== '') {
        sentences.push(sentence);
        first = false;
      }
      pending = pending.slice(end).trimStart();
    }
    return sentences;
  };
  return {
    push(piece) {
      pending += piece;
      return cut();
    },
    rest() {
      const last = speakable(pending);
      pending = '';
      return last === '' ? [] : [last];
    },
  };
}

/** A whole text, cut. */
export function sentencesOf(text: string, language: string): string[] {
  const cutter = createSentenceCutter(language);
  return [...cutter.push(text), ...cutter.rest()];
}

/** A whole text, cut as it is when it comes word by word and somebody waits. */
export function hastyPiecesOf(text: string, language: string): string[] {
  const cutter = createSentenceCutter(language, { hasty: true });
  return [...(text.match(/\s*\S+/gu) ?? []).flatMap((word) => cutter.push(word)), ...cutter.rest()];
}

/** Where the first sentence ends; 0 = not yet. */
function endOfSentence(text: string, language: string): number {
  for (const match of text.matchAll(TERMINATOR)) {
    const end = match.index + match[0].length;
    if (match[0].startsWith('.') && match[0].length === 1 && stopEndsNothing(text.slice(0, match.index), language))
      continue;
    return end;
  }
  return text.length > LONG_CLAUSE_CHARS ? endOfClause(text) : 0;
}

/** [ST77, ST78] The end of a first piece that a voice may begin with; 0 = not yet. */
function endInHaste(text: string, language: string): number {
  const stop = WHOLE_AT_ITS_STOP.exec(text);
  if (stop !== null && !(stop[1] === '.' && stopEndsNothing(text.slice(0, stop.index), language))) return text.length;
  for (const comma of text.matchAll(/[,;:–—](?=\s)/gu)) {
    const [before, after] = [text.slice(0, comma.index), text.slice(comma.index + 1)];
    if (wordsIn(before) >= FIRST_CLAUSE_WORDS && wordsIn(after) > WORDS_BEYOND) return comma.index + 1;
  }
  return 0;
}

const wordsIn = (text: string): number => text.match(/[\p{L}\p{N}]\S*/gu)?.length ?? 0;

function stopEndsNothing(before: string, language: string): boolean {
  const word = /[\p{L}\p{N}.]+$/u.exec(before)?.[0].toLowerCase() ?? '';
  if (/^\d{1,2}$/.test(word)) return ORDINAL_STOP.has(language) || /(?:^|[\n])\s*\d{1,2}$/.test(before);
  if (/^\p{L}$/u.test(word) && /\p{Lu}$/u.test(before)) return true;
  return (ABBREVIATIONS[language] ?? []).includes(word) || (ABBREVIATIONS['en'] ?? []).includes(word);
}

function endOfClause(text: string): number {
  for (const match of text.matchAll(/[,;:–—](?=\s)/gu)) {
    if (match.index >= MIN_CLAUSE_CHARS) return match.index + 1;
  }
  return 0;
}

/** Models write Markdown however often they are asked not to; a voice would read the marks aloud. */
function speakable(text: string): string {
  const words = text
    .replace(/[*_`#]+/gu, '')
    .replace(/\s+/gu, ' ')
    .trim();
  return /[\p{L}\p{N}]/u.test(words) ? words : '';
}
