/** Text messages: Vonage's Messages API, and what it shares with the other ways: accepted, delivered, reported, and let in from a customer. */
import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';
import { z } from 'zod';
import { HttpError, readJson, sendJson } from '../http.ts';
import type { PhoneNetwork } from './network.ts';
import { basicMatches, refuseToken, type ApplicationKey } from './signature.ts';
import { inboundBySmsApi, type SmsApiOptions } from './sms-api.ts';
import {
  acceptedSilently,
  tellUntilTaken,
  type MessageDoor,
  type Outgoing,
  type SmsRecord,
  type Way,
} from './sms-records.ts';
import { inboundByTwilio, tellForm, twilioSigner, type FormSigner, type TwilioOptions } from './twilio.ts';

export interface MessageOptions {
  key: ApplicationKey | undefined;
  apiKey: string;
  apiSecret: string | undefined;
  smsApi: SmsApiOptions;
  twilio: TwilioOptions;
  statusUrl: string | undefined;
  inboundUrl: string | undefined;
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
export function createMessageDoor(network: PhoneNetwork, options: MessageOptions): MessageDoor {
  const all: SmsRecord[] = [];
  const watchers = new Set<(record: SmsRecord) => void>();
  const tellWatchers = (record: SmsRecord): void => {
    for (const watcher of watchers) watcher(record);
  };
  const keep = (record: SmsRecord): SmsRecord => {
    all.push(record);
    if (all.length > KEPT_MESSAGES) all.shift();
    tellWatchers(record);
    return record;
  };
  const send = (message: Outgoing): SmsRecord => {
    const { from, to, text, clientRef, id = randomUUID() } = message;
    const record = keep({
      id,
      direction: 'outbound',
      from,
      to,
      text,
      at: new Date().toISOString(),
      status: 'submitted',
      clientRef,
      segments: segmentsOf(text),
    });
    void deliver(record, message.report).then(() => {
      tellWatchers(record);
    });
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
    accept: send,
    receive: async (message, how = 'messages') => {
      const record = keep(incoming(message));
      const { url, body, signed } = arriving(record, { how, options });
      if (url === undefined) throw new HttpError(409, { title: 'no inbound webhook is configured' });
      if (signed === undefined) await tellUntilTaken(network, url, body);
      else await tellForm(url, body as Record<string, string>, signed);
      return record;
    },
    watch: (watcher) => (watchers.add(watcher), () => watchers.delete(watcher)),
  };
}

function incoming(message: { from: string; to: string; text: string }): SmsRecord {
  const about = { direction: 'inbound', status: 'received', clientRef: null } as const;
  return { id: randomUUID(), ...message, ...about, at: new Date().toISOString(), segments: segmentsOf(message.text) };
}

/** By which of the vendor's ways it comes: a number has one. */
function arriving(
  record: SmsRecord,
  { how, options }: { how: Way; options: MessageOptions },
): { url: string | undefined; body: object; signed?: FormSigner } {
  switch (how) {
    case 'messages':
      return { url: options.inboundUrl, body: inboundBody(record) };
    case 'sms':
      return { url: options.smsApi.inboundUrl, body: inboundBySmsApi(record, options.smsApi) };
    case 'twilio':
      return { url: options.twilio.inboundUrl, body: inboundByTwilio(record), signed: twilioSigner(options.twilio) };
  }
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

/** GSM-7 counts 160 for one and 153 a part; anything else is UCS-2 with 70 and 67. */
function segmentsOf(text: string): number {
  const gsm = /^[\w\s@£$¥èéùìòÇØøÅåΔΦΓΛΩΠΨΣΘΞÆæßÉ!"#¤%&'()*+,\-./:;<=>?¡ÄÖÑÜ§¿äöñüà^{}\\[\]~|€]*$/u.test(text);
  const [alone, part] = gsm ? [160, 153] : [70, 67];
  return text.length <= alone ? 1 : Math.ceil(text.length / part);
}

function problem(title: string, detail: string): object {
  return { type: 'https://developer.vonage.com/api-errors', title, detail, instance: randomUUID() };
}
