/**
 * Signed events to whoever integrates by plain HTTP: `POST` of `{id, type, created_at, data}` as JSON.
 *
 * - `X-Evercall-Event-Id`, `Idempotency-Key`: the event's id; the same event may arrive more than once.
 * - `X-Evercall-Timestamp`: when this delivery was signed, in seconds since 1970; refuse what is older than five minutes.
 * - `X-Evercall-Signature`: `sha256=` and the hex HMAC-SHA256, keyed with `WEBHOOK_OUT_SECRET`, over timestamp, a dot, and the body as it came.
 *
 * Any answer from 200 to 299 means taken. A 4xx other than 401, 403, 408 and 429 means never; everything else is delivered
 * again, at `Retry-After` where one is given.
 */
import { createHmac } from 'node:crypto';
import type { WebhookOut } from './crm.ts';
import { noAnswer, refused } from './http-failure.ts';

/** Receivers should answer at once and work afterwards; below the 15 s that an activity has for one attempt. */
const ANSWER_MS = 10_000;

export function createWebhookOut(
  { url, secret }: { url: string; secret: string },
  now: () => number = Date.now,
): WebhookOut {
  return {
    async post({ eventId, type, atMs, body }) {
      // Not `creates`: the receiver knows the event by its id, so sending it again is safe.
      const exchange = { vendor: 'webhook-out', what: `POST ${type}`, creates: false };
      const text = JSON.stringify({ id: eventId, type, created_at: new Date(atMs).toISOString(), data: body });
      const timestamp = String(Math.floor(now() / 1_000));
      const response = await fetch(url, {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          'user-agent': 'evercall',
          'idempotency-key': eventId,
          'x-evercall-event-id': eventId,
          'x-evercall-timestamp': timestamp,
          'x-evercall-signature': `sha256=${signatureOf({ secret, timestamp, body: text })}`,
        },
        // A body signed for one address is not handed on to another.
        redirect: 'manual',
        signal: AbortSignal.timeout(ANSWER_MS),
        body: text,
      }).catch((error: unknown) => {
        throw noAnswer(exchange, error);
      });
      await response.body?.cancel();
      if (!response.ok)
        throw refused(exchange, response, { word: '', ...(MOVED.has(response.status) ? { kind: 'bad_request' } : {}) });
    },
  };
}

/** An address that moves on is a wrong setting. */
const MOVED: ReadonlySet<number> = new Set([301, 302, 303, 307, 308]);

export function signatureOf({ secret, timestamp, body }: { secret: string; timestamp: string; body: string }): string {
  return createHmac('sha256', secret).update(`${timestamp}.${body}`).digest('hex');
}
