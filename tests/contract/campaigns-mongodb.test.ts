import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { CAMPAIGN_AHEAD_MS, PERSON_AHEAD_MS } from '../../domain/pacing.ts';
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

  test('[LN14] live calls that have not been saved for long are found, the longest quiet first', async () => {
    const quiet = { in_progress: true, phase: 'live' as const };
    await store.saveCall(aCall({ ...quiet, call_id: 'quiet', updated_at: '2020-01-01T10:00:00.000Z' }));
    await store.saveCall(aCall({ ...quiet, call_id: 'quieter', updated_at: '2020-01-01T09:00:00.000Z' }));
    await store.saveCall(aCall({ call_id: 'over', in_progress: false, updated_at: '2020-01-01T08:00:00.000Z' }));
    const beforeMs = Date.parse('2020-01-01T10:00:01.000Z');
    expect(await store.campaigns.quietLiveCalls({ beforeMs, limit: 9 })).toEqual(['quieter', 'quiet']);
    expect(await store.campaigns.quietLiveCalls({ beforeMs, limit: 1 })).toEqual(['quieter']);
    expect(await store.campaigns.quietLiveCalls({ beforeMs: beforeMs - 10_000, limit: 9 })).toEqual(['quieter']);
  });

  test('[PA4] twelve campaigns ask all the time: a promised dial and one by order have their legs within two seconds', async () => {
    let nowMs = 5_000_000;
    const account = { name: randomUUID(), limit: { perSecond: 3 }, nowMs: () => nowMs };
    const campaigns = Array.from({ length: 12 }, () => store.creations(account));
    const person = store.creations(account);
    const waits: (number | null)[] = [];
    for (let tick = 0; tick < 60; tick += 1) {
      await Promise.all(campaigns.map((each) => each.take({ creations: 2, withinMs: CAMPAIGN_AHEAD_MS })));
      if (tick % 30 === 20)
        for (let each = 0; each < 2; each += 1)
          waits.push(await person.take({ creations: 2, withinMs: PERSON_AHEAD_MS }));
      nowMs += 100;
    }
    expect(waits).toHaveLength(4);
    for (const wait of waits) expect(wait ?? Number.POSITIVE_INFINITY).toBeLessThanOrEqual(2_200);
  });
});
