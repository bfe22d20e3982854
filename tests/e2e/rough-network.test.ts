/** A phone network that repeats, delays and shuffles its webhooks, loses some, cuts sockets; and somebody who forges them. */
import { expect, test } from 'vitest';
import type { CallDocument } from '../../domain/call-document.ts';
import { definePhone, HELPFUL_ANSWERS, post, untilCall } from '../kit/customers.ts';
import { goesOn } from '../kit/live-call.ts';
import {
  allWell,
  botSaid,
  callsOf,
  phoneCalls,
  ringIn,
  ringsOf,
  setFaults,
  untilCallOf,
  untilPhone,
} from '../kit/phones.ts';
import { newNumber } from '../kit/new-number.ts';
import { systemForFile } from '../kit/system-for-tests.ts';
import { until } from '../kit/system.ts';

const LONG = { timeout: 180_000 };
const system = systemForFile();

async function placeCall(number: string): Promise<string> {
  await definePhone(system, number, {
    steps: [{ converses: true }],
    answersWith: [...HELPFUL_ANSWERS],
    patienceMs: 60_000,
  });
  return (await post<{ call_id: string }>(system.api, '/call', { phone_number: number, claim: [] })).call_id;
}

const talking = async (number: string): Promise<CallDocument> =>
  untilCall(system, await placeCall(number), {
    what: 'the first field of the claim',
    ready: ({ claim }) => claim['caller_email'] !== undefined,
    withinMs: 45_000,
  });

test(
  '[CL7] [RC6] webhooks twice, late and out of order, media sockets cut, and one word of it lost: one ring and one leg each, the claims complete',
  LONG,
  async () => {
    const told = newNumber();
    const untold = newNumber();
    await setFaults(system, {
      duplicateWebhooks: 1,
      delayWebhooksMs: 100,
      reorderWebhooksMs: 1_200,
      repeatLaterMs: 4_000,
    });
    const begun = talking(told);
    // Two answered at once are four creations in a second: one would use up the second connect of its plan here and now.
    await untilPhone(system, told, { what: 'the greeting', ready: ({ heard }) => heard.firstLoudMs !== null });
    const [first, second] = await Promise.all([begun, talking(untold)]);
    await cut(told);
    // Longer than the webhook may take to be posted.
    await untilPhone(system, told, {
      what: 'the bot, back on the line',
      ready: (call) => botSaid(call, /break in the line|cut off/i) !== undefined,
    });
    await setFaults(system, { loseWebhooks: ['disconnected'] });
    await cut(untold);
    await Promise.all([goesOn(system, first), goesOn(system, second)]);
    for (const number of [told, untold]) {
      expect(await ringsOf(system, number)).toBe(1);
      expect(await phoneCalls(system, number)).toHaveLength(1);
    }
  },
);

async function cut(number: string): Promise<void> {
  const [phone] = await phoneCalls(system, number);
  await post(system.sandbox, `/control/legs/${phone?.legUuid ?? ''}/cut`, {});
}

test('[WH11] forged and unsigned webhooks get 401: a live call lives on, and no call comes of them', LONG, async () => {
  const number = newNumber();
  await ringIn(system, { from: number, script: { steps: [{ converses: 60 }], patienceMs: 60_000 } });
  const call = await untilCallOf(system, number, {
    what: 'the live call',
    ready: ({ phase, legs }) => phase === 'live' && legs.length > 0,
  });
  const over = {
    uuid: call.legs.find(({ role }) => role === 'customer')?.leg_id,
    conversation_uuid: 'CON-forged',
    status: 'completed',
    direction: 'inbound',
    from: number.slice(1),
    to: call.bot_phone_number.slice(1),
    timestamp: new Date().toISOString(),
  };
  const token = [
    '{"alg":"HS256","typ":"JWT"}',
    `{"iat":${String(Math.floor(Date.now() / 1000))},"jti":"forged"}`,
    'mac',
  ]
    .map((part) => Buffer.from(part).toString('base64url'))
    .join('.');
  for (const authorization of [null, `Bearer ${token}`]) {
    for (const path of ['/vonage/event', `/vonage/event/${call.call_id}`, '/vonage/answer']) {
      const response = await system.api(path, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...(authorization === null ? {} : { authorization }) },
        body: JSON.stringify(over),
      });
      expect(response.status, path).toBe(401);
    }
  }

  const stranger = newNumber();
  await setFaults(system, { forgeSignatures: true });
  await ringIn(system, { from: stranger, script: { steps: [{ converses: 20 }] } });
  const refused = await untilPhone(system, stranger, {
    what: 'the end of the call that nobody took',
    ready: ({ state }) => state === 'over',
  });
  expect(refused.transcript.filter(({ who }) => who === 'bot')).toEqual([]);
  await allWell(system);
  expect(await callsOf(system, stranger)).toEqual([]);

  const [phone] = await phoneCalls(system, number);
  expect(phone?.state).toBe('live');
  await post(system.sandbox, `/control/calls/${phone?.id ?? ''}/say`, { text: 'My name is Boris Miller' });
  const alive = await untilCall(system, call.call_id, {
    what: 'the name taken down',
    ready: ({ claim }) => claim['caller_name'] === 'Boris Miller',
  });
  expect(alive).toMatchObject({ in_progress: true, phase: 'live' });
  await until('the bot’s answer', async () => (await phoneCalls(system, number))[0], {
    ready: (each) => each !== undefined && botSaid(each, /\?$/) !== undefined,
  });
});
