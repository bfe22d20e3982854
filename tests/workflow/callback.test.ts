import { expect, test } from 'vitest';
import { asCallbackId, asLegId, callbackWorkflowId, type CallbackId, type CallId } from '../../domain/ids.ts';
import {
  callbackView,
  cancelCallback,
  completeCallback,
  reschedule,
  type CallbackInput,
} from '../../workflows/callback/messages.ts';
import { houseForEachTest } from './each-test.ts';
import { untilTrue, type House } from './house.ts';
import { promise } from './promise.ts';

const opened = houseForEachTest();
const DAY = 24 * 3_600_000;
const MINUTE = 60_000;
const LEG = asLegId('leg-1');

async function promised(house: House, inMs: number, fromCallId: CallId | null = null): Promise<CallbackId> {
  const callbackId = await promise(house, inMs, { words: 'It is about your delivery.', fromCallId });
  await untilOnLine(house, callbackId);
  return callbackId;
}

/** From then on nothing is at work that the end of a test would cut off. */
async function untilOnLine(house: House, callbackId: CallbackId): Promise<void> {
  await untilTrue(async () => {
    const { pendingCallbackIds } = await house.lineView().catch(() => ({ pendingCallbackIds: [] as CallbackId[] }));
    return pendingCallbackIds.includes(callbackId) || house.world.dialled.length > 0;
  });
}

const handleOf = (house: House, id: CallbackId) => house.client.getHandle(callbackWorkflowId(id));
const viewOf = (house: House, id: CallbackId) => handleOf(house, id).query(callbackView);

test('[CB4] a call promised in three days is made then, once, and says what it is about', async () => {
  const house = opened.current;
  const id = await promised(house, 3 * DAY);
  await house.env.sleep(2 * DAY);
  expect(house.world.dialled).toHaveLength(0);
  await house.env.sleep(DAY);
  await untilTrue(() => house.world.dialled.length === 1);
  const dialled = house.world.dialled[0];
  if (dialled === undefined) throw new Error('not dialled');
  await house.admit(dialled.callId, dialled.attemptId, LEG);
  await house.callEvent(dialled.callId, { legId: LEG, status: 'human', attemptId: dialled.attemptId });
  await untilTrue(async () => (await viewOf(house, id)).status === 'done');
  const { seed } = await house.attach(dialled.callId, 'h1');
  expect(seed.opening).toMatchObject({
    kind: 'greeting',
    text: expect.stringContaining('It is about your delivery.') as string,
  });
  expect(seed.reason).toContain('when it comes');
  expect(house.world.callbacks.get(id)).toMatchObject({
    status: 'done',
    attempts: [{ outcome: 'answered', call_id: dialled.callId }],
  });
  expect(house.world.dialled).toHaveLength(1);
});

test('[CB10] a promised call carries the recap and the claim of the call that promised it', async () => {
  const house = opened.current;
  const first = await house.ringIn();
  const { connectId } = await house.attach(first.callId, 'h1');
  const host = await house.host('h1');
  const updates = [{ field: 'order_number', value: 'A17' }];
  host.answer = ({ round }) =>
    round === 0
      ? {
          said: '',
          ended: 'awaiting_tools',
          toolCalls: [{ toolUseId: 't', name: 'update_claim', arguments: { updates } }],
        }
      : { said: 'We will call you.' };
  await house.turn(first.callId, connectId, { utterance: 'Order A17 has not come, ring me tomorrow' });
  await house.hangsUp(first.legId, { host, connectId });
  await untilTrue(() => house.world.calls.get(first.callId)?.claim['order_number'] === 'A17');
  await promised(house, DAY, first.callId);
  await house.env.sleep(DAY);
  await untilTrue(() => house.world.dialled.length === 1);
  const dialled = house.world.dialled[0];
  if (dialled === undefined) throw new Error('not dialled');
  expect(dialled.callId).not.toBe(first.callId);
  await house.admit(dialled.callId, dialled.attemptId, LEG);
  const { seed } = await house.attach(dialled.callId, 'h1');
  expect(seed.facts.claim['order_number']).toBe('A17');
  expect(seed.recap).toContain('Order A17 has not come');
});

