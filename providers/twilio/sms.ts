/** SMS through Twilio's Messages resource (API 2010-04-01), by plain requests: its own client cannot be pointed at another address. */
import { z } from 'zod';
import { refOf } from '../../domain/sms.ts';
import { noAnswer, refused } from '../http-failure.ts';
import { ProviderError, type ProviderErrorKind } from '../provider-error.ts';
import type { Sms } from '../sms.ts';

export interface TwilioAccount {
  accountSid: string;
  authToken: string;
  /** E.164: whose messages these are, whichever number of ours the customer has rung. */
  phoneNumber: string;
  /** Null = Twilio's own. */
  apiUrl: string | null;
}

const API = 'https://api.twilio.com';
const REQUEST_MS = 8_000;
const EXCHANGE = { vendor: 'twilio', what: 'POST Messages.json', creates: true };

const made = z.looseObject({ sid: z.string().min(1) });
const problem = z.looseObject({ code: z.number().optional(), message: z.string().optional() });

/** Twilio's own codes say more than the status, which is 400 for most. */
const KINDS: Readonly<Record<number, ProviderErrorKind>> = {
  20003: 'credentials',
  20404: 'credentials',
  20429: 'rate_limit',
  14107: 'rate_limit',
  20008: 'credentials',
};

export function createTwilioSms(
  account: TwilioAccount,
  { statusUrl, timeoutMs = REQUEST_MS }: { statusUrl: string | null; timeoutMs?: number },
): Sms {
  const { accountSid, authToken, phoneNumber, apiUrl } = account;
  const url = `${apiUrl ?? API}/2010-04-01/Accounts/${encodeURIComponent(accountSid)}/Messages.json`;
  const authorization = `Basic ${Buffer.from(`${accountSid}:${authToken}`).toString('base64')}`;
  return {
    async send({ to, text, idempotencyKey }) {
      const form = new URLSearchParams({ To: to, From: phoneNumber, Body: text });
      // Nothing of ours comes back but the address that we give.
      if (statusUrl !== null)
        form.set('StatusCallback', `${statusUrl}?ref=${encodeURIComponent(refOf(idempotencyKey))}`);
      const response = await fetch(url, {
        method: 'POST',
        headers: { authorization, 'content-type': 'application/x-www-form-urlencoded' },
        body: form.toString(),
        signal: AbortSignal.timeout(timeoutMs),
      }).catch((error: unknown) => {
        throw noAnswer(EXCHANGE, error);
      });
      if (!response.ok) throw await refusal(response);
      const parsed = made.safeParse(await response.json().catch(() => null));
      if (parsed.success) return { messageId: parsed.data.sid };
      throw new ProviderError('twilio', 'in_doubt', { message: `${EXCHANGE.what}: the reply names no message` });
    },
  };
}

async function refusal(response: Response): Promise<ProviderError> {
  const parsed = problem.safeParse(await response.json().catch(() => ({})));
  const { code, message } = parsed.success ? parsed.data : {};
  const kind = code === undefined ? undefined : KINDS[code];
  const word = [code, message].filter((part) => part !== undefined).join(' ');
  return refused(EXCHANGE, response, { word: word.slice(0, 200), ...(kind === undefined ? {} : { kind }) });
}
