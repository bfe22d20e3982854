/** Dials that are recorded: one that waits for the account's budget, one that is ended by force. */
import { randomUUID } from 'node:crypto';
import {
  asCallbackId,
  asCallId,
  callbackWorkflowId,
  CALLS_QUEUE,
  callWorkflowId,
  lineWorkflowId,
} from '../../domain/ids.ts';
import { callbackView, type CallbackInput } from '../../workflows/callback/messages.ts';
import type { callback } from '../../workflows/callback/workflow.ts';
import { BOT, CUSTOMER, INITIATE, untilTrue, type House } from '../workflow/house.ts';
import { record } from './recording.ts';

/** Refused, granted for later, rung. */
export async function waitedItsTurn(house: House): Promise<void> {
  const told = (legs: 'granted' | 'refused') => ({
    failure: 'rate_limit',
    details: { vendor: 'account', retryAfterMs: 20_000, legs },
  });
  house.world.dials = [told('refused'), told('granted'), 'rings'];
  const { callId } = await house.ringOut();
  await house.env.sleep('1 minute');
  await untilTrue(() => house.world.dialled.length === 3);
  await record(house, callWorkflowId(callId), 'call.waited-its-turn');
}

/** A promised call that somebody ends by force while it rings; its promise goes on, and the line knows. */
export async function endedByForce(house: House): Promise<void> {
  const callbackId = asCallbackId(randomUUID());
  const nowMs = Date.now();
  const input: CallbackInput = {
    ...{ callbackId, numberKey: house.key, customerNumber: CUSTOMER, botNumber: BOT, initiate: INITIATE },
    ...{ title: 'Tell about A17', description: 'As agreed', fromCallId: null },
    ...{ createdAtMs: nowMs, dueAtMs: nowMs + 500 },
  };
  const workflowId = callbackWorkflowId(callbackId);
  await house.client.start<typeof callback>('callback', { workflowId, taskQueue: CALLS_QUEUE, args: [input] });
  house.remember(workflowId);
  house.rememberLine();
  await untilTrue(() => house.world.dialled.length === 1);
  await house.call(house.world.dialled[0]?.callId ?? asCallId('')).terminate('by hand');
  const attempts = async () => (await house.client.getHandle(workflowId).query(callbackView)).attempts;
  await untilTrue(async () => (await attempts())[0]?.outcome === 'failed');
  await untilTrue(() => [...house.world.calls.values()].some(({ phase }) => phase === 'closed'));
  await record(house, lineWorkflowId(house.key), 'line.call-ended-by-force');
}
