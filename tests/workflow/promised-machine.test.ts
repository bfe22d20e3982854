/** A promise is kept with a person, not with their machine. */
import { expect, test } from 'vitest';
import { asLegId, callbackWorkflowId, type CallbackId } from '../../domain/ids.ts';
import { callbackView, reschedule } from '../../workflows/callback/messages.ts';
import { houseForEachTest } from './each-test.ts';
import { untilTrue, type House } from './house.ts';
import { promise } from './promise.ts';

const opened = houseForEachTest();
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const WORDS = 'It is about your delivery.';

const handleOf = (house: House, id: CallbackId) => house.client.getHandle(callbackWorkflowId(id));
const viewOf = (house: House, id: CallbackId) => handleOf(house, id).query(callbackView);

/** The `nth` try is answered: the leg, and the bot upon it. */
async function answered(house: House, nth: number) {
  await untilTrue(() => house.world.dialled.length === nth);
  const dialled = house.world.dialled[nth - 1];
  if (dialled === undefined) throw new Error('not dialled');
  const { callId, attemptId } = dialled;
  const legId = asLegId(`leg-of-try-${nth}`);
  await house.admit(callId, attemptId, legId);
  const { connectId } = await house.attach(callId, 'h1');
  return { callId, attemptId, legId, connectId };
}

type Answered = Awaited<ReturnType<typeof answered>>;

async function machineAnswers(house: House, { callId, attemptId, legId, connectId }: Answered): Promise<string[]> {
  const host = await house.host('h1');
  host.answer = ({ say }) => ({ said: say ?? 'Nothing is said to a machine.' });
  const before = host.asked.length;
  await house.callEvent(callId, { legId, attemptId, status: 'machine' });
  await house.turn(callId, connectId, { utterance: 'You have reached Ann. Leave a message.' });
  expect(host.asked).toHaveLength(before);
  await house.callEvent(callId, { legId, attemptId, status: 'machine', detail: 'beep_start' });
  await untilTrue(() => house.world.hungUp.includes(legId));
  host.end(connectId, { endedBy: 'network', heard: [] });
  await house.callEvent(callId, { legId, attemptId, status: 'completed' });
  await untilTrue(() => house.world.calls.get(callId)?.phase === 'closed');
  expect(house.world.calls.get(callId)).toMatchObject({ disposition: 'message_left' });
  return host.asked.slice(before).map(({ say }) => say ?? '');
}

test(
  '[CB30] [AD2] a machine hears who called and not why; an hour later there is one more try',
  { timeout: 120_000 },
  async () => {
    const house = opened.current;
    const id = await promise(house, 1_000, { words: WORDS });
    await house.env.sleep(2_000);
    const [first] = await machineAnswers(house, await answered(house, 1));
    expect(first).toMatch(/Amelie.*Contoso.*try again later/);
    expect(first).not.toContain('delivery');
    const { status, attempts, dueAtMs } = await viewOf(house, id);
    expect({ status, attempts }).toMatchObject({ status: 'pending', attempts: [{ outcome: 'voicemail' }] });
    expect(Math.abs(dueAtMs - (await house.env.currentTimeMs()) - HOUR)).toBeLessThan(2 * MINUTE);
    // The hour is not slept through: this server's clock does not always jump over the end of a call.
    const soon = { dueAtMs: (await house.env.currentTimeMs()) + 1_000 };
    await handleOf(house, id).executeUpdate(reschedule, { args: [soon] });
    await house.env.sleep(2_000);
    const [second] = await machineAnswers(house, await answered(house, 2));
    expect(second).toMatch(/Amelie.*Contoso/);
    expect(second).not.toMatch(/try again/);
    await untilTrue(() => house.world.callbacks.get(id)?.status === 'failed');
    expect(house.world.callbacks.get(id)?.attempts).toMatchObject([{ outcome: 'voicemail' }, { outcome: 'voicemail' }]);
  },
);

test('[CB30] told that it is a person, or not told at all, the promise is kept', async () => {
  const house = opened.current;
  const told = await promise(house, 1_000, { words: WORDS });
  await house.env.sleep(2_000);
  const { callId, attemptId, legId, connectId } = await answered(house, 1);
  expect((await viewOf(house, told)).status).toBe('dialling');
  await house.callEvent(callId, { legId, attemptId, status: 'human' });
  await untilTrue(() => house.world.callbacks.get(told)?.status === 'done');
  (await house.host('h1')).end(connectId, { endedBy: 'network', heard: [] });
  await house.callEvent(callId, { legId, attemptId, status: 'completed' });
  await untilTrue(async () => (await house.view(callId)).document.phase === 'resumable');

  const untold = await promise(house, 1_000, { title: 'Another', words: WORDS });
  await house.env.sleep(2_000);
  await answered(house, 2);
  await house.env.sleep(16_000);
  await untilTrue(() => house.world.callbacks.get(untold)?.status === 'done');
});

test('[AD4] [CB30] the customer who rings in while the machine is spoken to is answered, and has settled it', async () => {
  const house = opened.current;
  const id = await promise(house, 1_000, { words: WORDS });
  await house.env.sleep(2_000);
  const { callId, attemptId, legId, connectId } = await answered(house, 1);
  await house.callEvent(callId, { legId, attemptId, status: 'machine' });
  await untilTrue(async () => (await viewOf(house, id)).attempts.length === 1);
  const own = await house.ringIn();
  expect(own).toMatchObject({ outcome: 'resumed', callId });
  const host = await house.host('h1');
  host.end(connectId, { endedBy: 'network', heard: [] });
  await untilTrue(() => house.world.hungUp.includes(legId));
  await house.callEvent(callId, { legId, attemptId, status: 'completed' });
  const { connectId: theirs } = await house.attach(callId, 'h1');
  host.answer = () => ({ said: 'It comes on Friday.' });
  await house.turn(callId, theirs, { utterance: 'You have just called me' });
  expect(host.asked.at(-1)?.utterance).toBe('You have just called me');
  expect(house.world.hungUp).not.toContain(own.legId);
  await house.hangsUp(own.legId, { host, connectId: theirs });
  await untilTrue(() => house.world.callbacks.get(id)?.status === 'done');
});
