import { afterEach, beforeEach, expect, test } from 'vitest';
import { openedDocument } from '../../api/documents.ts';
import { asCallId, asNumberKey, type CallId } from '../../domain/ids.ts';
import { BOT, CUSTOMER, startApi, type ApiHarness } from '../kit/api-harness.ts';

let api: ApiHarness;
beforeEach(async () => {
  api = await startApi();
});
afterEach(async () => {
  await api[Symbol.asyncDispose]();
});

const BODY = {
  bot_company: 'Contoso',
  bot_name: 'Amélie',
  phone_number: CUSTOMER,
  task: 'Help with the washing machine.',
  agent_phone_number: '+33612345678',
  claim: [{ name: 'machine', type: 'text', description: 'Which machine' }],
};

test('[AP1] POST /call opens an outbound call on the customer’s line and answers with its document', async () => {
  const { status, headers, body } = await api.send('POST /call', BODY);
  expect(status).toBe(201);
  expect(headers.get('location')).toBe(`/call/${body.call_id}`);
  expect(body).toMatchObject({
    phone_number: CUSTOMER,
    bot_phone_number: BOT,
    direction: 'outbound',
    in_progress: true,
    messages: [],
  });
  expect((body.initiate.claim as { name: string }[]).map((field) => field.name)).toEqual([
    'machine',
    'caller_email',
    'caller_name',
    'caller_phone',
  ]);
  const [opened] = api.temporal.opened;
  expect(opened).toMatchObject({ numberKey: CUSTOMER, updateId: `api:${body.call_id}` });
  expect(opened?.request).toMatchObject({
    direction: 'outbound',
    proposedCallId: body.call_id,
    resumeWithinMs: 3 * 3_600_000,
  });
  expect(opened?.request.initiate).toMatchObject({
    botName: 'Amélie',
    operatorNumber: '+33612345678',
    language: 'en-US',
  });
});

test('[AP1] what the body leaves out comes from the configuration', async () => {
  const { status, body } = await api.send('POST /call', { phone_number: '07700 900123', lang: 'fr' });
  expect(status).toBe(201);
  expect(body).toMatchObject({
    phone_number: CUSTOMER,
    initiate: { bot_company: 'Contoso', agent_phone_number: null, lang: 'fr-FR' },
  });
});

test.each([
  ['phone_number', { ...BODY, phone_number: '12' }, /phone_number/],
  ['phone_number', { ...BODY, phone_number: 'not a number' }, /E\.164/],
  ['phone_number', { ...BODY, phone_number: '+15551234567' }, /allowed: \+44, \+33/],
  ['agent_phone_number', { ...BODY, agent_phone_number: '+15551234567' }, /allowed/],
  ['claim.0.type', { ...BODY, claim: [{ name: 'when', type: 'date' }] }, /claim\.0\.type/],
  ['claim.0.name', { ...BODY, claim: [{ name: 'Upper Case', type: 'text' }] }, /lower case/],
  ['lang', { ...BODY, lang: 'klingon' }, /en-US/],
  ['prosody_rate', { ...BODY, prosody_rate: 9 }, /prosody_rate/],
])('[AP2] a body whose %s is not valid is refused with the field and the reason', async (field, body, detail) => {
  const answer = await api.send('POST /call', body);
  expect(answer.status).toBe(422);
  expect(answer.headers.get('content-type')).toBe('application/problem+json');
  expect(answer.body.errors[0].field).toBe(field);
  expect(answer.body.detail).toMatch(detail);
  expect(api.temporal.opened).toEqual([]);
});

test('[AP2] a body that is not JSON is refused', async () => {
  const reply = await fetch(`${api.url}/call`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: '{',
  });
  expect(reply.status).toBe(400);
  expect(reply.headers.get('content-type')).toBe('application/problem+json');
});

test('[AP3] the same Idempotency-Key and body are the same call, another body is refused', async () => {
  const key = { 'idempotency-key': 'order-17' };
  const first = await api.send('POST /call', BODY, key);
  const again = await api.send('POST /call', Object.fromEntries(Object.entries(BODY).reverse()), key);
  const other = await api.send('POST /call', { ...BODY, task: 'Something else.' }, key);
  expect([first.status, again.status, other.status]).toEqual([201, 201, 422]);
  expect(again.body.call_id).toBe(first.body.call_id);
  expect(api.temporal.opened).toHaveLength(1);
});

