/** Signed webhooks: an HS256 JWT over the SHA-256 of the raw body. The SDK's own check takes any algorithm and neither age nor hash. */
import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import { z } from 'zod';
import type { RawWebhook, WebhookVerdict } from '../phone-door.ts';

const claims = z.looseObject({
  iat: z.number(),
  jti: z.string().min(1),
  payload_hash: z.string().optional(),
  exp: z.number().optional(),
});
const header = z.looseObject({ alg: z.literal('HS256') });

export interface SignatureRules {
  secret: string;
  /** Tokens carry no expiry of their own. */
  maxAgeMs: number;
}

export function sha256Hex(bytes: Uint8Array | string): string {
  return createHash('sha256').update(bytes).digest('hex');
}

/** What identifies the message behind a token: the body, or the address where there is none (GET). */
export function webhookHash(webhook: RawWebhook): string {
  if (webhook.body.length > 0) return sha256Hex(webhook.body);
  const url = new URL(webhook.url);
  return sha256Hex(`${webhook.method} ${url.pathname}${url.search}`);
}

export function verifyWebhook(webhook: RawWebhook, rules: SignatureRules, nowMs: number): WebhookVerdict {
  const token = /^Bearer\s+(\S+)$/i.exec(webhook.headers['authorization'] ?? '')?.[1];
  if (token === undefined) return refused('no signature');
  const [head = '', payload = '', signature = '', ...rest] = token.split('.');
  if (rest.length > 0 || !header.safeParse(json(head)).success) return refused('not an HS256 token');
  if (!sameMac(signature, `${head}.${payload}`, rules.secret)) return refused('signature does not match');
  const parsed = claims.safeParse(json(payload));
  if (!parsed.success) return refused('claims are incomplete');
  const problem = claimProblem(webhook, parsed.data, { nowMs, maxAgeMs: rules.maxAgeMs });
  return problem === null
    ? { ok: true, tokenId: parsed.data.jti, payloadHash: webhookHash(webhook) }
    : refused(problem);
}

function claimProblem(
  webhook: RawWebhook,
  given: z.infer<typeof claims>,
  time: { nowMs: number; maxAgeMs: number },
): string | null {
  if (Math.abs(time.nowMs - given.iat * 1000) > time.maxAgeMs) return 'token is too old or from the future';
  if (given.exp !== undefined && given.exp * 1000 < time.nowMs) return 'token has expired';
  if (webhook.body.length === 0) return null;
  if (given.payload_hash === undefined) return 'token does not cover the body';
  return given.payload_hash.toLowerCase() === sha256Hex(webhook.body) ? null : 'body is not the one that was signed';
}

const refused = (reason: string): WebhookVerdict => ({ ok: false, reason });

function json(base64url: string): unknown {
  try {
    return JSON.parse(Buffer.from(base64url, 'base64url').toString('utf8'));
  } catch {
    return null;
  }
}

function sameMac(signature: string, signed: string, secret: string): boolean {
  const expected = createHmac('sha256', secret).update(signed).digest();
  const given = Buffer.from(signature, 'base64url');
  return given.length === expected.length && timingSafeEqual(given, expected);
}
