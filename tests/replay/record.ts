/**
 * Records the histories that later code must replay: `node tests/replay/record.ts <release>`. Those of a release stay as they are; a change
 * of commands goes behind `patched()` and adds its own.
 */
import { randomUUID } from 'node:crypto';
import { TestWorkflowEnvironment } from '@temporalio/testing';
import {
  asCallbackId,
  asE164,
  asLegId,
  callbackWorkflowId,
  CALLS_QUEUE,
  callWorkflowId,
  lineWorkflowId,
  wrapUpWorkflowId,
} from '../../domain/ids.ts';
import { callbackView, reschedule, type CallbackInput } from '../../workflows/callback/messages.ts';
import type { callback } from '../../workflows/callback/workflow.ts';
import { optedOut } from '../../workflows/line/messages.ts';
import { localTemporal } from '../kit/servers.ts';
import { BOT, CUSTOMER, House, INITIATE, jumpingClock, untilTrue } from '../workflow/house.ts';
import { campaignGoneThrough, campaignOfManyRuns, campaignWithNobodyLeft } from './campaign-stories.ts';
import { campaignRungBack, promisedToMachine } from './machine-stories.ts';
import { endedByForce, waitedItsTurn } from './dial-stories.ts';
import { busyLine, forOthers, mindChanged, missed } from './promise-stories.ts';
import { record } from './recording.ts';

/** Claim, reminder, a dropped line, a return, and a goodbye. */
async function conversation(house: House): Promise<void> {
  const first = await house.ringIn();
  const { callId } = first;
  const media = await house.attach(callId, 'h1');
  const host = await house.host('h1');
  const due = new Date((await house.env.currentTimeMs()) + 3_600_000).toISOString();
  host.answer = ({ say, round, utterance }) => {
    if (say !== null) return { said: say };
    if (round > 0) return { said: 'Noted.' };
    if (utterance.startsWith('My order'))
      return tool('update_claim', { updates: [{ field: 'order_number', value: 'A17' }] });
    if (utterance.startsWith('Call me'))
      return tool('create_or_update_reminder', {
        title: 'Call about A17',
        description: 'As agreed',
        due_date_time: due,
        zone: 'Etc/UTC',
        owner: 'assistant',
      });
    return tool('end_call', {});
  };
  await house.turn(callId, media.connectId, { utterance: 'My order is A17' });
  await house.turn(callId, media.connectId, { utterance: 'Call me in an hour' });
  await house.hangsUp(first.legId, { host, connectId: media.connectId });
  await untilTrue(async () => (await house.view(callId)).document.phase === 'resumable');
  const callbackId = asCallbackId((await house.view(callId)).document.reminders[0]?.callback_id ?? '');
  house.remember(callbackWorkflowId(callbackId));
  const again = await house.ringIn();
  const back = await house.attach(callId, 'h1');
  await house.turn(callId, back.connectId, { utterance: 'That is all, goodbye' });
  await house.hangsUp(again.legId, { host, connectId: back.connectId });
  await house.call(callId).result();
  await untilTrue(() => house.world.webhooks.length === 2);
  await record(house, callWorkflowId(callId), 'call.resumed-and-finished');
  await record(house, lineWorkflowId(house.key), 'line.resumed');
  await record(house, wrapUpWorkflowId(callId, 2), 'wrap-up.second-leg');
}

/** Busy at the first try, moved once before. */
async function promise(house: House): Promise<void> {
  const callbackId = asCallbackId(randomUUID());
  const workflowId = callbackWorkflowId(callbackId);
  const nowMs = await house.env.currentTimeMs();
  const promised = {
    title: 'Tell about the delivery',
    description: 'As agreed',
    fromCallId: null,
    createdAtMs: nowMs,
    dueAtMs: nowMs + 86_400_000,
  };
  const args = [
    { ...promised, callbackId, numberKey: house.key, customerNumber: CUSTOMER, botNumber: BOT, initiate: INITIATE },
  ] as [CallbackInput];
  const handle = await house.client.start<typeof callback>('callback', { workflowId, taskQueue: CALLS_QUEUE, args });
  house.remember(workflowId);
  await handle.executeUpdate(reschedule, { args: [{ dueAtMs: nowMs + 3_600_000 }] });
  await house.env.sleep(3_600_500);
  await untilTrue(() => house.world.dialled.length === 1);
  const dialled = house.world.dialled[0];
  if (dialled === undefined) throw new Error('not dialled');
  await house.callEvent(dialled.callId, { legId: asLegId('leg-1'), status: 'busy', attemptId: dialled.attemptId });
  await untilTrue(async () => (await handle.query(callbackView)).attempts.length === 1);
  await record(house, workflowId, 'callback.moved-then-busy');
}

