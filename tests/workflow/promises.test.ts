/** What is promised happens once, at the right hour; and what the customer takes back, or comes for first, does not. */
import { randomUUID } from 'node:crypto';
import { expect, test } from 'vitest';
import type { CallingHours } from '../../domain/calling-hours.ts';
import { asCallbackId, asLegId, callbackWorkflowId, type CallbackId } from '../../domain/ids.ts';
import {
  callbackView,
  completeCallback,
  reschedule,
  withdrawn,
  type CallbackInput,
  type Rescheduling,
} from '../../workflows/callback/messages.ts';
import type { FakeHost } from '../kit/fake-activities.ts';
import { houseForEachTest } from './each-test.ts';
import { CUSTOMER, INITIATE, untilTrue, type House } from './house.ts';
import { promise } from './promise.ts';

const opened = houseForEachTest();
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

async function promised(house: House, inMs: number, more: Partial<CallbackInput> = {}): Promise<CallbackId> {
  const callbackId = await promise(house, inMs, more);
  await untilTrue(() => house.world.callbacks.has(callbackId));
  return callbackId;
}

const handleOf = (house: House, id: CallbackId) => house.client.getHandle(callbackWorkflowId(id));
const viewOf = (house: House, id: CallbackId) => handleOf(house, id).query(callbackView);
const onLine = async (house: House): Promise<string[]> =>
  (await house.lineView().catch(() => ({ promises: [] as { callbackId: CallbackId }[] }))).promises.map(
    ({ callbackId }) => callbackId,
  );

/** The model books it, and says so. */
const notesIt =
  (promised: { title: string; description?: string; dueAtMs: number } & Record<string, unknown>): FakeHost['answer'] =>
  ({ round }) => {
    if (round > 0) return { said: 'Noted.' };
    const { dueAtMs, ...more } = promised;
    const call = { owner: 'assistant', zone: 'Etc/UTC', due_date_time: new Date(dueAtMs).toISOString(), ...more };
    return {
      said: '',
      ended: 'awaiting_tools',
      toolCalls: [{ toolUseId: 't-1', name: 'create_or_update_reminder', arguments: call }],
    };
  };

/** The leg is let go again: the clock does not jump while somebody is on the line. */
async function answeredGreeting(house: House): Promise<string> {
  await untilTrue(() => house.world.dialled.length === 1);
  const [dialled] = house.world.dialled;
  if (dialled === undefined) throw new Error('not dialled');
  await house.admit(dialled.callId, dialled.attemptId, asLegId('leg-1'));
  const { seed, connectId } = await house.attach(dialled.callId, 'h1');
  (await house.host('h1')).end(connectId, { endedBy: 'network', heard: [] });
  await house.callEvent(dialled.callId, { legId: asLegId('leg-1'), status: 'completed', attemptId: dialled.attemptId });
  await untilTrue(async () => (await house.view(dialled.callId)).document.phase === 'resumable');
  return seed.opening.kind === 'none' ? '' : seed.opening.text;
}

test('[CB11] the promised call says what it is about in words for the customer, and not its title', async () => {
  const house = opened.current;
  await promised(house, HOUR, { words: 'Your washing machine comes on Friday.' });
  await house.env.sleep(HOUR);
  const greeting = await answeredGreeting(house);
  expect(greeting).toContain('Your washing machine comes on Friday.');
  expect(greeting).not.toContain('Tell about');
  expect(greeting).not.toMatch(/later than promised/);
});

test('[CB14] more than five minutes late, the call says so', async () => {
  const house = opened.current;
  await promised(house, -HOUR, { exact: true });
  expect(await answeredGreeting(house)).toMatch(/sorry that I am calling later than promised/);
});

test('[CB13] outside the calling hours it is put off to the next allowed moment', async () => {
  const house = opened.current;
  const nowMs = await house.env.currentTimeMs();
  const inSixHours = new Date(nowMs + 6 * HOUR).getUTCHours();
  const hour = (value: number): string => `${String(value).padStart(2, '0')}:00`;
  // One hour alone: until midnight would be now already, of an evening.
  const hours: CallingHours = [{ days: [1, 2, 3, 4, 5, 6, 7], from: hour(inSixHours), to: hour(inSixHours + 1) }];
  house.world.hours = { US: hours, default: hours };
  const id = await promised(house, 1_000, { zone: 'Etc/UTC' });
  await house.env.sleep(2_000);
  await untilTrue(async () => (await viewOf(house, id)).reason === 'put off to the calling hours');
  const { status, dueAtMs } = await viewOf(house, id);
  expect(status).toBe('pending');
  expect(new Date(dueAtMs).getUTCHours()).toBe(inSixHours);
  expect(house.world.dialled).toHaveLength(0);
  await house.env.sleep(dueAtMs - nowMs);
  await untilTrue(() => house.world.dialled.length === 1);
});

