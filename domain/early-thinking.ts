/** When to let the model begin on words that are not committed yet, when to begin anew, and what to give up. Costs tokens, saves the customer's time. */
import { escalationReason } from './escalation.ts';
import type { Reading } from './reading.ts';
import { remembering } from './remembering.ts';

export interface SoFar {
  /** Words so far, interims included. */
  text: string;
  reading: Reading;
  /** When the recogniser last said anything, changed or not. */
  toldAtMs: number;
  lastSpeechAtMs: number;
}

export interface Thinking {
  /** What the model was asked with; null = it is not thinking. */
  words: string | null;
  /** How often it was asked in this utterance. */
  tries: number;
}

export type EarlyMove = 'wait' | 'start' | 'start_over' | 'drop';

/** Shorter than a stop consonant within a word (up to 100 ms), about as long as the voice detector may take for one step (a window and a frame, 52 ms): guessed wrong it costs a try. */
const TOLD_SINCE_MS = 50;
/** The recogniser has not spoken since the customer fell silent: its last words may lack the last one. Settled interims come after some 100 ms of quiet. */
const NOT_TOLD_SINCE_MS = 160;
/** Each further try of an utterance wants a longer pause: who speaks with many breaths is not answered at each of them. */
const LONGER_EACH_TRY_MS = [0, 0, 40, 120, 240];
/** A reply needs so long to its first sound at least: where the words promise more, beginning earlier before the end of the turn would only cost. */
const REPLY_TAKES_MS = 440;

/** [ET1-ET6] */
export function earlyMove(
  heard: SoFar,
  thinking: Thinking,
  { nowMs, pauseThatEndsMs }: { nowMs: number; pauseThatEndsMs: number },
): EarlyMove {
  if (thinking.words !== null && sameWords(thinking.words, heard.text)) return 'wait';
  const longer = LONGER_EACH_TRY_MS[thinking.tries];
  const startable =
    heard.text !== '' &&
    longer !== undefined &&
    nowMs - heard.lastSpeechAtMs >= pauseBefore(heard, pauseThatEndsMs) + longer;
  if (thinking.words === null) return startable ? 'start' : 'wait';
  return startable ? 'start_over' : 'drop';
}

function pauseBefore(heard: SoFar, pauseThatEndsMs: number): number {
  const toldMs =
    heard.toldAtMs >= heard.lastSpeechAtMs || heard.reading === 'finished' ? TOLD_SINCE_MS : NOT_TOLD_SINCE_MS;
  return heard.reading === 'finished' || heard.reading === 'unclear'
    ? toldMs
    : Math.max(toldMs, pauseThatEndsMs - REPLY_TAKES_MS);
}

/** [ET7] The same for a listener: finals differ from interims in capitals and punctuation. Marks within a word (an address, an amount) count. */
export function sameWords(one: string, other: string): boolean {
  return one === other || bareWords(one, one) === bareWords(other, other);
}

/** [EP5] The other's words are all at the beginning of these. */
export const wordsBegin = (text: string, other: string): boolean =>
  `${bareWords(text, text)} `.startsWith(other === '' ? '' : `${bareWords(other, other)} `);

const bareWords = remembering((text: string): string =>
  text
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[’`]/gu, "'")
    .split(/\s+/u)
    .map((word) => word.replace(/^[^\p{L}\p{N}+@#]+|[^\p{L}\p{N}+@#%]+$/gu, ''))
    .filter((word) => word !== '')
    .join(' '),
);

/** [ET8] A wish for a person is answered without a model. */
export const answeredWithoutModel = (utterance: string, language: string): boolean =>
  escalationReason(utterance, language) !== null;

/** What thinking early has cost since it was last told. */
export interface EarlyCosts {
  started: number;
  adopted: number;
  /** Of replies that were dropped; estimated where the vendor has not told before it was stopped. */
  inputTokens: number;
  outputTokens: number;
}

/** English and German run at 4-5 characters a token, Cyrillic at 2-3: on the dear side for most. */
const CHARACTERS_A_TOKEN = 4;
export const estimatedTokens = (text: string): number => Math.ceil(text.length / CHARACTERS_A_TOKEN);
