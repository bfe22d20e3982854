/** The customer comes first: what counts as having talked. */
import { expect, test } from 'vitest';
import { callbackWorkflowId, type CallbackId } from '../../domain/ids.ts';
import { hangUp } from '../../workflows/call/messages.ts';
import { callbackView } from '../../workflows/callback/messages.ts';
import { houseForEachTest } from './each-test.ts';
import { untilTrue, type House } from './house.ts';
import { promise } from './promise.ts';

const opened = houseForEachTest();
const HOUR = 60 * 60_000;

const viewOf = (house: House, id: CallbackId) => house.client.getHandle(callbackWorkflowId(id)).query(callbackView);

/** They ring in before their promised call, and the bot is on the line. */
async function comesFirst(house: House) {
  const id = await promise(house, HOUR);
  await untilTrue(async () => (await house.lineView().catch(() => ({ promises: [] }))).promises.length === 1);
  const { callId, legId } = await house.ringIn();
  const { connectId } = await house.attach(callId, 'h1');
  return { id, callId, legId, connectId, host: await house.host('h1') };
}

test('[CB31] whom the line cuts off before they are answered is called as promised', async () => {
  const house = opened.current;
  const { id, callId, legId, connectId, host } = await comesFirst(house);
  host.answer = () => ({
    said: 'Hello Ann, it comes on Friday.',
    heardText: '',
    heardComplete: false,
    ended: 'leg_gone',
  });
  await house.turn(callId, connectId, { utterance: 'Hello? This is Ann' });
  await house.hangsUp(legId, { host, connectId });
  await untilTrue(async () => (await house.view(callId)).document.phase === 'resumable');
  expect((await viewOf(house, id)).status).toBe('pending');
  await house.env.sleep(HOUR);
  await untilTrue(() => house.world.dialled.length === 1);
});

test('[CB31] a call that came to its end has settled it', async () => {
  const house = opened.current;
  const { id, callId, legId, connectId, host } = await comesFirst(house);
  await house.call(callId).executeUpdate(hangUp, { args: [{ reason: 'settled by a colleague' }] });
  await untilTrue(() => house.world.hungUp.includes(legId));
  await house.hangsUp(legId, { host, connectId });
  await untilTrue(() => house.world.callbacks.get(id)?.status === 'done');
  expect(house.world.dialled).toHaveLength(0);
});