test('[CB27] where no hour of the week is allowed nobody is rung: a colleague sees to it', async () => {
  const house = opened.current;
  house.world.hours = { US: [], default: [] };
  const id = await promised(house, 1_000, { zone: 'Etc/UTC' });
  await house.env.sleep(2_000);
  await untilTrue(() => house.world.callbacks.get(id)?.status === 'due');
  expect(house.world.callbacks.get(id)).toMatchObject({
    owner: 'human',
    reason: 'no hour of the week is allowed for a call',
  });
  await untilTrue(() => house.world.webhooks.includes(`${id}:due:1`));
  await house.env.sleep(7 * DAY);
  expect(house.world.dialled).toHaveLength(0);
});

test('[CB15] who rings first is told of it, and when they have talked it is kept', async () => {
  const house = opened.current;
  const id = await promised(house, 2 * HOUR);
  await untilTrue(async () => (await onLine(house)).includes(id));
  const { callId, legId } = await house.ringIn();
  const { seed, connectId } = await house.attach(callId, 'h1');
  expect(seed.recap).toContain('The customer wants to know when it comes');
  const host = await house.host('h1');
  host.answer = () => ({ said: 'It comes on Friday.' });
  await house.turn(callId, connectId, { utterance: 'When does it come?' });
  expect((await viewOf(house, id)).status).toBe('pending');
  await house.hangsUp(legId, { host, connectId });
  await untilTrue(() => house.world.callbacks.get(id)?.status === 'done');
  expect(house.world.callbacks.get(id)).toMatchObject({
    reason: 'the customer rang first',
    attempts: [{ outcome: 'merged', call_id: callId }],
  });
  await house.env.sleep(2 * HOUR);
  expect(house.world.dialled).toHaveLength(0);
});

test('[CB15] who rings first and hangs up without a word is called as promised', async () => {
  const house = opened.current;
  const id = await promised(house, HOUR);
  await untilTrue(async () => (await onLine(house)).includes(id));
  const { callId, legId } = await house.ringIn();
  const { connectId } = await house.attach(callId, 'h1');
  await house.hangsUp(legId, { host: await house.host('h1'), connectId });
  await untilTrue(async () => (await house.view(callId)).document.phase === 'resumable');
  await house.env.sleep(HOUR);
  await untilTrue(() => house.world.dialled.length === 1);
  expect((await viewOf(house, id)).status).toBe('dialling');
});

test('[CB15] a promise renewed in the customer’s own call stands', async () => {
  const house = opened.current;
  const id = await promised(house, HOUR);
  await untilTrue(async () => (await onLine(house)).includes(id));
  const { callId, legId } = await house.ringIn();
  const { connectId } = await house.attach(callId, 'h1');
  const host = await house.host('h1');
  const due = (await house.env.currentTimeMs()) + 5 * HOUR;
  host.answer = notesIt({ title: 'tell about the delivery', description: 'Later, please', dueAtMs: due });
  await house.turn(callId, connectId, { utterance: 'Call me in five hours all the same' });
  await untilTrue(async () => (await viewOf(house, id)).dueAtMs === due);
  await house.hangsUp(legId, { host, connectId });
  await untilTrue(async () => (await house.view(callId)).document.phase === 'resumable');
  expect(house.world.callbacks.size).toBe(1);
  expect((await viewOf(house, id)).status).toBe('pending');
});

test('[CB16] [CB10] the same title in a later call moves the promise of an earlier one', async () => {
  const house = opened.current;
  const id = await promised(house, 3 * DAY);
  await untilTrue(async () => (await onLine(house)).includes(id));
  const { callId } = await house.ringIn();
  const { connectId } = await house.attach(callId, 'h1');
  const due = (await house.env.currentTimeMs()) + 4 * DAY;
  (await house.host('h1')).answer = notesIt({
    title: 'Tell about the delivery',
    description: 'A day later',
    dueAtMs: due,
  });
  await house.turn(callId, connectId, { utterance: 'Make it a day later' });
  await untilTrue(async () => (await viewOf(house, id)).dueAtMs === due);
  expect((await house.view(callId)).document.reminders).toMatchObject([{ callback_id: id }]);
  expect(house.world.callbacks.size).toBe(1);
  await untilTrue(() => house.world.callbacks.get(id)?.call_id === callId);
});

