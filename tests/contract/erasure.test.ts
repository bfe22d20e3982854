/** Erasing in the servers themselves: histories in a Temporal that lists and deletes, documents in MongoDB. */
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { pino } from 'pino';
import { Client, Connection } from '@temporalio/client';
import { createTemporalHistoryDoor } from '../../api/temporal-history-door.ts';
import {
  asCallbackId,
  asE164,
  asNumberKey,
  callbackWorkflowId,
  CALLS_QUEUE,
  lineWorkflowId,
} from '../../domain/ids.ts';
import type { OptOut } from '../../providers/campaigns.ts';
import { createMongoStore, type MongoStore } from '../../providers/mongodb/store.ts';
import { erasedNumberKeys } from '../../providers/number-key.ts';
import { scheduleRetention } from '../../workers/retention.ts';
import { callbackAttributes } from '../../workflows/search-attributes.ts';
import { localMongo, localTemporal, type MongoHandle, type TemporalHandle } from '../kit/servers.ts';
import { untilTrue } from '../../local/waiting.ts';
import { aCall, aCallback } from './store-documents.ts';
import { aContact } from './campaign-suite.ts';

/** A server deletes what it has closed once its queues are noted as read: within minutes by itself. */
const SOON = ['transfer', 'visibility'].map((queue) => `history.${queue}ProcessorUpdateAckInterval="1s"`);

let temporal: TemporalHandle;
let mongo: MongoHandle;
let connection: Connection;
let client: Client;
let store: MongoStore;

beforeAll(async () => {
  [temporal, mongo] = await Promise.all([localTemporal({ dynamicConfig: SOON }), localMongo()]);
  connection = await Connection.connect({ address: temporal.address });
  client = new Client({ connection });
  store = createMongoStore({ uri: mongo.uri, dbName: 'erasure', erasedKeys: erasedNumberKeys([null, 'secret']) });
  await store.ensureIndexes();
});
afterAll(async () => {
  await store.close();
  await connection.close();
  await Promise.all([temporal.stop(), mongo.stop()]);
});

const start = (workflowId: string, number?: string): Promise<unknown> =>
  client.workflow.start('nobody-runs-it', {
    workflowId,
    taskQueue: CALLS_QUEUE,
    workflowIdReusePolicy: 'ALLOW_DUPLICATE',
    ...(number === undefined
      ? {}
      : { typedSearchAttributes: callbackAttributes({ numberKey: asNumberKey(number), botNumber: '+1', dueAtMs: 0 }) }),
  });
const gone = async (workflowId: string): Promise<boolean> =>
  await client.workflow
    .getHandle(workflowId)
    .describe()
    .then(
      () => false,
      () => true,
    );

test('[ER1] every run of a customer’s line, calls, promises and wrap-ups is ended and deleted, nobody else’s is touched', async () => {
  const number = '+15550100001';
  const [callId, callbackId, unknown] = [randomUUID(), randomUUID(), randomUUID()];
  const line = lineWorkflowId(asNumberKey(number));
  await start(line);
  await client.workflow.getHandle(line).terminate();
  await start(line);
  const theirs = [
    line,
    `call:${callId}`,
    `wrap-up:${callId}:1`,
    `wrap-up:${callId}:2`,
    callbackWorkflowId(asCallbackId(callbackId)),
  ];
  for (const id of theirs.slice(1)) await start(id);
  await start(`callback:${unknown}`, number);
  const another = [lineWorkflowId(asNumberKey('+15550100002')), `call:${randomUUID()}`];
  for (const id of another) await start(id, '+15550100002');
  const door = createTemporalHistoryDoor({ client, connection });
  const customer = { numberKey: asNumberKey(number), callIds: [callId], callbackIds: [callbackId] };
  let erased = 0;
  // Lists lag by a moment.
  const all = async (): Promise<boolean> => {
    erased += await door.erase(customer);
    return erased >= 7;
  };
  expect(await untilTrue(all, 20_000)).toBe(true);
  expect(erased).toBe(7);
  expect(
    await untilTrue(
      async () => (await Promise.all([...theirs, `callback:${unknown}`].map(gone))).every(Boolean),
      20_000,
    ),
  ).toBe(true);
  expect(await Promise.all(another.map(gone))).toEqual([false, false]);
});

const wish = (phone_number: string): OptOut => ({
  phone_number,
  source: 'api',
  reason: null,
  at: '2026-11-21T10:00:00.000Z',
});

test('[ER1] [ER4] what is kept under a number is found in every collection, and erased from it', async () => {
  const [phone_number, another] = ['+447700900123', '+447700900124'];
  const call_id = randomUUID();
  const callback_id = randomUUID();
  await store.saveCall(aCall({ call_id, phone_number }));
  await store.saveCall(aCall({ call_id: randomUUID(), phone_number: another }));
  await store.saveCallback(aCallback({ callback_id, phone_number }));
  await store.campaigns.addContacts([
    aContact('c1', 'them', { phone_number }),
    aContact('c2', 'them', { phone_number }),
    aContact('c1', 'another', { phone_number: another }),
  ]);
  await store.claimKey({ key: randomUUID(), callId: call_id, fingerprint: 'f' });
  await store.intents.begin(`sms:${call_id}/turn-1/x`);
  await store.intents.begin(`sms:${callback_id}/1`);
  await store.intents.begin(`sms:${randomUUID()}/1`);
  expect(await store.customers.recordsOf(phone_number)).toMatchObject({
    calls: [{ call_id }],
    reminders: [{ callback_id }],
    contacts: [{ campaign_id: 'c1' }, { campaign_id: 'c2' }],
  });
  expect(await store.customers.erase(phone_number)).toEqual({
    calls: 1,
    reminders: 1,
    campaign_contacts: 2,
    text_reports: 0,
    intents: 2,
    idempotency_keys: 1,
  });
  expect(await store.customers.recordsOf(phone_number)).toEqual({ calls: [], reminders: [], contacts: [] });
  expect((await store.customers.recordsOf(another)).contacts).toHaveLength(1);
  expect(Object.values(await store.customers.erase(phone_number))).toEqual([0, 0, 0, 0, 0, 0]);
});

