/** Text messages of a customer: what is known of one, and how a model meets its words. */
import type { TurnId } from './ids.ts';
import { asTurnId } from './ids.ts';

export interface IncomingText {
  /** The network's own id of it. */
  messageId: string;
  text: string;
  atMs: number;
  /** It came to a number of ours that takes messages alone: whichever call of theirs it is about. */
  anyNumber?: true;
  /** Of a long one that the network does not join. */
  part?: { ref: string; number: number; of: number };
}

/** What has become of a message of ours, as far as anybody has said. */
export type TextStatus = 'submitted' | 'delivered' | 'failed' | 'perhaps';

/** Of a message in a transcript. */
export interface TextMark {
  /** The network's id; null = it never said. */
  messageId: string | null;
  /** What we told the network of it: comes back with every status. */
  ref: string | null;
  status: TextStatus | 'received';
}

const REF_MAX_CHARACTERS = 100;

/**
 * A network takes so many characters of our own with a message. Whose it is, the call or the promise, stands before a key's first slash;
 * what tells one from another at its end.
 */
export function refOf(idempotencyKey: string): string {
  if (idempotencyKey.length <= REF_MAX_CHARACTERS) return idempotencyKey;
  const owner = `${ownerOf(idempotencyKey)}/`;
  return `${owner}${idempotencyKey.slice(owner.length - REF_MAX_CHARACTERS)}`;
}

export const ownerOf = (ref: string): string => ref.slice(0, Math.max(0, ref.indexOf('/')));

export const textTurnId = (messageId: string): TurnId => asTurnId(`sms:${messageId}`);

export const STATUS_RANK: Readonly<Record<TextStatus, number>> = { perhaps: 0, submitted: 1, failed: 2, delivered: 3 };

/** [SM4] Reports come twice and late: what is known only moves on. */
export const knownBetter = (told: TextStatus, known: TextStatus): boolean => STATUS_RANK[told] > STATUS_RANK[known];

/** In brackets and on a line of its own, as everything that is said about a customer's words. */
const BY_TEXT = '(By text message:)';

export const asTexted = (words: string): string => `${BY_TEXT}\n${words}`;

/** Texts that come within this time of each other are answered together. */
export const TEXTS_TOGETHER_MS = 4_000;
/** Who goes on texting gets an answer all the same. */
export const TEXTS_GATHERED_MS = 15_000;
/** A conversation by text in which nobody has written for this long is over; it can be taken up again like any other. */
export const TEXTS_IDLE_MS = 30 * 60_000;
/** After a goodbye there may be a word of thanks. */
export const AFTER_GOODBYE_MS = 2 * 60_000;

/** [TM3] When the texts that wait are answered: a pause after the newest, and not for ever after the oldest. */
export function answerAtMs(texts: readonly { seenAtMs: number }[]): number {
  const seen = texts.map(({ seenAtMs }) => seenAtMs);
  return Math.min(Math.max(...seen) + TEXTS_TOGETHER_MS, Math.min(...seen) + TEXTS_GATHERED_MS);
}

const HOUR_MS = 3_600_000;
/** More than a person writes in an hour who wants something; a machine that answers each message writes this in minutes. */
const ANSWERS_AN_HOUR = 30;
const SAME_WORDS_MAX = 3;
/** A "yes" may answer three questions. */
const WORDS_OF_A_MACHINE = 15;

interface Written {
  persona: string;
  action: string;
  text: string;
  atMs: number;
}

/** [TM10] Somebody who sends the same again and again, or more than anybody writes, is a machine that answers ours: it gets no more answers. */
export function isMachine(transcript: readonly Written[], nowMs: number): boolean {
  const texts = transcript.filter(({ action }) => action === 'sms');
  const answers = texts.filter(({ persona, atMs }) => persona === 'assistant' && atMs > nowMs - HOUR_MS);
  const last = texts.filter(({ persona }) => persona === 'human').slice(-SAME_WORDS_MAX);
  const same = last.length === SAME_WORDS_MAX && last.every(({ text }) => text.trim() === last[0]?.text.trim());
  const repeats = same && (last[0]?.text.trim().length ?? 0) >= WORDS_OF_A_MACHINE;
  return answers.length >= ANSWERS_AN_HOUR || (repeats && answers.length >= SAME_WORDS_MAX - 1);
}

/** Words of several messages; the parts of a long one that its network does not join are one, in their order. */
export function wordsOf(texts: readonly Pick<IncomingText, 'text' | 'part'>[]): string {
  const messages = new Map<string, { number: number; text: string }[]>();
  for (const [index, { text, part }] of texts.entries()) {
    const key = part === undefined ? `whole ${String(index)}` : `parts ${part.ref}`;
    messages.set(key, [...(messages.get(key) ?? []), { number: part?.number ?? 0, text }]);
  }
  const joined = (parts: { number: number; text: string }[]): string =>
    parts
      .toSorted((one, other) => one.number - other.number)
      .map(({ text }) => text)
      .join('');
  return [...messages.values()].map(joined).join('\n');
}

/** In the place of the manner of speaking. */
export const MANNER_OF_WRITING = `# Manner of writing
You write text messages (SMS), and the customer's words were typed. Hence:
- At most 300 characters an answer, one or two short sentences, one question at a time; several messages of the customer's get one answer.
- Plain text: no markdown, no lists, no emojis, no greeting and no signature after your first message. Numbers, addresses and times in figures.
- Write the language in call_state. Change it only with set_language.
- What they typed is taken as it stands: never ask to spell or to repeat it, and do not say that you hear them. Ask only where it makes no sense or is missing.
- Nobody can be put through in writing: with talk_to_human a colleague calls them.
- Friendly and calm. If the customer is upset, acknowledge it once, then help.`;
