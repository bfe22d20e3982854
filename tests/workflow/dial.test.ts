import { expect, test } from 'vitest';
import { asLegId } from '../../domain/ids.ts';
import { hangUp } from '../../workflows/call/messages.ts';
import { houseForEachTest } from './each-test.ts';
import { untilTrue, type House } from './house.ts';

const opened = houseForEachTest();

const LEG = asLegId('leg-1');

async function attemptOf(house: House) {
  await untilTrue(() => house.world.dialled.length > 0);
  const dialled = house.world.dialled[0];
  if (dialled === undefined) throw new Error('nothing was dialled');
  return dialled.attemptId;
}

test('[DI1] an answered call is greeted on the host where the greeting lies ready', async () => {
  const house = opened.current;
  await house.host('h1');
  house.world.host = 'h1' as typeof house.world.host;
  const { callId } = await house.ringOut();
  const attemptId = await attemptOf(house);
  await untilTrue(() => house.hosts.get('h1')?.prepared.length === 1);
  expect(await house.admit(callId, attemptId, LEG)).toEqual({ admitted: true, preferHostId: 'h1' });
  expect(await house.admit(callId, attemptId, LEG)).toMatchObject({ admitted: true });
  expect(await house.admit(callId, attemptId, asLegId('another'))).toEqual({ admitted: false, preferHostId: null });
  const { seed } = await house.attach(callId, 'h1');
  expect(seed.opening).toMatchObject({ kind: 'greeting' });
  expect((await house.view(callId)).document.phase).toBe('live');
});

test('[DI6] the acknowledgement is lost and `started` comes: nobody is dialled again', async () => {
  const house = opened.current;
  house.world.dials = ['rings_then_acknowledgement_lost'];
  const { callId } = await house.ringOut();
  const attemptId = await attemptOf(house);
  await house.callEvent(callId, { legId: LEG, status: 'started', attemptId });
  await house.callEvent(callId, { legId: LEG, status: 'answered', attemptId });
  await untilTrue(async () => (await house.view(callId)).document.phase === 'live');
  await house.env.sleep(6_000);
  expect(house.world.dialled).toHaveLength(1);
  expect((await house.view(callId)).customerLegId).toBe(LEG);
});

test('[DI6] the worker is killed after the network accepted: one phone rings, once', async () => {
  const house = opened.current;
  house.world.dials = ['rings_then_worker_dies'];
  const { callId } = await house.ringOut();
  const attemptId = await attemptOf(house);
  await house.env.sleep(11_000);
  await house.env.sleep(6_000);
  expect(await house.admit(callId, attemptId, LEG)).toMatchObject({ admitted: true });
  await untilTrue(async () => (await house.view(callId)).document.phase === 'live');
  expect(house.world.dialled).toHaveLength(1);
}, 120_000);

test('[DI6] acknowledgement and webhook are lost: the network’s own list tells that it rings', async () => {
  const house = opened.current;
  house.world.dials = ['rings_then_acknowledgement_lost'];
  const { callId } = await house.ringOut();
  const attemptId = await attemptOf(house);
  await house.env.sleep(7_000);
  expect(house.world.dialled).toHaveLength(1);
  expect(await house.admit(callId, attemptId, LEG)).toMatchObject({ admitted: true });
});

test('[DI6] nothing rang: it is dialled once more, for the same attempt', async () => {
  const house = opened.current;
  house.world.dials = ['acknowledgement_lost', 'rings'];
  const { callId } = await house.ringOut();
  const attemptId = await attemptOf(house);
  await house.env.sleep(7_000);
  await untilTrue(() => house.world.dialled.length === 2);
  expect(house.world.dialled[1]?.attemptId).toBe(attemptId);
  expect(await house.admit(callId, attemptId, asLegId('leg-2'))).toMatchObject({ admitted: true });
});

test.each([
  ['busy', 'busy'],
  ['unanswered', 'no_answer'],
  ['timeout', 'no_answer'],
  ['rejected', 'rejected'],
  ['failed', 'failed'],
] as const)('[DI2] %s closes the call as %s, even when `completed` overtakes it', async (status, disposition) => {
  const house = opened.current;
  const { callId } = await house.ringOut();
  const attemptId = await attemptOf(house);
  await house.callEvent(callId, { legId: LEG, status: 'started', attemptId });
  await house.callEvent(callId, { legId: LEG, status: 'completed', attemptId });
  await house.callEvent(callId, { legId: LEG, status, attemptId });
  expect(await house.call(callId).result()).toEqual({ callId, disposition });
  expect(house.world.calls.get(callId)).toMatchObject({ phase: 'closed', disposition, in_progress: false });
});

test('[DI3] the network’s refusal for rate is waited out, not counted as a call', async () => {
  const house = opened.current;
  house.world.dials = [{ failure: 'rate_limit' }, { failure: 'rate_limit' }, 'rings'];
  await house.ringOut();
  await house.env.sleep(5_000);
  await untilTrue(() => house.world.dialled.length === 3);
});

test('[PA4] to wait for our own budget is no attempt, however often; the legs that were granted are used', async () => {
  const house = opened.current;
  const later = { failure: 'rate_limit', details: { vendor: 'account', retryAfterMs: 40, legs: 'refused' } };
  const granted = { failure: 'rate_limit', details: { vendor: 'account', retryAfterMs: 200, legs: 'granted' } };
  house.world.dials = [...Array.from({ length: 25 }, () => later), granted, 'rings'];
  await house.ringOut();
  await untilTrue(() => house.world.dialled.length === 27);
  expect(house.world.dialled.map(({ granted: is }) => is ?? false)).toEqual([
    ...Array.from({ length: 26 }, () => false),
    true,
  ]);
});

test('[PA4] [OO4] who is called off while they wait for their turn is not rung', async () => {
  const house = opened.current;
  house.world.dials = [
    { failure: 'rate_limit', details: { vendor: 'account', retryAfterMs: 600_000, legs: 'granted' } },
  ];
  const { callId } = await house.ringOut();
  await untilTrue(() => house.world.dialled.length === 1);
  await house.call(callId).executeUpdate(hangUp, { args: [{ reason: 'asked' }] });
  expect(await house.call(callId).result()).toMatchObject({ callId });
  expect(house.world.dialled).toHaveLength(1);
});

test('[DI4] a number that may not be dialled fails at once', async () => {
  const house = opened.current;
  house.world.dials = [{ failure: 'bad_request' }];
  const { callId } = await house.ringOut();
  expect(await house.call(callId).result()).toEqual({ callId, disposition: 'failed' });
  expect(house.world.dialled).toHaveLength(1);
});
