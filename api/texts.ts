/** A customer's text message: to their line, which knows whether they are on the phone just now. */
import { createHash } from 'node:crypto';
import { asE164 } from '../domain/ids.ts';
import { callIdFromHash } from '../domain/open-call.ts';
import type { ReceivedText } from '../providers/sms.ts';
import { initiateFor, type ApiPorts } from './ports.ts';

/** The network waits for longer, and delivers what was not taken again. */
const ASK_MS = 4_000;

/** [TM1] [TM2] A repeat gets the first answer. Throws where nobody could be told: the network will bring it again. */
export async function takeText(ports: ApiPorts, received: ReceivedText): Promise<void> {
  const { messageId, text, atMs } = received;
  const customerNumber = asE164(received.from);
  const botNumber = received.to === '' ? ports.settings.botNumber : asE164(received.to);
  const opened = await ports.calls.openCall({
    numberKey: ports.numberKey(customerNumber),
    customerNumber,
    request: {
      direction: 'inbound',
      proposedCallId: callIdFromHash(createHash('sha256').update(`sms:${messageId}`).digest('hex')),
      botNumber,
      initiate: initiateFor(ports.settings, botNumber),
      leg: null,
      text: { messageId, text, atMs },
      callback: null,
      resumeWithinMs: ports.flags.current().callback_timeout_hour * 3_600_000,
    },
    updateId: `sms:${messageId}`,
    withinMs: ASK_MS,
  });
  ports.log.info(
    { messageId, callId: opened.callId, outcome: opened.outcome, pii: { from: received.from, text } },
    'text message taken',
  );
}