/** The customer rings before a promised call; a text message that comes again is on its second time. */
async function metAndAgain(house: House): Promise<void> {
  const nowMs = await house.env.currentTimeMs();
  const begin = async (more: Partial<CallbackInput>): Promise<string> => {
    const callbackId = asCallbackId(randomUUID());
    const workflowId = callbackWorkflowId(callbackId);
    const common = { numberKey: house.key, customerNumber: CUSTOMER, botNumber: BOT, initiate: INITIATE };
    const promised = { title: 'Tell about A17', description: 'As agreed', fromCallId: null, createdAtMs: nowMs };
    await house.client.start<typeof callback>('callback', {
      workflowId,
      taskQueue: CALLS_QUEUE,
      args: [{ ...common, ...promised, callbackId, dueAtMs: nowMs + 3_600_000, ...more }],
    });
    house.remember(workflowId);
    return workflowId;
  };
  const met = await begin({});
  house.rememberLine();
  await untilTrue(async () => (await house.lineView().catch(() => ({ promises: [] }))).promises.length === 1);
  const { callId, legId } = await house.ringIn();
  const { connectId } = await house.attach(callId, 'h1');
  const host = await house.host('h1');
  host.answer = () => ({ said: 'It comes on Friday.' });
  await house.turn(callId, connectId, { utterance: 'Where is A17?' });
  await house.hangsUp(legId, { host, connectId });
  await house.client.getHandle(met).result();
  await untilTrue(async () => (await house.view(callId)).document.phase === 'resumable');
  await record(house, met, 'callback.customer-came-first');
  await record(house, lineWorkflowId(house.key), 'line.promise-met');
  const again = await begin({ channel: 'sms', rule: 'FREQ=DAILY;COUNT=3', zone: 'Europe/Berlin', title: 'Pill' });
  await house.env.sleep(3_600_500);
  await untilTrue(() => house.world.sms.length === 1);
  await untilTrue(async () => (await house.client.getHandle(again).query(callbackView)).occurrence === 2);
  await house.env.sleep(24 * 3_600_000);
  await untilTrue(() => house.world.sms.length === 2);
  await untilTrue(async () => (await house.client.getHandle(again).query(callbackView)).occurrence === 3);
  await record(house, again, 'callback.comes-again');
}

const tool = (name: string, args: Record<string, unknown>) => ({
  said: 'One moment.',
  ended: 'awaiting_tools' as const,
  toolCalls: [{ toolUseId: `t-${name}`, name, arguments: args }],
});

/** Tools side by side, one of them asked for twice, a value refused and corrected, a turn that could not be noted. */
async function busyTurns(house: House): Promise<void> {
  const first = await house.ringIn();
  const { callId } = first;
  const media = await house.attach(callId, 'h1');
  const host = await house.host('h1');
  const note = (toolUseId: string, field: string, value: string) => ({
    toolUseId,
    name: 'update_claim',
    arguments: { updates: [{ field, value }] },
  });
  const sms = (toolUseId: string) => ({ toolUseId, name: 'send_sms', arguments: { message: 'Hello' } });
  host.answer = ({ say, round, utterance }) => {
    if (say !== null) return { said: say };
    const toolCalls = utterance.startsWith('A17')
      ? [note('a', 'order_number', 'A17'), sms('b'), sms('c'), note('d', 'caller_email', 'no address')]
      : [note('e', 'order_number', 'A18')];
    if (round > 0 || utterance === 'Thank you') return { said: 'Noted.', noted: false };
    return { said: '', ended: 'awaiting_tools', toolCalls };
  };
  await house.turn(callId, media.connectId, { utterance: 'A17, and text me' });
  await house.turn(callId, media.connectId, { utterance: 'No, A18' });
  await house.turn(callId, media.connectId, { utterance: 'Thank you' });
  await house.hangsUp(first.legId, { host, connectId: media.connectId });
  await untilTrue(async () => (await house.view(callId)).document.phase === 'resumable');
  await record(house, callWorkflowId(callId), 'call.busy-turns');
}

/** Said in the first call; the promise that waits is called off, the call goes on, and a phone that rings later is given up. */
async function optedOutOf(house: House): Promise<void> {
  const callbackId = asCallbackId(randomUUID());
  const workflowId = callbackWorkflowId(callbackId);
  const nowMs = await house.env.currentTimeMs();
  const common = { numberKey: house.key, customerNumber: CUSTOMER, botNumber: BOT, initiate: INITIATE };
  const promised = { title: 'Tell about A17', description: 'As agreed', fromCallId: null, createdAtMs: nowMs };
  await house.client.start<typeof callback>('callback', {
    workflowId,
    taskQueue: CALLS_QUEUE,
    args: [{ ...common, ...promised, callbackId, dueAtMs: nowMs + 3_600_000, botNumber: asE164('+15550100998') }],
  });
  house.remember(workflowId);
  house.rememberLine();
  await untilTrue(async () => (await house.lineView().catch(() => ({ promises: [] }))).promises.length === 1);
  const { callId, legId } = await house.ringIn();
  const { connectId } = await house.attach(callId, 'h1');
  const host = await house.host('h1');
  await house.turn(callId, connectId, { utterance: 'Take me off your list' });
  await house.client.getHandle(workflowId).result();
  await record(house, workflowId, 'callback.opted-out');
  await house.hangsUp(legId, { host, connectId });
  await untilTrue(async () => (await house.view(callId)).document.phase === 'resumable');
  await record(house, callWorkflowId(callId), 'call.opted-out');
  await record(house, lineWorkflowId(house.key), 'line.opted-out');
  const { callId: rung } = await house.ringOut();
  await untilTrue(() => house.world.dialled.length === 1);
  const wish = { source: 'api' as const, reason: null, atMs: nowMs, written: true, callId: null, reply: null };
  await house.client.getHandle(lineWorkflowId(house.key)).signal(optedOut, wish);
  await house.call(rung).result();
  await record(house, callWorkflowId(rung), 'call.opted-out-while-ringing');
}

