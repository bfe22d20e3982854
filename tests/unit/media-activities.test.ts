import { ActivityCancellationDetails } from '@temporalio/common';
import { MockActivityEnvironment } from '@temporalio/testing';
import { expect, test, vi } from 'vitest';
import { createTurnActivities } from '../../activities/turn.ts';
import { asCallId, asConnectId, asTurnId } from '../../domain/ids.ts';
import { MediaHost } from '../../media/host.ts';
import { wholeAnswer, type LeanAnswer } from '../../domain/turn-wire.ts';
import type { TurnNote } from '../../providers/store.ts';
import type { AnswerTurnInput, AnswerTurnOutcome } from '../../workflows/call/messages.ts';
import { FakeLeg, FakeNetwork, seedWith } from '../kit/fake-leg.ts';
import { settled } from '../kit/test-clock.ts';

const callId = asCallId('c-2');
const connectId = asConnectId('k-2');
const turn: AnswerTurnInput = {
  callId,
  connectId,
  turnId: asTurnId('t-1'),
  round: 0,
  utterance: 'Is it open?',
  via: 'speech',
  facts: null,
  toolResults: [],
  say: null,
  guidance: null,
  allowTools: true,
};

function bench(noteTurn: () => Promise<boolean> = () => Promise.resolve(true)) {
  const leg = new FakeLeg();
  const host = new MediaHost(leg.equipment);
  const network = new FakeNetwork();
  const session = host.begin({ callId, connectId, provisional: null }, network);
  network.onWord = (word) => session.onWord(word);
  leg.clock.each(() => network.beat());
  const notes = vi.fn<(note: TurnNote) => Promise<boolean>>(noteTurn);
  const activities = createTurnActivities({ host, store: { noteTurn: notes }, log: leg.equipment.log });
  return { leg, host, network, session, activities, notes, temporal: new MockActivityEnvironment() };
}

const outcomeOf = async (answer: Promise<unknown>): Promise<AnswerTurnOutcome> =>
  wholeAnswer((await answer) as LeanAnswer<AnswerTurnOutcome>, turn);

test('[CL20] a turn is answered, heard out, and noted for readers', async () => {
  const { leg, activities, notes, temporal } = bench();
  leg.fast.thenSays({ text: 'Yes, it is.' });
  const answered = temporal.run(activities.answerTurn, turn);
  await leg.clock.advanceUntil('the answer is noted', () => notes.mock.calls.length > 0);
  expect(await outcomeOf(answered)).toMatchObject({
    ended: 'played',
    heardText: 'Yes, it is.',
    answeredBy: 'fast',
    turnId: 't-1',
  });
  expect(notes.mock.calls).toMatchObject([
    [
      {
        callId,
        turnId: 't-1',
        messages: [
          { persona: 'human', content: 'Is it open?' },
          { persona: 'assistant', content: 'Yes, it is.' },
        ],
        turn: { turn_id: 't-1', model: 'fake-fast' },
        facts: null,
      },
    ],
  ]);
});

test('[CL30] what the tools found out is noted while the bot speaks of it, with the tools; the last note tells all', async () => {
  const { leg, activities, notes, temporal } = bench();
  const noting = { toolUseId: 'x', name: 'update_claim', arguments: { updates: [] } };
  leg.fast.thenSays({ text: 'One moment.', toolCalls: [noting] });
  leg.fast.thenSays({ text: 'I have it.' });
  const first = temporal.run(activities.answerTurn, turn);
  await leg.clock.advance(500);
  expect(await outcomeOf(first)).toMatchObject({ ended: 'awaiting_tools', toolCalls: [noting] });
  expect(notes.mock.calls).toEqual([]);
  const found = { ...seedWith({ kind: 'none' }).facts, claim: { order: 'A17' } };
  const result = { toolUseId: 'x', name: 'update_claim', content: 'Stored', isError: false };
  const next = { ...turn, round: 1, utterance: '', toolResults: [result], facts: found, version: 7 };
  const second = temporal.run(activities.answerTurn, next);
  await settled();
  const tool = { persona: 'assistant', tool_calls: [{ name: 'update_claim', result: 'Stored' }] };
  expect(notes.mock.calls).toMatchObject([
    [{ turn: null, facts: { version: 7, claim: { order: 'A17' } }, messages: [{ content: 'Is it open?' }, tool] }],
  ]);
  await leg.clock.advanceUntil('the answer is noted', () => notes.mock.calls.length > 1);
  await second;
  expect(notes.mock.calls[1]).toMatchObject([
    {
      turn: { turn_id: 't-1' },
      facts: { claim: { order: 'A17' } },
      messages: [{ content: 'Is it open?' }, { ...tool, content: 'One moment.' }, { content: 'I have it.' }],
    },
  ]);
});

