/** What a network tells of a text message of ours after it took it, as far as the customer is to hear of it. */
import type { TextMark } from './sms.ts';

export interface TextReport {
  messageId: string;
  ref: string | null;
  /** `arrived`: after it was believed lost. */
  became: 'failed' | 'arrived';
  /** The network's own words. */
  reason: string | null;
}

export interface TextNews {
  text: string;
  /** False = it has not; true = the customer was told so, and it has come after all. */
  arrived: boolean;
  reason: string | null;
}

export interface KnownNews extends TextNews {
  messageId: string;
  told: boolean;
  /** A colleague sees to it. */
  handedOver: boolean;
}

/** The same title is the same task. */
export const TEXT_FAILED_TASK = 'A text message did not arrive';

const KEPT = 20;

/** [SM8] Once a message, and what has arrived stays so. */
export function withReport(
  news: readonly KnownNews[],
  { messageId, became, reason }: TextReport,
  text: string,
): KnownNews[] {
  const known = news.find((each) => each.messageId === messageId);
  const others = news.filter((each) => each !== known);
  const fresh = { messageId, text, reason, arrived: false, told: false, handedOver: false };
  switch (became) {
    case 'failed':
      return known === undefined ? [...news, fresh].slice(-KEPT) : [...news];
    case 'arrived':
      if (known?.arrived === true) return [...news];
      // Who was told the contrary hears of it; anybody else has nothing to hear.
      return [...others, { ...(known ?? fresh), arrived: true, told: known?.told !== true }].slice(-KEPT);
  }
}

export const untold = (news: readonly KnownNews[]): TextNews[] =>
  news.filter(({ told }) => !told).map(({ text, arrived, reason }) => ({ text, arrived, reason }));

/** Nobody has told the customer, and nobody will. */
export const leftOver = (news: readonly KnownNews[]): KnownNews[] =>
  news.filter(({ told, arrived, handedOver }) => !told && !arrived && !handedOver);

export function inTask(news: readonly TextNews[]): string {
  const lines = news.map(({ text, reason }) => `“${text}”${reason === null ? '' : ` (${reason})`}`);
  return `Tell the customer in another way: ${lines.join('; ')}`;
}

interface Marked {
  persona: string;
  text: string;
  sms?: TextMark;
}

/** The text that a report is about; undefined = none of these. */
export const textReported = (transcript: readonly Marked[], { messageId, ref }: TextReport): string | undefined =>
  transcript.find(
    ({ persona, sms }) =>
      persona === 'assistant' &&
      sms !== undefined &&
      (sms.messageId === null ? sms.ref !== null && sms.ref === ref : sms.messageId === messageId),
  )?.text;
