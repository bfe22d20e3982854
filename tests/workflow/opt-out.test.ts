/** "Never call me again", by each way in which it can be said: what waits for the customer stops by signal, and nothing rings any more. */
import { randomUUID } from 'node:crypto';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { TestWorkflowEnvironment } from '@temporalio/testing';
import { pino } from 'pino';
import { createCampaignRecordActivities } from '../../activities/campaign-records.ts';
import { createCampaignActivities } from '../../activities/campaign.ts';
import { createErrands } from '../../api/errands.ts';
import { optOutNow, type Wish } from '../../api/opting-out.ts';
import type { ApiPorts } from '../../api/ports.ts';
import { createTemporalCallDoor } from '../../api/temporal-call-door.ts';
import { createTemporalCampaignDoor } from '../../api/temporal-campaign-door.ts';
import { ANY_TIME } from '../../domain/calling-hours.ts';
import { SHIPPED_RETRY_PLAN } from '../../domain/campaign-retry.ts';
import type { CampaignSettings } from '../../domain/campaign.ts';
import { newProgress } from '../../domain/campaign-contact.ts';
import {
  asCallbackId,
  asCampaignId,
  asLegId,
  callbackWorkflowId,
  CALLS_QUEUE,
  campaignWorkflowId,
  lineWorkflowId,
  type CallbackId,
  type CampaignId,
} from '../../domain/ids.ts';
import type { CallbackInput } from '../../workflows/callback/messages.ts';
import type { callback } from '../../workflows/callback/workflow.ts';
import type { campaign } from '../../workflows/campaign/workflow.ts';
import { optOutActivities, wishesIn } from '../kit/fake-activities.ts';
import { createMemoryCampaigns, type MemoryCampaigns } from '../kit/memory-campaigns.ts';
import { BOT, CUSTOMER, House, INITIATE, jumpingClock, untilTrue } from './house.ts';

const HOUR = 3_600_000;
const SETTINGS: CampaignSettings = {
  initiate: INITIATE,
  greeting: null,
  botNumber: BOT,
  windows: null,
  concurrency: 5,
  attemptsPerMinute: null,
  retry: SHIPPED_RETRY_PLAN,
  voicemail: { do: 'talk' },
  breaker: { of: 200, share: 1, probeAfterMin: null },
};

const log = pino({ level: 'silent' });
let env: TestWorkflowEnvironment;
let house: House;
let lists: MemoryCampaigns;

beforeEach(async () => {
  env = await jumpingClock();
  lists = createMemoryCampaigns();
  house = await House.open(env, 200, ({ world, key }) => ({
    ...optOutActivities(world, env.client, lists.campaigns),
    ...createCampaignRecordActivities({ client: env.client, campaigns: lists.campaigns }),
    ...createCampaignActivities({
      client: env.client,
      campaigns: lists.campaigns,
      optOuts: wishesIn(world).optOuts,
      creations: { note: () => Promise.resolve(), take: () => Promise.resolve(0) },
      numberKey: () => key,
      resumeWithinMs: () => 0,
      callsForCampaigns: 1_000,
      hoursByCountry: { default: ANY_TIME, US: ANY_TIME },
      phrasesByCountry: {},
      log,
    }),
  }));
});
afterEach(async () => {
  await house[Symbol.asyncDispose]();
  await env.teardown();
});

async function promise(inMs: number, more: Partial<CallbackInput> = {}): Promise<CallbackId> {
  const callbackId = asCallbackId(randomUUID());
  const nowMs = await env.currentTimeMs();
  const input: CallbackInput = {
    callbackId,
    numberKey: house.key,
    customerNumber: CUSTOMER,
    botNumber: BOT,
    initiate: INITIATE,
    title: `Promise ${callbackId}`,
    description: 'As agreed',
    dueAtMs: nowMs + inMs,
    fromCallId: null,
    createdAtMs: nowMs,
    ...more,
  };
  await house.client.start<typeof callback>('callback', {
    workflowId: callbackWorkflowId(callbackId),
    taskQueue: CALLS_QUEUE,
    args: [input],
  });
  return callbackId;
}

/** A campaign with the customer on its list, due in an hour. */
async function campaignWithThem(inMs: number): Promise<CampaignId> {
  const campaignId = asCampaignId(randomUUID());
  const nowMs = await env.currentTimeMs();
  await lists.campaigns.addContacts([
    {
      campaign_id: campaignId,
      contact_id: 'them',
      phone_number: CUSTOMER,
      language: null,
      variables: {},
      claim: {},
      ...newProgress({ country: 'US', zones: ['America/New_York'], hours: null, dueAtMs: nowMs + inMs }),
    },
  ]);
  await house.client.start<typeof campaign>('campaign', {
    workflowId: campaignWorkflowId(campaignId),
    taskQueue: CALLS_QUEUE,
    args: [{ campaignId, name: 'Test', version: 1, createdAtMs: nowMs, settings: SETTINGS }],
  });
  return campaignId;
}

