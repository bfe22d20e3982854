/** SMS through Vonage's older SMS API: always HTTP 200, the truth stands in each part of the reply. */
import { z } from 'zod';
import { refOf } from '../../domain/sms.ts';
import { segmentsOf } from '../../domain/sms-segments.ts';
import { noAnswer, refused } from '../http-failure.ts';
import { ProviderError, type ProviderErrorKind } from '../provider-error.ts';
import type { Sms } from '../sms.ts';
import type { VonageAccount } from './account.ts';
import { withoutPlus } from './numbers.ts';

const REST = 'https://rest.nexmo.com';
const REQUEST_MS = 5_000;
/** A longer address is refused with the whole message. */
const CALLBACK_MAX_CHARS = 100;
const EXCHANGE = { vendor: 'vonage', what: 'POST /sms/json', creates: true };

const reply = z.looseObject({
  messages: z
    .array(
      z.looseObject({ status: z.string(), 'message-id': z.string().optional(), 'error-text': z.string().optional() }),
    )
    .min(1),
});

/** 5 is an error within the network: nobody knows how far it got. */
const KINDS: Readonly<Record<string, ProviderErrorKind>> = {
  '1': 'rate_limit',
  '4': 'credentials',
  '5': 'in_doubt',
  '8': 'credentials',
  '9': 'quota',
  '10': 'rate_limit',
  '14': 'credentials',
};

export function createVonageSmsApi(
  account: Pick<VonageAccount, 'apiKey' | 'apiSecret' | 'apiUrl'>,
  options: { statusUrl: string | null; timeoutMs?: number },
): Sms {
  const { apiKey, apiSecret, apiUrl } = account;
  const { statusUrl, timeoutMs = REQUEST_MS } = options;
  const authorization = `Basic ${Buffer.from(`${apiKey}:${apiSecret}`).toString('base64')}`;
  const reports =
    statusUrl === null || statusUrl.length > CALLBACK_MAX_CHARS
      ? {}
      : { callback: statusUrl, 'status-report-req': true };
  return {
    async send({ from, to, text, idempotencyKey }) {
      const body = JSON.stringify({
        from: withoutPlus(from),
        to: withoutPlus(to),
        text,
        // Not told by the text itself here.
        type: segmentsOf(text).encoding === 'ucs2' ? 'unicode' : 'text',
        'client-ref': refOf(idempotencyKey),
        ...reports,
      });
      const response = await fetch(`${apiUrl ?? REST}/sms/json`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', authorization },
        body,
        signal: AbortSignal.timeout(timeoutMs),
      }).catch((error: unknown) => {
        throw noAnswer(EXCHANGE, error);
      });
      if (!response.ok)
        throw refused(EXCHANGE, response, { word: (await response.text().catch(() => '')).slice(0, 200) });
      return { messageId: messageIdIn(await response.json().catch(() => null)) };
    },
  };
}

function messageIdIn(body: unknown): string {
  const parsed = reply.safeParse(body);
  if (!parsed.success) throw failed('in_doubt', 'the reply names no message');
  const { messages } = parsed.data;
  const sent = messages.find(({ status }) => status === '0');
  if (sent?.['message-id'] !== undefined) return sent['message-id'];
  if (sent !== undefined) throw failed('in_doubt', 'the reply names no message');
  const [first] = messages;
  throw failed(
    KINDS[first?.status ?? ''] ?? 'bad_request',
    `${first?.status ?? ''} ${first?.['error-text'] ?? ''}`.trim(),
  );
}

const failed = (kind: ProviderErrorKind, why: string): ProviderError =>
  new ProviderError('vonage', kind, { message: `${EXCHANGE.what}: ${why}` });
