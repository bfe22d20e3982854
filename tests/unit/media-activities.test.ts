import { ActivityCancellationDetails } from '@temporalio/common';
import { MockActivityEnvironment } from '@temporalio/testing';
import { expect, test, vi } from 'vitest';
import { createTurnActivities } from '../../activities/turn.ts';
import { asCallId, asConnectId, asTurnId } from '../../domain/ids.ts';
import { MediaHost } from '../../media/host.ts';
import type { AnswerTurnInput } from '../../workflows/call/messages.ts';
import { FakeLeg, FakeNetwork } from '../kit/fake-leg.ts';
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

function bench(noteTurn: () => Promise<void> = () => Promise.resolve()) {
  const leg = new FakeLeg();
  const host = new MediaHost(leg.equipment);
  const network = new FakeNetwork();
  const session = host.begin({ callId, connectId, provisional: null }, network);
  network.onWord = (word) => session.onWord(word);
  leg.clock.each(() => network.beat());
  const notes = vi.fn<(note: unknown) => Promise<void>>(noteTurn);
  const activities = createTurnActivities({ host, store: { noteTurn: notes }, log: leg.equipment.log });
  return { leg, host, network, session, activities, notes, temporal: new MockActivityEnvironment() };
}

test('[CL20] a turn is answered, heard out, and noted for readers', async () => {
  const { leg, activities, notes, temporal } = bench();
  leg.fast.thenSays({ text: 'Yes, it is.' });
  const answered = temporal.run(activities.answerTurn, turn);
  await leg.clock.advanceUntil('the answer is noted', () => notes.mock.calls.length > 0);
  expect(await answered).toMatchObject({ ended: 'played', heardText: 'Yes, it is.', answeredBy: 'fast' });
  expect(notes.mock.calls[0]?.[0]).toMatchObject({
    callId,
    customerText: 'Is it open?',
    botText: 'Yes, it is.',
    turn: { turn_id: 't-1', model: 'fake-fast' },
  });
});

test('[CL21] a store that is away costs the customer nothing', async () => {
  const { leg, activities, temporal } = bench(() => Promise.reject(new Error('no store')));
  leg.fast.thenSays({ text: 'Yes.' });
  const answered = temporal.run(activities.answerTurn, turn);
  await leg.clock.advance(2_000);
  expect(await answered).toMatchObject({ ended: 'played' });
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
  expect(await temporal.run(activities.answerTurn, { ...turn, ...elsewhere })).toMatchObject({
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
