/** A call that somebody ends by force, in Temporal's own console: who waits for its end is not left waiting. */
import { describe, expect, test } from 'vitest';
import {
  asCallId,
  callbackWorkflowId,
  CALLS_QUEUE,
  lineWorkflowId,
  type CallbackId,
  type CallId,
} from '../../domain/ids.ts';
import { callbackView } from '../../workflows/callback/messages.ts';
import { lineView } from '../../workflows/line/messages.ts';
import { newLine } from '../../workflows/line/state.ts';
import type { line } from '../../workflows/line/workflow.ts';
import { realServer, houseForEachTest } from './each-test.ts';
import { BOT, CUSTOMER, newKey, untilTrue, type House } from './house.ts';
import { promise } from './promise.ts';

const LONG = { timeout: 60_000 };

const promiseView = (house: House, callbackId: CallbackId) =>
  house.client.getHandle(callbackWorkflowId(callbackId)).query(callbackView);
const signalsTo = async (house: House, callbackId: CallbackId): Promise<unknown[]> => {
  const { events } = await house.client.getHandle(callbackWorkflowId(callbackId)).fetchHistory();
  return (events ?? []).flatMap(({ workflowExecutionSignaledEventAttributes: told }) => told?.signalName ?? []);
};

describe('as the server tells it', () => {
  const real = realServer();
  test(
    '[LN12] a line hears that its call was ended by force, and lets go of the promise that waited for it',
    LONG,
    async () => {
      const house = real.current;
      const callbackId = await promise(house, 600_000);
      await untilTrue(async () => (await house.lineView().catch(() => null))?.promises.length === 1);
      const { callId } = await house.ringIn();
      await untilTrue(async () => (await signalsTo(house, callbackId)).includes('customerCame'));
      await house.call(callId).terminate('by hand');
      await untilTrue(async () => (await house.lineView()).liveCallId === null);
      await untilTrue(async () => (await signalsTo(house, callbackId)).includes('customerLeft'));
      expect(await promiseView(house, callbackId)).toMatchObject({ status: 'pending', attempts: [] });
      expect((await house.ringOut()).outcome).toBe('new');
    },
  );

  test('[LN14] what is read of a call that was ended by force says so', LONG, async () => {
    const house = real.current;
    const { callId } = await house.ringIn();
    await untilTrue(() => house.world.calls.get(callId)?.in_progress === true);
    await house.call(callId).terminate('by hand');
    await untilTrue(() => house.world.calls.get(callId)?.in_progress === false);
    expect(house.world.calls.get(callId)).toMatchObject({ phase: 'closed', disposition: 'failed' });
    await house.client.getHandle(lineWorkflowId(house.key)).result();
  });

  test(
    '[LN14] while the store is away the line lives on, and what is gone is noted when it is back',
    LONG,
    async () => {
      const house = real.current;
      const { callId } = await house.ringIn();
      await untilTrue(() => house.world.calls.get(callId)?.in_progress === true);
      house.world.storeAway = true;
      await house.call(callId).terminate('by hand');
      await untilTrue(async () => (await house.lineView()).liveCallId === null);
      const next = await house.ringIn();
      expect(next.outcome).toBe('new');
      expect((await house.lineView()).liveCallId).toBe(next.callId);
      house.world.storeAway = false;
      await untilTrue(() => house.world.calls.get(callId)?.in_progress === false);
    },
  );

  test('[LN12] a promised call that was ended by force is tried again by its plan', LONG, async () => {
    const house = real.current;
    const callbackId = await promise(house, 500);
    await untilTrue(() => house.world.dialled.length === 1);
    const callId = house.world.dialled[0]?.callId;
    if (callId === undefined) throw new Error('not dialled');
    await house.call(callId).terminate('by hand');
    await untilTrue(async () => (await promiseView(house, callbackId)).status === 'pending');
    const view = await promiseView(house, callbackId);
    expect(view.attempts).toMatchObject([{ outcome: 'failed', callId }]);
    expect(view.dueAtMs).toBeGreaterThan(Date.now());
    expect((await house.lineView()).liveCallId).toBeNull();
  });
});

describe('as the line finds out', () => {
  const opened = houseForEachTest();
  test('[LN13] a line that goes on in a fresh run looks after the calls that it has taken over', LONG, async () => {
    const house = opened.current;
    const standing = await house.ringIn();
    const known = { botNumber: BOT, stands: 'live' as const, resumableUntilMs: null, resumeWithinMs: 0 };
    const carriedBy = async (callId: CallId) => {
      const numberKey = newKey();
      const carried = { ...newLine(), calls: [{ ...known, callId }] };
      return await house.client.start<typeof line>('line', {
        workflowId: lineWorkflowId(numberKey),
        taskQueue: CALLS_QUEUE,
        args: [{ numberKey, customerNumber: CUSTOMER, carried }],
      });
    };
    const [gone, stands] = [await carriedBy(asCallId('of-which-nothing-is-left')), await carriedBy(standing.callId)];
    expect(await gone.query(lineView)).toMatchObject({ liveCallId: 'of-which-nothing-is-left' });
    await house.env.sleep('90 seconds');
    await gone.result();
    await house.env.sleep('30 minutes');
    expect(await stands.query(lineView)).toMatchObject({ liveCallId: standing.callId });
    const { events } = await stands.fetchHistory();
    const looks = events?.filter(({ activityTaskScheduledEventAttributes: asked }) => asked != null) ?? [];
    expect(looks.length).toBeGreaterThan(2);
    expect(looks.length).toBeLessThan(8);
    await stands.terminate();
  });
});
