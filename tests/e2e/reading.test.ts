/** What people and other systems read of a call: pages, links, switches, health, the CRM note, signed events. With keys, as in the open. */
import { createHmac, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { CallDocument } from '../../domain/call-document.ts';
import { promisesTo, ringIn, untilCallOf } from '../kit/phones.ts';
import { newNumber } from '../kit/new-number.ts';
import { systemForFile } from '../kit/system-for-tests.ts';
import { until } from '../kit/system.ts';

const LONG = { timeout: 180_000 };
const KEY = randomBytes(16).toString('hex');
const LINK_SECRET = randomBytes(16).toString('hex');
const EVENT_SECRET = randomBytes(16).toString('hex');

interface Received {
  headers: IncomingMessage['headers'];
  body: string;
}
const received: Received[] = [];
const integrator = createServer((req, res) => {
  const chunks: Buffer[] = [];
  req.on('data', (chunk: Buffer) => chunks.push(chunk));
  req.on('end', () => {
    received.push({ headers: req.headers, body: Buffer.concat(chunks).toString('utf8') });
    // The first delivery of all is refused: it has to come again.
    res.writeHead(received.length === 1 ? 503 : 204).end();
  });
});

beforeAll(async () => {
  integrator.listen(0, '127.0.0.1');
  await once(integrator, 'listening');
});
afterAll(() => {
  integrator.close();
});
const system = systemForFile(() => ({
  API_KEYS: KEY,
  REPORT_LINK_SECRET: LINK_SECRET,
  WEBHOOK_OUT_URL: `http://127.0.0.1:${String((integrator.address() as AddressInfo).port)}/events`,
  WEBHOOK_OUT_SECRET: EVENT_SECRET,
}));

/** As somebody without a key. */
const stranger = (path: string): Promise<Response> => fetch(new URL(path, system.run().urls.api));
const page = async (path: string): Promise<string> => {
  const response = await system.api(path);
  expect(response.status, path).toBe(200);
  return response.text();
};

const drops = (words: string): object => ({
  // The turn is committed well before the line goes dead, on a busy machine too.
  steps: [
    { waitsForSilenceMs: 1_000 },
    { says: words },
    { waitsMs: 3_000 },
    { waitsForSilenceMs: 600 },
    { drops: true },
  ],
});

async function noteOf(call: CallDocument): Promise<{ count: number; body: string }> {
  const headers = { authorization: 'Bearer sandbox' };
  const base = '/hubspot/crm/v3/objects';
  const notes = await system.sandbox(`${base}/contacts/${call.crm.customer_id ?? ''}/associations/notes`, { headers });
  const { results } = (await notes.json()) as { results: { id: string }[] };
  const note = await system.sandbox(`${base}/notes/${call.crm.note_id ?? ''}?properties=hs_note_body`, { headers });
  const { properties } = (await note.json()) as { properties: { hs_note_body: string } };
  return { count: results.length, body: properties.hs_note_body.replaceAll('&amp;', '&') };
}

let number: string;
let told: CallDocument;

test(
  '[CR1] [CR3] [CR9] a call leaves one CRM note with summary, outcome and a link that opens the transcript, brought up to date by its second leg; both are told as signed events',
  LONG,
  async () => {
    number = newNumber();
    await ringIn(system, { from: number, script: drops('My name is Anna Petrova') });
    const first = await untilCallOf(system, number, {
      what: 'the note of the first leg',
      ready: ({ phase, crm }) => phase === 'resumable' && crm.note_id !== null,
      withinMs: 40_000,
    });
    const before = await noteOf(first);
    expect(before.count).toBe(1);
    expect(before.body).toContain(first.synthesis?.short ?? 'no summary');
    expect(before.body).toMatch(/Outcome: \S/);
    const link = /https?:\S+?\/report\/call\/[^\s<]+/.exec(before.body)?.[0] ?? '';
    const opened = await fetch(link);
    expect(opened.status, link).toBe(200);
    expect(await opened.text()).toContain('My name is Anna Petrova');

    await ringIn(system, { from: number, script: drops('A pipe burst in my kitchen') });
    const body = await until('the note brought up to date', () => noteOf(first), {
      ready: (note) => note.body.includes('pipe burst'),
      withinMs: 40_000,
    });
    expect(body.count).toBe(1);
    told = await untilCallOf(system, number, {
      what: 'the call',
      ready: ({ crm }) => crm.note_id === first.crm.note_id,
    });
    expect(told.call_id).toBe(first.call_id);

    const events = await until('two events, one of them after a refusal', () => Promise.resolve(received), {
      ready: (all) => new Set(all.slice(1).map(({ headers }) => headers['x-evercall-event-id'])).size >= 2,
    });
    for (const { headers, body: sent } of events) {
      const stamp = String(headers['x-evercall-timestamp']);
      const signature = createHmac('sha256', EVENT_SECRET).update(`${stamp}.${sent}`).digest('hex');
      expect(headers['x-evercall-signature']).toBe(`sha256=${signature}`);
      expect(JSON.parse(sent)).toMatchObject({ type: 'call.wrapped_up', data: { call: { call_id: first.call_id } } });
    }
  },
);

test(
  '[AP9] [RP1] [RP4] reports open by key or by their own signed link until that expires, never by number alone',
  LONG,
  async () => {
    const path = `/report/call/${told.call_id}`;
    for (const closed of [path, `/report/${encodeURIComponent(number)}`, '/', '/call', `/call/${told.call_id}`])
      expect((await stranger(closed)).status, closed).toBe(401);

    const byNumber = await page(`/report/${encodeURIComponent(number)}`);
    expect(byNumber).toContain('Anna Petrova');

    const signed = (of: string, expires: number): string =>
      createHmac('sha256', LINK_SECRET)
        .update(`${of}\n${String(expires)}`)
        .digest('base64url');
    const inAnHour = Math.floor(Date.now() / 1_000) + 3_600;
    const link = (of: string, expires: number, signature: string): string =>
      `${of}?expires=${String(expires)}&signature=${signature}`;
    expect((await stranger(link(path, inAnHour, signed(path, inAnHour)))).status).toBe(200);
    expect((await stranger(link(path, inAnHour - 7_200, signed(path, inAnHour - 7_200)))).status).toBe(401);
    expect((await stranger(link(path, inAnHour + 1, signed(path, inAnHour)))).status).toBe(401);
    expect((await stranger(link('/report/call/other', inAnHour, signed(path, inAnHour)))).status).toBe(401);
    expect((await stranger(link('/call', inAnHour, signed('/call', inAnHour)))).status).toBe(401);
  },
);

test('[AP11] [CB9] the first page shows recent calls, promises and the ways on', LONG, async () => {
  const number = newNumber();
  await ringIn(system, { from: number, script: drops('Please call me back tomorrow at ten') });
  await until('the promise', () => promisesTo(system, number), { ready: (all) => all.length === 1 });
  const home = await page('/');
  expect(home).toContain('Anna Petrova');
  expect(home).toContain(number);
  for (const way of ['/report', '/docs', '/phone']) expect(home).toContain(way);
});

test('[FF4] switches are changed to zero and false, and are so in the next call', LONG, async () => {
  const patch = (change: object): Promise<Response> =>
    system.api('/feature', {
      method: 'PATCH',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(change),
    });
  await patch({ recording_enabled: true });
  const changed = await patch({ callback_timeout_hour: 0, recording_enabled: false });
  expect(changed.status).toBe(200);
  expect(await (await system.api('/feature')).json()).toMatchObject({
    callback_timeout_hour: 0,
    recording_enabled: false,
  });
  const refused = await patch({ callback_timeout_hour: -1 });
  expect(refused.status).toBe(422);
  expect(await refused.text()).toContain('callback_timeout_hour');

  const number = newNumber();
  await ringIn(system, { from: number, script: drops('My name is Boris Miller') });
  await untilCallOf(system, number, {
    what: 'the call, closed since nothing can be resumed',
    ready: ({ phase }) => phase === 'closed',
  });
  await patch({ callback_timeout_hour: 3 });
});

test('[AP13] [AP12] readiness names every part, and the API describes itself', async () => {
  const readiness = await stranger('/health/readiness');
  expect(readiness.status).toBe(200);
  const { checks } = (await readiness.json()) as { checks: { id: string; status: string }[] };
  expect(checks.map(({ id }) => id)).toEqual(expect.arrayContaining(['temporal', 'mongodb', 'media']));
  expect(checks.every(({ status }) => status === 'ok')).toBe(true);
  expect((await stranger('/health/liveness')).status).toBe(200);

  const api = (await (await stranger('/openapi.json')).json()) as { openapi: string; paths: Record<string, object> };
  expect(api.openapi).toMatch(/^3\.[01]\.\d$/);
  for (const path of ['/call', '/call/{id}', '/reminder', '/feature']) expect(Object.keys(api.paths)).toContain(path);
  const pointers = [...JSON.stringify(api).matchAll(/"\$ref":"#\/([^"]+)"/g)].map(([, pointer]) => pointer ?? '');
  expect(pointers.length).toBeGreaterThan(0);
  for (const pointer of pointers) {
    const found = pointer
      .split('/')
      .reduce<unknown>((at, part) => (at as Record<string, unknown> | undefined)?.[part], api);
    expect(found, pointer).toBeDefined();
  }
  for (const operations of Object.values(api.paths))
    for (const operation of Object.values(operations)) expect(operation).toHaveProperty('responses');
  expect((await stranger('/docs')).status).toBe(200);
});
