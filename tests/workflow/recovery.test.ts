import { setTimeout as delay } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { asTurnId } from '../../domain/ids.ts';
import { houseForEachTest } from './each-test.ts';
import { newAttemptId, newLegId, untilTrue } from './house.ts';

const opened = houseForEachTest();
const UNANSWERED_MS = 3_000;

test('[RC1] a host dies after its words were half heard: the next says sorry and the rest, and asks nothing again', async () => {
  const house = opened.current;
  const { callId, legId } = await house.ringIn();
  const { connectId } = await house.attach(callId, 'h1');
  const host = await house.host('h1');
  host.answer = () => ({
    said: 'We will send it on Monday. Is that fine?',
    heardText: 'We will send it',
    heardComplete: false,
    ended: 'leg_gone',
  });
  await house.turn(callId, connectId, { utterance: 'When will you send it' });
  host.end(connectId, new Error('the process is gone'));
  await untilTrue(async () => (await house.view(callId)).mediaHostId === null);
  const { seed } = await house.attach(callId, 'h2');
  expect(seed.opening).toMatchObject({
    kind: 'sorry',
    text: expect.stringContaining('on Monday. Is that fine?') as string,
  });
  expect(seed.transcript.map((entry) => entry.text)).toEqual(
    expect.arrayContaining(['When will you send it', 'We will send it']),
  );
  expect((await house.view(callId)).customerLegId).toBe(legId);
});

test('[RC4] a host dies while it thinks: the next one answers the same utterance', async () => {
  const house = opened.current;
  const { callId } = await house.ringIn();
  const { connectId } = await house.attach(callId, 'h1');
  const [first, second] = [await house.host('h1'), await house.host('h2')];
  first.answer = () => ({ said: '', heardText: '', ended: 'leg_gone' });
  second.answer = ({ utterance }) => ({ said: `Answered: ${utterance}` });
  const turnId = asTurnId('turn-1');
  const turn = house.turn(callId, connectId, { turnId, utterance: 'Where is my order' });
  await untilTrue(() => first.asked.length === 1);
  first.end(connectId, new Error('the process is gone'));
  const { seed } = await house.attach(callId, 'h2');
  await turn;
  expect(second.asked).toMatchObject([{ turnId, round: 0, utterance: 'Where is my order' }]);
  // The utterance comes with the question, so it is not in the transcript too.
  expect(seed.transcript.map((entry) => entry.turnId)).not.toContain(turnId);
  const { document } = await house.view(callId);
  expect(document.messages.filter((message) => message.persona === 'human')).toHaveLength(1);
  expect(document.messages.at(-1)?.content).toBe('Answered: Where is my order');
});

test('[RC4] a host dies between tools and answer: what the tools did stays done, once', async () => {
  const house = opened.current;
  const { callId } = await house.ringIn();
  const { connectId } = await house.attach(callId, 'h1');
  const [first, second] = [await house.host('h1'), await house.host('h2')];
  first.answer = ({ round }) =>
    round === 0
      ? {
          said: '',
          ended: 'awaiting_tools',
          toolCalls: [{ toolUseId: 't1', name: 'send_sms', arguments: { message: 'Your order is on its way.' } }],
        }
      : { said: '', heardText: '', ended: 'leg_gone' };
  second.answer = () => ({ said: 'I have sent you a message.' });
  const turn = house.turn(callId, connectId, { utterance: 'Send me a text' });
  await untilTrue(() => first.asked.length === 2);
  first.end(connectId, new Error('the process is gone'));
  const { seed } = await house.attach(callId, 'h2');
  await turn;
  expect(house.world.sms).toEqual(['Your order is on its way.']);
  expect(second.asked).toMatchObject([{ round: 1, toolResults: [], utterance: '' }]);
  expect(seed.transcript.find((entry) => entry.toolCalls.length > 0)?.toolResults).toHaveLength(1);
});

test('[RC3] no webhook brings the customer back: the call does it, to another host', async () => {
  const house = opened.current;
  const { callId, legId } = await house.ringIn();
  const { connectId } = await house.attach(callId, 'h1');
  const host = await house.host('h1');
  host.end(connectId, new Error('the process is gone'));
  await untilTrue(async () => (await house.view(callId)).mediaHostId === null);
  await house.env.sleep(2_000);
  await untilTrue(() => house.world.broughtToBot.length === 1);
  expect(house.world.broughtToBot).toEqual([{ legId, avoid: ['h1'] }]);
});

test('[RC3] the customer has left and no webhook said so: found out, and the conversation can be resumed', async () => {
  const house = opened.current;
  const { callId, legId } = await house.ringIn();
  const { connectId } = await house.attach(callId, 'h1');
  house.world.statusOf.set(legId, 'completed');
  (await house.host('h1')).end(connectId, { endedBy: 'network', heard: [] });
  await untilTrue(async () => (await house.view(callId)).mediaHostId === null);
  await house.env.sleep(11_000);
  await untilTrue(async () => (await house.view(callId)).document.phase === 'resumable');
  expect(house.world.broughtToBot).toEqual([]);
});

test('[RC5] a call of very many turns goes on in a fresh run, its leg carried on', async () => {
  const house = opened.current;
  const legId = newLegId();
  const { callId } = await house.ringIn(legId);
  const { connectId } = await house.attach(callId, 'h1');
  const host = await house.host('h1');
  host.answer = ({ utterance }) => ({ said: `Yes, ${utterance}` });
  await house.turn(callId, connectId, { utterance: 'my name is Ann' });
  const before = (await house.call(callId).describe()).runId;
  const wentOn = async () => (await house.call(callId).describe()).runId !== before;
  // What reaches a run as it goes on in the next this server may leave without an answer: nobody waits for that.
  while (!(await wentOn()))
    await Promise.race([
      Promise.allSettled(Array.from({ length: 16 }, () => house.admit(callId, newAttemptId(), legId))),
      delay(UNANSWERED_MS),
    ]);
  await untilTrue(() => host.carried.length === 2);
  expect(host.carried).toMatchObject([{ connectId }, { connectId }]);
  await house.turn(callId, connectId, { utterance: 'are you still there' });
  const { document, customerLegId } = await house.view(callId);
  expect(customerLegId).toBe(legId);
  expect(document.messages.map((message) => message.content)).toEqual(
    expect.arrayContaining(['my name is Ann', 'Yes, are you still there']),
  );
}, 120_000);
