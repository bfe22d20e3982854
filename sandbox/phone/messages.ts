/** Both of Vonage's SMS doors: accepts messages, reports their delivery, and lets a customer write in. */
import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';
import { z } from 'zod';
import { HttpError, readBody, readJson, sendJson } from '../http.ts';
import type { PhoneNetwork } from './network.ts';
import { withoutAck } from './rest.ts';
import { basicMatches, refuseToken, type ApplicationKey } from './signature.ts';

export interface SmsRecord {
  id: string;
  direction: 'outbound' | 'inbound';
  from: string;
  to: string;
  text: string;
  at: string;
  status: 'submitted' | 'delivered' | 'rejected' | 'received';
  clientRef: string | null;
  segments: number;
}

export interface MessageDoor {
  readonly all: SmsRecord[];
  /** POST /v1/messages */
  messages(req: IncomingMessage, res: ServerResponse): Promise<void>;
  /** POST /sms/json */
  sms(req: IncomingMessage, res: ServerResponse): Promise<void>;
  receive(message: { from: string; to: string; text: string }): Promise<SmsRecord>;
}

export interface MessageOptions {
  key: ApplicationKey | undefined;
  apiKey: string;
  apiSecret: string | undefined;
  statusUrl: string | undefined;
  inboundUrl: string | undefined;
}

interface Outgoing {
  from: string;
  to: string;
  text: string;
  clientRef: string | null;
  report: ((record: SmsRecord, status: 'submitted' | 'delivered' | 'rejected') => Promise<void>) | undefined;
}

const DELIVERY_MS = 150;
const PRICE_EUR_A_SEGMENT = 0.0333;
/** Numbers that end so are refused by the carrier, to have a failing one. */
const UNDELIVERABLE_ENDING = '000000';
const KEPT_MESSAGES = 2_000;

const messageSchema = z.object({
  channel: z.literal('sms'),
  message_type: z.literal('text'),
  to: z.string().regex(/^[1-9]\d{6,14}$/u, 'must be in E.164 format, without a leading +'),
  from: z.string().min(1),
  text: z.string().min(1).max(3200),
  client_ref: z.string().max(100).optional(),
  webhook_url: z.url().optional(),
});
const smsSchema = z.object({
  from: z.string().min(1),
  to: z.string().regex(/^[1-9]\d{6,14}$/u),
  text: z.string().min(1).max(3200),
  type: z.enum(['text', 'unicode', 'binary']).default('text'),
  'client-ref': z.string().max(100).optional(),
  callback: z.url().max(100).optional(),
});

export function createMessageDoor(network: PhoneNetwork, options: MessageOptions): MessageDoor {
  const all: SmsRecord[] = [];
  const keep = (record: SmsRecord): SmsRecord => {
    all.push(record);
    if (all.length > KEPT_MESSAGES) all.shift();
    return record;
  };
  const send = (message: Outgoing): SmsRecord => {
    const { from, to, text, clientRef } = message;
    const record = keep({
      id: randomUUID(),
      direction: 'outbound',
      from,
      to,
      text,
      at: new Date().toISOString(),
      status: 'submitted',
      clientRef,
      segments: segmentsOf(text),
    });
    void deliver(record, message.report);
    return record;
  };
  return {
    all,
    messages: async (req, res) => {
      authorise(req, options);
      const message = parseMessage(await readJson(req));
      const url = message.webhook_url ?? options.statusUrl;
      await pause(network.faults.delayMessagesMs);
      const record = send({
        ...message,
        clientRef: message.client_ref ?? null,
        report: url === undefined ? undefined : (one, status) => reportMessage(network, { record: one, status, url }),
      });
      if (await acceptedSilently(network, res)) return;
      res.setHeader('x-request-id', randomUUID());
      sendJson(res, 202, { message_uuid: record.id });
    },
    sms: async (req, res) => {
      const answer = await takeSms(req, { network, options, send });
      if (!(await acceptedSilently(network, res))) sendJson(res, 200, answer);
    },
    receive: (message) => receive({ network, options, keep }, message),
  };
}

async function receive(
  door: { network: PhoneNetwork; options: MessageOptions; keep: (record: SmsRecord) => SmsRecord },
  message: { from: string; to: string; text: string },
): Promise<SmsRecord> {
  const { inboundUrl } = door.options;
  if (inboundUrl === undefined) throw new HttpError(409, { title: 'no inbound webhook is configured' });
  const at = new Date().toISOString();
  const segments = segmentsOf(message.text);
  const about = { direction: 'inbound', status: 'received', clientRef: null } as const;
  const record = door.keep({ id: randomUUID(), ...message, ...about, at, segments });
  await tellUntilTaken(door.network, inboundUrl, inboundBody(record));
  return record;
}

async function deliver(record: SmsRecord, report: Outgoing['report']): Promise<void> {
  await report?.(record, 'submitted');
  await pause(DELIVERY_MS);
  record.status = record.to.endsWith(UNDELIVERABLE_ENDING) ? 'rejected' : 'delivered';
  await report?.(record, record.status);
}

