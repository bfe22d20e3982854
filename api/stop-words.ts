/** STOP, ARRET, СТОП … and START: looked for in every text message before anything else is made of it. */
import { asE164 } from '../domain/ids.ts';
import { optOutAnswer, optOutWord } from '../domain/opt-out-words.ts';
import type { TextBack } from '../domain/opt-out.ts';
import { inTime } from './in-time.ts';
import { lineOf, optOutNow, type OptOutParts } from './opting-out.ts';
import { initiateFor } from './ports.ts';

const WRITE_MS = 5_000;

export interface ArrivedText {
  messageId: string;
  from: string;
  /** Which of our numbers; empty = the network does not say. */
  to: string;
  text: string;
}

/**
 * [OO6] True = it was one, and nothing else is to be made of the message. Throws while the store is away: the network brings the message again.
 * Who has opted out already, or has nothing to take back, gets no answer: two machines could write to each other for ever.
 */
export async function takeStopWord(parts: OptOutParts, received: ArrivedText): Promise<boolean> {
  const { ports, errands } = parts;
  const { botNumber } = ports.settings;
  const to = received.to === '' ? botNumber : asE164(received.to);
  const { language, botCompany } = initiateFor(ports.settings, to);
  const word = optOutWord(received.text, language);
  if (word === null) return false;
  const number = asE164(received.from);
  const answer = (kind: 'textedOut' | 'textedIn'): TextBack => ({
    from: to,
    text: optOutAnswer(kind, word.language ?? language, botCompany),
    idempotencyKey: `stop-word:${received.messageId}`,
  });
  if (word.wish === 'out') {
    const { isNew } = await optOutNow(parts, {
      number,
      source: 'sms',
      reason: null,
      reply: (first) => (first ? answer('textedOut') : null),
    });
    ports.log.info({ messageId: received.messageId, isNew, pii: { from: number } }, 'opted out by text message');
    return true;
  }
  const back = await inTime('store', WRITE_MS, ports.store.optOuts.removeOptOut(number));
  // START from somebody who is not opted out may be a word of a conversation.
  if (!back) return false;
  await errands.run('confirm an opt-in', () => ports.calls.optedIn(lineOf(ports, number), answer('textedIn')));
  ports.log.info({ messageId: received.messageId, pii: { from: number } }, 'opted in by text message');
  return true;
}
