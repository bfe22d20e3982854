/** Vonage's older SMS API: always HTTP 200, receipts and customers' messages signed by `sig` where the account has a secret. */
import { createHmac, randomBytes } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { z } from 'zod';
import { readBody, sendJson } from '../http.ts';
import { acceptedSilently, tellUntilTaken, type MessageDoor, type SmsRecord } from './sms-records.ts';
import type { PhoneNetwork } from './network.ts';
import { basicMatches } from './signature.ts';

export interface SmsApiOptions {
  apiKey: string;
  apiSecret: string | undefined;
  signatureSecret: string | undefined;
  inboundUrl: string | undefined;
}

const PRICE_EUR_A_SEGMENT = 0.0333;

const smsSchema = z.object({
  from: z.string().min(1),
  to: z.string().regex(/^[1-9]\d{6,14}$/u),
  text: z.string().min(1).max(3200),
  type: z.enum(['text', 'unicode', 'binary']).default('text'),
  'client-ref': z.string().max(100).optional(),
  callback: z.url().max(100).optional(),
  'status-report-req': z.boolean().optional(),
});

export interface SmsApiDoor {
  /** POST /sms/json */
  take(req: IncomingMessage, res: ServerResponse): Promise<void>;
}

export function createSmsApiDoor(network: PhoneNetwork, messages: MessageDoor, options: SmsApiOptions): SmsApiDoor {
  return {
    take: async (req, res) => {
      const answer = await takeSms(req, { network, options, messages });
      if (!(await acceptedSilently(network, res))) sendJson(res, 200, answer);
    },
  };
}

async function takeSms(
  req: IncomingMessage,
  door: { network: PhoneNetwork; options: SmsApiOptions; messages: MessageDoor },
): Promise<object> {
  const { options, network } = door;
  const text = await readBody(req);
  const isJson = req.headers['content-type']?.includes('json') === true;
  const body: unknown = isJson ? JSON.parse(text) : Object.fromEntries(new URLSearchParams(text));
  const given = body as { api_key?: string; api_secret?: string };
  const good =
    options.apiSecret === undefined ||
    basicMatches(req.headers.authorization, options.apiKey, options.apiSecret) ||
    (given.api_key === options.apiKey && given.api_secret === options.apiSecret);
  if (!good) return refusedSms('4', 'Bad Credentials');
  const parsed = smsSchema.safeParse(body);
  if (!parsed.success) return refusedSms('3', `Invalid ${parsed.error.issues[0]?.path.join('.') ?? 'parameter'}`);
  const sms = parsed.data;
  const { callback } = sms;
  const record = door.messages.accept({
    ...sms,
    clientRef: sms['client-ref'] ?? null,
    report:
      callback === undefined
        ? undefined
        : (one, status) => reportReceipt(network, { record: one, status, url: callback, options }),
  });
  const price = PRICE_EUR_A_SEGMENT.toFixed(8);
  const parts = Array.from({ length: record.segments }, (_, i) => ({
    to: record.to,
    'message-id': i === 0 ? record.id : `${record.id}-${i}`,
    status: '0',
    'remaining-balance': '10.00000000',
    'message-price': price,
    network: '23410',
    ...(record.clientRef === null ? {} : { 'client-ref': record.clientRef }),
  }));
  return { 'message-count': String(parts.length), messages: parts };
}

async function reportReceipt(
  network: PhoneNetwork,
  about: { record: SmsRecord; status: string; url: string; options: SmsApiOptions },
): Promise<void> {
  const { record, status, url, options } = about;
  if (status === 'submitted') return;
  const now = new Date().toISOString();
  const body = {
    msisdn: record.to,
    to: record.from,
    'network-code': '23410',
    messageId: record.id,
    price: PRICE_EUR_A_SEGMENT.toFixed(8),
    status: status === 'rejected' ? 'rejected' : 'delivered',
    scts: now.replace(/\D/gu, '').slice(2, 12),
    'err-code': status === 'rejected' ? '6' : '0',
    'api-key': options.apiKey,
    'message-timestamp': now.slice(0, 19).replace('T', ' '),
    ...(record.clientRef === null ? {} : { 'client-ref': record.clientRef }),
  };
  await tellUntilTaken(network, url, signed(body, options));
}

export const inboundBySmsApi = (record: SmsRecord, options: SmsApiOptions): object =>
  signed(
    {
      msisdn: record.from,
      to: record.to,
      messageId: record.id,
      text: record.text,
      type: 'text',
      keyword: record.text.split(/\s/u)[0]?.toUpperCase() ?? '',
      'api-key': options.apiKey,
      'message-timestamp': record.at.slice(0, 19).replace('T', ' '),
    },
    options,
  );

function signed(body: Record<string, string>, { signatureSecret }: SmsApiOptions): Record<string, string> {
  if (signatureSecret === undefined) return body;
  const fields: Record<string, string> = {
    ...body,
    timestamp: String(Math.floor(Date.now() / 1_000)),
    nonce: randomBytes(8).toString('hex'),
  };
  const text = Object.keys(fields)
    .sort()
    .map((name) => `&${name}=${(fields[name] ?? '').replace(/[&=]/gu, '_')}`)
    .join('');
  return { ...fields, sig: createHmac('sha256', signatureSecret).update(text).digest('hex').toUpperCase() };
}

function refusedSms(status: string, text: string): object {
  return { 'message-count': '1', messages: [{ status, 'error-text': text }] };
}
