import { expect, test } from 'vitest';
import { asE164, asLegId } from '../../domain/ids.ts';
import { transferCall } from '../../workflows/call/messages.ts';
import { houseForEachTest } from './each-test.ts';
import { INITIATE, untilTrue, type House } from './house.ts';

const opened = houseForEachTest();
const OPERATOR_LEG = asLegId('operator-leg');

/** A customer who asks for a human, until the operator's phone rings. */
async function ringing(house: House) {
  const call = await house.ringIn();
  const { connectId } = await house.attach(call.callId, 'h1');
  const host = await house.host('h1');
  await house.turn(call.callId, connectId, { utterance: 'I want to speak to a real person' });
  await untilTrue(() => house.world.operatorsRung.length === 1);
  host.end(connectId, { endedBy: 'network', heard: [] });
  const event = (status: Parameters<House['callEvent']>[1]['status'], detail: string | null = null) =>
    house.callEvent(call.callId, { legId: OPERATOR_LEG, role: 'operator', status, detail });
  return { ...call, host, event };
}

test('[TR1] [ES1] who asks for a human gets one, who has been briefed', async () => {
  const house = opened.current;
  const { callId, legId, host, event } = await ringing(house);
  expect(host.asked.at(-1)?.say).not.toBeNull();
  const { briefing, document } = await house.view(callId);
  expect(briefing).toContain('I want to speak to a real person');
  expect(briefing).toContain('No need to ask again');
  expect(document).toMatchObject({
    phase: 'transferring',
    dialog_state: 'TRANSFER_TO_AGENT',
    transfers: [{ status: 'RINGING' }],
  });
  await event('started');
  await event('answered');
  await untilTrue(async () => (await house.view(callId)).document.phase === 'with_operator');
  await event('completed');
  await house.lineEvent(legId, 'completed');
  expect(await house.call(callId).result()).toEqual({ callId, disposition: 'transferred' });
  expect(house.world.calls.get(callId)?.transfers).toMatchObject([{ status: 'SUCCESS' }]);
});

test.each(['busy', 'unanswered', 'rejected', 'failed', 'timeout'] as const)(
  '[TR2] the operator is %s: the bot says so and books a call',
  async (status) => {
    const house = opened.current;
    const { callId, event } = await ringing(house);
    await event(status, 'why');
    await event('completed');
    const { seed } = await house.attach(callId, 'h2');
    expect(seed.opening.kind).toBe('after_operator');
    await untilTrue(async () => (await house.view(callId)).document.phase === 'live');
    const { document } = await house.view(callId);
    expect(document.transfers).toMatchObject([{ status: 'FAIL', detail: `${status}: why` }]);
    expect(document.reminders).toMatchObject([{ owner: 'assistant', callback_id: expect.any(String) as string }]);
  },
);

test('[TR2] the bot is back before the operator’s webhook: the opening says the same', async () => {
  const house = opened.current;
  const { callId, event } = await ringing(house);
  const { seed } = await house.attach(callId, 'h2');
  expect(seed.opening).toMatchObject({ kind: 'after_operator' });
  await event('busy');
  await untilTrue(async () => (await house.view(callId)).document.phase === 'live');
  expect((await house.view(callId)).document.transfers).toMatchObject([{ status: 'FAIL' }]);
});

test('[TR4] the operator hangs up and the customer stays: the bot asks what else it can do', async () => {
  const house = opened.current;
  const { callId, event } = await ringing(house);
  await event('answered');
  await untilTrue(async () => (await house.view(callId)).document.phase === 'with_operator');
  await event('completed');
  const { seed } = await house.attach(callId, 'h2');
  expect(seed.opening).toMatchObject({ kind: 'after_operator' });
  await untilTrue(async () => (await house.view(callId)).document.phase === 'live');
  expect((await house.view(callId)).document).toMatchObject({ transfers: [{ status: 'SUCCESS' }], reminders: [] });
});

test('[TR5] the customer leaves while it rings: nothing is booked twice, the conversation can be resumed', async () => {
  const house = opened.current;
  const { callId, legId } = await ringing(house);
  await house.lineEvent(legId, 'completed');
  await untilTrue(async () => (await house.view(callId)).document.phase === 'resumable');
  expect((await house.view(callId)).document.transfers).toMatchObject([
    { status: 'FAIL', detail: 'the customer left while it rang' },
  ]);
});

test('[TR6] nobody to ring: said at once, and a call is booked', async () => {
  const house = opened.current;
  const { callId } = await house.ringIn(undefined, { initiate: { ...INITIATE, operatorNumber: null } });
  const { connectId } = await house.attach(callId, 'h1');
  const host = await house.host('h1');
  await house.turn(callId, connectId, { utterance: 'Connect me to an operator' });
  await untilTrue(() => host.asked.length === 2);
  await untilTrue(async () => (await house.view(callId)).document.reminders.length === 1);
  expect(house.world.operatorsRung).toHaveLength(0);
  expect((await house.view(callId)).document).toMatchObject({ phase: 'live', transfers: [{ status: 'FAIL' }] });
});

test('[CL3] at the second misunderstanding a human is brought in', async () => {
  const house = opened.current;
  const { callId } = await house.ringIn();
  const { connectId } = await house.attach(callId, 'h1');
  await house.turn(callId, connectId, { utterance: '', via: 'noise' });
  expect(house.world.operatorsRung).toHaveLength(0);
  await house.turn(callId, connectId, { utterance: '', via: 'noise' });
  await untilTrue(() => house.world.operatorsRung.length === 1);
});

test('[TR7] a transfer asked for from outside is announced first', async () => {
  const house = opened.current;
  const { callId } = await house.ringIn();
  await house.attach(callId, 'h1');
  const host = await house.host('h1');
  await house
    .call(callId)
    .executeUpdate(transferCall, { args: [{ reason: 'supervisor', operatorNumber: asE164('+15550100321') }] });
  await untilTrue(() => house.world.operatorsRung.length === 1);
  expect(house.world.operatorsRung).toEqual([{ number: '+15550100321' }]);
  expect(host.asked).toHaveLength(1);
});

test('[TR3] the operator has left and the network does not bring the customer back: the call does', async () => {
  const house = opened.current;
  const { callId, legId, event } = await ringing(house);
  await event('started');
  await event('answered');
  await untilTrue(async () => (await house.view(callId)).document.phase === 'with_operator');
  await event('completed');
  await untilTrue(async () =>
    (await house.view(callId)).document.legs.some(({ end_status }) => end_status === 'completed'),
  );
  expect(house.world.broughtToBot).toEqual([]);
  await house.env.sleep(11_000);
  await untilTrue(() => house.world.broughtToBot.length === 1);
  expect(house.world.broughtToBot).toEqual([{ legId, avoid: [] }]);
  const { seed } = await house.attach(callId, 'h2');
  expect(seed.opening.kind).toBe('after_operator');
  await untilTrue(async () => (await house.view(callId)).document.phase === 'live');
});

test('[TR3] a customer who has left meanwhile is not looked for', async () => {
  const house = opened.current;
  const { callId, legId, event } = await ringing(house);
  await event('answered');
  await untilTrue(async () => (await house.view(callId)).document.phase === 'with_operator');
  house.world.statusOf.set(legId, 'completed');
  await event('completed');
  await house.env.sleep(11_000);
  await untilTrue(async () => (await house.view(callId)).customerLegId === null);
  expect(house.world.broughtToBot).toEqual([]);
});
