import { expect, test } from 'vitest';
import { asE164, asLegId, lineWorkflowId } from '../../domain/ids.ts';
import { lineView } from '../../workflows/line/messages.ts';
import { houseForEachTest } from './each-test.ts';
import { newCallId, newLegId, untilTrue, type House } from './house.ts';

const opened = houseForEachTest();

const HOUR = 3_600_000;
/** Short enough for real time: the test server's clock no longer jumps once a workflow has ended on it. */
const RESUMABLE_MS = 3_000;
const A_MOMENT = 500;

/** A call that the customer dropped in mid-sentence, its line waiting for them. */
async function dropped(house: House) {
  const first = await house.ringIn();
  const { connectId } = await house.attach(first.callId, 'h1');
  const host = await house.host('h1');
  host.answer = ({ utterance }) => ({ said: `You said ${utterance}.` });
  await house.turn(first.callId, connectId, { utterance: 'I want to change my address' });
  await house.hangsUp(first.legId, { host, connectId });
  await untilTrue(async () => (await house.view(first.callId)).document.phase === 'resumable');
  return first;
}

test('[LN1] who rings back in time goes on in the same call, with its context', async () => {
  const house = opened.current;
  await house.fresh({ resumeWithinMs: 3 * HOUR });
  const first = await dropped(house);
  await house.env.sleep(2 * HOUR);
  const again = await house.ringIn();
  expect(again).toMatchObject({ outcome: 'resumed', callId: first.callId });
  const { seed } = await house.attach(first.callId, 'h2');
  expect(seed.opening.kind).toBe('welcome_back');
  expect(seed.transcript.map((entry) => entry.text)).toContain('I want to change my address');
  expect(seed.facts.intent).toBe('change_address');
});

test('[LN5] after the deadline the call is closed, and the same line takes a new one', async () => {
  const house = opened.current;
  await house.fresh({ resumeWithinMs: RESUMABLE_MS });
  const first = await dropped(house);
  await house.env.sleep(RESUMABLE_MS + A_MOMENT);
  await untilTrue(async () => (await house.call(first.callId).describe()).status.name === 'COMPLETED');
  expect(house.world.calls.get(first.callId)).toMatchObject({
    phase: 'closed',
    disposition: 'dropped',
    in_progress: false,
  });
  await untilTrue(
    async () => (await house.client.getHandle(lineWorkflowId(house.key)).describe()).status.name === 'COMPLETED',
  );
  const again = await house.ringIn();
  expect(again.outcome).toBe('new');
  expect(again.callId).not.toBe(first.callId);
});

test('[LN3] another of our numbers is another conversation', async () => {
  const house = opened.current;
  const first = await dropped(house);
  const again = await house.ringIn(newLegId(), { botNumber: asE164('+15550100777') });
  expect(again.outcome).toBe('new');
  expect(again.callId).not.toBe(first.callId);
});

test('[LN11] a call that was ended by force frees its line for whoever is rung next', async () => {
  const house = opened.current;
  const inbound = await house.ringIn();
  expect(await house.ringOut()).toEqual({ outcome: 'busy', callId: inbound.callId });
  await house.call(inbound.callId).terminate('by hand');
  expect((await house.ringOut()).outcome).toBe('new');
  await untilTrue(() => house.world.dialled.length === 1);
});

test('[LN4] nobody is dialled who is on the line', async () => {
  const house = opened.current;
  const inbound = await house.ringIn();
  expect(await house.ringOut()).toEqual({ outcome: 'busy', callId: inbound.callId });
  expect(house.world.dialled).toEqual([]);
});

test('[LN2] inbound is never refused: a leg still believed live is let go for the new one', async () => {
  const house = opened.current;
  const first = await house.ringIn();
  await house.attach(first.callId, 'h1');
  const second = await house.ringIn();
  expect(second).toMatchObject({ outcome: 'resumed', callId: first.callId });
  await untilTrue(() => house.world.hungUp.includes(first.legId));
  await house.lineEvent(first.legId, 'completed');
  const { seed } = await house.attach(first.callId, 'h2');
  expect(seed.opening.kind).toBe('welcome_back');
  const view = await house.view(first.callId);
  expect(view.customerLegId).toBe(second.legId);
  expect(view.document.phase).toBe('live');
});

test('[LN2] who rings in while we ring them gets that call, and their phone stops ringing', async () => {
  const house = opened.current;
  const outbound = await house.ringOut();
  await untilTrue(() => house.world.dialled.length === 1);
  const inbound = await house.ringIn();
  expect(inbound).toMatchObject({ outcome: 'resumed', callId: outbound.callId });
  await untilTrue(() => house.world.hungUp.includes(asLegId('leg-1')));
  await untilTrue(async () => (await house.view(outbound.callId)).document.phase === 'live');
  expect(await house.view(outbound.callId)).toMatchObject({ customerLegId: inbound.legId });
});

test('[LN7] a repeated answer webhook opens nothing twice, whatever its update is called', async () => {
  const house = opened.current;
  const legId = newLegId();
  const proposedCallId = newCallId();
  const first = await house.ringIn(legId, { proposedCallId });
  const repeat = await house.ringIn(legId, { proposedCallId });
  expect(repeat.callId).toBe(first.callId);
  const view = await house.client.getHandle(lineWorkflowId(house.key)).query(lineView);
  expect(view).toMatchObject({ liveCallId: first.callId, resumableCallId: null });
});

test('[LN6] a late webhook of a closed call raises nothing from the dead', async () => {
  const house = opened.current;
  await house.fresh({ resumeWithinMs: 0 });
  const first = await house.ringIn();
  await house.hangsUp(first.legId);
  await house.call(first.callId).result();
  await house.client.getHandle(lineWorkflowId(house.key)).result();
  await expect(house.lineEvent(first.legId, 'completed')).rejects.toThrow();
  expect((await house.call(first.callId).describe()).status.name).toBe('COMPLETED');
});
