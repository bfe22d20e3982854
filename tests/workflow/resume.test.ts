/** An unfinished call waits for its customer over days, and no longer than it was told to. */
import { expect, test } from 'vitest';
import type { CallId } from '../../domain/ids.ts';
import { houseForEachTest } from './each-test.ts';
import { untilTrue, type House } from './house.ts';

const opened = houseForEachTest();
const HOUR = 3_600_000;
const LONG = { timeout: 120_000 };

/** They say what they want, and the line drops. */
async function dropped(house: House): Promise<CallId> {
  const { callId, legId } = await house.ringIn();
  const { connectId } = await house.attach(callId, 'h1');
  const host = await house.host('h1');
  host.answer = () => ({ said: 'And your order number?' });
  await house.turn(callId, connectId, { utterance: 'I want to change my address' });
  await house.hangsUp(legId, { host, connectId });
  await untilTrue(async () => (await house.view(callId)).document.phase === 'resumable');
  return callId;
}

test('[LN1] [LN5] within 72 hours the same call goes on, day after day, with all that was said', LONG, async () => {
  const house = opened.current;
  house.world.rules.resumeWithinMs = 72 * HOUR;
  const callId = await dropped(house);
  for (const hours of [26, 71]) {
    await house.env.sleep(hours * HOUR);
    const again = await house.ringIn();
    expect(again).toMatchObject({ outcome: 'resumed', callId });
    const { seed, connectId } = await house.attach(callId, 'h2');
    expect(seed.opening.kind).toBe('welcome_back');
    expect(seed.transcript.map(({ text }) => text)).toContain('I want to change my address');
    await house.hangsUp(again.legId, { host: await house.host('h2'), connectId });
    await untilTrue(async () => (await house.view(callId)).document.phase === 'resumable');
  }
});

test('[LN5] after 72 hours it is closed, and who rings then has a new call', LONG, async () => {
  const house = opened.current;
  house.world.rules.resumeWithinMs = 72 * HOUR;
  const callId = await dropped(house);
  await house.env.sleep(72 * HOUR + 1_000);
  await untilTrue(() => house.world.calls.get(callId)?.phase === 'closed');
  expect(await house.call(callId).result()).toMatchObject({ callId, disposition: 'dropped' });
  const again = await house.ringIn();
  expect(again.outcome).toBe('new');
  const { seed } = await house.attach(again.callId, 'h2');
  expect(seed.opening.kind).toBe('greeting');
});