const TITLE = 'Tell about the delivery';

/** In a call of their own, which is over when it returns. */
async function customerSays(house: House, wish: Record<string, unknown>): Promise<number> {
  const { callId, legId } = await house.ringIn();
  const { connectId } = await house.attach(callId, 'h1');
  const dueAtMs = (await house.env.currentTimeMs()) + 4 * DAY;
  const host = await house.host('h1');
  const told = { title: TITLE, dueAtMs, ...wish };
  host.answer = notesIt(told);
  await house.turn(callId, connectId, { utterance: 'I have thought about it' });
  await untilTrue(async () => (await house.view(callId)).document.reminders.some(({ title }) => title === told.title));
  await house.hangsUp(legId, { host, connectId });
  await untilTrue(async () => (await house.view(callId)).document.phase === 'resumable');
  return dueAtMs;
}

test('[CB25] who would rather have a text message gets one, and no call', async () => {
  const house = opened.current;
  const id = await promised(house, 3 * DAY, { title: TITLE });
  await untilTrue(async () => (await onLine(house)).includes(id));
  await customerSays(house, { channel: 'sms', words_for_customer: 'It comes on Friday.', zone: 'America/Denver' });
  expect(house.world.callbacks.get(id)).toMatchObject({ channel: 'sms', zone: 'America/Denver', owner: 'assistant' });
  // The clock that was told is the one in Denver.
  await house.env.sleep(5 * DAY);
  await untilTrue(() => house.world.callbacks.get(id)?.status === 'done');
  expect(house.world.sms).toEqual(['Contoso: It comes on Friday.']);
  expect(house.world.dialled).toHaveLength(0);
  expect(house.world.callbacks.size).toBe(1);
});

test('[CB25] who would rather have a colleague call is a colleague’s task, and the other way round the bot’s call', async () => {
  const house = opened.current;
  const id = await promised(house, 3 * DAY, { title: TITLE });
  const task = await promised(house, 3 * DAY, { title: 'Send the contract', owner: 'human' });
  await untilTrue(async () => (await onLine(house)).length === 2);
  await customerSays(house, { owner: 'human' });
  await customerSays(house, { title: 'Send the contract', flexible: true });
  // No time of day was asked for: it waits for the calling hours.
  await house.env.sleep(5 * DAY);
  await untilTrue(() => house.world.webhooks.includes(`${id}:due:1`));
  expect(house.world.callbacks.get(id)).toMatchObject({ status: 'due', owner: 'human' });
  await untilTrue(() => house.world.callbacks.get(task)?.status === 'failed');
  expect(house.world.callbacks.get(task)).toMatchObject({
    owner: 'assistant',
    attempts: [{ outcome: 'no_answer' }, {}, {}, {}],
  });
  expect(house.world.callbacks.size).toBe(2);
});

test('[CB25] who does it without us is not called', async () => {
  const house = opened.current;
  const id = await promised(house, 3 * DAY, { title: TITLE });
  await untilTrue(async () => (await onLine(house)).includes(id));
  await customerSays(house, { owner: 'customer' });
  expect(await handleOf(house, id).result()).toMatchObject({
    status: 'cancelled',
    reason: 'the customer does it themselves',
  });
  expect(house.world.dialled).toHaveLength(0);
  expect(house.world.callbacks.size).toBe(1);
});

test('[CB25] a new time alone leaves how they are reached as it was', async () => {
  const house = opened.current;
  const id = await promised(house, 3 * DAY, { title: TITLE, channel: 'sms', owner: 'customer', words: 'The pill.' });
  await untilTrue(async () => (await onLine(house)).includes(id));
  const dueAtMs = await customerSays(house, { owner: 'customer' });
  expect(await viewOf(house, id)).toMatchObject({ status: 'pending', dueAtMs });
  expect(house.world.callbacks.get(id)).toMatchObject({ channel: 'sms' });
});

