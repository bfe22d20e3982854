/**
 * [TL20] A text message that is never sent twice. The network knows no repeat, so the intent is written down before: a try that finds one begun
 * does not send, it says that the message may have been sent. To leave one out is mended by a word of the customer's, to pay and to be read
 * twice is not.
 */
import { refOf, type TextMark } from '../domain/sms.ts';
import type { Intents } from '../providers/intents.ts';
import { ProviderError, type ProviderErrorKind } from '../providers/provider-error.ts';
import type { Sms } from '../providers/sms.ts';
import type { Logger } from '../telemetry/log.ts';

export interface SmsOnceDeps {
  sms: Sms;
  intents: Intents;
  log: Logger;
}

/** The network has said no, or never heard of it. */
const NOT_SENT: ReadonlySet<ProviderErrorKind> = new Set([
  'rate_limit',
  'quota',
  'credentials',
  'bad_request',
  'not_found',
  'unreachable',
]);

export async function sendOnce(
  deps: SmsOnceDeps,
  message: Parameters<Sms['send']>[0],
  attempt: number,
): Promise<'sent' | 'perhaps'> {
  return (await sendMarked(deps, message, attempt)).status === 'perhaps' ? 'perhaps' : 'sent';
}

/** With what the network's reports about it are found by later. */
export async function sendMarked(
  { sms, intents, log }: SmsOnceDeps,
  message: Parameters<Sms['send']>[0],
  attempt: number,
): Promise<TextMark> {
  const key = `sms:${message.idempotencyKey}`;
  const mark = { messageId: null, ref: refOf(message.idempotencyKey) };
  const intent = await beginning(intents, { key, attempt, log });
  if (intent === 'done') return { ...mark, status: 'submitted' };
  if (intent === 'open') return { ...mark, status: 'perhaps' };
  let messageId: string;
  try {
    messageId = (await sms.send(message)).messageId;
  } catch (error) {
    if (!(error instanceof ProviderError)) throw error;
    if (error.kind === 'in_doubt' || error.kind === 'timeout') return { ...mark, status: 'perhaps' };
    if (NOT_SENT.has(error.kind)) await settled(log, () => intents.withdraw(key));
    throw error;
  }
  await settled(log, () => intents.finish(key));
  return { ...mark, messageId, status: 'submitted' };
}

/** With the store away the first try sends all the same, and no later one: nobody could tell what became of the first. */
async function beginning(
  intents: Intents,
  { key, attempt, log }: { key: string; attempt: number; log: Logger },
): Promise<'begun' | 'open' | 'done'> {
  try {
    return await intents.begin(key);
  } catch (error) {
    log.warn({ err: error, attempt }, 'the intent to send a text message could not be written down');
    return attempt === 1 ? 'begun' : 'open';
  }
}

async function settled(log: Logger, settle: () => Promise<void>): Promise<void> {
  try {
    await settle();
  } catch (error) {
    log.warn({ err: error }, 'the intent to send a text message could not be settled');
  }
}