test('[ER3] an opt-out of who was erased stands under another secret’s key too, is listed nowhere, and can be taken back', async () => {
  const number = asE164('+447700900155');
  await store.optOuts.addOptOut(wish(number));
  await store.optOuts.addOptOut(wish('+447700900156'));
  await store.optOuts.forgetNumber(number);
  await store.optOuts.forgetNumber(number);
  expect(await store.optOuts.isOptedOut(number)).toBe(true);
  expect(await store.optOuts.addOptOut(wish(number))).toBe(false);
  expect((await store.optOuts.listOptOuts({ limit: 100 })).map(({ phone_number }) => phone_number)).toEqual([
    '+447700900156',
  ]);
  const withNumberKey = createMongoStore({
    uri: mongo.uri,
    dbName: 'erasure',
    erasedKeys: erasedNumberKeys(['new', 'secret']),
  });
  expect(await withNumberKey.optOuts.isOptedOut(number)).toBe(true);
  await withNumberKey.close();
  expect(await store.optOuts.removeOptOut(number)).toBe(true);
  expect(await store.optOuts.isOptedOut(number)).toBe(false);
});

test('[ER5] what is over and old enough is erased, oldest first; what stands or is younger stays', async () => {
  const nowMs = Date.now();
  const ago = (days: number): string => new Date(nowMs - days * 86_400_000).toISOString();
  const phone_number = '+447700900188';
  const calls = [1, 40, 50, 60].map((days) => aCall({ call_id: `age-${days}`, phone_number, updated_at: ago(days) }));
  for (const each of calls) await store.saveCall(each);
  const statuses = ['done', 'pending', 'due', 'failed'] as const;
  for (const status of statuses)
    await store.saveCallback(aCallback({ callback_id: `age-${status}`, phone_number, status, updated_at: ago(40) }));
  const campaign = (campaign_id: string, status: 'completed' | 'running') =>
    store.campaigns.saveCampaign({
      campaign_id,
      version: 1,
      name: campaign_id,
      status,
      reason: null,
      settings: {} as never,
      created_at: ago(90),
      updated_at: ago(40),
    });
  await campaign('old', 'completed');
  await campaign('old-and-running', 'running');
  await store.campaigns.addContacts(
    ['old', 'old-and-running'].map((id) => aContact(id, 'aged', { phone_number, state: 'done' })),
  );
  const older = { atMs: nowMs - 30 * 86_400_000, limit: 2 };
  expect(await store.customers.eraseOlder('calls', older)).toBe(2);
  expect((await store.customers.recordsOf(phone_number)).calls.map(({ call_id }) => call_id).sort()).toEqual([
    'age-1',
    'age-40',
  ]);
  expect(await store.customers.eraseOlder('calls', older)).toBe(1);
  expect(await store.customers.eraseOlder('calls', older)).toBe(0);
  expect(await store.customers.eraseOlder('reminders', older)).toBe(2);
  expect(await store.customers.eraseOlder('campaign_contacts', older)).toBe(1);
  expect(await store.customers.recordsOf(phone_number)).toMatchObject({
    calls: [{ call_id: 'age-1' }],
    contacts: [{ campaign_id: 'old-and-running' }],
  });
  expect((await store.customers.recordsOf(phone_number)).reminders.map(({ status }) => status).sort()).toEqual([
    'due',
    'pending',
  ]);
  const note = { erasure_id: randomUUID(), at: ago(40), erased: {} as never, do_not_call: true };
  await store.customers.noteErasure(note);
  expect(await store.customers.eraseOlder('erasures', older)).toBe(1);
});

test('[ER5] the schedule follows the configuration: made, changed, started at night, and gone when everything is kept', async () => {
  const log = pino({ level: 'silent' });
  const days = { calls: 30, reminders: null, campaign_contacts: null, erasures: null };
  const plan = { days, zone: 'Europe/Berlin' };
  await Promise.all([scheduleRetention(client, plan, log), scheduleRetention(client, plan, log)]);
  const handle = client.schedule.getHandle('schedule:retention');
  const first = await handle.describe();
  expect(first.action).toMatchObject({ workflowType: 'retention', args: [{ days }] });
  const [next] = first.info.nextActionTimes;
  const clock = new Intl.DateTimeFormat('en-GB', { timeZone: 'Europe/Berlin', hour: '2-digit', minute: '2-digit' });
  expect(clock.format(next)).toBe('03:30');
  await scheduleRetention(client, { ...plan, days: { ...days, calls: 90 } }, log);
  expect((await handle.describe()).action).toMatchObject({ args: [{ days: { calls: 90 } }] });
  await handle.trigger();
  const running = async (): Promise<boolean> => (await handle.describe()).info.recentActions.length === 1;
  expect(await untilTrue(running, 10_000)).toBe(true);
  await scheduleRetention(client, { ...plan, days: { ...days, calls: null } }, log);
  await expect(handle.describe()).rejects.toThrow(/not found/i);
  await scheduleRetention(client, { ...plan, days: { ...days, calls: null } }, log);
});