test('[CB25] promised once more while it rings, it comes again then, once', async () => {
  const house = opened.current;
  const id = await promised(house, HOUR);
  await house.env.sleep(HOUR);
  await untilTrue(() => house.world.dialled.length === 1);
  const [first] = house.world.dialled;
  if (first === undefined) throw new Error('not dialled');
  const dueAtMs = (await house.env.currentTimeMs()) + DAY;
  const renewed = { dueAtMs, given: { owner: 'human' as const }, anew: true as const };
  await expect(handleOf(house, id).executeUpdate(reschedule, { args: [{ dueAtMs }] })).rejects.toThrow();
  expect(await handleOf(house, id).executeUpdate(reschedule, { args: [renewed] })).toMatchObject({ dueAtMs });
  await house.callEvent(first.callId, { legId: asLegId('leg-1'), status: 'busy', attemptId: first.attemptId });
  await untilTrue(() => house.world.callbacks.get(id)?.status === 'pending');
  expect(await viewOf(house, id)).toMatchObject({ status: 'pending', dueAtMs, attempts: [{ outcome: 'busy' }] });
  await house.env.sleep(DAY);
  await untilTrue(() => house.world.callbacks.get(id)?.status === 'due');
  expect(house.world.dialled).toHaveLength(1);
});

test('[CB25] what comes again begins anew with a new rule, or comes once more without one', async () => {
  const house = opened.current;
  const rule = 'FREQ=DAILY;COUNT=2';
  const id = await promised(house, HOUR, { channel: 'sms', words: 'The pill.', rule, zone: 'Etc/UTC' });
  await house.env.sleep(HOUR);
  await untilTrue(() => house.world.sms.length === 1);
  await untilTrue(() => house.world.callbacks.get(id)?.occurrence === 2);
  const dueAtMs = (await house.env.currentTimeMs()) + 2 * HOUR;
  const moved = async (atMs: number, given: string | null): Promise<void> => {
    const args: [Rescheduling] = [{ dueAtMs: atMs, given: { rule: given }, anew: true }];
    const updateId = randomUUID();
    await house.ask(() => handleOf(house, id).executeUpdate(reschedule, { args, updateId }));
  };
  await moved(dueAtMs, rule);
  await house.env.sleep(2 * HOUR);
  await untilTrue(() => house.world.sms.length === 2);
  // As its next run has noted it: what is asked of a run that goes on in the next may never be answered by this server.
  const noted = new Date(dueAtMs + DAY).toISOString();
  await untilTrue(() => house.world.callbacks.get(id)?.due_date_time === noted);
  await moved(dueAtMs + HOUR, null);
  expect(await handleOf(house, id).result()).toMatchObject({ status: 'done' });
  expect(house.world.sms).toHaveLength(3);
});

/** The model asks for these tools, one a turn. */
function asksFor(host: FakeHost, calls: { name: string; arguments: Record<string, unknown> }[]): void {
  const left = [...calls];
  host.answer = ({ round }) => {
    const next = round > 0 ? undefined : left.shift();
    if (next === undefined) return { said: 'All right.' };
    const toolUseId = `t-${calls.length - left.length}`;
    return { said: '', ended: 'awaiting_tools', toolCalls: [{ toolUseId, ...next }] };
  };
}

test('[CB26] what an earlier call promised is known in the next, and taken back there', async () => {
  const house = opened.current;
  const id = await promised(house, 3 * DAY, { title: TITLE });
  const later = await promised(house, 4 * DAY, {
    title: 'Ask whether it works',
    channel: 'sms',
    zone: 'Europe/Berlin',
  });
  await promised(house, 4 * DAY, { title: 'Check their credit', owner: 'human' });
  await untilTrue(async () => (await onLine(house)).length === 3);
  const { callId, legId } = await house.ringIn();
  const { seed, connectId } = await house.attach(callId, 'h1');
  expect(seed.facts.promised).toMatchObject([
    { callbackId: id, title: TITLE, owner: 'assistant' },
    { callbackId: later, title: 'Ask whether it works', channel: 'sms', zone: 'Europe/Berlin' },
  ]);
  const host = await house.host('h1');
  asksFor(host, [{ name: 'cancel_reminder', arguments: { title: TITLE } }]);
  await house.turn(callId, connectId, { utterance: 'You need not call me about the delivery' });
  await untilTrue(() => house.world.callbacks.get(id)?.status === 'cancelled');
  expect(house.world.callbacks.get(id)?.reason).toBe('the customer needs it no more');
  expect((await viewOf(house, later)).status).toBe('pending');
  await house.hangsUp(legId, { host, connectId });
});

