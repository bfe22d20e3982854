/** A campaign's call drops, and its customer rings back before the campaign does. */
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { TestWorkflowEnvironment } from '@temporalio/testing';
import { asLegId, campaignWorkflowId } from '../../domain/ids.ts';
import { hangUp } from '../../workflows/call/messages.ts';
import { progress } from '../../workflows/campaign/messages.ts';
import { createMemoryCampaigns, type MemoryCampaigns } from '../kit/memory-campaigns.ts';
import { jumpingClock, untilTrue, type House } from './house.ts';
import { campaignWithThem, houseOfCampaigns } from './listed.ts';

const HOUR = 3_600_000;
let env: TestWorkflowEnvironment;
let house: House;
let lists: MemoryCampaigns;

beforeEach(async () => {
  env = await jumpingClock();
  lists = createMemoryCampaigns();
  house = await houseOfCampaigns(env, { lists, resumeWithinMs: HOUR });
});
afterEach(async () => {
  await house[Symbol.asyncDispose]();
  await env.teardown();
});

const them = () => [...lists.contacts.values()][0];

test('[CG17] [CB17] who rings back and finishes is not rung again, neither by the campaign nor for the line', async () => {
  // Calls that break off are rung back in this house.
  const campaignId = await campaignWithThem(house, lists, { ringBackAfterMin: 10 });
  house.rememberLine();
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
