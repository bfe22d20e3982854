/** "Never call me again", by each way in which it can be said: what waits for the customer stops by signal, and nothing rings any more. */
import { randomUUID } from 'node:crypto';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { TestWorkflowEnvironment } from '@temporalio/testing';
import { pino } from 'pino';
import { createErrands } from '../../api/errands.ts';
import { optOutNow, type OptOutParts, type Wish } from '../../api/opting-out.ts';
import type { ApiPorts } from '../../api/ports.ts';
import { takeStopWord } from '../../api/stop-words.ts';
import { createTemporalCallDoor } from '../../api/temporal-call-door.ts';
import { createTemporalCampaignDoor } from '../../api/temporal-campaign-door.ts';
import {
  asLegId,
  callbackWorkflowId,
  campaignWorkflowId,
  lineWorkflowId,
  type CallbackId,
  type CallId,
} from '../../domain/ids.ts';
import type { CallbackInput } from '../../workflows/callback/messages.ts';
import { wishesIn } from '../kit/fake-activities.ts';
import { createMemoryCampaigns, type MemoryCampaigns } from '../kit/memory-campaigns.ts';
import { BOT, CUSTOMER, INITIATE, jumpingClock, untilTrue, type House } from './house.ts';
import { campaignWithThem, houseOfCampaigns } from './listed.ts';
import { promise } from './promise.ts';

const HOUR = 3_600_000;
const log = pino({ level: 'silent' });
let env: TestWorkflowEnvironment;
let house: House;
let lists: MemoryCampaigns;

beforeEach(async () => {
  env = await jumpingClock();
  lists = createMemoryCampaigns();
  house = await houseOfCampaigns(env, { lists });
});
afterEach(async () => {
  await house[Symbol.asyncDispose]();
  await env.teardown();
});

const promised = (inMs: number, more: Partial<CallbackInput> = {}): Promise<CallbackId> =>
  promise(house, inMs, { title: `Promise ${randomUUID()}`, ...more });

const doors = () => ({ client: env.client, connection: env.connection });

function api(): OptOutParts {
  const errands = createErrands({ log, nowMs: Date.now });
  const ports = {
    calls: createTemporalCallDoor(doors()),
    campaigns: createTemporalCampaignDoor(doors()),
    store: wishesIn(house.world, lists.campaigns),
    settings: { botNumber: BOT, defaults: INITIATE, numbers: [] },
    numberKey: () => house.key,
    nowMs: Date.now,
    log,
  } as unknown as ApiPorts;
  return { ports, errands };
}

const optOut = (wish: Partial<Wish> = {}) =>
  optOutNow(api(), { number: CUSTOMER, source: 'api', reason: null, ...wish });
const text = (words: string) =>
  takeStopWord(api(), { messageId: `message ${words}`, from: CUSTOMER, to: BOT, text: words });

/** Nobody is left who could ring. */
async function untilEnded(workflowIds: string[]): Promise<void> {
  for (const id of workflowIds)
    await untilTrue(async () => (await house.client.getHandle(id).describe()).status.name === 'COMPLETED');
}

const MANY = 20;

test.each<[string, () => Promise<unknown>]>([
  ['through the API', () => optOut()],
  ['by text message', () => text('STOP')],
])(
  '[OO3] [OO4] [CB22] %s: twenty campaigns and twenty promises stop at once, by signal, and nothing rings',
  async (_, say) => {
    const campaigns = await Promise.all(
      Array.from({ length: MANY }, () => campaignWithThem(house, lists, { inMs: HOUR })),
    );
    const promises = await Promise.all(Array.from({ length: MANY }, (_, index) => promised(HOUR + index * 1_000)));
    house.rememberLine();
    await untilTrue(async () => (await house.lineView().catch(() => null))?.promises.length === MANY);
    const before = await env.currentTimeMs();
    await say();
    expect(house.world.optedOut.has(CUSTOMER)).toBe(true);
    await untilTrue(() => promises.every((id) => house.world.callbacks.get(id)?.status === 'cancelled'));
    expect(promises.map((id) => house.world.callbacks.get(id)?.reason)).toEqual(promises.map(() => 'opted_out'));
    await untilEnded([
      ...campaigns.map(campaignWorkflowId),
      ...promises.map(callbackWorkflowId),
      lineWorkflowId(house.key),
    ]);
    expect([...lists.contacts.values()].map(({ disposition }) => disposition)).toEqual(
      campaigns.map(() => 'opted_out'),
    );
    // Nobody waited for anything to become due.
    expect((await env.currentTimeMs()) - before).toBeLessThan(HOUR / 2);
    expect(house.world.dialled).toEqual([]);
  },
);

