/** A campaign's call drops, and its customer rings back before the campaign does. */
import { randomUUID } from 'node:crypto';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { TestWorkflowEnvironment } from '@temporalio/testing';
import { pino } from 'pino';
import { createCampaignRecordActivities } from '../../activities/campaign-records.ts';
import { createCampaignActivities } from '../../activities/campaign.ts';
import { openLineCall } from '../../activities/lines.ts';
import { campaignStatus, dispositionOf } from '../../activities/running-workflows.ts';
import { ANY_TIME } from '../../domain/calling-hours.ts';
import { newProgress } from '../../domain/campaign-contact.ts';
import { asCampaignId, asLegId, CALLS_QUEUE, campaignWorkflowId, type CampaignId } from '../../domain/ids.ts';
import { hangUp } from '../../workflows/call/messages.ts';
import { progress } from '../../workflows/campaign/messages.ts';
import type { campaign } from '../../workflows/campaign/workflow.ts';
import { CAMPAIGN_SETTINGS } from '../kit/call-centre.ts';
import { wishesIn } from '../kit/fake-activities.ts';
import { createMemoryCampaigns, type MemoryCampaigns } from '../kit/memory-campaigns.ts';
import { CUSTOMER, House, INITIATE, jumpingClock, untilTrue } from './house.ts';

const HOUR = 3_600_000;
const log = pino({ level: 'silent' });
let env: TestWorkflowEnvironment;
let house: House;
let lists: MemoryCampaigns;

beforeEach(async () => {
  env = await jumpingClock();
  lists = createMemoryCampaigns();
  house = await House.open(env, 200, ({ world, key }) => ({
    ...createCampaignRecordActivities({
      dispositionOf: (callId) => dispositionOf(env.client, callId),
      campaigns: lists.campaigns,
    }),
    ...createCampaignActivities({
      openLine: (ask) => openLineCall(env.client, ask),
      statusOf: (campaignId) => campaignStatus(env.client, campaignId),
      nowMs: () => env.currentTimeMs(),
      campaigns: lists.campaigns,
      optOuts: wishesIn(world).optOuts,
      creations: { note: () => Promise.resolve(), take: () => Promise.resolve(0) },
      closeGoneCalls: () => Promise.resolve(0),
      numberKey: () => key,
      resumeWithinMs: () => HOUR,
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

async function campaignWithThem(): Promise<CampaignId> {
  const campaignId = asCampaignId(randomUUID());
  const nowMs = await env.currentTimeMs();
  const untouched = newProgress({ country: 'US', zones: ['America/New_York'], hours: null, dueAtMs: nowMs });
  await lists.campaigns.addContacts([
    {
      campaign_id: campaignId,
      contact_id: 'them',
      phone_number: CUSTOMER,
      language: null,
      variables: {},
      claim: {},
      ...untouched,
    },
  ]);
  // Calls that break off are rung back in this house.
  const settings = { ...CAMPAIGN_SETTINGS, initiate: { ...INITIATE, ringBackAfterMin: 10 } };
  await house.client.start<typeof campaign>('campaign', {
    workflowId: campaignWorkflowId(campaignId),
    taskQueue: CALLS_QUEUE,
    args: [{ campaignId, name: 'Test', version: 1, createdAtMs: nowMs, settings }],
  });
  house.rememberLine();
  return campaignId;
}

const them = () => [...lists.contacts.values()][0];

test('[CG17] [CB17] who rings back and finishes is not rung again, neither by the campaign nor for the line', async () => {
  const campaignId = await campaignWithThem();
  const counted = () => house.client.getHandle(campaignWorkflowId(campaignId)).query(progress);
  await untilTrue(() => house.world.dialled.length === 1);
  const [dialled] = house.world.dialled;
  if (dialled === undefined) throw new Error('not dialled');
  const { callId, attemptId } = dialled;
  const legId = asLegId('leg-1');
  await house.admit(callId, attemptId, legId);
  const first = await house.attach(callId, 'h1');
  const host = await house.host('h1');
  host.end(first.connectId, { endedBy: 'network', heard: [] });
  await house.callEvent(callId, { legId, attemptId, status: 'completed' });
  await untilTrue(() => them()?.state === 'pending');
  expect(them()).toMatchObject({ waits_for: 'retry', attempts: [{ outcome: 'dropped' }] });

  const back = await house.ringIn();
  expect(back).toMatchObject({ outcome: 'resumed', callId });
  const { connectId } = await house.attach(callId, 'h1');
  await house.call(callId).executeUpdate(hangUp, { args: [{ reason: 'settled' }] });
  await untilTrue(() => house.world.hungUp.includes(back.legId));
  await house.hangsUp(back.legId, { host, connectId });
  await untilTrue(async () => (await counted()).outcomes.completed === 1);
  expect(them()).toMatchObject({ disposition: 'completed', attempts: [{ outcome: 'completed', call_id: callId }] });
  const { attempts, outcomes } = await counted();
  expect({ attempts, outcomes }).toEqual({ attempts: 1, outcomes: { completed: 1, dropped: 0 } });
  expect(house.world.dialled).toHaveLength(1);
  expect(house.world.callbacks.size).toBe(0);
});
