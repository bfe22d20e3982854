/** The search for missed calls on a clock that jumps; what the network lists is the test's. */
import { randomUUID } from 'node:crypto';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { TestWorkflowEnvironment } from '@temporalio/testing';
import { callIdOfLeg } from '../../providers/call-ids.ts';
import { asE164, asLegId, CALLS_QUEUE, MISSED_CALLS_WORKFLOW_ID, type E164 } from '../../domain/ids.ts';
import type { InboundLeg } from '../../domain/missed-calls.ts';
import { lookNow } from '../../workflows/missed-calls/messages.ts';
import type { missedCalls } from '../../workflows/missed-calls/workflow.ts';
import { missedCallActivities, missedCallNetwork, type MissedCallNetwork } from '../kit/missed-call-network.ts';
import { BOT, CUSTOMER, House, jumpingClock, untilTrue } from './house.ts';

const MINUTE = 60_000;
const LONG = { timeout: 120_000 };
let network: MissedCallNetwork;
let env: TestWorkflowEnvironment;
let house: House;
beforeEach(async () => {
  network = missedCallNetwork();
  env = await jumpingClock();
  house = await House.open(env, 100, missedCallActivities(network));
});
afterEach(async () => {
  await house.fresh();
  await house[Symbol.asyncDispose]();
  await env.teardown();
});

async function missedFrom(from: E164 | null, more: Partial<InboundLeg> = {}): Promise<InboundLeg> {
  const leg = {
    legId: asLegId(randomUUID()),
    from,
    to: BOT,
    startedAtMs: (await env.currentTimeMs()) - MINUTE,
    over: true,
    ...more,
  };
  network.listed.push(leg);
  return leg;
}

async function look(): Promise<void> {
  house.remember(MISSED_CALLS_WORKFLOW_ID);
  await house.client.signalWithStart<typeof missedCalls>('missedCalls', {
    workflowId: MISSED_CALLS_WORKFLOW_ID,
    taskQueue: CALLS_QUEUE,
    args: [{ sinceMs: (await env.currentTimeMs()) - 10 * MINUTE }],
    signal: lookNow,
  });
}

const promises = () => [...house.world.callbacks.values()];

test(
  '[MC1] [MC2] [MC3] a call that no workflow knows at two looks is recorded and rung back, once, and told why',
  LONG,
  async () => {
    const leg = await missedFrom(CUSTOMER);
    await look();
    await env.sleep(5_000);
    expect(network.recorded).toEqual([]);
    await env.sleep(30_000);
    await untilTrue(() => house.world.dialled.length === 1);
    expect(network.recorded).toEqual([{ id: callIdOfLeg(leg.legId), missed: true, legs: [leg.legId] }]);
    const [dialled] = house.world.dialled;
    if (dialled === undefined) throw new Error('not dialled');
    await house.admit(dialled.callId, dialled.attemptId, asLegId('leg-1'));
    const { seed, connectId } = await house.attach(dialled.callId, 'h1');
    expect(seed.opening).toMatchObject({ text: expect.stringContaining('the fault was ours') as string });
    (await house.host('h1')).end(connectId, { endedBy: 'network', heard: [] });
    await house.callEvent(dialled.callId, {
      legId: asLegId('leg-1'),
      status: 'completed',
      attemptId: dialled.attemptId,
    });
    await untilTrue(async () => (await house.view(dialled.callId)).document.phase === 'resumable');
    await untilTrue(() => promises()[0]?.status === 'done');
    await look();
    await env.sleep(20 * MINUTE);
    expect(house.world.dialled).toHaveLength(1);
    expect(network.recorded).toHaveLength(1);
  },
);

test(
  '[MC1] [MC4] what a workflow knows is no missed call, and who was answered since is not rung back',
  LONG,
  async () => {
    const missed = await missedFrom(CUSTOMER, { startedAtMs: (await env.currentTimeMs()) - 2 * MINUTE });
    const again = await missedFrom(CUSTOMER);
    const { callId, legId } = await house.ringIn(again.legId);
    const { connectId } = await house.attach(callId, 'h1');
    await house.hangsUp(legId, { host: await house.host('h1'), connectId });
    await look();
    await env.sleep(MINUTE);
    await untilTrue(() => network.recorded.length === 1);
    expect(network.recorded.map(({ id }) => id)).toEqual([callIdOfLeg(missed.legId)]);
    expect(promises()).toEqual([]);
  },
);

test(
  '[MC2] [MC4] withheld, foreign and not allowed numbers are not rung; two calls of one number are one promise',
  LONG,
  async () => {
    await missedFrom(null);
    await missedFrom(asE164('+447700900123'));
    await missedFrom(CUSTOMER, { to: asE164('+15550100777') });
    await missedFrom(CUSTOMER);
    await missedFrom(CUSTOMER, { startedAtMs: (await env.currentTimeMs()) - 30_000 });
    await look();
    await env.sleep(MINUTE);
    await untilTrue(() => network.recorded.length === 4);
    await untilTrue(() => house.world.dialled.length === 1);
    await env.sleep(MINUTE);
    expect(promises()).toHaveLength(1);
  },
);

test('[MC4] [CB15] who rings before our call has reached them is told in their own', LONG, async () => {
  await missedFrom(CUSTOMER);
  await look();
  await env.sleep(MINUTE);
  await untilTrue(() => house.world.dialled.length === 1);
  const [dialled] = house.world.dialled;
  if (dialled === undefined) throw new Error('not dialled');
  await house.callEvent(dialled.callId, { legId: asLegId('leg-1'), status: 'busy', attemptId: dialled.attemptId });
  await untilTrue(() => promises()[0]?.attempts.at(-1)?.outcome === 'busy');
  await untilTrue(async () => (await house.lineView()).promises.length === 1);
  const { callId, legId } = await house.ringIn();
  const { seed, connectId } = await house.attach(callId, 'h1');
  expect(seed.recap).toContain('we could not answer');
  await house.hangsUp(legId, { host: await house.host('h1'), connectId });
  await untilTrue(async () => (await house.view(callId)).document.phase === 'resumable');
});
