/** Whoever wants no more calls, and whoever is to be forgotten, as the api takes it. */
import { afterEach, beforeEach, expect, test } from 'vitest';
import { asCallId } from '../../domain/ids.ts';
import { CUSTOMER, FRENCH_BOT, startApi, type ApiHarness } from '../kit/api-harness.ts';
import { aCall, aCallback } from './store-documents.ts';

let api: ApiHarness;
beforeEach(async () => {
  api = await startApi();
});
afterEach(async () => {
  await api[Symbol.asyncDispose]();
});

const optOut = () => api.send('POST /opt-out', { phone_number: CUSTOMER, reason: 'asked by letter' });
const inAnHour = (): string => new Date(Date.now() + 3_600_000).toISOString();

test('[OO4] the customer’s line is told of an opt-out, and how many promises it stops is said', async () => {
  await api.store.saveCallback(aCallback({ callback_id: 'one', phone_number: CUSTOMER, status: 'pending' }));
  await api.store.saveCallback(
    aCallback({ callback_id: 'task', phone_number: CUSTOMER, status: 'pending', owner: 'human' }),
  );
  const done = await optOut();
  expect(done.status).toBe(200);
  expect(done.body).toMatchObject({ phone_number: CUSTOMER, stopped_contacts: 0, stopped_reminders: 1 });
  expect(api.temporal.wishes).toMatchObject([
    { numberKey: CUSTOMER, wish: { source: 'api', reason: 'asked by letter', written: true, reply: null } },
  ]);
});

test('[OO4] with Temporal away the wish is in force at once, and told as soon as it is back', async () => {
  api.temporal.away = true;
  expect((await optOut()).status).toBe(200);
  expect(await api.store.optOuts.isOptedOut(CUSTOMER)).toBe(true);
  expect(api.temporal.wishes).toEqual([]);
  api.temporal.away = false;
  await expect.poll(() => api.temporal.wishes.length, { timeout: 30_000 }).toBe(1);
});

test('[OO5] neither a call nor a promise to who has opted out; a colleague’s task, and again once they take it back', async () => {
  await optOut();
  const refused = await api.send('POST /call', { phone_number: CUSTOMER });
  expect(refused.status).toBe(409);
  expect(refused.headers.get('content-type')).toContain('application/problem+json');
  expect(refused.body).toMatchObject({ title: 'The customer has opted out', reason: 'opted_out' });
  const promise = { phone_number: CUSTOMER, title: 'Tell about it', due_date_time: inAnHour() };
  expect((await api.send('POST /reminder', promise)).body).toMatchObject({ status: 409, reason: 'opted_out' });
  expect((await api.send('POST /reminder', { ...promise, owner: 'human' })).status).toBe(201);
  expect(api.temporal.opened).toEqual([]);
  expect((await api.send(`DELETE /opt-out/${CUSTOMER}`, undefined)).status).toBe(204);
  expect((await api.send('POST /call', { phone_number: CUSTOMER })).status).toBe(201);
});

const inbound = (text: string, more: object = {}) => ({
  channel: 'sms',
  message_type: 'text',
  message_uuid: `message ${text}`,
  to: FRENCH_BOT.slice(1),
  from: CUSTOMER.slice(1),
  timestamp: new Date().toISOString(),
  text,
  ...more,
});

test('[OO6] STOP by text message opts out and is confirmed by one text in the language of the number; START takes it back', async () => {
  expect((await api.webhook('/vonage/sms', inbound('STOP'))).status).toBe(200);
  expect(await api.store.optOuts.isOptedOut(CUSTOMER)).toBe(true);
  const [told] = api.temporal.wishes;
  expect(told?.wish).toMatchObject({
    source: 'sms',
    reply: { from: FRENCH_BOT, idempotencyKey: 'stop-word:message STOP' },
  });
  expect(told?.wish.reply?.text).toMatch(/^Contoso France : .*ne recevrez plus/);
  await api.webhook('/vonage/sms', inbound('Unsubscribe'));
  expect(api.temporal.wishes[1]?.wish.reply).toBeNull();
  await api.webhook('/vonage/sms', inbound('start'));
  expect(await api.store.optOuts.isOptedOut(CUSTOMER)).toBe(false);
  expect(api.temporal.returned).toMatchObject([{ reply: { text: expect.stringContaining('STOP') as string } }]);
  // Nothing of it was a message to the bot.
  expect(api.temporal.opened).toEqual([]);
});

