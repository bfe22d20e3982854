/**
 * Text messages by segments: 160 characters of GSM-7 alone and 153 in a row, 70 and 67 of UCS-2 as soon as one character is outside (3GPP TS 23.038,
 * 23.040). Networks join a row again; one of more than a few segments is slow, dear and cut by some of them.
 */

const GSM =
  '@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !"#¤%&\'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà';
const ALPHABET: ReadonlySet<string> = new Set(GSM);
/** Behind an escape: two places each. */
const EXTENDED: ReadonlySet<string> = new Set('^{}\\[~]|€\f');

/** Of one message that the network makes of several segments: GSM-7 four times 153, UCS-2 four times 67. */
const SEGMENTS_MAX = 4;

export interface Segments {
  encoding: 'gsm7' | 'ucs2';
  /** Septets, or UTF-16 units. */
  units: number;
  segments: number;
}

export function segmentsOf(text: string): Segments {
  const characters = Array.from(text);
  if (characters.every((one) => ALPHABET.has(one) || EXTENDED.has(one)))
    return counted(
      'gsm7',
      characters.reduce((sum, one) => sum + (EXTENDED.has(one) ? 2 : 1), 0),
    );
  return counted('ucs2', text.length);
}

function counted(encoding: Segments['encoding'], units: number): Segments {
  const [alone, inRow] = encoding === 'gsm7' ? [160, 153] : [70, 67];
  return { encoding, units, segments: units <= alone ? 1 : Math.ceil(units / inRow) };
}

/** Signs that a keyboard makes by itself and that would more than halve what fits. */
const PLAIN: Readonly<Record<string, string>> = {
  '’': "'",
  '‘': "'",
  '“': '"',
  '”': '"',
  '„': '"',
  '–': '-',
  '—': '-',
  '…': '...',
  '\u00a0': ' ',
};

/** [TM7] Typographic signs become plain ones where that alone makes the text GSM-7; else it stays as it is. */
export function plainer(text: string): string {
  const plain = text.replace(/[’‘“”„–—…\u00a0]/gu, (sign) => PLAIN[sign] ?? sign);
  return segmentsOf(plain).encoding === 'gsm7' ? plain : text;
}

/** [TM7] One message where it fits, else several, cut between sentences, between words where a sentence is too long, never within a link. */
export function messagesFor(text: string, segmentsMax = SEGMENTS_MAX): string[] {
  const whole = plainer(text.trim());
  const fits = (part: string): boolean => segmentsOf(part).segments <= segmentsMax;
  if (fits(whole)) return [whole];
  const pieces = (whole.match(/\S[^.!?\n]*(?:[.!?](?!\s|$)[^.!?\n]*)*[.!?]*\s*/gu) ?? [whole]).flatMap((sentence) =>
    fits(sentence.trim()) ? [sentence] : (sentence.match(/\S+\s*/gu) ?? []),
  );
  const messages: string[] = [];
  let message = '';
  for (const piece of pieces.flatMap((each) => (fits(each.trim()) ? [each] : chopped(each, fits)))) {
    if (message !== '' && !fits((message + piece).trimEnd())) {
      messages.push(message.trim());
      message = '';
    }
    message += piece;
  }
  return [...messages, message.trim()].filter((each) => each !== '');
}

/** A "word" longer than a whole message. */
function chopped(word: string, fits: (part: string) => boolean): string[] {
  const parts: string[] = [];
  let part = '';
  for (const character of word) {
    if (!fits(part + character)) {
      parts.push(part);
      part = '';
    }
    part += character;
  }
  return [...parts, part];
}
