import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createMongoStore, type MongoStore } from '../../providers/mongodb/store.ts';
import { localMongo, type MongoHandle } from '../kit/servers.ts';
import { aCall } from './store-documents.ts';
import { campaignSuite } from './campaign-suite.ts';

let server: MongoHandle;
let store: MongoStore;
beforeAll(async () => {
  server = await localMongo();
  store = createMongoStore({ uri: server.uri, dbName: 'campaigns' });
  await store.ensureIndexes();
});
afterAll(async () => {
  await store.close();
  await server.stop();
});

describe('campaigns in MongoDB', () => {
  campaignSuite(() => store);

  test('[PA3] several processes at once are granted no more than the account’s pace', async () => {
    const nowMs = 1_000_000;
    const account = { name: randomUUID(), limit: { perSecond: 3 }, nowMs: () => nowMs };
    const processes = [store.creations(account), store.creations(account), store.creations(account)];
    const waits = await Promise.all(
      Array.from(
        { length: 12 },
        async (_, index) => await processes[index % 3]?.take({ creations: 2, withinMs: 60_000 }),
      ),
    );
    expect(waits.map((wait) => Math.round((wait ?? -1) / 100)).sort((a, b) => a - b)).toEqual(
      Array.from({ length: 12 }, (_, index) => Math.round((index * 2_000) / 3 / 100)),
    );
    expect(await processes[0]?.take({ creations: 2, withinMs: 1_500 })).toBeNull();
    await processes[1]?.note(3);
    expect(await processes[2]?.take({ creations: 2, withinMs: 60_000 })).toBe(9_000);
  });

  test('[CG6] what finished calls have taken down is read with the results, and live calls are counted', async () => {
    await store.saveCall(aCall({ call_id: 'taken-down', claim: { order: 'A-17' }, in_progress: false }));
    await store.saveCall(aCall({ call_id: 'going-on', in_progress: true }));
    expect((await store.campaigns.claimsOf(['taken-down', 'unknown'])).get('taken-down')).toMatchObject({
      claim: { order: 'A-17' },
    });
    expect(await store.campaigns.countLiveCalls()).toBe(1);
  });
});
