/** A calls worker for campaigns alone, as a process that can be killed: real campaign, line and store; the network is a collection of rings. */
import { setTimeout as pause } from 'node:timers/promises';
import { Client } from '@temporalio/client';
import { NativeConnection, Worker } from '@temporalio/worker';
import { MongoClient } from 'mongodb';
import { createCampaignRecordActivities } from '../../activities/campaign-records.ts';
import { createCampaignActivities } from '../../activities/campaign.ts';
import { createLineActivities, openLineCall } from '../../activities/lines.ts';
import { campaignStatus, dispositionOf } from '../../activities/running-workflows.ts';
import { asNumberKey, CALLS_QUEUE } from '../../domain/ids.ts';
import type { Disposition } from '../../domain/insight.ts';
import { isDuplicateKey } from '../../providers/mongodb/errors.ts';
import { createMongoStore } from '../../providers/mongodb/store.ts';
import { contactOf, phoneNumbers, UNHINDERED } from './call-centre.ts';
import { outcomeOfRing, ringKey, type FleetPlan, type Ring } from './campaign-rings.ts';
import { createMemoryCampaigns, type MemoryCampaigns } from './memory-campaigns.ts';
import type { QuickNetwork } from './quick-calls.ts';

const plan = JSON.parse(process.env['FLEET_PLAN'] ?? '{}') as FleetPlan;
const connection = await NativeConnection.connect({ address: plan.address });
const client = new Client({ connection });
const store = createMongoStore({ uri: plan.mongoUri, dbName: plan.dbName });
const { campaigns, optOuts } = plan.inMemory === null ? store : await listed(plan.inMemory);
const mongo = new MongoClient(plan.mongoUri);
const rings = mongo.db(plan.dbName).collection<Ring>('rings');

const network: QuickNetwork = {
  async ring({ callId, number }) {
    const atMs = Date.now();
    const times = (await ringsOf(number)).length;
    const disposition: Disposition =
      plan.outcomes === 'by chance' ? outcomeOfRing(plan.seed, { number, times }) : plan.outcomes;
    await pause(plan.ringMs);
    await keep({ callId, number, disposition, atMs, untilMs: Date.now() }, times);
    return { disposition };
  },
  async whatRang({ callId, number }) {
    const ring = (await ringsOf(number)).find((each) => each.callId === callId);
    return ring === undefined ? null : { disposition: ring.disposition };
  },
};

async function ringsOf(number: string): Promise<Ring[]> {
  const before: Ring[] = [];
  for (;;) {
    const ring = await rings.findOne({ _id: ringKey(number, before.length) });
    if (ring === null) return before;
    before.push(ring);
  }
}

/** A second ring at the same moment is one more ring. */
async function keep(ring: Omit<Ring, '_id'>, times: number): Promise<void> {
  try {
    await rings.insertOne({ _id: ringKey(ring.number, times), ...ring });
  } catch (error) {
    if (!isDuplicateKey(error)) throw error;
    await keep(ring, times + 1);
  }
}

const worker = await Worker.create({
  connection,
  taskQueue: CALLS_QUEUE,
  workflowBundle: { codePath: plan.bundlePath },
  maxConcurrentActivityTaskExecutions: 100,
  maxCachedWorkflows: 1_000,
  stickyQueueScheduleToStartTimeout: '2s',
  activities: {
    ...network,
    ...createLineActivities({ client }),
    ...createCampaignRecordActivities({
      dispositionOf: (callId) => dispositionOf(client, callId),
      campaigns,
    }),
    ...createCampaignActivities({
      ...UNHINDERED,
      openLine: (ask) => openLineCall(client, ask),
      statusOf: (campaignId) => campaignStatus(client, campaignId),
      nowMs: Date.now,
      campaigns,
      optOuts,
      creations: store.creations({ name: 'fleet', limit: { perSecond: plan.creationsPerSecond }, nowMs: Date.now }),
      numberKey: (number) => asNumberKey(number),
      resumeWithinMs: () => 0,
    }),
  },
});
await worker.run();

async function listed({ campaignId, contacts }: NonNullable<FleetPlan['inMemory']>): Promise<MemoryCampaigns> {
  const memory = createMemoryCampaigns();
  const dueAtMs = Date.now();
  await memory.campaigns.addContacts(
    phoneNumbers(contacts).map((number) => contactOf(campaignId, number, { dueAtMs })),
  );
  return memory;
}
