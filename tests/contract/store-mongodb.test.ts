import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createMongoStore, type MongoStore } from '../../providers/mongodb/store.ts';
import { ProviderError } from '../../providers/provider-error.ts';
import { localMongo, type MongoHandle } from '../kit/servers.ts';
import { aCall } from './store-documents.ts';
import { storeSuite } from './store-suite.ts';

let server: MongoHandle;
let store: MongoStore;

beforeAll(async () => {
  server = await localMongo();
  await server.kill();
  store = createMongoStore({ uri: server.uri, dbName: 'contract' });
});

afterAll(async () => {
  await store.close();
  await server.stop();
});

const failure = (work: Promise<unknown>): Promise<unknown> =>
  work.then(
    () => 'no failure',
    (error: unknown) => error,
  );

describe('before there is a server', () => {
  test('[DS8] a caller learns that the store is away, and the same store works once it is there', async () => {
    const error = await failure(store.findCall('call-1'));
    expect(error).toBeInstanceOf(ProviderError);
    expect(error).toMatchObject({ vendor: 'mongodb', kind: 'unreachable' });
    await server.restart();
    await store.ping();
    await store.ensureIndexes();
    // A second process does the same at its start.
    await store.ensureIndexes();
  });
});

describe('with a server', () => {
  storeSuite(() => store);

  test('[TL20] of many who begin an intent one owns it; settled it is done, withdrawn it may be begun again', async () => {
    const { intents } = store;
    const begun = await Promise.all(Array.from({ length: 5 }, () => intents.begin('sms:a.b/c')));
    expect(begun.sort()).toEqual(['begun', 'open', 'open', 'open', 'open']);
    await intents.withdraw('sms:a.b/c');
    expect(await intents.begin('sms:a.b/c')).toBe('begun');
    await intents.finish('sms:a.b/c');
    await intents.withdraw('sms:a.b/c');
    expect(await intents.begin('sms:a.b/c')).toBe('done');
  });
});

describe('a server that dies', () => {
  test('[DS9] what was acknowledged is there after kill -9, and the store finds the new server by itself', async () => {
    const ids = Array.from({ length: 10 }, (_, index) => `kept-${String(index)}`);
    for (const call_id of ids) await store.saveCall(aCall({ call_id }));
    await server.kill();
    expect(await failure(store.ping())).toMatchObject({ kind: 'unreachable' });
    await server.restart();
    await expect.poll(() => failure(store.ping()), { timeout: 45_000 }).toBe('no failure');
    for (const call_id of ids) expect(await store.findCall(call_id)).toMatchObject({ call_id, version: 1 });
  });

  test('[DS8] a store that was closed is away, and stays so', async () => {
    const other = createMongoStore({ uri: server.uri, dbName: 'contract' });
    await other.ping();
    await other.close();
    expect(await failure(other.ping())).toMatchObject({ kind: 'unreachable' });
    await other.close();
  });
});

describe('what MongoDB’s own answers mean', () => {
  test('[DS8] an address that is none is a bad request', () => {
    expect(() => createMongoStore({ uri: 'http://127.0.0.1', dbName: 'contract' })).toThrow(/mongodb/i);
  });
});