function authorise(req: IncomingMessage, options: MessageOptions): void {
  const header = req.headers.authorization;
  const basic = options.apiSecret !== undefined && basicMatches(header, options.apiKey, options.apiSecret);
  const refused = basic ? undefined : refuseToken(header, options.key, Date.now());
  if (refused !== undefined) throw new HttpError(401, problem('Unauthorized', refused));
}

function parseMessage(body: unknown): z.infer<typeof messageSchema> {
  const parsed = messageSchema.safeParse(body);
  if (parsed.success) return parsed.data;
  throw new HttpError(422, {
    ...problem('Invalid params', 'The value of one or more parameters is invalid.'),
    invalid_parameters: parsed.error.issues.map((issue) => ({ name: issue.path.join('.'), reason: issue.message })),
  });
}

async function takeSms(
  req: IncomingMessage,
  door: { network: PhoneNetwork; options: MessageOptions; send: (message: Outgoing) => SmsRecord },
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
  const record = door.send({
    ...sms,
    clientRef: sms['client-ref'] ?? null,
    report:
      callback === undefined
        ? undefined
        : (one, status) => reportReceipt(network, { record: one, status, url: callback, apiKey: options.apiKey }),
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

async function reportMessage(
  network: PhoneNetwork,
  about: { record: SmsRecord; status: string; url: string },
): Promise<void> {
  const { record, status, url } = about;
  await tellUntilTaken(network, url, {
    message_uuid: record.id,
    to: record.to,
    from: record.from,
    timestamp: new Date().toISOString(),
    status,
    channel: 'sms',
    ...(record.clientRef === null ? {} : { client_ref: record.clientRef }),
    ...(status === 'rejected'
      ? {
          error: {
            type: 'https://developer.vonage.com/api-errors/messages#1320',
            title: '1320',
            detail: 'Message already rejected',
            instance: record.id,
          },
        }
      : {}),
    usage: { currency: 'EUR', price: (PRICE_EUR_A_SEGMENT * record.segments).toFixed(4) },
    destination: { network_code: '23410' },
    sms: { count_total: String(record.segments) },
  });
}

async function reportReceipt(
  network: PhoneNetwork,
  about: { record: SmsRecord; status: string; url: string; apiKey: string },
): Promise<void> {
  const { record, status, url, apiKey } = about;
  if (status === 'submitted') return;
  const now = new Date().toISOString();
  await tellUntilTaken(network, url, {
    msisdn: record.to,
    to: record.from,
    'network-code': '23410',
    messageId: record.id,
    price: PRICE_EUR_A_SEGMENT.toFixed(8),
    status: status === 'rejected' ? 'rejected' : 'delivered',
    scts: now.replace(/\D/gu, '').slice(2, 12),
    'err-code': status === 'rejected' ? '6' : '0',
    'api-key': apiKey,
    'message-timestamp': now.slice(0, 19).replace('T', ' '),
    ...(record.clientRef === null ? {} : { 'client-ref': record.clientRef }),
  });
}

function inboundBody(record: SmsRecord): object {
  return {
    channel: 'sms',
    message_type: 'text',
    message_uuid: record.id,
    to: record.to,
    from: record.from,
    timestamp: record.at,
    text: record.text,
    sms: {
      num_messages: String(record.segments),
      total_count: String(record.segments),
      keyword: record.text.split(/\s/u)[0]?.toUpperCase() ?? '',
    },
    usage: { currency: 'EUR', price: '0.0' },
    origin: { network_code: '23410' },
  };
}

/** Vonage's own pace is 5 s, then minutes, for a day; here the first steps of it, so that a short outage is bridged. */
const RETRY_AFTER_MS = [2_000, 5_000, 15_000, 60_000];

async function tellUntilTaken(network: PhoneNetwork, url: string, body: object): Promise<void> {
  for (const waitMs of [...RETRY_AFTER_MS, undefined]) {
    const answer = await network.webhooks.tell({ url, method: 'POST' }, body);
    const again = !answer.ok && (answer.retryable || /^HTTP 5/u.test(answer.reason));
    if (!again || waitMs === undefined) return;
    await pause(waitMs, undefined, { ref: false });
  }
}

async function acceptedSilently(network: PhoneNetwork, res: ServerResponse): Promise<boolean> {
  const { messageWithoutAck: fault } = network.faults;
  if (fault.next === 0) return false;
  fault.next -= 1;
  await withoutAck(fault.how, res);
  return true;
}

/** GSM-7 counts 160 for one and 153 a part; anything else is UCS-2 with 70 and 67. */
function segmentsOf(text: string): number {
  const gsm = /^[\w\s@£$¥èéùìòÇØøÅåΔΦΓΛΩΠΨΣΘΞÆæßÉ!"#¤%&'()*+,\-./:;<=>?¡ÄÖÑÜ§¿äöñüà^{}\\[\]~|€]*$/u.test(text);
  const [alone, part] = gsm ? [160, 153] : [70, 67];
  return text.length <= alone ? 1 : Math.ceil(text.length / part);
}

function problem(title: string, detail: string): object {
  return { type: 'https://developer.vonage.com/api-errors', title, detail, instance: randomUUID() };
}

function refusedSms(status: string, text: string): object {
  return { 'message-count': '1', messages: [{ status, 'error-text': text }] };
}
