/** Stories of calls out to record: a machine takes the promised call, a campaign's call drops and its customer rings back. */
import { randomUUID } from 'node:crypto';
import {
  asAttemptId,
  asCallbackId,
  asCampaignId,
  asContactId,
  asLegId,
  callbackWorkflowId,
  CALLS_QUEUE,
  callWorkflowId,
} from '../../domain/ids.ts';
import { hangUp } from '../../workflows/call/messages.ts';
import { callbackView, cancelCallback } from '../../workflows/callback/messages.ts';
import type { callback } from '../../workflows/callback/workflow.ts';
import { BOT, CUSTOMER, INITIATE, newCallId, untilTrue, type House } from '../workflow/house.ts';
import { record } from './recording.ts';

async function rung(house: House) {
  await untilTrue(() => house.world.dialled.length > 0);
  const [dialled] = house.world.dialled;
  if (dialled === undefined) throw new Error('not dialled');
  const { callId, attemptId } = dialled;
  const legId = asLegId('leg-1');
  await house.admit(callId, attemptId, legId);
  const { connectId } = await house.attach(callId, 'h1');
  return { callId, attemptId, legId, connectId, host: await house.host('h1') };
}

/** It is left a message; the promise, cancelled while it rang, is not tried again. */
export async function promisedToMachine(house: House): Promise<void> {
  const callbackId = asCallbackId(randomUUID());
  const workflowId = callbackWorkflowId(callbackId);
  const nowMs = await house.env.currentTimeMs();
  const common = { numberKey: house.key, customerNumber: CUSTOMER, botNumber: BOT, initiate: INITIATE };
  // Made in a call of which nothing is known any more.
  const promised = { title: 'Tell about A17', description: 'As agreed', fromCallId: newCallId() };
  const handle = await house.client.start<typeof callback>('callback', {
    workflowId,
    taskQueue: CALLS_QUEUE,
    args: [{ ...common, ...promised, callbackId, createdAtMs: nowMs, dueAtMs: nowMs + 500 }],
  });
  house.remember(workflowId);
  const { callId, attemptId, legId, connectId, host } = await rung(house);
  await handle.executeUpdate(cancelCallback, { args: [{ reason: 'settled' }] });
  await house.callEvent(callId, { legId, attemptId, status: 'machine' });
  await house.callEvent(callId, { legId, attemptId, status: 'machine', detail: 'beep_start' });
  await untilTrue(() => house.world.hungUp.includes(legId));
  host.end(connectId, { endedBy: 'network', heard: [] });
  await house.callEvent(callId, { legId, attemptId, status: 'completed' });
  await untilTrue(() => house.world.calls.get(callId)?.phase === 'closed');
  await untilTrue(async () => (await handle.query(callbackView)).status === 'cancelled');
  await record(house, callWorkflowId(callId), 'call.promised-to-a-machine');
  await record(house, workflowId, 'callback.cancelled-while-it-rang');
}

/** No campaign listens: both words to it come back. */
export async function campaignRungBack(house: House): Promise<void> {
  const campaign = {
    campaignId: asCampaignId(randomUUID()),
    contactId: asContactId('them'),
    attemptId: asAttemptId(randomUUID()),
    voicemail: { do: 'talk' as const },
    claim: {},
  };
  await house.ringOut({ campaign, initiate: { ...INITIATE, ringBackAfterMin: 10 } });
  const { callId, attemptId, legId, connectId, host } = await rung(house);
  host.end(connectId, { endedBy: 'network', heard: [] });
  await house.callEvent(callId, { legId, attemptId, status: 'completed' });
  await untilTrue(async () => (await house.view(callId)).document.phase === 'resumable');
  const back = await house.ringIn();
  const again = await house.attach(callId, 'h1');
  await house.call(callId).executeUpdate(hangUp, { args: [{ reason: 'settled' }] });
  await untilTrue(() => house.world.hungUp.includes(back.legId));
  await house.hangsUp(back.legId, { host, connectId: again.connectId });
  await untilTrue(() => house.world.calls.get(callId)?.phase === 'closed');
  await record(house, callWorkflowId(callId), 'call.campaign-rung-back');
}