test('[CL30] the first note tells what was heard of the opening', async () => {
  const { leg, activities, notes, temporal } = bench();
  leg.fast.thenSays({ text: 'Yes, it is.' });
  const answered = temporal.run(activities.answerTurn, { ...turn, opening: 'Hello, Contoso here.' });
  await leg.clock.advanceUntil('the answer is noted', () => notes.mock.calls.length > 0);
  await answered;
  expect(notes.mock.calls[0]?.[0].messages.map(({ persona, content }) => `${persona}: ${content}`)).toEqual([
    'assistant: Hello, Contoso here.',
    'human: Is it open?',
    'assistant: Yes, it is.',
  ]);
});

test.each([
  ['is away', () => Promise.reject(new Error('no store'))],
  ['does not know the call yet', () => Promise.resolve(false)],
])('[CL30] the call is told where the store %s, and saves itself', async (_, noteTurn) => {
  const { leg, activities, temporal } = bench(noteTurn);
  leg.fast.thenSays({ text: 'Yes.' });
  const answered = temporal.run(activities.answerTurn, turn);
  await leg.clock.advance(2_000);
  expect(await answered).toMatchObject({ noted: false });
});

test('[CL21] a store that is away costs the customer nothing', async () => {
  const { leg, activities, temporal } = bench(() => Promise.reject(new Error('no store')));
  leg.fast.thenSays({ text: 'Yes.' });
  const answered = temporal.run(activities.answerTurn, turn);
  await leg.clock.advance(2_000);
  expect(await outcomeOf(answered)).toMatchObject({ ended: 'played' });
});

test('[CL22] cancelled by the call, the model stops, the bot falls silent, and the outcome tells what was heard', async () => {
  const { leg, activities, network, temporal } = bench();
  leg.fast.thenSays({ text: 'This is the first sentence of a long answer. And', hangs: true });
  const answered = temporal.run(activities.answerTurn, turn);
  await leg.clock.advance(1_500);
  expect(network.playedMs).toBeGreaterThan(500);
  temporal.cancel();
  await settled();
  expect(await answered).toMatchObject({ ended: 'superseded', heardComplete: false });
  expect(network.cleared).toBe(1);
  expect(leg.fast.aborted).toBe(1);
});

test('[CL23] a host asked for a leg that it does not hold says so', async () => {
  const { activities, temporal } = bench();
  const elsewhere = { callId, connectId: asConnectId('k-other') };
  expect(await outcomeOf(temporal.run(activities.answerTurn, { ...turn, ...elsewhere }))).toMatchObject({
    ended: 'leg_gone',
    said: '',
  });
  expect(await temporal.run(activities.carryLeg, elsewhere)).toEqual({ endedBy: 'gone', heard: [] });
});

test('[CL24] a leg is carried until the network closes it, and what was heard last comes along', async () => {
  const { leg, activities, session, temporal } = bench();
  const carried = temporal.run(activities.carryLeg, { callId, connectId });
  const said = temporal.run(activities.answerTurn, { ...turn, say: 'A sentence that nobody hears to its very end.' });
  await leg.clock.advance(1_000);
  session.onClosed('network');
  expect(await said).toMatchObject({ ended: 'leg_gone' });
  expect(await carried).toMatchObject({ endedBy: 'network', heard: [{ turnId: 't-1', complete: false }] });
});

test('[RC11] the call’s own cancellation closes the socket', async () => {
  const { activities, network, host, temporal } = bench();
  const carried = temporal.run(activities.carryLeg, { callId, connectId });
  await settled();
  temporal.cancel('CANCELLED', new ActivityCancellationDetails({ cancelRequested: true }));
  await carried.catch(() => undefined);
  expect(network.closed).toBe(true);
  expect(host.liveCalls).toBe(0);
});

test('[RC12] a call that goes on in a fresh run leaves the socket alone, and the next run adopts it', async () => {
  const { activities, network, session, host, temporal } = bench();
  const carried = temporal.run(activities.carryLeg, { callId, connectId });
  await settled();
  temporal.cancel('NOT_FOUND', new ActivityCancellationDetails({ notFound: true }));
  await expect(carried).rejects.toThrow();
  expect(network.closed).toBe(false);
  expect(host.liveCalls).toBe(1);
  const adopted = new MockActivityEnvironment().run(activities.carryLeg, { callId, connectId });
  await settled();
  session.onClosed('network');
  expect(await adopted).toMatchObject({ endedBy: 'network' });
});

test('[RC13] a host that leaves closes its legs as drained once the time for them is over', async () => {
  const { activities, network, host, temporal } = bench();
  const carried = temporal.run(activities.carryLeg, { callId, connectId });
  await settled();
  await host.drain(1);
  expect(await carried).toMatchObject({ endedBy: 'drained' });
  expect(network.closed).toBe(true);
});
