/** Calls in and calls out that meet on a number. */
import { randomUUID } from 'node:crypto';
import { expect, test } from 'vitest';
import type { CampaignReason } from '../../domain/campaign.ts';
import {
  anonymousKey,
  asAttemptId,
  asCampaignId,
  asContactId,
  asNumberKey,
  lineWorkflowId,
  type NumberKey,
} from '../../domain/ids.ts';
import { lineView, type OpenCallOutcome, type OpenCallRequest } from '../../workflows/line/messages.ts';
import { houseForEachTest } from './each-test.ts';
import { BOT, CUSTOMER, INITIATE, newCallId, newLegId, untilTrue, type House } from './house.ts';

const opened = houseForEachTest(300);
const SEED = 4_711;
const NUMBERS = 50;
const HOUR = 3_600_000;
const LONG = { timeout: 120_000 };

/** The same seed is the same order. */
function chanceFrom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

const requestOf = (direction: OpenCallRequest['direction'], leg: OpenCallRequest['leg']): OpenCallRequest => ({
  direction,
  proposedCallId: newCallId(),
  botNumber: BOT,
  initiate: INITIATE,
  leg,
  callback: null,
  resumeWithinMs: HOUR,
});

const reasonOf = (key: NumberKey): CampaignReason => ({
  campaignId: asCampaignId('campaign-1'),
  contactId: asContactId(`campaign-1:${key}`),
  attemptId: asAttemptId(randomUUID()),
  voicemail: { do: 'hang_up' },
  claim: {},
});

test(
  `[LN10] [LN2] [LN4] fifty call in while a campaign dials the same fifty: no overlap, nobody lost (seed ${SEED})`,
  LONG,
  async () => {
    const house = opened.current;
    const chance = chanceFrom(SEED);
    const startedAtMs = await house.env.currentTimeMs();
    const meet = async (): Promise<void> => {
      const key = asNumberKey(`${CUSTOMER}-${randomUUID()}`);
      const legId = newLegId();
      const leg = { legId, regionUrl: null, conversationId: `CON-${legId}`, startedAtMs };
      const callIn = () => house.openCallOf(key, requestOf('inbound', leg));
      const callOut = () => house.openCallOf(key, { ...requestOf('outbound', null), campaign: reasonOf(key) });
      const inFirst = chance() < 0.5;
      const [one, other] = await Promise.all(inFirst ? [callIn(), callOut()] : [callOut(), callIn()]);
      const [inbound, outbound] = inFirst ? [one, other] : [other, one];
      expect(['new', 'resumed']).toContain(inbound.outcome);
      // Either the dial came first and the customer joins it, or it is told that somebody is on the line.
      expect(outbound.callId).toBe(inbound.callId);
      expect(outbound.outcome).toBe(inbound.outcome === 'new' ? 'busy' : 'new');
      await untilTrue(async () => (await house.view(inbound.callId)).customerLegId === legId);
      const view = await house.client.getHandle(lineWorkflowId(key)).query(lineView);
      expect(view.liveCallId).toBe(inbound.callId);
      const rung = house.world.dialled.filter(({ callId }) => callId === inbound.callId).length;
      expect(rung).toBeLessThanOrEqual(inbound.outcome === 'new' ? 0 : 1);
    };
    await Promise.all(Array.from({ length: NUMBERS }, meet));
    // What rang for nothing is let go.
    await untilTrue(() => house.world.hungUp.length === house.world.dialled.length, 30_000);
  },
);

test('[LN10] callers without a number have a line each', async () => {
  const house = opened.current;
  const legs = [newLegId(), newLegId()];
  const outcomes = await Promise.all(
    legs.map((legId) =>
      house.openCallOf(
        anonymousKey(legId),
        requestOf('inbound', { legId, regionUrl: null, conversationId: 'CON', startedAtMs: 0 }),
      ),
    ),
  );
  expect(outcomes.map(({ outcome }) => outcome)).toEqual(['new', 'new']);
  expect(new Set(outcomes.map(({ callId }) => callId)).size).toBe(2);
});

test('[LN9] with nothing to be resumed a call that broke off is closed, and the next one is new', async () => {
  const house = opened.current;
  const first = await house.ringIn(undefined, { resumeWithinMs: 0 });
  const { connectId } = await house.attach(first.callId, 'h1');
  const host = await house.host('h1');
  host.answer = () => ({ said: 'And your name?' });
  await house.turn(first.callId, connectId, { utterance: 'My order has not come' });
  await house.hangsUp(first.legId, { host, connectId });
  await untilTrue(async () => (await house.call(first.callId).describe()).status.name === 'COMPLETED');
  const again = await house.ringIn(undefined, { resumeWithinMs: 0 });
  expect(again.outcome).toBe('new');
  expect(again.callId).not.toBe(first.callId);
});

test('[CL15] who called before is known, and the unfinished claim is offered', async () => {
  const house = opened.current;
  const first = await house.ringIn(undefined, { resumeWithinMs: 0 });
  const { connectId } = await house.attach(first.callId, 'h1');
  const host = await house.host('h1');
  const updates = [{ field: 'order_number', value: 'A17' }];
  host.answer = ({ round }) =>
    round > 0
      ? { said: 'Noted.' }
      : {
          said: '',
          ended: 'awaiting_tools',
          toolCalls: [{ toolUseId: 't', name: 'update_claim', arguments: { updates } }],
        };
  await house.turn(first.callId, connectId, { utterance: 'Order A17 has not come' });
  await house.hangsUp(first.legId, { host, connectId });
  await untilTrue(async () => (await house.call(first.callId).describe()).status.name === 'COMPLETED');
  const { callId } = await house.ringIn();
  await untilTrue(async () => (await factsOf(house, callId)) !== null);
  expect(await factsOf(house, callId)).toMatch(/Left unfinished on .*order_number = A17.*Ask once/);
});

/** What the model is told, as the next host gets it. */
async function factsOf(house: House, callId: OpenCallOutcome['callId']): Promise<string | null> {
  const { seed } = await house.attach(callId, 'h2');
  return seed.facts.customerNotes;
}
