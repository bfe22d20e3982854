/** The unmodified SDK against a small HTTP server that answers as the tests script it. */
import { generateKeyPairSync } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { asAttemptId, asConnectId, asE164, asLegId } from '../../domain/ids.ts';
import { createVonageSms } from '../../providers/vonage/sms.ts';
import { createVonageTelephony } from '../../providers/vonage/telephony.ts';

interface Asked {
  method: string;
  path: string;
  query: Record<string, string>;
  body: Record<string, unknown>;
  authorization: string;
}
type Scripted = (response: ServerResponse, request: IncomingMessage) => void;

const { privateKey } = generateKeyPairSync('rsa', {
  modulusLength: 2048,
  privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  publicKeyEncoding: { type: 'spki', format: 'pem' },
});
const json =
  (status: number, body: unknown, headers: Record<string, string> = {}): Scripted =>
  (response) => {
    response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body));
  };
const empty: Scripted = (response) => void response.writeHead(204).end();

let server: Server;
let asked: Asked[];
let script: Scripted[];
let url: string;

beforeEach(async () => {
  asked = [];
  script = [];
  server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const text = Buffer.concat(chunks).toString();
      const { pathname, searchParams } = new URL(request.url ?? '', 'http://x');
      asked.push({
        method: request.method ?? '',
        path: pathname,
        query: Object.fromEntries(searchParams),
        body: text === '' ? {} : JSON.parse(text),
        authorization: request.headers.authorization ?? '',
      });
      const next = script.shift();
      if (next === undefined) response.writeHead(500).end('asked more than scripted');
      else next(response, request);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterEach(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

const account = (apiUrl = url) => ({
  apiKey: 'abcd1234',
  apiSecret: 'secret',
  applicationId: 'app-1',
  privateKey,
  apiUrl,
});
const telephony = (apiUrl = url) => createVonageTelephony(account(apiUrl), { timeoutMs: 400, youngLegPauseMs: 5 });
const DIAL = {
  attemptId: asAttemptId('attempt-1'),
  to: asE164('+447700900123'),
  from: '+447700900001',
  answerUrl: 'https://app.test/vonage/answer/c/attempt-1',
  eventUrl: 'https://app.test/vonage/event/c/attempt-1',
  ringTimeoutS: 45,
};
const leg = { legId: asLegId('leg-1'), regionUrl: null };

test('[DI7] dialling asks for the call with its own addresses and a token of the application', async () => {
  script = [json(201, { uuid: 'leg-1', status: 'started', direction: 'outbound', conversation_uuid: 'CON-1' })];
  expect(await telephony().dial(DIAL)).toMatchObject({ legId: 'leg-1', conversationId: 'CON-1', status: 'started' });
  expect(asked[0]).toMatchObject({
    method: 'POST',
    path: '/v1/calls',
    body: {
      to: [{ type: 'phone', number: '447700900123' }],
      from: { type: 'phone', number: '447700900001' },
      answer_url: [DIAL.answerUrl],
      answer_method: 'POST',
      event_url: [DIAL.eventUrl],
      event_method: 'POST',
      ringing_timer: 45,
    },
  });
  const claims = JSON.parse(Buffer.from(asked[0]?.authorization.split('.')[1] ?? '', 'base64url').toString());
  expect(claims).toMatchObject({ application_id: 'app-1' });
});

test.each<[string, Scripted, string]>([
  ['refused as too many', json(429, { type: 'TOO_MANY' }, { 'retry-after': '2' }), 'rate_limit'],
  ['refused for the token', json(401, { type: 'UNAUTHORIZED' }), 'credentials'],
  ['refused for the number', json(400, { type: 'BAD_REQUEST', error_title: 'Bad number' }), 'bad_request'],
  ['answered with a server’s error', json(503, {}), 'in_doubt'],
  ['answered without a leg', json(201, {}), 'in_doubt'],
  [
    'answered with half a body',
    (response) =>
      void response.writeHead(201, { 'content-type': 'application/json', 'content-length': '5' }).end('{"uui'),
    'in_doubt',
  ],
  ['reset after it was sent', (_response, request) => void request.socket.destroy(), 'in_doubt'],
  ['never answered', () => undefined, 'in_doubt'],
])('[DI8] a dial that is %s is told as such', async (_what, reply, kind) => {
  script = [reply];
  await expect(telephony().dial(DIAL)).rejects.toMatchObject({ name: 'ProviderError', kind });
});

test('[DI8] a dial that never left the machine is not in doubt, and the vendor’s own delay is kept', async () => {
  const closed = createServer();
  await new Promise<void>((resolve) => closed.listen(0, '127.0.0.1', resolve));
  const { port } = closed.address() as AddressInfo;
  await new Promise((resolve) => closed.close(resolve));
  await expect(telephony(`http://127.0.0.1:${port}`).dial(DIAL)).rejects.toMatchObject({ kind: 'unreachable' });
  script = [json(429, {}, { 'retry-after': '2' })];
  await expect(telephony().dial(DIAL)).rejects.toMatchObject({ retryAfterMs: 2_000 });
});

test('[DI9] what was dialled is found by number and time, over all pages, newest first', async () => {
  const sinceMs = Date.parse('2026-03-01T10:00:00Z');
  const listed = { status: 'ringing', direction: 'outbound', to: { type: 'phone', number: '447700900123' } };
  const call = (uuid: string, start_time: string | null, extra = {}) => ({
    uuid,
    conversation_uuid: `CON-${uuid}`,
    ...listed,
    start_time,
    ...extra,
  });
  const others = Array.from({ length: 97 }, (_, index) =>
    call(`other-${index}`, '2026-03-01T10:00:01.000Z', { to: { type: 'phone', number: '447700900999' } }),
  );
  script = [
    json(200, {
      count: 102,
      _embedded: {
        calls: [
          ...others,
          call('found', '2026-03-01T10:00:02.000Z'),
          call('too-old', '2026-03-01T09:00:00.000Z'),
          call('inbound', '2026-03-01T10:00:02.000Z', { direction: 'inbound' }),
        ],
      },
    }),
    json(200, {
      count: 102,
      _embedded: {
        calls: [
          call('newer', '2026-03-01T10:00:04.000Z', { to: [{ type: 'phone', number: '447700900123' }] }),
          call('unstarted', null),
        ],
      },
    }),
  ];
  const found = await telephony().findDialled({ to: DIAL.to, sinceMs });
  expect(found.map(({ legId }) => legId)).toEqual(['newer', 'found', 'unstarted']);
  expect(asked.map(({ query }) => [query['record_index'], query['page_size'], query['date_start']])).toEqual([
    ['0', '100', '2026-03-01T09:59:50.000Z'],
    ['100', '100', '2026-03-01T09:59:50.000Z'],
  ]);
});

test('[CL12] a leg’s status is read; an unknown leg has none', async () => {
  script = [json(200, { uuid: 'leg-1', status: 'completed', to: {}, from: {} }), json(404, {})];
  expect(await telephony().legStatus(leg)).toBe('completed');
  expect(await telephony().legStatus(leg)).toBeNull();
});

test('[CL13] hanging up a leg too young for it is tried again; one already gone is hung up', async () => {
  script = [json(400, {}), json(400, {}), empty];
  await telephony().hangUp(leg);
  expect(asked.map(({ method, body }) => [method, body])).toEqual(
    Array.from({ length: 3 }, () => ['PUT', { action: 'hangup' }]),
  );
  script = [json(404, {})];
  await telephony().hangUp(leg);
  script = [...Array.from({ length: 4 }, () => json(400, {})), json(200, { uuid: 'leg-1', status: 'completed' })];
  await telephony().hangUp(leg);
  script = [
    ...Array.from({ length: 4 }, () => json(400, { error_title: 'No' })),
    json(200, { uuid: 'leg-1', status: 'answered' }),
  ];
  await expect(telephony().hangUp(leg)).rejects.toMatchObject({ kind: 'bad_request' });
});

test('[TR11] a transfer carries the NCCO with the names as Vonage reads them', async () => {
  script = [empty];
  const headers = { callId: 'call-1', connectId: asConnectId('connect-1') };
  await telephony().transfer(leg, [
    { do: 'say', text: 'One moment.', language: 'en-US' },
    {
      do: 'operator',
      number: asE164('+33612345678'),
      from: '+447700900001',
      briefingUrl: 'https://app.test/b',
      eventUrl: 'https://app.test/o',
      ringTimeoutS: 25,
    },
    {
      do: 'bot',
      mediaUrl: 'wss://media.test/media/h?token=t',
      headers,
      eventUrl: 'https://app.test/e',
      from: '+447700900001',
    },
  ]);
  expect(asked[0]).toMatchObject({ method: 'PUT', path: '/v1/calls/leg-1' });
  expect(asked[0]?.body).toEqual({
    action: 'transfer',
    destination: {
      type: 'ncco',
      ncco: [
        { action: 'talk', text: 'One moment.', language: 'en-US' },
        {
          action: 'connect',
          from: '447700900001',
          eventType: 'synchronous',
          eventUrl: ['https://app.test/o'],
          eventMethod: 'POST',
          timeout: 25,
          endpoint: [{ type: 'phone', number: '33612345678', onAnswer: { url: 'https://app.test/b' } }],
        },
        {
          action: 'connect',
          from: '447700900001',
          eventType: 'synchronous',
          eventUrl: ['https://app.test/e'],
          eventMethod: 'POST',
          endpoint: [
            {
              type: 'websocket',
              uri: 'wss://media.test/media/h?token=t',
              'content-type': 'audio/l16;rate=16000',
              headers,
            },
          ],
        },
      ],
    },
  });
  script = [json(404, {})];
  await expect(telephony().transfer(leg, [])).rejects.toMatchObject({ kind: 'not_found' });
});

test('[SM1] an SMS goes out with its key as client_ref, and a lost reply leaves it in doubt', async () => {
  const sms = createVonageSms(account(), { timeoutMs: 400 });
  const message = {
    from: '+447700900001',
    to: asE164('+447700900123'),
    text: 'Ваша запись в 10:00',
    idempotencyKey: 'call-1/turn-2/send_sms',
  };
  script = [json(202, { message_uuid: 'm-1' })];
  expect(await sms.send(message)).toEqual({ messageId: 'm-1' });
  expect(asked[0]).toMatchObject({
    path: '/v1/messages',
    body: {
      channel: 'sms',
      message_type: 'text',
      from: '447700900001',
      to: '447700900123',
      text: message.text,
      client_ref: 'call-1/turn-2/send_sms',
    },
  });
  expect(asked[0]?.authorization).toMatch(/^Bearer ey/);
  script = [(_response, request) => void request.socket.destroy()];
  await expect(sms.send(message)).rejects.toMatchObject({ kind: 'in_doubt' });
  script = [json(422, { title: 'Invalid', detail: 'to is not a number' })];
  await expect(sms.send(message)).rejects.toMatchObject({
    kind: 'bad_request',
    message: expect.stringContaining('to is not a number'),
  });
});
