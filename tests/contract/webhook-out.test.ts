import { createHmac, timingSafeEqual } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createWebhookOut } from '../../providers/webhook-out.ts';

const SECRET = 'a shared secret';
const NOW_MS = Date.UTC(2026, 10, 21, 10, 0, 0, 700);
const event = {
  eventId: 'call-17:1:call.ended',
  type: 'call.ended',
  atMs: Date.UTC(2026, 10, 21, 9),
  body: { call_id: 'call-17', words: 'schön' },
};

/** A receiver as an integrator writes one from the description. */
let server: Server;
let url: string;
let answer: { status: number; headers: Record<string, string> };
let received: { headers: IncomingHttpHeaders; body: string }[];

beforeAll(async () => {
  server = createServer((req, res) => {
    const chunks: Buffer[] = [];
    req.on('data', (chunk: Buffer) => chunks.push(chunk));
    req.on('end', () => {
      received.push({ headers: req.headers, body: Buffer.concat(chunks).toString('utf8') });
      if (answer.status === 0) res.destroy();
      else res.writeHead(answer.status, answer.headers).end('thanks');
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`;
});

afterAll(async () => {
  server.closeAllConnections();
  server.close();
  await once(server, 'close');
});

beforeEach(() => {
  answer = { status: 204, headers: {} };
  received = [];
});

const post = (): Promise<void> => createWebhookOut({ url, secret: SECRET }, () => NOW_MS).post(event);
const failure = (work: Promise<unknown>): Promise<unknown> =>
  work.then(
    () => 'no failure',
    (error: unknown) => error,
  );

function isSigned({ headers, body }: { headers: IncomingHttpHeaders; body: string }, secret: string): boolean {
  const expected = createHmac('sha256', secret)
    .update(`${String(headers['x-evercall-timestamp'])}.${body}`)
    .digest();
  const given = Buffer.from(String(headers['x-evercall-signature']).replace('sha256=', ''), 'hex');
  return given.length === expected.length && timingSafeEqual(given, expected);
}

describe('an event', () => {
  test('[CR9] arrives whole, under its own key, and signed over the time and the body', async () => {
    await post();
    const [one] = received;
    if (one === undefined) throw new Error('nothing arrived');
    expect(JSON.parse(one.body)).toEqual({
      id: event.eventId,
      type: 'call.ended',
      created_at: '2026-11-21T09:00:00.000Z',
      data: event.body,
    });
    expect(one.headers).toMatchObject({
      'content-type': 'application/json',
      'idempotency-key': event.eventId,
      'x-evercall-event-id': event.eventId,
      'x-evercall-timestamp': String(Math.floor(NOW_MS / 1_000)),
    });
    expect(isSigned(one, SECRET)).toBe(true);
    expect(isSigned(one, 'another secret')).toBe(false);
    expect(isSigned({ ...one, body: one.body.replace('17', '18') }, SECRET)).toBe(false);
  });

  test('[CR9] keeps its key when it is sent again', async () => {
    await post();
    await post();
    expect(received.map((one) => one.headers['idempotency-key'])).toEqual([event.eventId, event.eventId]);
  });

  test.each([
    [
      { status: 503, headers: { 'retry-after': '7' } },
      { kind: 'vendor_fault', retryAfterMs: 7_000 },
    ],
    [
      { status: 429, headers: {} },
      { kind: 'rate_limit', retryAfterMs: null },
    ],
    [{ status: 401, headers: {} }, { kind: 'credentials' }],
    [{ status: 422, headers: {} }, { kind: 'bad_request' }],
    [{ status: 410, headers: {} }, { kind: 'not_found' }],
    [{ status: 307, headers: { location: '/elsewhere' } }, { kind: 'bad_request' }],
    [{ status: 0, headers: {} }, { kind: 'unreachable' }],
  ])('[CR10] an answer %j means %j', async (given, expected) => {
    answer = given;
    expect(await failure(post())).toMatchObject({ vendor: 'webhook-out', ...expected });
    expect(received).toHaveLength(1);
  });
});