test('[CB26] what is taken back while it rings is not tried again, nor does it come again', async () => {
  const house = opened.current;
  const id = await promised(house, HOUR, { rule: 'FREQ=DAILY', zone: 'Etc/UTC', exact: true });
  await house.env.sleep(HOUR);
  await untilTrue(() => house.world.dialled.length === 1);
  const [first] = house.world.dialled;
  if (first === undefined) throw new Error('not dialled');
  await handleOf(house, id).signal(withdrawn, { reason: 'the customer needs it no more' });
  await house.callEvent(first.callId, { legId: asLegId('leg-1'), status: 'busy', attemptId: first.attemptId });
  expect(await handleOf(house, id).result()).toMatchObject({
    status: 'cancelled',
    reason: 'the customer needs it no more',
    attempts: [{ outcome: 'busy' }],
  });
  expect(house.world.callbacks.get(id)?.status).toBe('cancelled');
});

test('[CB26] a change of mind within the call takes back what it promised', async () => {
  const house = opened.current;
  const { callId, legId } = await house.ringIn();
  const { connectId } = await house.attach(callId, 'h1');
  const host = await house.host('h1');
  const due_date_time = new Date((await house.env.currentTimeMs()) + DAY).toISOString();
  const promise = { title: 'Call back', due_date_time, owner: 'assistant', zone: 'Etc/UTC' };
  asksFor(host, [
    { name: 'create_or_update_reminder', arguments: promise },
    { name: 'cancel_reminder', arguments: {} },
  ]);
  await house.turn(callId, connectId, { utterance: 'Call me tomorrow' });
  await untilTrue(() => house.world.callbacks.size === 1);
  await house.turn(callId, connectId, { utterance: 'No, do not' });
  const [id] = [...house.world.callbacks.keys()];
  expect(await handleOf(house, asCallbackId(id ?? '')).result()).toMatchObject({ status: 'cancelled' });
  expect((await house.view(callId)).document.reminders).toEqual([]);
  await house.hangsUp(legId, { host, connectId });
});

test('[CB19] a reminder whose text was sent is sent for its new time too', async () => {
  const house = opened.current;
  const id = await promised(house, HOUR, { channel: 'both', words: 'It comes on Friday.' });
  await house.env.sleep(HOUR);
  await untilTrue(() => house.world.dialled.length === 1);
  const [first] = house.world.dialled;
  if (first === undefined) throw new Error('not dialled');
  await house.callEvent(first.callId, { legId: asLegId('leg-1'), status: 'busy', attemptId: first.attemptId });
  await untilTrue(async () => (await viewOf(house, id)).status === 'pending');
  const dueAtMs = (await house.env.currentTimeMs()) + DAY;
  await handleOf(house, id).executeUpdate(reschedule, { args: [{ dueAtMs, given: { channel: 'sms' } }] });
  await house.env.sleep(DAY);
  await untilTrue(() => house.world.callbacks.get(id)?.status === 'done');
  expect(house.world.sms).toHaveLength(2);
});

const RINGS_BACK = { initiate: { ...INITIATE, ringBackAfterMin: 10 } };

async function brokenOff(house: House): Promise<CallbackId> {
  const { callId, legId } = await house.ringIn(undefined, RINGS_BACK);
  const { connectId } = await house.attach(callId, 'h1');
  const host = await house.host('h1');
  host.answer = () => ({ said: 'And your name?' });
  await house.turn(callId, connectId, { utterance: 'My order has not come' });
  await house.hangsUp(legId, { host, connectId });
  await untilTrue(() => house.world.callbacks.size === 1);
  return asCallbackId([...house.world.callbacks.keys()][0] ?? '');
}

test('[CB17] a call that broke off is rung back, once', async () => {
  const house = opened.current;
  const id = await brokenOff(house);
  await house.env.sleep(10 * MINUTE);
  expect(await answeredGreeting(house)).toMatch(/We were cut off/);
  await untilTrue(() => house.world.callbacks.get(id)?.status === 'done');
  await house.env.sleep(HOUR);
  expect(house.world.dialled).toHaveLength(1);
});