test('[CB10] [CL15] it knows of a call in between too, and tells none of them twice', async () => {
  const house = opened.current;
  const host = await house.host('h1');
  const talk = async (words: string): Promise<CallId> => {
    const { callId, legId } = await house.ringIn();
    const { connectId } = await house.attach(callId, 'h1');
    host.answer = () => ({ said: 'I see.' });
    await house.turn(callId, connectId, { utterance: words });
    await house.hangsUp(legId, { host, connectId });
    await untilTrue(() => house.world.calls.get(callId)?.synthesis != null);
    return callId;
  };
  const promisedIn = await talk('Order A17 has not come');
  await promised(house, 3 * DAY, promisedIn);
  await house.env.sleep(DAY);
  const between = await talk('I have moved to Elm Street');
  expect(between).not.toBe(promisedIn);
  await house.env.sleep(2 * DAY);
  await untilTrue(() => house.world.dialled.length === 1);
  const dialled = house.world.dialled[0];
  if (dialled === undefined) throw new Error('not dialled');
  await house.admit(dialled.callId, dialled.attemptId, LEG);
  const { seed } = await house.attach(dialled.callId, 'h1');
  expect(seed.recap).toContain('Order A17 has not come');
  expect(seed.facts.customerNotes?.match(/By the model/g)).toHaveLength(1);
});

test('[CB5] who has cancelled is not rung', async () => {
  const house = opened.current;
  const id = await promised(house, DAY);
  expect(await handleOf(house, id).executeUpdate(cancelCallback, { args: [{ reason: 'settled' }] })).toMatchObject({
    status: 'cancelled',
  });
  await handleOf(house, id).result();
  expect(house.world.callbacks.get(id)?.status).toBe('cancelled');
  expect(house.world.dialled).toHaveLength(0);
});

/** It rings. */
async function ringing(house: House, more: Partial<CallbackInput> = {}) {
  const id = await promise(house, 1_000, more);
  await house.env.sleep(2_000);
  await untilTrue(() => house.world.dialled.length === 1);
  const [dialled] = house.world.dialled;
  if (dialled === undefined) throw new Error('not dialled');
  return { id, ...dialled };
}

test('[CB5] cancelled while it rings, it is not tried again', async () => {
  const house = opened.current;
  const { id, callId, attemptId } = await ringing(house);
  const told = await handleOf(house, id).executeUpdate(cancelCallback, { args: [{ reason: 'settled' }] });
  expect(told.status).toBe('dialling');
  await house.callEvent(callId, { legId: LEG, status: 'busy', attemptId });
  await untilTrue(() => house.world.callbacks.get(id)?.status === 'cancelled');
  expect(house.world.callbacks.get(id)).toMatchObject({ reason: 'settled', attempts: [{ outcome: 'busy' }] });
});

test('[CB5] [CB20] cancelled while it rings, who answers is talked with, and it does not come again', async () => {
  const house = opened.current;
  const { id, callId, attemptId } = await ringing(house, { rule: 'FREQ=DAILY;COUNT=3', zone: 'Etc/UTC' });
  await handleOf(house, id).executeUpdate(cancelCallback, { args: [{ reason: 'settled' }] });
  await house.admit(callId, attemptId, LEG);
  await house.callEvent(callId, { legId: LEG, status: 'human', attemptId });
  await untilTrue(async () => (await handleOf(house, id).describe()).status.name === 'COMPLETED');
  expect(house.world.callbacks.get(id)).toMatchObject({ status: 'done', occurrence: 1 });
  expect((await house.view(callId)).document.phase).toBe('live');
  expect(house.world.hungUp).not.toContain(LEG);
});

test('[CB32] [CB20] said to be done while it rings, it is not tried again, and comes at its next time', async () => {
  const house = opened.current;
  const { id, callId, attemptId } = await ringing(house, { rule: 'FREQ=DAILY;COUNT=2', zone: 'Etc/UTC' });
  const told = await handleOf(house, id).executeUpdate(completeCallback, { args: [{ reason: 'rung by Anna' }] });
  expect(told.status).toBe('dialling');
  await house.callEvent(callId, { legId: LEG, status: 'busy', attemptId });
  await untilTrue(() => house.world.callbacks.get(id)?.occurrence === 2);
  expect(house.world.callbacks.get(id)).toMatchObject({ status: 'pending', attempts: [{ outcome: 'busy' }] });
  expect(house.world.dialled).toHaveLength(1);
  await handleOf(house, id).executeUpdate(cancelCallback, { args: [{ reason: 'the test is over' }] });
});

