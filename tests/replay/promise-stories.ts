/** Stories of promises to record: of those whom nobody answered, of a line that is busy, of what others have to do. */
import { randomUUID } from 'node:crypto';
import {
  asCallbackId,
  asLegId,
  callbackWorkflowId,
  CALLS_QUEUE,
  callWorkflowId,
  lineWorkflowId,
  MISSED_CALLS_WORKFLOW_ID,
} from '../../domain/ids.ts';
import { callbackView } from '../../workflows/callback/messages.ts';
import type { callback } from '../../workflows/callback/workflow.ts';
import { lookNow, missedCallsView } from '../../workflows/missed-calls/messages.ts';
import type { missedCalls } from '../../workflows/missed-calls/workflow.ts';
import { missedCallActivities, missedCallNetwork } from '../kit/missed-call-network.ts';
import { BOT, CUSTOMER, House, INITIATE, jumpingClock, untilTrue } from '../workflow/house.ts';
import { record } from './recording.ts';

const MINUTE = 60_000;

/** One is found, looked for again, recorded and rung back; the next look finds nothing new. */
export async function missed(): Promise<void> {
  const env = await jumpingClock();
  const network = missedCallNetwork();
  const house = await House.open(env, 100, missedCallActivities(network));
  house.remember(MISSED_CALLS_WORKFLOW_ID);
  const nowMs = await env.currentTimeMs();
  const startedAtMs = nowMs - MINUTE;
  network.listed.push({ legId: asLegId(randomUUID()), from: CUSTOMER, to: BOT, startedAtMs, over: true });
  const handle = await house.client.signalWithStart<typeof missedCalls>('missedCalls', {
    workflowId: MISSED_CALLS_WORKFLOW_ID,
    taskQueue: CALLS_QUEUE,
    args: [{ sinceMs: nowMs - 10 * MINUTE }],
    signal: lookNow,
  });
  await env.sleep(35_000);
  await untilTrue(() => house.world.dialled.length === 1);
  const looks = async (): Promise<number> => (await handle.query(missedCallsView)).looks;
  const before = await looks();
  await handle.signal(lookNow);
  await env.sleep(15_000);
  await untilTrue(async () => (await looks()) > before);
  await record(house, MISSED_CALLS_WORKFLOW_ID, 'missed-calls.found-and-rung-back');
  const [dialled] = house.world.dialled;
  if (dialled === undefined) throw new Error('not dialled');
  await house.callEvent(dialled.callId, { legId: asLegId('leg-1'), status: 'busy', attemptId: dialled.attemptId });
  await house.fresh();
  await house[Symbol.asyncDispose]();
  await env.teardown();
}

/** The customer talks when their promised call is due: it is put off. */
export async function busyLine(house: House): Promise<void> {
  const { callId, legId } = await house.ringIn();
  const { connectId } = await house.attach(callId, 'h1');
  const callbackId = asCallbackId(randomUUID());
  const workflowId = callbackWorkflowId(callbackId);
  const nowMs = await house.env.currentTimeMs();
  const common = { numberKey: house.key, customerNumber: CUSTOMER, botNumber: BOT, initiate: INITIATE };
  const promised = { title: 'Tell about A17', description: 'As agreed', fromCallId: null, createdAtMs: nowMs };
  const handle = await house.client.start<typeof callback>('callback', {
    workflowId,
    taskQueue: CALLS_QUEUE,
    args: [{ ...common, ...promised, callbackId, dueAtMs: nowMs + 500 }],
  });
  house.remember(workflowId);
  await untilTrue(async () => (await handle.query(callbackView)).attempts[0]?.outcome === 'line_busy');
  await record(house, workflowId, 'callback.line-busy');
  await house.hangsUp(legId, { host: await house.host('h1'), connectId });
  await untilTrue(async () => (await house.view(callId)).document.phase === 'resumable');
  await record(house, lineWorkflowId(house.key), 'line.busy-when-due');
}

/** A colleague gets a task, and the customer asks for a text in their own time. */
export async function forOthers(house: House): Promise<void> {
  const { callId, legId } = await house.ringIn();
  const { connectId } = await house.attach(callId, 'h1');
  const host = await house.host('h1');
  const due = new Date((await house.env.currentTimeMs()) + 60 * MINUTE).toISOString();
  const reminder = (title: string, more: object) => ({
    said: 'One moment.',
    ended: 'awaiting_tools' as const,
    toolCalls: [
      {
        toolUseId: `t-${title}`,
        name: 'create_or_update_reminder',
        arguments: { title, description: 'As agreed', due_date_time: due, zone: 'Etc/UTC', ...more },
      },
    ],
  });
  host.answer = ({ say, round, utterance }) => {
    if (say !== null || round > 0) return { said: say ?? 'Noted.' };
    return utterance.startsWith('The meter')
      ? reminder('Check the meter', { owner: 'human' })
      : reminder('Bring the papers', { owner: 'customer', channel: 'sms' });
  };
  await house.turn(callId, connectId, { utterance: 'The meter has to be checked' });
  await house.turn(callId, connectId, { utterance: 'Text me to bring the papers' });
  const { reminders } = (await house.view(callId)).document;
  for (const { callback_id } of reminders) house.remember(callbackWorkflowId(asCallbackId(callback_id ?? '')));
  await house.hangsUp(legId, { host, connectId });
  await untilTrue(async () => (await house.view(callId)).document.phase === 'resumable');
  await record(house, callWorkflowId(callId), 'call.reminders-of-others');
}

/** A call back is promised, made a text message, and not needed any more; another thing is done without us. */
export async function mindChanged(house: House): Promise<void> {
  const { callId, legId } = await house.ringIn();
  const { connectId } = await house.attach(callId, 'h1');
  const host = await house.host('h1');
  const due_date_time = new Date((await house.env.currentTimeMs()) + 60 * MINUTE).toISOString();
  const promise = { title: 'Tell about A17', due_date_time, owner: 'assistant', zone: 'Etc/UTC' };
  const meter = { ...promise, title: 'Read the meter' };
  const tools = new Map<string, [string, object]>([
    ['Call me', ['create_or_update_reminder', promise]],
    ['Text me', ['create_or_update_reminder', { ...promise, channel: 'sms' }]],
    ['Call me about the meter', ['create_or_update_reminder', meter]],
    ['I shall read it', ['create_or_update_reminder', { ...meter, owner: 'customer' }]],
    ['No, nothing', ['cancel_reminder', {}]],
  ]);
  host.answer = ({ say, round, utterance }) => {
    const [name, given] = tools.get(utterance) ?? [];
    if (say !== null || round > 0 || name === undefined) return { said: say ?? 'Noted.' };
    return {
      said: '',
      ended: 'awaiting_tools',
      toolCalls: [{ toolUseId: `t-${utterance}`, name, arguments: { ...given } }],
    };
  };
  for (const utterance of tools.keys()) await house.turn(callId, connectId, { utterance });
  const ids = [...house.world.callbacks.keys()].map(asCallbackId);
  for (const id of ids) house.remember(callbackWorkflowId(id));
  await untilTrue(() => ids.every((id) => house.world.callbacks.get(id)?.status === 'cancelled'));
  await house.hangsUp(legId, { host, connectId });
  await untilTrue(async () => (await house.view(callId)).document.phase === 'resumable');
  await record(house, callWorkflowId(callId), 'call.mind-changed');
  const changed = ids.find((id) => house.world.callbacks.get(id)?.channel === 'sms');
  await record(house, callbackWorkflowId(asCallbackId(changed ?? '')), 'callback.changed-then-taken-back');
}