test('[OO4] a phone that rings is given up and silenced, and its promise is not tried again', async () => {
  const id = await promised(1_000);
  house.rememberLine();
  await env.sleep(2_000);
  await untilTrue(() => house.world.dialled.length === 1);
  await optOut({ source: 'sms' });
  await untilTrue(() => house.world.callbacks.get(id)?.status === 'cancelled');
  expect(house.world.hungUp).toEqual([asLegId('leg-1')]);
  const [dialled] = house.world.dialled;
  await untilTrue(() => house.world.calls.get(dialled?.callId ?? '')?.phase === 'closed');
  expect(house.world.calls.get(dialled?.callId ?? '')).toMatchObject({ disposition: 'opted_out' });
  await untilEnded([callbackWorkflowId(id), lineWorkflowId(house.key)]);
  expect(house.world.dialled).toHaveLength(1);
});

test('[OO4] a colleague’s task stays; what comes again comes no more', async () => {
  const task = await promised(HOUR, { owner: 'human' });
  const weekly = await promised(HOUR, { rule: 'FREQ=DAILY', zone: 'Etc/UTC', channel: 'sms', owner: 'customer' });
  house.rememberLine();
  await untilTrue(async () => (await house.lineView().catch(() => null))?.promises.length === 2);
  await optOut();
  await untilTrue(() => house.world.callbacks.get(weekly)?.status === 'cancelled');
  await env.sleep(3 * 24 * HOUR);
  await untilTrue(() => house.world.callbacks.get(task)?.status === 'due');
  expect(house.world.sms).toEqual([]);
  expect(house.world.dialled).toEqual([]);
});

test('[OO6] a wish by text message is confirmed once, also where no line was open, and so is its taking back', async () => {
  expect(await text('Stop!')).toBe(true);
  await untilTrue(() => house.world.sms.length === 1);
  await untilEnded([lineWorkflowId(house.key)]);
  expect(await text('unsubscribe')).toBe(true);
  expect(await text('START')).toBe(true);
  await untilTrue(() => house.world.sms.length === 2);
  expect(house.world.sms[0]).toMatch(/^Contoso: done, you will get no more calls/);
  expect(house.world.sms[1]).toMatch(/^Contoso: you may be called and written to again/);
  expect(await text('start')).toBe(false);
});

/** Somebody is rung for a promise, and answers. */
async function answeredPromise() {
  const kept = await promised(1_000, { title: 'The promise that is kept' });
  house.rememberLine();
  await env.sleep(2_000);
  await untilTrue(() => house.world.dialled.length === 1);
  const [dialled] = house.world.dialled;
  if (dialled === undefined) throw new Error('not dialled');
  const { callId, attemptId } = dialled;
  await house.admit(callId, attemptId, asLegId('leg-1'));
  const { connectId } = await house.attach(callId, 'h1');
  await untilTrue(() => house.world.callbacks.get(kept)?.status === 'done');
  return { callId, connectId, attemptId };
}

test('[OO7] [OO3] [OO4] said in a call: confirmed in a sentence, campaigns and promises stop, and the bot takes its leave', async () => {
  const campaigns = await Promise.all(
    Array.from({ length: MANY }, () => campaignWithThem(house, lists, { inMs: HOUR })),
  );
  const promises = await Promise.all(Array.from({ length: MANY }, () => promised(2 * HOUR)));
  const { callId, connectId } = await answeredPromise();
  const host = await house.host('h1');
  await house.turn(callId, connectId, { utterance: 'No, thank you. And never call me again.' });
  expect(host.asked.at(-1)?.say).toBe('I have noted it: we will not call you again. Goodbye.');
  await untilTrue(() => house.world.hungUp.length === 1);
  await house.callEvent(callId, { legId: asLegId('leg-1'), status: 'completed' });
  host.end(connectId, { endedBy: 'network', heard: [] });
  await untilTrue(() => house.world.calls.get(callId)?.phase === 'closed');
  expect(house.world.calls.get(callId)).toMatchObject({
    disposition: 'opted_out',
    opted_out_at: expect.any(String) as string,
  });
  expect(house.world.optedOut.has(CUSTOMER)).toBe(true);
  await untilEnded([...campaigns.map(campaignWorkflowId), ...promises.map(callbackWorkflowId)]);
  expect(promises.map((id) => house.world.callbacks.get(id)?.reason)).toEqual(promises.map(() => 'opted_out'));
  expect(house.world.dialled).toHaveLength(1);
});

