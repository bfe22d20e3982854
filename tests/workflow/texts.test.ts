/** Text messages both ways: into a call that goes on, and a conversation of nothing else. */
import { randomUUID } from 'node:crypto';
import { expect, test } from 'vitest';
import { asCallbackId, asLegId, callbackWorkflowId, CALLS_QUEUE, lineWorkflowId } from '../../domain/ids.ts';
import { phrase } from '../../domain/phrases.ts';
import { serverForEachTest } from './each-test.ts';
import type { callback } from '../../workflows/callback/workflow.ts';
import { BOT, CUSTOMER, INITIATE, untilTrue } from './house.ts';

const opened = serverForEachTest();
const LONG = { timeout: 60_000 };

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