/** Written, answered with a tool, left lying, taken up again, rung, written in the call. */
async function inWriting(house: House): Promise<void> {
  const { callId } = await house.texts('My name is Anna Petrova');
  await house.env.sleep('6s');
  await untilTrue(() => house.world.sms.length === 1);
  await house.env.sleep('31 minutes');
  await untilTrue(async () => (await house.view(callId)).document.phase === 'resumable');
  await house.texts('My email is anna@example.com');
  await house.env.sleep('6s');
  await untilTrue(() => house.world.sms.length === 2);
  const { legId } = await house.ringIn();
  const { connectId } = await house.attach(callId, 'h1');
  const host = await house.host('h1');
  host.answer = () => ({ said: 'I see.' });
  await house.turn(callId, connectId, { utterance: 'Hello again' });
  await house.texts('The order is A17');
  await untilTrue(() => host.asked.length === 2);
  await house.hangsUp(legId, { host, connectId });
  await untilTrue(async () => (await house.view(callId)).document.phase === 'resumable');
  await record(house, callWorkflowId(callId), 'call.in-writing');
  await record(house, lineWorkflowId(house.key), 'line.in-writing');
}

/** A doubtful dial, a lost host, an operator who is busy. */
async function hardships(house: House): Promise<void> {
  house.world.dials = ['acknowledgement_lost', 'rings'];
  const { callId } = await house.ringOut();
  await untilTrue(() => house.world.dialled.length > 0);
  await house.env.sleep(7_000);
  await untilTrue(() => house.world.dialled.length === 2);
  const legId = asLegId('leg-2');
  const attemptId = house.world.dialled[0]?.attemptId;
  if (attemptId === undefined) throw new Error('not dialled');
  await house.admit(callId, attemptId, legId);
  const first = await house.attach(callId, 'h1');
  const [one, two] = [await house.host('h1'), await house.host('h2')];
  one.answer = () => ({ said: '', heardText: '', ended: 'leg_gone' });
  const turn = house.turn(callId, first.connectId, { utterance: 'Where is my parcel' });
  await untilTrue(() => one.asked.length === 1);
  one.end(first.connectId, new Error('gone'));
  two.answer = ({ say }) => ({ said: say ?? 'It is under way.' });
  const second = await house.attach(callId, 'h2');
  await turn;
  await house.turn(callId, second.connectId, { utterance: 'I want to speak to a real person' });
  await untilTrue(() => house.world.operatorsRung.length === 1);
  two.end(second.connectId, { endedBy: 'network', heard: [] });
  await house.callEvent(callId, { legId: asLegId('operator'), role: 'operator', status: 'busy' });
  const third = await house.attach(callId, 'h2');
  await untilTrue(async () => (await house.view(callId)).document.phase === 'live');
  await house.callEvent(callId, { legId, status: 'completed', attemptId });
  two.end(third.connectId, { endedBy: 'network', heard: [] });
  await untilTrue(async () => (await house.view(callId)).document.phase === 'resumable');
  await record(house, callWorkflowId(callId), 'call.hardships');
}

// A server each: its clock stands still once a workflow has ended on it.
const stories = [
  promise,
  hardships,
  conversation,
  metAndAgain,
  busyTurns,
  inWriting,
  optedOutOf,
  busyLine,
  forOthers,
  mindChanged,
  waitedItsTurn,
  promisedToMachine,
  campaignRungBack,
];
for (const story of stories) {
  const env = await jumpingClock();
  const house = await House.open(env);
  await story(house);
  await house.fresh();
  await house[Symbol.asyncDispose]();
  await env.teardown();
}
await missed();
// The server with the jumping clock tells a parent nothing of a child that was ended by force.
const server = await localTemporal();
const env = await TestWorkflowEnvironment.createFromExistingServer({ address: server.address });
const house = await House.open(env);
await endedByForce(house);
await house.fresh();
await house[Symbol.asyncDispose]();
await env.teardown();
await server.stop();
for (const story of [campaignGoneThrough, campaignOfManyRuns, campaignWithNobodyLeft]) await story();
