import { randomUUID } from 'node:crypto';
import { expect, test } from 'vitest';
import { asCallbackId, callbackWorkflowId, CALLS_QUEUE } from '../../domain/ids.ts';
import type { callback } from '../../workflows/callback/workflow.ts';
import { BOT, CUSTOMER, House, INITIATE, jumpingClock, untilTrue } from './house.ts';

/** Much longer than the workers need to stop, however busy the machine is. */
const DUE_IN_MS = 3_600_000;
const SHORT_BEFORE_MS = 1_000;

test('[CB8] a call that was due while everything stood still is made once, when things run again', async () => {
  const env = await jumpingClock();
  // Nothing in memory: this server keeps a task for the worker that has its workflow there, for ever when that worker is gone.
  const before = await House.open(env, 0);
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
  // The clock jumps only when nobody is at work: afterwards all that remains is the wait.
  await env.sleep('1 minute');
  await before[Symbol.asyncDispose]();

  await env.sleep(createdAtMs + DUE_IN_MS - SHORT_BEFORE_MS - (await env.currentTimeMs()));
  // The rest in real time: this server's clock does not jump while work waits that nobody takes.
  await untilTrue(async () => (await env.currentTimeMs()) > createdAtMs + DUE_IN_MS);
  expect(before.world.dialled).toHaveLength(0);

  const after = await House.open(env);
  await untilTrue(() => after.world.dialled.length > 0, 60_000);
  await untilTrue(() => after.world.callbacks.get(callbackId)?.status === 'dialling');
  expect(after.world.dialled).toHaveLength(1);
  await after[Symbol.asyncDispose]();
  await env.teardown();
}, 180_000);