test('[OO6] a text that only holds such a word is a message to the bot', async () => {
  await api.webhook('/vonage/sms', inbound('Cancel my order A17'));
  expect(api.temporal.wishes).toEqual([]);
  expect(api.temporal.opened).toHaveLength(1);
});

test('[OO6] with the store away the network is asked to bring the word again', async () => {
  api.store.away = true;
  expect((await api.webhook('/vonage/sms', inbound('STOP'))).status).toBe(503);
  expect(api.temporal.opened).toEqual([]);
});

test('[ER4] what is kept of a customer is read in one place', async () => {
  await api.store.saveCall(aCall({ call_id: 'c1', phone_number: CUSTOMER }));
  await api.store.saveCallback(aCallback({ callback_id: 'r1', phone_number: CUSTOMER, title: 'Ring' }));
  await optOut();
  const kept = await api.get(`/customer/${CUSTOMER}`);
  expect(kept.body).toMatchObject({
    phone_number: CUSTOMER,
    opted_out: true,
    calls: [{ call_id: 'c1' }],
    reminders: [{ callback_id: 'r1', title: 'Ring' }],
    contacts: [],
  });
  expect((await api.get('/customer/x')).status).toBe(422);
});

test('[ER1-ER3] an erasure ends, deletes, says what it cannot reach, and leaves a wish without a number', async () => {
  await api.store.saveCall(
    aCall({ call_id: 'c1', phone_number: CUSTOMER, phase: 'closed', crm: { customer_id: '4711', note_id: null } }),
  );
  await api.store.saveCallback(aCallback({ callback_id: 'r1', phone_number: CUSTOMER }));
  await api.store.saveCallback(aCallback({ callback_id: 'r2', phone_number: FRENCH_BOT }));
  const done = await api.send(`DELETE /customer/${CUSTOMER}`, undefined);
  expect(done.status).toBe(200);
  expect(done.body).toMatchObject({ erased: { calls: 1, reminders: 1, workflow_histories: 4 }, do_not_call: true });
  expect(done.body.not_erased).toContainEqual(
    expect.objectContaining({ where: 'crm', what: expect.stringContaining('4711') as string }),
  );
  expect(api.temporal.wishes).toHaveLength(1);
  expect(api.histories[0]).toEqual({ numberKey: CUSTOMER, callIds: ['c1'], callbackIds: ['r1'] });
  expect([...api.store.callbacks.keys()]).toEqual(['r2']);
  expect(JSON.stringify(api.store.erasures)).not.toContain(CUSTOMER.slice(1));
  expect((await api.get('/opt-out')).body).toEqual([]);
  expect((await api.send('POST /call', { phone_number: CUSTOMER })).status).toBe(409);
  const again = await api.send(`DELETE /customer/${CUSTOMER}`, undefined);
  expect(again.body.erased).toEqual({ ...done.body.erased, calls: 0, reminders: 0, workflow_histories: 0 });
  expect((await api.send(`DELETE /opt-out/${CUSTOMER}`, undefined)).status).toBe(204);
  expect((await api.send('POST /call', { phone_number: CUSTOMER })).status).toBe(201);
});

test('[ER1] who is on the line is not cut off: the call is named, and nothing is erased yet', async () => {
  const document = aCall({ call_id: 'c1', phone_number: CUSTOMER, phase: 'live', in_progress: true });
  await api.store.saveCall(document);
  api.temporal.views.set(asCallId('c1'), { document, customerLegId: null, mediaHostId: null, briefing: null });
  const refused = await api.send(`DELETE /customer/${CUSTOMER}`, undefined);
  expect(refused.status).toBe(409);
  expect(refused.body).toMatchObject({ call_id: 'c1' });
  expect(api.store.calls.size).toBe(1);
});

test('[ER1] [ER3] with do_not_call=false who has not opted out may be called again', async () => {
  await api.send(`DELETE /customer/${CUSTOMER}?do_not_call=false`, undefined);
  expect(await api.store.optOuts.isOptedOut(CUSTOMER)).toBe(false);
});