test('[CB17] unless the customer rings first', async () => {
  const house = opened.current;
  const id = await brokenOff(house);
  await untilTrue(async () => (await onLine(house)).includes(id));
  await house.ringIn(undefined, RINGS_BACK);
  await untilTrue(() => house.world.callbacks.get(id)?.status === 'cancelled');
  await house.env.sleep(HOUR);
  expect(house.world.dialled).toHaveLength(0);
});

test('[CB18] a colleague’s task is told and shown when it is due, rings nobody, and stays until it is done', async () => {
  const house = opened.current;
  const id = await promised(house, DAY, { owner: 'human' });
  await house.env.sleep(DAY);
  await untilTrue(() => house.world.webhooks.includes(`${id}:due:1`));
  expect(house.world.callbacks.get(id)).toMatchObject({ status: 'due', owner: 'human' });
  expect(house.world.dialled).toHaveLength(0);
  const nextMs = (await house.env.currentTimeMs()) + HOUR;
  await handleOf(house, id).executeUpdate(reschedule, { args: [{ dueAtMs: nextMs }] });
  await untilTrue(() => house.world.callbacks.get(id)?.status === 'pending');
  await house.env.sleep(HOUR);
  await untilTrue(() => house.world.callbacks.get(id)?.status === 'due');
  await handleOf(house, id).executeUpdate(completeCallback, { args: [{ reason: 'rung by Anna' }] });
  expect(await handleOf(house, id).result()).toMatchObject({ status: 'done', reason: 'rung by Anna' });
  expect(house.world.callbacks.get(id)?.status).toBe('done');
});

test('[CB19] a reminder by text message is sent once; one by call and text before the first try', async () => {
  const house = opened.current;
  const text = await promised(house, HOUR, { channel: 'sms', words: 'Your appointment is tomorrow at nine.' });
  await house.env.sleep(HOUR);
  await handleOf(house, text).result();
  expect(house.world.sms).toEqual(['Contoso: Your appointment is tomorrow at nine.']);
  expect(house.world.dialled).toHaveLength(0);

  const both = await promised(house, HOUR, { channel: 'both', title: 'Another', description: 'We call you now.' });
  await house.env.sleep(HOUR);
  await untilTrue(() => house.world.dialled.length === 1);
  const [first] = house.world.dialled;
  if (first === undefined) throw new Error('not dialled');
  await house.callEvent(first.callId, { legId: asLegId('leg-1'), status: 'busy', attemptId: first.attemptId });
  await house.env.sleep(6 * MINUTE);
  await untilTrue(() => house.world.dialled.length === 2);
  expect(house.world.sms.slice(1)).toEqual(['Contoso: We call you now.']);
  expect((await viewOf(house, both)).attempts.map(({ outcome }) => outcome)).toEqual(['sms', 'busy']);
});

test('[CB20] every day, three times, each in a run of its own', async () => {
  const house = opened.current;
  const id = await promised(house, HOUR, {
    channel: 'sms',
    words: 'Take the pill.',
    rule: 'FREQ=DAILY;COUNT=3',
    zone: 'Europe/Berlin',
  });
  for (const sent of [1, 2, 3]) {
    await house.env.sleep(sent === 1 ? HOUR : DAY);
    await untilTrue(() => house.world.sms.length === sent);
  }
  await untilTrue(() => house.world.callbacks.get(id)?.status === 'done');
  await house.env.sleep(2 * DAY);
  expect(house.world.sms).toHaveLength(3);
  expect(house.world.callbacks.get(id)).toMatchObject({ occurrence: 3, attempts: [{ outcome: 'sms' }, {}, {}] });
});

test('[CB22] who has opted out is not rung for an earlier promise; who says so is heard by signal', async () => {
  const house = opened.current;
  const first = await promised(house, HOUR);
  const second = await promised(house, DAY, { title: 'Another' });
  await handleOf(house, second).signal(withdrawn, { reason: 'opted out' });
  await untilTrue(() => house.world.callbacks.get(second)?.status === 'cancelled');
  house.world.optedOut.add(CUSTOMER);
  await house.env.sleep(HOUR);
  await untilTrue(() => house.world.callbacks.get(first)?.status === 'cancelled');
  expect(house.world.callbacks.get(first)?.reason).toBe('opted_out');
  await house.env.sleep(DAY);
  expect(house.world.dialled).toHaveLength(0);
});
