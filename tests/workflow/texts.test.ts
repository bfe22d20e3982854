/** Text messages both ways: into a call that goes on, and a conversation of nothing else. */
import { randomUUID } from 'node:crypto';
import { expect, test } from 'vitest';
import {
  asCallbackId,
  asLegId,
  callbackWorkflowId,
  CALLS_QUEUE,
  lineWorkflowId,
  type CallId,
} from '../../domain/ids.ts';
import { phrase } from '../../domain/phrases.ts';
import type { TextReport } from '../../domain/text-news.ts';
import { textReported } from '../../workflows/call/messages.ts';
import type { FakeHost } from '../kit/fake-activities.ts';
import { houseForEachTest } from './each-test.ts';
import type { callback } from '../../workflows/callback/workflow.ts';
import { BOT, CUSTOMER, INITIATE, untilTrue, type House } from './house.ts';

const opened = houseForEachTest();
const LONG = { timeout: 120_000 };

test('[TM1] [TM2] what the customer writes in a call is a turn of it, once', LONG, async () => {
  const house = opened.current;
  const { callId } = await house.ringIn();
  await house.attach(callId, 'h1');
  const host = await house.host('h1');
  host.answer = ({ say, round }) =>
    say !== null || round > 0
      ? { said: say ?? 'Your message has come, thank you.' }
      : {
          said: '',
          ended: 'awaiting_tools',
          toolCalls: [
            {
              toolUseId: 't1',
              name: 'update_claim',
              arguments: { updates: [{ field: 'caller_email', value: 'anna@example.com' }] },
            },
          ],
        };
  const came = await house.texts('anna@example.com', { messageId: 'm-1' });
  expect(came).toEqual({ outcome: 'resumed', callId });
  await house.texts('anna@example.com', { messageId: 'm-1' });
  await untilTrue(() => host.asked.length === 2);
  expect(host.asked[0]).toMatchObject({ turnId: 'sms:m-1', via: 'text', utterance: 'anna@example.com' });
  await untilTrue(async () => (await house.view(callId)).document.claim['caller_email'] === 'anna@example.com');
  const { messages } = (await house.view(callId)).document;
  expect(messages.filter(({ action }) => action === 'sms')).toMatchObject([
    { persona: 'human', content: 'anna@example.com', sms: { message_id: 'm-1', status: 'received' } },
  ]);
  expect(house.world.sms).toEqual([]);
});

test('[TM1] a text waits for the end of the reply that is being spoken', LONG, async () => {
  const house = opened.current;
  const { callId } = await house.ringIn();
  const { connectId } = await house.attach(callId, 'h1');
  const host = await house.host('h1');
  let finish: () => void = () => undefined;
  const spoken = new Promise<void>((resolve) => (finish = resolve));
  host.answer = async ({ via }) => {
    if (via === 'speech') await spoken;
    return { said: via === 'speech' ? 'A long answer.' : 'I have your message.' };
  };
  const turn = house.turn(callId, connectId, { utterance: 'Tell me everything' });
  await untilTrue(() => host.asked.length === 1);
  await house.texts('and my order is A17');
  await untilTrue(async () => (await house.view(callId)).document.messages.some(({ action }) => action === 'sms'));
  expect(host.asked).toHaveLength(1);
  finish();
  await turn;
  await untilTrue(() => host.asked.length === 2);
  expect(host.asked[1]).toMatchObject({ via: 'text', utterance: 'and my order is A17' });
});

test('[TM3] [TM4] without a call it is answered in writing; several within seconds get one answer', LONG, async () => {
  const house = opened.current;
  const first = await house.texts('Hello, my order A17 has not come', { messageId: 'm-1' });
  expect(first.outcome).toBe('new');
  const { callId } = first;
  expect(await house.texts('My email is anna@example.com', { messageId: 'm-2' })).toEqual({
    outcome: 'resumed',
    callId,
  });
  await house.env.sleep('6s');
  await untilTrue(() => house.world.sms.length > 0);
  const { document } = await house.view(callId);
  expect(document).toMatchObject({ phase: 'texting', claim: { caller_email: 'anna@example.com' } });
  expect(house.world.sms).toHaveLength(1);
  expect(house.world.sms[0]).toMatch(/^This is Amelie, the virtual assistant of Contoso\. .*anna@example\.com/);
  expect(document.messages.filter(({ action }) => action === 'sms')).toMatchObject([
    { persona: 'human', content: 'Hello, my order A17 has not come' },
    { persona: 'human', content: 'My email is anna@example.com' },
    { persona: 'assistant', content: house.world.sms[0], sms: { message_id: 'sms-1', status: 'submitted' } },
  ]);
  expect(house.world.writings[0]?.transcript.map(({ text }) => text)).toEqual([
    'Hello, my order A17 has not come',
    'My email is anna@example.com',
  ]);
});

