/** Webhooks of Vonage's SMS API: form, JSON or query as the account has it, signed by `sig`, long messages in parts. */
import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import { z } from 'zod';
import type { RawWebhook, WebhookVerdict } from '../phone-door.ts';
import type { DeliveryReport, ReceivedText, SmsDoor } from '../sms.ts';
import type { VonageDoorOptions } from './door.ts';
import { e164From } from './numbers.ts';
import { webhookHash } from './signature.ts';

type Fields = Record<string, string>;

const inbound = z.looseObject({
  msisdn: z.string(),
  to: z.string().default(''),
  messageId: z.string().min(1),
  text: z.string(),
  concat: z.string().optional(),
  'concat-ref': z.string().optional(),
  'concat-total': z.coerce.number().int().min(1).max(255).optional(),
  'concat-part': z.coerce.number().int().min(1).max(255).optional(),
  'message-timestamp': z.string().optional(),
});
const receipt = z.looseObject({
  messageId: z.string().min(1),
  status: z.string(),
  'client-ref': z.string().optional(),
  'err-code': z.string().optional(),
  'message-timestamp': z.string().optional(),
});

const STATUS: Readonly<Record<string, DeliveryReport['status']>> = {
  accepted: 'submitted',
  buffered: 'submitted',
  delivered: 'delivered',
  expired: 'failed',
  failed: 'failed',
  rejected: 'failed',
};

export function createVonageSmsApiDoor({ signatureSecret: secret, maxAgeMs }: VonageDoorOptions): SmsDoor {
  return {
    verify: (webhook, nowMs) => {
      if (secret === null) return { ok: true, tokenId: null, payloadHash: webhookHash(webhook) };
      return verified(webhook, { secret, maxAgeMs, nowMs });
    },
    parseText,
    parseReport,
    taken: { contentType: 'text/plain', body: '' },
  };
}

/** Numbers and truths of a JSON body are signed as they are written. */
function fieldsOf(webhook: RawWebhook): Fields {
  const text = Buffer.from(webhook.body).toString('utf8');
  if (text === '') return Object.fromEntries(new URL(webhook.url).searchParams);
  if (text.trimStart().startsWith('{')) {
    const parsed = z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])).parse(JSON.parse(text));
    return Object.fromEntries(Object.entries(parsed).map(([name, value]) => [name, String(value)]));
  }
  return Object.fromEntries(new URLSearchParams(text));
}

/** [SM5] The account says by which hash; by its length the signature tells it. */
function verified(
  webhook: RawWebhook,
  { secret, maxAgeMs, nowMs }: { secret: string; maxAgeMs: number; nowMs: number },
): WebhookVerdict {
  let fields: Fields;
  try {
    fields = fieldsOf(webhook);
  } catch {
    return { ok: false, reason: 'neither a form nor JSON' };
  }
  const { sig, ...signed } = fields;
  if (sig === undefined) return { ok: false, reason: 'no signature' };
  if (!signaturesFor(signed, { secret, length: sig.length }).some((expected) => same(sig, expected)))
    return { ok: false, reason: 'signature does not match' };
  const atMs = Number(signed['timestamp']) * 1_000;
  if (!(Math.abs(nowMs - atMs) <= maxAgeMs)) return { ok: false, reason: 'too old, or from the future' };
  return { ok: true, tokenId: null, payloadHash: webhookHash(webhook) };
}

const HASH_BY_LENGTH: Readonly<Record<number, string>> = { 32: 'md5', 40: 'sha1', 64: 'sha256', 128: 'sha512' };

/** Upper case and lower case are one; a plain MD5 over the text with the secret behind it is the oldest kind. */
export function signaturesFor(fields: Fields, { secret, length }: { secret: string; length: number }): string[] {
  const text = Object.keys(fields)
    .sort()
    .map((name) => `&${name}=${(fields[name] ?? '').replace(/[&=]/g, '_')}`)
    .join('');
  const hash = HASH_BY_LENGTH[length];
  if (hash === undefined) return [];
  const keyed = createHmac(hash, secret).update(text).digest('hex');
  return hash === 'md5' ? [keyed, createHash('md5').update(`${text}${secret}`).digest('hex')] : [keyed];
}

function same(given: string, expected: string): boolean {
  const [one, other] = [Buffer.from(given.toLowerCase()), Buffer.from(expected.toLowerCase())];
  return one.length === other.length && timingSafeEqual(one, other);
}

function parseText(webhook: RawWebhook, nowMs: number): ReceivedText | null {
  const parsed = inbound.safeParse(fieldsOf(webhook));
  const from = parsed.success ? e164From(parsed.data.msisdn) : null;
  if (!parsed.success || from === null) return null;
  const { messageId, to, text, 'concat-ref': ref, 'concat-total': of, 'concat-part': number } = parsed.data;
  const inParts = parsed.data.concat === 'true' && ref !== undefined && of !== undefined && number !== undefined;
  return {
    messageId,
    from,
    to: e164From(to) ?? '',
    text,
    atMs: timeOf(parsed.data['message-timestamp'], nowMs),
    ...(inParts ? { part: { ref, number, of } } : {}),
  };
}

function parseReport(webhook: RawWebhook, nowMs: number): DeliveryReport | null {
  const parsed = receipt.safeParse(fieldsOf(webhook));
  if (!parsed.success) return null;
  const { messageId, status: word, 'client-ref': ref, 'err-code': code } = parsed.data;
  const status = STATUS[word];
  if (status === undefined) return null;
  const detail = status === 'failed' ? `${word}${code === undefined ? '' : ` ${code}`}` : null;
  return { messageId, ref: ref ?? null, status, detail, atMs: timeOf(parsed.data['message-timestamp'], nowMs) };
}

/** `2026-01-01 12:00:05`, in UTC. */
function timeOf(timestamp: string | undefined, nowMs: number): number {
  const parsed = Date.parse(`${(timestamp ?? '').replace(' ', 'T')}Z`);
  return Number.isNaN(parsed) ? nowMs : parsed;
}