test('[AP3] the key holds while the store is away', async () => {
  api.store.away = true;
  const key = { 'idempotency-key': 'order-18' };
  const first = await api.send('POST /call', BODY, key);
  api.store.away = false;
  const again = await api.send('POST /call', BODY, key);
  expect([first.status, again.status]).toEqual([201, 201]);
  expect(again.body.call_id).toBe(first.body.call_id);
  expect(api.temporal.opened).toHaveLength(1);
});

test('[AP4] somebody on the line already: 409 naming the call', async () => {
  api.temporal.busy.set(asNumberKey(CUSTOMER), asCallId('the-live-one'));
  const { status, body } = await api.send('POST /call', BODY);
  expect(status).toBe(409);
  expect(body).toMatchObject({ call_id: 'the-live-one' });
  expect(body.detail).toContain('the-live-one');
});

test('[AP5] Temporal away: 503 with a time to try again', async () => {
  api.temporal.away = true;
  const { status, headers } = await api.send('POST /call', BODY);
  expect(status).toBe(503);
  expect(Number(headers.get('retry-after'))).toBeGreaterThan(0);
});

const known = (callId: string, changes: object = {}) => ({
  ...openedDocument({
    callId: asCallId(callId),
    direction: 'outbound',
    customerNumber: CUSTOMER,
    botNumber: BOT,
    initiate: api.settings.defaults,
    atMs: Date.parse('2026-03-01T10:00:00Z'),
  }),
  ...changes,
});
const OLD: CallId = asCallId('11111111-1111-8111-8111-111111111111');
const NEW: CallId = asCallId('22222222-2222-8222-8222-222222222222');

test('[AP6] calls are read by id, by number and as a list, newest first, each with a signed link to its report', async () => {
  await api.store.saveCall(known(OLD));
  await api.store.saveCall(known(NEW, { created_at: '2026-03-02T10:00:00.000Z', version: 1 }));
  expect((await api.get(`/call/${OLD}`)).body.call_id).toBe(OLD);
  expect((await api.get(`/call/${encodeURIComponent(CUSTOMER)}`)).body.call_id).toBe(NEW);
  const list = await api.get(`/call?phone_number=${encodeURIComponent(CUSTOMER)}`);
  expect((list.body as { call_id: string }[]).map((call) => call.call_id)).toEqual([NEW, OLD]);
  expect(list.body[0].report_url).toMatch(/\/report\/call\/22222222.*signature=/);
  expect((await api.get('/call?phone_number=%2B447700900999')).body).toEqual([]);
  const second = await api.get(`/call?after=${NEW}`);
  expect((second.body as { call_id: string }[]).map((call) => call.call_id)).toEqual([OLD]);
  expect(await api.get('/call?after=nobody')).toMatchObject({ status: 422, body: { errors: [{ field: 'after' }] } });
  expect((await api.get('/call/33333333-3333-8333-8333-333333333333')).status).toBe(404);
});

test('[AP6] a call is read from its workflow while the store has it not yet, or is away', async () => {
  api.temporal.views.set(NEW, {
    document: known(NEW, { dialog_state: 'FAREWELL' }),
    customerLegId: null,
    mediaHostId: null,
    briefing: null,
  });
  expect((await api.get(`/call/${NEW}`)).body.dialog_state).toBe('FAREWELL');
  api.store.away = true;
  expect((await api.get(`/call/${NEW}`)).body.dialog_state).toBe('FAREWELL');
  expect((await api.get(`/call/${OLD}`)).status).toBe(503);
  expect((await api.get('/call')).status).toBe(503);
});

test('[AP7] a live call can be ended, spoken into and handed over; one that is not live cannot', async () => {
  api.temporal.views.set(NEW, { document: known(NEW), customerLegId: null, mediaHostId: null, briefing: null });
  expect((await api.send(`POST /call/${NEW}/say`, { text: 'Please hold.' })).status).toBe(202);
  expect((await api.send(`POST /call/${NEW}/transfer`, { agent_phone_number: '+447700900777' })).status).toBe(202);
  expect((await fetch(`${api.url}/call/${NEW}/hangup`, { method: 'POST' })).status).toBe(202);
  expect(api.temporal.asked).toEqual([
    { what: 'say', callId: NEW, detail: 'Please hold.' },
    { what: 'transfer', callId: NEW, detail: { reason: 'asked through the API', operatorNumber: '+447700900777' } },
    { what: 'hangUp', callId: NEW, detail: 'asked through the API' },
  ]);
  expect((await api.send(`POST /call/${NEW}/say`, { text: '' })).status).toBe(422);
  expect((await api.send(`POST /call/${OLD}/say`, { text: 'Hello' })).status).toBe(404);
});
