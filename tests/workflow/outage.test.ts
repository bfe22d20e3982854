import { randomUUID } from 'node:crypto';
import { expect, test } from 'vitest';
import { asCallbackId, callbackWorkflowId, CALLS_QUEUE } from '../../domain/ids.ts';
import type { callback } from '../../workflows/callback/workflow.ts';
import { BOT, CUSTOMER, House, INITIATE, jumpingClock, untilTrue } from './house.ts';

/** Longer than the workers need to stop. */
const DUE_IN_MS = 9_000;

test('[CB8] a call that was due while everything stood still is made once, when things run again', async () => {
  const env = await jumpingClock();
  const before = await House.open(env);
  const callbackId = asCallbackId(randomUUID());
  const createdAtMs = await env.currentTimeMs();
  const promised = {
    title: 'Call back',
    description: '',
    fromCallId: null,
    createdAtMs,
    dueAtMs: createdAtMs + DUE_IN_MS,
  };
  const args = [
    { ...promised, callbackId, numberKey: before.key, customerNumber: CUSTOMER, botNumber: BOT, initiate: INITIATE },
  ] as Parameters<typeof callback>;
  await before.client.start<typeof callback>('callback', {
    workflowId: callbackWorkflowId(callbackId),
    taskQueue: CALLS_QUEUE,
    args,
  });
  await untilTrue(() => before.world.callbacks.has(callbackId));
  await before[Symbol.asyncDispose]();

  // In real time: this server's clock does not jump while work waits that nobody takes.
  await untilTrue(async () => (await env.currentTimeMs()) > createdAtMs + DUE_IN_MS, 30_000);
  expect(before.world.dialled).toHaveLength(0);

  const after = await House.open(env);
  // The server keeps the task for the worker that is gone, for up to ten seconds, before another may have it.
  await untilTrue(() => after.world.dialled.length > 0, 40_000);
  await untilTrue(() => after.world.callbacks.get(callbackId)?.status === 'dialling');
  expect(after.world.dialled).toHaveLength(1);
  await after[Symbol.asyncDispose]();
  await env.teardown();
}, 90_000);
