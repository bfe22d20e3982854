/** Text messages out: as many as the words need, each sent once. */
import { activityInfo } from '@temporalio/activity';
import type { E164 } from '../domain/ids.ts';
import type { TextMark } from '../domain/sms.ts';
import { messagesFor } from '../domain/sms-segments.ts';
import { withFailures } from './failures.ts';
import { sendMarked, type SmsOnceDeps } from './sms-once.ts';

export interface TextToSend {
  from: E164;
  to: E164;
  text: string;
  idempotencyKey: string;
}

export interface TextSent {
  text: string;
  mark: TextMark;
}

export type TextActivities = ReturnType<typeof createTextActivities>;

export function createTextActivities(deps: SmsOnceDeps) {
  return withFailures({
    async sendText(message: TextToSend): Promise<{ messages: TextSent[] }> {
      return { messages: await sendWhole(deps, message, activityInfo().attempt) };
    },
  });
}

/** [TM7] A part that was sent before is not sent again with the others. */
export async function sendWhole(deps: SmsOnceDeps, message: TextToSend, attempt: number): Promise<TextSent[]> {
  const parts = messagesFor(message.text);
  const sent: TextSent[] = [];
  for (const [index, text] of parts.entries()) {
    const key = index === 0 ? message.idempotencyKey : `${message.idempotencyKey}/${String(index + 1)}`;
    sent.push({ text, mark: await sendMarked(deps, { ...message, text, idempotencyKey: key }, attempt) });
  }
  return sent;
}
