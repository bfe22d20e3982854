/** Twilio's Messages resource, on its own wire: accepted with 201, reported and let in by signed forms. */
import { createHmac, randomBytes } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';
import { readBody, sendJson } from '../http.ts';
import { acceptedSilently, type MessageDoor, type SmsRecord } from './sms-records.ts';
import type { PhoneNetwork } from './network.ts';
import { basicMatches } from './signature.ts';

export interface TwilioOptions {
  accountSid: string;
  authToken: string | undefined;
  inboundUrl: string | undefined;
}

export interface TwilioDoor {
  /** POST /2010-04-01/Accounts/{sid}/Messages.json */
  take(req: IncomingMessage, res: ServerResponse): Promise<void>;
}

const MOST_CHARACTERS = 1_600;

export function createTwilioDoor(network: PhoneNetwork, messages: MessageDoor, options: TwilioOptions): TwilioDoor {
  return {
    take: async (req, res) => {
      const { accountSid, authToken } = options;
      if (authToken !== undefined && !basicMatches(req.headers.authorization, accountSid, authToken)) {
        refuse(res, { status: 401, code: 20003, message: 'Authenticate' });
        return;
      }
      const form = Object.fromEntries(new URLSearchParams(await readBody(req)));
      const refusal = refusalOf(form);
      if (refusal !== null) {
        refuse(res, refusal);
        return;
      }
      const { To: to = '', From: from = '', Body: text = '', StatusCallback: url } = form;
      const report = url === undefined ? undefined : reportTo(url, twilioSigner(options));
      const id = `SM${randomBytes(16).toString('hex')}`;
      const record = messages.accept({ id, from: from.slice(1), to: to.slice(1), text, clientRef: null, report });
      if (await acceptedSilently(network, res)) return;
      const status = { status: 'queued', num_segments: String(record.segments), error_code: null };
      sendJson(res, 201, { sid: record.id, account_sid: accountSid, to, from, body: text, ...status });
    },
  };
}

interface Refusal {
  status: number;
  code: number;
  message: string;
}

function refusalOf({ To: to, From: from, Body: text }: Record<string, string>): Refusal | null {
  const e164 = /^\+[1-9]\d{6,14}$/u;
  if (!e164.test(to ?? '')) return { status: 400, code: 21211, message: "Invalid 'To' Phone Number" };
  if (!e164.test(from ?? '')) return { status: 400, code: 21212, message: "Invalid 'From' Phone Number" };
  if ((text ?? '') === '') return { status: 400, code: 21602, message: 'Message body is required.' };
  if ((text ?? '').length > MOST_CHARACTERS)
    return { status: 400, code: 21617, message: 'The concatenated message body exceeds the 1600 character limit.' };
  return null;
}

function refuse(res: ServerResponse, { status, code, message }: Refusal): void {
  sendJson(res, status, { code, message, more_info: `https://www.twilio.com/docs/errors/${code}`, status });
}

export type FormSigner = (url: string, fields: Record<string, string>) => string | undefined;

/** HMAC-SHA1 over the address and the fields in the order of their names. */
export const twilioSigner =
  ({ authToken }: TwilioOptions): FormSigner =>
  (url, fields) => {
    if (authToken === undefined) return undefined;
    const text = Object.keys(fields)
      .sort()
      .reduce((all, name) => all + name + (fields[name] ?? ''), url);
    return createHmac('sha1', authToken).update(text).digest('base64');
  };

const WORDS = { submitted: 'sent', delivered: 'delivered', rejected: 'undelivered' } as const;

const reportTo =
  (url: string, signer: FormSigner) =>
  async (record: SmsRecord, status: keyof typeof WORDS): Promise<void> => {
    await tellForm(
      url,
      {
        MessageSid: record.id,
        SmsSid: record.id,
        MessageStatus: WORDS[status],
        To: `+${record.to}`,
        From: `+${record.from}`,
        ...(status === 'rejected' ? { ErrorCode: '30003' } : {}),
      },
      signer,
    );
  };

export const inboundByTwilio = (record: SmsRecord): Record<string, string> => ({
  MessageSid: record.id,
  SmsSid: record.id,
  From: `+${record.from}`,
  To: `+${record.to}`,
  Body: record.text,
  NumMedia: '0',
  NumSegments: String(record.segments),
});

/** Twilio tries a message's webhook once more and then its fallback; here it is a few times. */
const RETRY_AFTER_MS = [1_000, 3_000, 10_000];

export async function tellForm(url: string, fields: Record<string, string>, signer: FormSigner): Promise<void> {
  const signature = signer(url, fields);
  for (const waitMs of [...RETRY_AFTER_MS, undefined]) {
    const taken = await fetch(url, {
      method: 'POST',
      headers: {
        'content-type': 'application/x-www-form-urlencoded; charset=UTF-8',
        ...(signature === undefined ? {} : { 'x-twilio-signature': signature }),
      },
      body: new URLSearchParams(fields).toString(),
    }).then(
      (response) => response.status < 500,
      () => false,
    );
    if (taken || waitMs === undefined) return;
    await pause(waitMs, undefined, { ref: false });
  }
}
