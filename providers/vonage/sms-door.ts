/** Webhooks of Vonage's Messages API: a customer's text, and what became of ours. Signed like the calls' own. */
import { z } from 'zod';
import type { RawWebhook } from '../phone-door.ts';
import type { DeliveryReport, ReceivedText, SmsDoor } from '../sms.ts';
import type { VonageDoorOptions } from './door.ts';
import { e164From } from './numbers.ts';
import { verifyWebhook, webhookHash } from './signature.ts';
import { jsonOf, timeOf } from './webhook-body.ts';

const party = z.union([z.string(), z.number().transform(String)]).nullish();
const inbound = z.looseObject({
  channel: z.literal('sms'),
  message_uuid: z.string().min(1),
  from: party,
  to: party,
  text: z.string(),
  timestamp: z.string().nullish(),
});
const status = z.looseObject({
  channel: z.literal('sms'),
  message_uuid: z.string().min(1),
  status: z.string(),
  client_ref: z.string().nullish(),
  timestamp: z.string().nullish(),
  error: z.looseObject({ title: z.union([z.string(), z.number()]).nullish(), detail: z.string().nullish() }).nullish(),
});

/** `read` is told by richer channels only. */
const STATUS: Readonly<Record<string, DeliveryReport['status']>> = {
  submitted: 'submitted',
  delivered: 'delivered',
  rejected: 'failed',
  undeliverable: 'failed',
};

export function createVonageMessagesDoor({ signatureSecret: secret, maxAgeMs }: VonageDoorOptions): SmsDoor {
  return {
    verify: (webhook, nowMs) =>
      secret === null
        ? { ok: true, tokenId: null, payloadHash: webhookHash(webhook) }
        : verifyWebhook(webhook, { secret, maxAgeMs }, nowMs),
    parseText,
    parseReport,
    taken: { contentType: 'application/json', body: '{}' },
  };
}

function parseText(webhook: RawWebhook, nowMs: number): ReceivedText | null {
  const parsed = inbound.safeParse(jsonOf(webhook));
  const from = parsed.success ? e164From(parsed.data.from) : null;
  if (!parsed.success || from === null) return null;
  const { message_uuid: messageId, to, text, timestamp } = parsed.data;
  return { messageId, from, to: e164From(to) ?? '', text, atMs: timeOf(timestamp, nowMs) };
}

function parseReport(webhook: RawWebhook, nowMs: number): DeliveryReport | null {
  const parsed = status.safeParse(jsonOf(webhook));
  if (!parsed.success) return null;
  const { message_uuid: messageId, client_ref: ref, timestamp, error } = parsed.data;
  const known = STATUS[parsed.data.status];
  if (known === undefined) return null;
  const words = [error?.title, error?.detail].filter((word) => word != null && word !== '').join(' ');
  const detail = words === '' ? null : words;
  return { messageId, ref: ref ?? null, status: known, detail, atMs: timeOf(timestamp, nowMs) };
}
