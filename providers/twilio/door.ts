/** Twilio's webhooks: forms, signed over the address that Twilio was given and all fields. */
import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import { z } from 'zod';
import type { RawWebhook, WebhookVerdict } from '../phone-door.ts';
import type { DeliveryReport, ReceivedText, SmsDoor } from '../sms.ts';

const inbound = z.looseObject({
  MessageSid: z.string().min(1),
  From: z.string().regex(/^\+[1-9]\d{6,14}$/),
  To: z.string().default(''),
  Body: z.string(),
});
const status = z.looseObject({
  MessageSid: z.string().min(1),
  MessageStatus: z.string(),
  ErrorCode: z.string().optional(),
});

const STATUS: Readonly<Record<string, DeliveryReport['status']>> = {
  accepted: 'submitted',
  scheduled: 'submitted',
  queued: 'submitted',
  sending: 'submitted',
  sent: 'submitted',
  delivered: 'delivered',
  read: 'delivered',
  undelivered: 'failed',
  failed: 'failed',
  canceled: 'failed',
};

export function createTwilioDoor({ authToken }: { authToken: string }): SmsDoor {
  return {
    verify: (webhook) => verified(webhook, authToken),
    parseText,
    parseReport,
    // An empty instruction: nothing is answered in the reply itself.
    taken: { contentType: 'text/xml', body: '<?xml version="1.0" encoding="UTF-8"?><Response></Response>' },
  };
}

const formOf = (webhook: RawWebhook): Record<string, string> =>
  Object.fromEntries(new URLSearchParams(Buffer.from(webhook.body).toString('utf8')));

/** [SM6] There is no time in it: what is sent again is the same message, and does nothing. */
function verified(webhook: RawWebhook, authToken: string): WebhookVerdict {
  const given = webhook.headers['x-twilio-signature'];
  if (given === undefined) return { ok: false, reason: 'no signature' };
  const expected = Buffer.from(twilioSignature(webhook.url, formOf(webhook), authToken));
  const signature = Buffer.from(given);
  if (signature.length !== expected.length || !timingSafeEqual(signature, expected))
    return { ok: false, reason: 'signature does not match' };
  return { ok: true, tokenId: null, payloadHash: createHash('sha256').update(webhook.body).digest('hex') };
}

/** HMAC-SHA1 over the address and each field's name and value, in the order of the names. */
export function twilioSignature(url: string, fields: Record<string, string>, authToken: string): string {
  const text = Object.keys(fields)
    .sort()
    .reduce((all, name) => all + name + (fields[name] ?? ''), url);
  return createHmac('sha1', authToken).update(text, 'utf8').digest('base64');
}

function parseText(webhook: RawWebhook, nowMs: number): ReceivedText | null {
  const parsed = inbound.safeParse(formOf(webhook));
  if (!parsed.success) return null;
  const { MessageSid: messageId, From: from, To: to, Body: text } = parsed.data;
  return { messageId, from, to, text, atMs: nowMs };
}

function parseReport(webhook: RawWebhook, nowMs: number): DeliveryReport | null {
  const parsed = status.safeParse(formOf(webhook));
  if (!parsed.success) return null;
  const { MessageSid: messageId, MessageStatus: word, ErrorCode: code } = parsed.data;
  const known = STATUS[word];
  if (known === undefined) return null;
  const ref = new URL(webhook.url).searchParams.get('ref');
  const detail = known === 'failed' ? `${word}${code === undefined ? '' : ` ${code}`}` : null;
  return { messageId, ref, status: known, detail, atMs: nowMs };
}
