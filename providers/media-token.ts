/** The key to one media socket: minted when a leg answers, spent by the connect that it opens. HMAC-SHA256 over its own words. */
import { createHmac, randomUUID, timingSafeEqual } from 'node:crypto';
import { asCallId, asConnectId, type CallId, type ConnectId } from '../domain/ids.ts';

export interface MediaToken {
  callId: CallId;
  connectId: ConnectId;
  expMs: number;
  /** Of whoever sent the leg here, where somebody traces. */
  parentSpan?: string;
}

export function mintMediaToken(
  secret: string,
  { callId, usableForMs, parentSpan }: { callId: CallId; usableForMs: number; parentSpan?: string | null },
  nowMs: number,
): { token: string; connectId: ConnectId } {
  const connectId = asConnectId(randomUUID());
  const words = Buffer.from(
    JSON.stringify({
      callId,
      connectId,
      expMs: nowMs + usableForMs,
      ...(parentSpan == null ? {} : { parentSpan }),
    } satisfies MediaToken),
  ).toString('base64url');
  return { token: `${words}.${signature(secret, words)}`, connectId };
}

/** Null = not ours, altered or expired. */
export function readMediaToken(secret: string, token: string, nowMs: number): MediaToken | null {
  const [words, signed, ...more] = token.split('.');
  if (words === undefined || signed === undefined || more.length > 0) return null;
  const expected = Buffer.from(signature(secret, words));
  const given = Buffer.from(signed);
  if (expected.length !== given.length || !timingSafeEqual(expected, given)) return null;
  const read = JSON.parse(Buffer.from(words, 'base64url').toString('utf8')) as {
    callId: string;
    connectId: string;
    expMs: number;
    parentSpan?: string;
  };
  return read.expMs > nowMs ? { ...read, callId: asCallId(read.callId), connectId: asConnectId(read.connectId) } : null;
}

export function mediaUrl(host: { publicUrl: string }, token: string): string {
  const url = new URL(host.publicUrl);
  url.searchParams.set('token', token);
  return url.toString();
}

/** Bearer for the media host's inner requests. */
export function mediaControlKey(secret: string): string {
  return createHmac('sha256', secret).update('media-control').digest('base64url');
}

function signature(secret: string, words: string): string {
  return createHmac('sha256', secret).update(`media-token:${words}`).digest('base64url');
}