test(
  '[TM5] when nobody writes any more it is wrapped up, can be taken up, and closes with its time',
  LONG,
  async () => {
    const house = opened.current;
    const { callId } = await house.texts('My name is Anna Petrova');
    await house.env.sleep('6s');
    await untilTrue(() => house.world.sms.length === 1);
    await house.env.sleep('31 minutes');
    await untilTrue(async () => (await house.view(callId)).document.phase === 'resumable');
    await untilTrue(() => house.world.calls.get(callId)?.synthesis != null);
    expect((await house.view(callId)).document.disposition).toBe('dropped');
    expect((await house.texts('anna@example.com')).callId).toBe(callId);
    await house.env.sleep('6s');
    await untilTrue(() => house.world.sms.length === 2);
    expect((await house.view(callId)).document.claim).toMatchObject({ caller_email: 'anna@example.com' });
    expect(await house.call(callId).result()).toMatchObject({ callId });
    await house.client.getHandle(lineWorkflowId(house.key)).result();
  },
);

test('[TM5] who rings after writing goes on with the same claim', LONG, async () => {
  const house = opened.current;
  const { callId } = await house.texts('My name is Anna Petrova, the email is anna@example.com');
  await house.env.sleep('6s');
  await untilTrue(() => house.world.sms.length === 1);
  const rung = await house.ringIn();
  expect(rung).toMatchObject({ outcome: 'resumed', callId });
  const { seed } = await house.attach(callId, 'h1');
  expect(seed.opening.kind).toBe('welcome_back');
  expect(seed.facts.claim).toMatchObject({ caller_email: 'anna@example.com' });
  await untilTrue(async () => (await house.view(callId)).document.phase === 'live');
});

test('[TM6] a wish for a person in writing becomes a colleague’s task', LONG, async () => {
  const house = opened.current;
  const { callId } = await house.texts('I want to speak to a human being please');
  await house.env.sleep('6s');
  await untilTrue(() => house.world.sms.length === 1);
  expect(house.world.sms[0]).toContain(phrase('colleague_calls', 'en-US'));
  expect((await house.view(callId)).document.reminders).toMatchObject([{ owner: 'human' }]);
  expect(house.world.writings).toEqual([]);
});

test(
  '[TM9] [CB15] who writes before a promised call is served in writing, and nothing rings for it',
  LONG,
  async () => {
    const house = opened.current;
    const nowMs = await house.env.currentTimeMs();
    const callbackId = asCallbackId(randomUUID());
    const promised = { title: 'Tell about A17', description: 'As agreed', fromCallId: null, createdAtMs: nowMs };
    const handle = await house.client.start<typeof callback>('callback', {
      workflowId: callbackWorkflowId(callbackId),
      taskQueue: CALLS_QUEUE,
      args: [
        {
          ...{ numberKey: house.key, customerNumber: CUSTOMER, botNumber: BOT, initiate: INITIATE },
          ...promised,
          callbackId,
          dueAtMs: nowMs + 600_000,
        },
      ],
    });
    house.rememberLine();
    await untilTrue(async () => (await house.lineView().catch(() => ({ promises: [] }))).promises.length === 1);
    await house.texts('What about my order A17?');
    await house.env.sleep('6s');
    await untilTrue(() => house.world.sms.length === 1);
    expect(house.world.writings[0]?.recap).toContain('Tell about A17');
    expect(await handle.result()).toMatchObject({ status: 'done', attempts: [{ outcome: 'merged' }] });
    expect(house.world.dialled).toEqual([]);
  },
);

test('[TM9] what was written while the bot rang them in vain is answered in writing', LONG, async () => {
  const house = opened.current;
  const { callId } = await house.ringOut();
  await untilTrue(() => house.world.dialled.length === 1);
  expect(await house.texts('I cannot talk now, my email is anna@example.com')).toMatchObject({ callId });
  const attemptId = house.world.dialled[0]?.attemptId;
  if (attemptId === undefined) throw new Error('not dialled');
  await house.callEvent(callId, { legId: asLegId('leg-1'), status: 'busy', attemptId });
  await house.env.sleep('10s');
  await untilTrue(() => house.world.sms.length === 1);
  const { document } = await house.view(callId);
  expect(document).toMatchObject({ phase: 'texting', claim: { caller_email: 'anna@example.com' } });
});

