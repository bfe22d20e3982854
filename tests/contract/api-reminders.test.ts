import { afterEach, beforeEach, expect, test } from 'vitest';
import { wallClockMs } from '../../domain/due.ts';
import { CallDoorError } from '../../api/call-door.ts';
import { aCallback } from './store-documents.ts';
import { CUSTOMER, startApi, type ApiHarness } from '../kit/api-harness.ts';

let api: ApiHarness;
beforeEach(async () => {
  api = await startApi();
});
afterEach(async () => {
  await api[Symbol.asyncDispose]();
});

const HOUR = 3_600_000;
const inHours = (hours: number): string => new Date(Date.now() + hours * HOUR).toISOString();
const body = (more: object = {}) => ({
  phone_number: CUSTOMER,
  title: 'Tell about the repair',
  due_date_time: inHours(5),
  ...more,
});

test('[CB21] a reminder is made, with what it is about and the zone of the number', async () => {
  const due = inHours(5);
  const made = await api.send('POST /reminder', {
    ...body({ due_date_time: due, words: 'Your machine is ready.', channel: 'both', exact: true, lang: 'fr' }),
    windows: [{ days: [1, 2], from: '09:00', to: '12:00' }],
    recurrence: 'FREQ=WEEKLY;COUNT=4',
  });
  expect(made.status).toBe(201);
  expect(made.body).toEqual({ callback_id: expect.any(String), status: 'pending', due_date_time: due });
  expect(made.headers.get('location')).toBe(`/reminder/${String(made.body.callback_id)}`);
  expect(api.temporal.promised).toMatchObject([
    {
      callbackId: made.body.callback_id,
      customerNumber: CUSTOMER,
      title: 'Tell about the repair',
      words: 'Your machine is ready.',
      channel: 'both',
      owner: 'assistant',
      exact: true,
      rule: 'FREQ=WEEKLY;COUNT=4',
      hours: [{ days: [1, 2], from: '09:00', to: '12:00' }],
      initiate: { language: 'fr-FR' },
      dueAtMs: Date.parse(due),
    },
  ]);
  expect(api.temporal.promised[0]?.zone).toMatch(/^Europe\//);
});

test('[CB21] the same key makes the same reminder; another body under it is refused', async () => {
  const key = { 'idempotency-key': 'once' };
  const first = await api.send('POST /reminder', body({ due_date_time: '2099-05-04T10:00:00Z' }), key);
  const again = await api.send('POST /reminder', body({ due_date_time: '2099-05-04T10:00:00Z' }), key);
  expect(again.body.callback_id).toBe(first.body.callback_id);
  const other = await api.send('POST /reminder', body({ title: 'Something else' }), key);
  expect(other.status).toBe(422);
});

test('[CB21] [CB12] a time on the customer’s clock, and words in their language', async () => {
  await api.send('POST /reminder', body({ due_date_time: '2099-07-01T10:00', zone: 'America/New_York' }));
  expect(api.temporal.promised[0]?.dueAtMs).toBe(Date.parse('2099-07-01T14:00:00Z'));
  const words = await api.send('POST /reminder', {
    ...body({ title: 'Another', due_date_time: 'demain à dix heures', lang: 'fr', zone: 'Europe/Paris' }),
  });
  expect(words.status).toBe(201);
  const tomorrow = new Date(Date.now() + 24 * HOUR).toLocaleDateString('sv-SE', { timeZone: 'Europe/Paris' });
  expect(api.temporal.promised[1]?.dueAtMs).toBe(wallClockMs(`${tomorrow}T10:00`, 'Europe/Paris'));
});

test('[CB16] a pending one of that title to the same customer is moved', async () => {
  const first = await api.send('POST /reminder', body());
  const due = inHours(8);
  const again = await api.send('POST /reminder', body({ due_date_time: due, description: 'New words' }));
  expect(again.status).toBe(200);
  expect(again.body).toMatchObject({ callback_id: first.body.callback_id, due_date_time: due });
  expect(api.temporal.promised).toHaveLength(1);
  expect(api.temporal.asked).toMatchObject([{ what: 'reschedule', detail: { description: 'New words' } }]);
});

test('[CB25] the same title again: all of the request holds, and what it leaves out is as when it is made', async () => {
  await api.send('POST /reminder', body({ words: 'Ready.', exact: true }));
  const windows = [{ days: [1, 2], from: '09:00', to: '12:00' }];
  const other = { owner: 'customer', channel: 'sms', zone: 'America/New_York', windows, recurrence: 'FREQ=DAILY' };
  await api.send('POST /reminder', { ...body(other), task: 'Say hello', lang: 'fr' });
  await api.send('POST /reminder', body());
  expect(api.temporal.asked.map(({ detail }) => detail)).toMatchObject([
    {
      anew: true,
      words: null,
      exact: false,
      given: {
        owner: 'customer',
        channel: 'sms',
        zone: 'America/New_York',
        hours: windows,
        rule: 'FREQ=DAILY',
        initiate: { task: 'Say hello', language: 'fr-FR' },
      },
    },
    { given: { owner: 'assistant', channel: 'call', hours: null, rule: null, initiate: { language: 'en-US' } } },
  ]);
});

test.each([
  ['due_date_time', { due_date_time: '2020-01-01T00:00:00Z' }],
  ['due_date_time', { due_date_time: 'whenever it suits' }],
  ['recurrence', { recurrence: 'FREQ=HOURLY' }],
  ['zone', { zone: 'Mars/Olympus' }],
  ['phone_number', { phone_number: '+15550100001' }],
  ['channel', { channel: 'pigeon' }],
])('[CB21] what does not fit is refused, naming %s', async (field, wrong) => {
  const { status, body: problem } = await api.send('POST /reminder', body(wrong));
  expect(status).toBe(422);
  expect(problem.errors[0].field).toBe(field);
  expect(api.temporal.promised).toEqual([]);
});

test.each([
  '2099-11-26T25:00:00+01:00',
  '2099-13-01T10:00:00Z',
  '2099-02-30T10:00:00Z',
  '2099-11-26T10:00:00+99:00',
  '2099-13-01T10:00',
  '2099-11-26T10:75',
])('[CB24] %s, which does not exist, is refused and rings nobody', async (due_date_time) => {
  api.store.callbacks.set('r-1', aCallback({ callback_id: 'r-1', phone_number: CUSTOMER, zone: 'Europe/Berlin' }));
  await api.send('POST /reminder', body({ title: 'Standing' }));
  const orders = [
    await api.send('POST /reminder', body({ due_date_time, title: 'New' })),
    await api.send('POST /reminder', body({ due_date_time, title: 'Standing' })),
    await api.send('PATCH /reminder/r-1', { due_date_time }),
  ];
  for (const { status, body: problem } of orders)
    expect([status, problem.errors?.[0].field]).toEqual([422, 'due_date_time']);
  expect(api.temporal.promised.map(({ title }) => title)).toEqual(['Standing']);
  expect(api.temporal.asked).toEqual([]);
});

test('[CB12] a number of several zones needs one to be given, unless the moment is exact', async () => {
  await using abroad = await startApi({ settings: { allowedPrefixes: ['+1'] } });
  const number = '+18005550100';
  const asked = await abroad.send('POST /reminder', body({ phone_number: number }));
  expect([asked.status, asked.body.errors[0].field]).toEqual([422, 'zone']);
  expect((await abroad.send('POST /reminder', body({ phone_number: number, exact: true }))).status).toBe(201);
});

test('[CB27] hours that never meet the country’s are refused, for whoever is to be rung', async () => {
  const windows = [{ days: [7], from: '09:00', to: '20:00' }];
  const refused = await api.send('POST /reminder', body({ windows }));
  expect([refused.status, refused.body.errors[0]]).toEqual([
    422,
    { field: 'windows', reason: 'never meet the calling hours of GB' },
  ]);
  expect(api.temporal.promised).toEqual([]);
  expect((await api.send('POST /reminder', body({ windows, owner: 'human' }))).status).toBe(201);
  const weekend = [{ days: [6, 7], from: '09:00', to: '20:00' }];
  expect((await api.send('POST /reminder', body({ windows: weekend, title: 'Another' }))).status).toBe(201);
});

test('[CB18] a colleague’s task is listed as due and said to be done', async () => {
  await api.store.saveCallback({
    callback_id: 'cb-1',
    version: 2,
    call_id: null,
    phone_number: CUSTOMER,
    bot_phone_number: '+447700900001',
    title: 'Send the contract',
    description: '',
    due_date_time: inHours(-1),
    status: 'due',
    owner: 'human',
    attempts: [],
    created_at: inHours(-5),
    updated_at: inHours(-1),
  });
  expect((await api.get('/reminder?status=due')).body).toMatchObject([{ callback_id: 'cb-1', owner: 'human' }]);
  expect((await api.get('/reminder/cb-1')).body).toMatchObject({ title: 'Send the contract', status: 'due' });
  expect((await api.get('/reminder/none')).status).toBe(404);
  expect((await api.get('/')).text).toContain('Send the contract');
  const done = await api.send('POST /reminder/cb-1/done', {});
  expect(done.body).toMatchObject({ callback_id: 'cb-1', status: 'done' });
});

test('[CB23] it is moved in words on the customer’s clock, or to a moment', async () => {
  api.store.callbacks.set('r-1', aCallback({ callback_id: 'r-1', phone_number: CUSTOMER, zone: 'America/New_York' }));
  for (const text of ['2099-07-01T10:00', '2099-07-01T16:00:00+02:00'])
    expect((await api.send('PATCH /reminder/r-1', { due_date_time: text })).body).toMatchObject({
      due_date_time: '2099-07-01T14:00:00.000Z',
    });
  expect((await api.send('PATCH /reminder/r-1', { due_date_time: 'tomorrow at ten' })).status).toBe(200);
  for (const wrong of ['whenever', '2020-01-01T00:00:00Z']) {
    const refused = await api.send('PATCH /reminder/r-1', { due_date_time: wrong });
    expect([refused.status, refused.body.errors[0].field]).toEqual([422, 'due_date_time']);
  }
  expect((await api.send('PATCH /reminder/none', { due_date_time: 'tomorrow at ten' })).status).toBe(404);
});

test('[CB23] an order to a reminder that is settled says what has become of it', async () => {
  const gone = () => Promise.reject(new CallDoorError('not_found', 'that workflow has ended or never was'));
  Object.assign(api.temporal, { cancelCallback: gone, completeCallback: gone, rescheduleCallback: gone });
  api.store.callbacks.set('r-1', aCallback({ callback_id: 'r-1', phone_number: CUSTOMER, status: 'done' }));
  const orders: [string, object][] = [
    ['DELETE /reminder/', {}],
    ['POST /reminder/:id/done', {}],
    ['PATCH /reminder/', { due_date_time: '2099-07-01T16:00:00Z' }],
  ];
  for (const [order, given] of orders) {
    const at = (id: string): string => (order.includes(':id') ? order.replace(':id', id) : `${order}${id}`);
    expect(await api.send(at('r-1'), given)).toMatchObject({ status: 409, body: { detail: 'the reminder is done' } });
    expect(await api.send(at('none'), given)).toMatchObject({ status: 404, body: { detail: 'no reminder none' } });
  }
});

test('[AP14] a plus that nobody has escaped', async () => {
  api.store.callbacks.set('r-1', aCallback({ callback_id: 'r-1', phone_number: CUSTOMER }));
  for (const number of [CUSTOMER, encodeURIComponent(CUSTOMER)])
    expect((await api.get(`/reminder?phone_number=${number}`)).body).toHaveLength(1);
});
