/** SMS through the Messages API. It has no idempotency key: `client_ref` comes back in every status and tells a repeat. */
import { refOf } from '../../domain/sms.ts';
import type { Sms } from '../sms.ts';
import { vonageClient, type VonageAccount } from './account.ts';
import { cut } from './codec.ts';
import { inDoubt, vonageError } from './errors.ts';
import { withoutPlus } from './numbers.ts';

const TEXT_MAX_CHARS = 1_000;

export function createVonageSms(account: VonageAccount, options: { statusUrl?: string; timeoutMs?: number } = {}): Sms {
  const { statusUrl } = options;
  const client = vonageClient(account, options);
  return {
    async send({ from, to, text, idempotencyKey }) {
      const message = {
        channel: 'sms',
        messageType: 'text',
        from: withoutPlus(from),
        to: withoutPlus(to),
        text: cut(text, TEXT_MAX_CHARS),
        clientRef: refOf(idempotencyKey),
        ...(statusUrl === undefined ? {} : { webhookUrl: statusUrl, webhookVersion: 'v1' as const }),
      };
      try {
        const { messageUUID } = await client.messages.send(message);
        if (typeof messageUUID !== 'string' || messageUUID === '')
          throw inDoubt('send sms: the reply names no message');
        return { messageId: messageUUID };
      } catch (error) {
        throw await vonageError(error, { what: 'send sms', creates: true });
      }
    },
  };
}