test('[TM4] an answer that cannot be sent stands as such, and the conversation goes on', LONG, async () => {
  const house = opened.current;
  house.world.textsRefused = 1;
  const { callId } = await house.texts('Hello');
  await house.env.sleep('6s');
  await untilTrue(async () => (await house.view(callId)).document.messages.some(({ sms }) => sms?.status === 'failed'));
  await house.texts('Are you there?');
  await house.env.sleep('6s');
  await untilTrue(() => house.world.sms.length === 1);
});

const reported = (house: House, callId: CallId, { became, messageId = 'sms-1' }: Partial<TextReport>) =>
  house
    .call(callId)
    .signal(textReported, { messageId, ref: null, became: became ?? 'failed', reason: '1320 unreachable' });
const asksForText: FakeHost['answer'] = ({ say, round, utterance }) =>
  say !== null || round > 0 || !utterance.includes('text me')
    ? { said: say ?? 'Is there anything else?' }
    : {
        said: '',
        ended: 'awaiting_tools',
        toolCalls: [{ toolUseId: 't1', name: 'send_sms', arguments: { message: 'Your number is A17' } }],
      };

test(
  '[SM8] a text that fails in a call is told with the next answer, and that it came after all with another',
  LONG,
  async () => {
    const house = opened.current;
    const { callId } = await house.ringIn();
    const { connectId } = await house.attach(callId, 'h1');
    const host = await house.host('h1');
    host.answer = asksForText;
    await house.turn(callId, connectId, { utterance: 'Please text me the number' });
    expect(house.world.sms).toEqual(['Your number is A17']);
    await reported(house, callId, { became: 'failed' });
    await reported(house, callId, { became: 'failed' });
    await house.turn(callId, connectId, { utterance: 'And when will it come?' });
    const failed = { text: 'Your number is A17', arrived: false, reason: '1320 unreachable' };
    expect(host.asked.at(-1)?.facts?.textNews).toEqual([failed]);
    await house.turn(callId, connectId, { utterance: 'Read it out then' });
    expect(host.asked.at(-1)?.facts).not.toHaveProperty('textNews');
    await reported(house, callId, { became: 'arrived' });
    await house.turn(callId, connectId, { utterance: 'Wait' });
    expect(host.asked.at(-1)?.facts?.textNews).toEqual([{ ...failed, arrived: true }]);
    await house.turn(callId, connectId, { utterance: 'Good' });
    expect(host.asked.at(-1)?.facts).not.toHaveProperty('textNews');
    expect(house.world.sms).toHaveLength(1);
  },
);

test('[SM9] who has gone without hearing of it is left to a colleague, until it arrives after all', LONG, async () => {
  const house = opened.current;
  const { callId, legId } = await house.ringIn();
  const { connectId } = await house.attach(callId, 'h1');
  const host = await house.host('h1');
  host.answer = asksForText;
  await house.turn(callId, connectId, { utterance: 'Please text me the number' });
  await reported(house, callId, { became: 'failed' });
  await house.hangsUp(legId, { host, connectId });
  await untilTrue(() => house.world.callbacks.size === 1);
  const [task] = house.world.callbacks.values();
  expect(task).toMatchObject({ owner: 'human', status: 'pending', call_id: callId });
  expect(task?.description).toContain('Your number is A17');
  // Nothing more for the same message.
  await reported(house, callId, { became: 'failed' });
  await reported(house, callId, { became: 'arrived' });
  await untilTrue(() => [...house.world.callbacks.values()].every(({ status }) => status === 'cancelled'));
  await untilTrue(async () => (await house.view(callId)).document.reminders.length === 0);
  expect(house.world.callbacks.size).toBe(1);
  expect(house.world.sms).toHaveLength(1);
});

test(
  '[SM8] [SM9] in writing too: said with the next answer, and left to a colleague where none follows',
  LONG,
  async () => {
    const house = opened.current;
    const { callId } = await house.texts('Hello, my order A17 has not come');
    await house.env.sleep('6s');
    await untilTrue(() => house.world.sms.length === 1);
    await untilTrue(async () => (await house.view(callId)).document.messages.length === 2);
    await reported(house, callId, { became: 'failed' });
    await house.texts('Are you there?');
    await house.env.sleep('6s');
    await untilTrue(() => house.world.sms.length === 2);
    expect(house.world.writings.at(-1)?.facts.textNews).toMatchObject([{ text: house.world.sms[0], arrived: false }]);
    expect(house.world.sms[1]).toMatch(/did not arrive/);
    await untilTrue(async () => (await house.view(callId)).document.messages.length === 4);
    await reported(house, callId, { messageId: 'sms-2' });
    await house.env.sleep('31 minutes');
    await untilTrue(() => house.world.callbacks.size === 1);
    const [task] = house.world.callbacks.values();
    expect(task?.description).toContain(house.world.sms[1]);
    expect(task?.description).not.toContain(house.world.sms[0]);
  },
);