const doors = () => ({ client: env.client, connection: env.connection });

/** As the api does it. */
async function optOut(wish: Partial<Wish> = {}) {
  const errands = createErrands({ log, nowMs: Date.now });
  const ports = {
    calls: createTemporalCallDoor(doors()),
    campaigns: createTemporalCampaignDoor(doors()),
    store: { ...wishesIn(house.world, lists.campaigns) },
    numberKey: () => house.key,
    nowMs: Date.now,
    log,
  } as unknown as ApiPorts;
  return await optOutNow({ ports, errands }, { number: CUSTOMER, source: 'api', reason: null, ...wish });
}

/** Nobody is left who could ring. */
async function untilEnded(workflowIds: string[]): Promise<void> {
  for (const id of workflowIds)
    await untilTrue(async () => (await house.client.getHandle(id).describe()).status.name === 'COMPLETED');
}

const MANY = 20;

test('[OO3] [OO4] [CB22] by the API: twenty campaigns and twenty promises stop at once, by signal, and nothing rings', async () => {
  const campaigns = await Promise.all(Array.from({ length: MANY }, () => campaignWithThem(HOUR)));
  const promises = await Promise.all(Array.from({ length: MANY }, (_, index) => promise(HOUR + index * 1_000)));
  house.rememberLine();
  await untilTrue(async () => (await house.lineView().catch(() => null))?.promises.length === MANY);
  const before = await env.currentTimeMs();
  expect(await optOut()).toMatchObject({ isNew: true, stopped: MANY });
  await untilTrue(() => promises.every((id) => house.world.callbacks.get(id)?.status === 'cancelled'));
  expect(promises.map((id) => house.world.callbacks.get(id)?.reason)).toEqual(promises.map(() => 'opted_out'));
  await untilEnded([
    ...campaigns.map(campaignWorkflowId),
    ...promises.map(callbackWorkflowId),
    lineWorkflowId(house.key),
  ]);
  expect([...lists.contacts.values()].map(({ disposition }) => disposition)).toEqual(campaigns.map(() => 'opted_out'));
  // Nobody waited for anything to become due.
  expect((await env.currentTimeMs()) - before).toBeLessThan(HOUR / 2);
  expect(house.world.dialled).toEqual([]);
});

test('[OO4] a phone that rings is given up and silenced, and its promise is not tried again', async () => {
  const id = await promise(1_000);
  house.rememberLine();
  await env.sleep(2_000);
  await untilTrue(() => house.world.dialled.length === 1);
  await optOut({ source: 'sms' });
  await untilTrue(() => house.world.callbacks.get(id)?.status === 'cancelled');
  expect(house.world.hungUp).toEqual([asLegId('leg-1')]);
  const [dialled] = house.world.dialled;
  await untilTrue(() => house.world.calls.get(dialled?.callId ?? '')?.phase === 'closed');
  expect(house.world.calls.get(dialled?.callId ?? '')).toMatchObject({ disposition: 'opted_out' });
  await untilEnded([callbackWorkflowId(id), lineWorkflowId(house.key)]);
  expect(house.world.dialled).toHaveLength(1);
});

test('[OO4] a colleague’s task stays; what comes again comes no more', async () => {
  const task = await promise(HOUR, { owner: 'human' });
  const weekly = await promise(HOUR, { rule: 'FREQ=DAILY', zone: 'Etc/UTC', channel: 'sms', owner: 'customer' });
  house.rememberLine();
  await untilTrue(async () => (await house.lineView().catch(() => null))?.promises.length === 2);
  await optOut();
  await untilTrue(() => house.world.callbacks.get(weekly)?.status === 'cancelled');
  await env.sleep(3 * 24 * HOUR);
  await untilTrue(() => house.world.callbacks.get(task)?.status === 'due');
  expect(house.world.sms).toEqual([]);
  expect(house.world.dialled).toEqual([]);
});

test('[OO6] a wish by text message is confirmed once, also where no line was open', async () => {
  const reply = { from: BOT, text: 'Done.', idempotencyKey: 'stop-word:1' };
  await optOut({ source: 'sms', reply: (isNew) => (isNew ? reply : null) });
  await untilTrue(() => house.world.sms.length === 1);
  await untilEnded([lineWorkflowId(house.key)]);
  await optOut({ source: 'sms', reply: (isNew) => (isNew ? reply : null) });
  await createTemporalCallDoor(doors()).optedIn(
    { numberKey: house.key, customerNumber: CUSTOMER },
    { ...reply, text: 'Back.', idempotencyKey: 'stop-word:2' },
  );
  await untilTrue(() => house.world.sms.length === 2);
  expect(house.world.sms).toEqual(['Done.', 'Back.']);
});