test('[OO7] [OO5] [OO8] who rings in may say so and go on with a matter; a call asked for after that is not promised', async () => {
  const { callId, legId } = await house.ringIn();
  const { connectId } = await house.attach(callId, 'h1');
  const host = await house.host('h1');
  await house.turn(callId, connectId, { utterance: 'First of all take me off your list' });
  expect(host.asked.at(-1)?.say).toMatch(/we will not call you again. Is there anything else/);
  await untilTrue(() => house.world.optedOut.has(CUSTOMER));
  const due = new Date((await env.currentTimeMs()) + HOUR).toISOString();
  const reminder = { title: 'Ring', description: '', due_date_time: due, owner: 'assistant' };
  host.answer = ({ round, toolResults }) =>
    round === 0
      ? {
          said: '',
          ended: 'awaiting_tools',
          toolCalls: [{ toolUseId: 't', name: 'create_or_update_reminder', arguments: reminder }],
        }
      : { said: toolResults[0]?.content ?? '' };
  await house.turn(callId, connectId, { utterance: 'Well, ring me in an hour' });
  expect(host.asked.at(-1)?.toolResults).toMatchObject([
    { isError: true, content: expect.stringContaining('not to be called') as string },
  ]);
  expect(host.asked.at(-1)?.facts ?? host.asked.at(-2)?.facts).toMatchObject({ mayNotCall: true, reminders: [] });
  await house.hangsUp(legId, { host, connectId });
  await untilTrue(async () => (await house.view(callId)).document.disposition === 'opted_out');

  // A later call of theirs is served, and knows it.
  const again = await house.ringIn();
  expect(again.outcome).toBe('resumed');
});

test('[OO7] what only the model understands it does by its tool', async () => {
  const waiting = await promised(HOUR);
  const { callId, legId } = await house.ringIn();
  const { connectId } = await house.attach(callId, 'h1');
  const host = await house.host('h1');
  host.answer = ({ round, toolResults }) =>
    round === 0
      ? { said: '', ended: 'awaiting_tools', toolCalls: [{ toolUseId: 't', name: 'opt_out', arguments: {} }] }
      : { said: toolResults[0]?.content ?? '' };
  await house.turn(callId, connectId, { utterance: 'I would rather that you leave me in peace for good' });
  expect(host.asked.at(-1)?.toolResults[0]?.content).toMatch(/^In force/);
  await untilTrue(() => house.world.callbacks.get(waiting)?.reason === 'opted_out');
  await untilTrue(() => house.world.optedOut.has(CUSTOMER));
  await house.hangsUp(legId, { host, connectId });
});

const doneIn = async (callId: CallId): Promise<number> =>
  ((await house.call(callId).fetchHistory()).events ?? []).filter((each) => each.activityTaskCompletedEventAttributes)
    .length;

test('[OO8] to who opted out before, a call that the bot would have to promise becomes a colleague’s task', async () => {
  house.world.optedOut.add(CUSTOMER);
  const { callId, legId } = await house.ringIn();
  const { connectId } = await house.attach(callId, 'h1');
  // Rules, customer, earlier calls and the first save.
  await untilTrue(async () => (await doneIn(callId)) >= 4);
  const host = await house.host('h1');
  await house.turn(callId, connectId, { utterance: '', via: 'mute' });
  await untilTrue(() => house.world.callbacks.size === 1);
  const [task] = house.world.callbacks.values();
  expect(task).toMatchObject({ owner: 'human', title: 'Call back after technical trouble' });
  await house.hangsUp(legId, { host, connectId });
});
