/** What networks report of text messages, kept in a real store and read with the call. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { TextDocument } from '../../domain/call-document.ts';
import { createMongoStore, type MongoStore } from '../../providers/mongodb/store.ts';
import type { DeliveryReport } from '../../providers/sms.ts';
import { localMongo, type MongoHandle } from '../kit/servers.ts';
import { aCall, spoken } from './store-documents.ts';

let server: MongoHandle;
let store: MongoStore;

beforeAll(async () => {
  server = await localMongo();
  store = createMongoStore({ uri: server.uri, dbName: 'text-reports' });
  await store.ensureIndexes();
});
afterAll(async () => {
  await store.close();
  await server.stop();
});

const sms = (mark: Partial<TextDocument>) => ({
  ...spoken('assistant', 'Hello'),
  action: 'sms' as const,
  sms: { message_id: null, ref: null, status: 'submitted' as const, detail: null, ...mark },
});
const report = (messageId: string, status: DeliveryReport['status'], more: Partial<DeliveryReport> = {}) =>
  store.texts.noteReport({ messageId, ref: null, status, detail: null, atMs: 0, ...more });
const marksOf = async (callId: string) => (await store.findCall(callId))?.messages.map((message) => message.sms);

test('[SM4] reports are read with the call, whichever comes first, twice or late', async () => {
  await report('early', 'delivered');
  await store.saveCall(
    aCall({
      call_id: 'reported',
      phone_number: '+12025550188',
      messages: [
        sms({ message_id: 'early' }),
        sms({ message_id: 'late' }),
        sms({ message_id: 'bad' }),
        sms({ ref: 'call/turn', status: 'perhaps' }),
        sms({ message_id: 'unknown' }),
        sms({ message_id: 'early', status: 'received' }),
        spoken('human', 'Thanks'),
      ],
    }),
  );
  await report('late', 'delivered');
  await Promise.all([report('late', 'submitted'), report('late', 'failed'), report('late', 'delivered')]);
  await report('bad', 'submitted');
  await report('bad', 'failed', { detail: '1320 no such subscriber' });
  await report('found', 'submitted', { ref: 'call/turn' });
  const expected = [
    { message_id: 'early', status: 'delivered' },
    { message_id: 'late', status: 'delivered' },
    { message_id: 'bad', status: 'failed', detail: '1320 no such subscriber' },
    // What nobody acknowledged has been sent after all.
    { message_id: 'found', status: 'submitted' },
    { message_id: 'unknown', status: 'submitted' },
    { message_id: 'early', status: 'received' },
    undefined,
  ];
  expect(await marksOf('reported')).toMatchObject(expected);
  const [listed] = await store.listCalls({ phoneNumber: '+12025550188' });
  expect(listed?.messages.map((message) => message.sms)).toMatchObject(expected);
});

test('[SM4] a save that comes after a report takes nothing of it away', async () => {
  const saved = aCall({ call_id: 'saved-again', messages: [sms({ message_id: 'one' })] });
  await store.saveCall(saved);
  await report('one', 'delivered', { ref: 'call/other' });
  await store.saveCall({ ...saved, version: 2 });
  expect(await marksOf('saved-again')).toMatchObject([{ status: 'delivered' }]);
});

test('[SM8] who sent it hears of a failure, on every repeat, and of an arrival that follows one', async () => {
  expect(await report('lost', 'submitted')).toBeNull();
  expect(await report('lost', 'failed')).toBe('failed');
  expect(await report('lost', 'failed')).toBe('failed');
  expect(await report('lost', 'delivered')).toBe('arrived');
  expect(await report('lost', 'delivered')).toBe('arrived');
  // Told late: it has arrived.
  expect(await report('lost', 'failed')).toBeNull();
  expect(await report('well', 'delivered')).toBeNull();
  expect(await report('well', 'failed')).toBeNull();
  expect(await report('well', 'delivered')).toBeNull();
});
