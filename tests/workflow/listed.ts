/** A house whose customers are on campaigns' lists, too. */
import { randomUUID } from 'node:crypto';
import type { TestWorkflowEnvironment } from '@temporalio/testing';
import { createCampaignRecordActivities } from '../../activities/campaign-records.ts';
import { createCampaignActivities } from '../../activities/campaign.ts';
import { openLineCall } from '../../activities/lines.ts';
import { campaignStatus, dispositionOf } from '../../activities/running-workflows.ts';
import type { CampaignSettings } from '../../domain/campaign.ts';
import { asCampaignId, CALLS_QUEUE, campaignWorkflowId, type CampaignId } from '../../domain/ids.ts';
import type { campaign } from '../../workflows/campaign/workflow.ts';
import { CAMPAIGN_SETTINGS, contactOf, UNHINDERED } from '../kit/call-centre.ts';
import { optOutActivities, wishesIn } from '../kit/fake-activities.ts';
import type { MemoryCampaigns } from '../kit/memory-campaigns.ts';
import { CUSTOMER, House, INITIATE } from './house.ts';

export interface Lists {
  lists: MemoryCampaigns;
  resumeWithinMs?: number;
}

export async function houseOfCampaigns(
  env: TestWorkflowEnvironment,
  { lists: { campaigns }, resumeWithinMs = 0 }: Lists,
): Promise<House> {
  const { client } = env;
  return await House.open(env, 200, ({ world, key }) => ({
    ...optOutActivities(world, client, campaigns),
    ...createCampaignRecordActivities({ dispositionOf: (callId) => dispositionOf(client, callId), campaigns }),
    ...createCampaignActivities({
      ...UNHINDERED,
      openLine: (ask) => openLineCall(client, ask),
      statusOf: (campaignId) => campaignStatus(client, campaignId),
      nowMs: () => env.currentTimeMs(),
      campaigns,
      optOuts: wishesIn(world).optOuts,
      numberKey: () => key,
      resumeWithinMs: () => resumeWithinMs,
    }),
  }));
}

/** With the customer of the house on its list, and nobody else. */
export async function campaignWithThem(
  house: House,
  lists: MemoryCampaigns,
  { inMs = 0, ...more }: { inMs?: number } & Partial<CampaignSettings['initiate']> = {},
): Promise<CampaignId> {
  const campaignId = asCampaignId(randomUUID());
  const nowMs = await house.env.currentTimeMs();
  await lists.campaigns.addContacts([
    contactOf(campaignId, CUSTOMER, { dueAtMs: nowMs + inMs, zones: ['America/New_York'] }),
  ]);
  const settings = { ...CAMPAIGN_SETTINGS, initiate: { ...INITIATE, ...more } };
  await house.client.start<typeof campaign>('campaign', {
    workflowId: campaignWorkflowId(campaignId),
    taskQueue: CALLS_QUEUE,
    args: [{ campaignId, name: 'Test', version: 1, createdAtMs: nowMs, settings }],
  });
  return campaignId;
}
