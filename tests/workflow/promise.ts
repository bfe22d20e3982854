/** A promise made to the customer of a house. */
import { randomUUID } from 'node:crypto';
import { asCallbackId, callbackWorkflowId, CALLS_QUEUE, type CallbackId } from '../../domain/ids.ts';
import type { CallbackInput } from '../../workflows/callback/messages.ts';
import type { callback } from '../../workflows/callback/workflow.ts';
import { BOT, CUSTOMER, INITIATE, type House } from './house.ts';

export async function promise(house: House, inMs: number, more: Partial<CallbackInput> = {}): Promise<CallbackId> {
  const callbackId = asCallbackId(randomUUID());
  const nowMs = await house.env.currentTimeMs();
  const input: CallbackInput = {
    callbackId,
    numberKey: house.key,
    customerNumber: CUSTOMER,
    botNumber: BOT,
    initiate: INITIATE,
    title: 'Tell about the delivery',
    description: 'The customer wants to know when it comes',
    dueAtMs: nowMs + inMs,
    fromCallId: null,
    createdAtMs: nowMs,
    ...more,
  };
  const workflowId = callbackWorkflowId(callbackId);
  await house.client.start<typeof callback>('callback', { workflowId, taskQueue: CALLS_QUEUE, args: [input] });
  house.remember(workflowId);
  house.rememberLine();
  return callbackId;
}