test('[CB6] a promise moved to another time is kept then', async () => {
  const house = opened.current;
  const id = await promised(house, 3 * DAY);
  const dueAtMs = (await house.env.currentTimeMs()) + 2_000;
  await handleOf(house, id).executeUpdate(reschedule, { args: [{ dueAtMs, title: 'Sooner' }] });
  await house.env.sleep(3_000);
  await untilTrue(() => house.world.dialled.length === 1);
  expect(house.world.callbacks.get(id)).toMatchObject({ title: 'Sooner' });
});

test('[CB23] a promise that is moved, or only reworded, is written down as it stands', async () => {
  const house = opened.current;
  const id = await promised(house, 3 * DAY);
  await untilTrue(() => house.world.callbacks.has(id));
  const dueAtMs = (await house.env.currentTimeMs()) + 2 * DAY;
  await handleOf(house, id).executeUpdate(reschedule, { args: [{ dueAtMs, title: 'Sooner' }] });
  await untilTrue(() => house.world.callbacks.get(id)?.title === 'Sooner');
  expect(Date.parse(house.world.callbacks.get(id)?.due_date_time ?? '')).toBe(dueAtMs);
  await handleOf(house, id).executeUpdate(reschedule, { args: [{ dueAtMs, description: 'In other words' }] });
  await untilTrue(() => house.world.callbacks.get(id)?.description === 'In other words');
  expect(house.world.callbacks.get(id)).toMatchObject({ status: 'pending', attempts: [] });
  await handleOf(house, id).executeUpdate(cancelCallback, { args: [{ reason: 'the test is over' }] });
});

test('[CB1] not answered: pending again, five minutes later', async () => {
  const house = opened.current;
  const id = await promised(house, 1_000);
  await house.env.sleep(2_000);
  await untilTrue(() => house.world.dialled.length === 1);
  const dialled = house.world.dialled[0];
  if (dialled === undefined) throw new Error('not dialled');
  await house.callEvent(dialled.callId, { legId: LEG, status: 'unanswered', attemptId: dialled.attemptId });
  await untilTrue(async () => (await viewOf(house, id)).attempts.length === 1);
  const { status, attempts, dueAtMs } = await viewOf(house, id);
  expect({ status, attempts }).toMatchObject({ status: 'pending', attempts: [{ outcome: 'no_answer' }] });
  const inMs = dueAtMs - (await house.env.currentTimeMs());
  expect(inMs).toBeGreaterThan(4 * MINUTE);
  expect(inMs).toBeLessThanOrEqual(5 * MINUTE);
});

test('[CB7] the customer is on the line when it is due: asked again two minutes later, no attempt lost', async () => {
  const house = opened.current;
  const live = await house.ringIn();
  const id = await promised(house, 1_000);
  await house.env.sleep(2_000);
  await untilTrue(async () => (await viewOf(house, id)).attempts.length === 1);
  expect(await viewOf(house, id)).toMatchObject({
    status: 'pending',
    attempts: [{ outcome: 'line_busy', callId: live.callId }],
  });
  expect(house.world.dialled).toHaveLength(0);
});

test('[CB3] a reminder of the bot’s own books a call; the same title moves it and doubles nothing', async () => {
  const house = opened.current;
  const { callId } = await house.ringIn();
  const { connectId } = await house.attach(callId, 'h1');
  const host = await house.host('h1');
  const due = (days: number, nowMs: number): string => new Date(nowMs + days * DAY).toISOString();
  const nowMs = await house.env.currentTimeMs();
  host.answer = ({ round, utterance }) =>
    round > 0
      ? { said: 'Noted.' }
      : {
          said: '',
          ended: 'awaiting_tools',
          toolCalls: [
            {
              toolUseId: `t-${utterance}`,
              name: 'create_or_update_reminder',
              arguments: {
                title: 'Call about the offer',
                description: 'As agreed',
                due_date_time: due(utterance === 'in two days' ? 2 : 4, nowMs),
                zone: 'Etc/UTC',
                owner: 'assistant',
              },
            },
          ],
        };
  await house.turn(callId, connectId, { utterance: 'in two days' });
  await house.turn(callId, connectId, { utterance: 'no, in four' });
  const { document } = await house.view(callId);
  expect(document.reminders).toHaveLength(1);
  const id = asCallbackId(document.reminders[0]?.callback_id ?? '');
  house.remember(callbackWorkflowId(id));
  await untilOnLine(house, id);
  expect((await viewOf(house, id)).dueAtMs).toBe(nowMs + 4 * DAY);
});
