/** One call asked for is one ring, whatever is repeated, lost or killed on the way. */
import { expect, test } from 'vitest';
import type { CallDocument } from '../../domain/call-document.ts';
import { definePhone, post, untilCall } from '../kit/customers.ts';
import { botSaid, phoneCalls, ringsOf, setFaults, untilPhone } from '../kit/phones.ts';
import { newNumber } from '../kit/new-number.ts';
import { systemForFile } from '../kit/system-for-tests.ts';
import { until } from '../kit/system.ts';

const LONG = { timeout: 180_000 };
const system = systemForFile();

async function definePatientPhone(number: string): Promise<void> {
  await definePhone(system, number, {
    ringMs: 1_500,
    // The whole greeting, over a gap in the line too.
    steps: [
      { waitsToHear: '/help you/i' },
      { waitsForSilenceMs: 600 },
      { says: 'My name is Anna Petrova' },
      { converses: 30 },
    ],
    // Who was heard only in part says it again.
    answersWith: [{ when: '/e-?mail|again/i', says: 'My name is Anna Petrova', times: 2 }],
  });
}

const ask = (number: string, key: string, task = 'Take down the damage.'): Promise<Response> =>
  system.api('/call', {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'idempotency-key': key },
    body: JSON.stringify({ phone_number: number, task, claim: [] }),
  });

/** The bot has greeted and taken down what it was told; the phone has rung once, and nothing else rings. */
async function goesOnWithOneRing(number: string, callId: string): Promise<CallDocument> {
  const phone = await untilPhone(system, number, {
    what: 'the greeting',
    ready: (call) => botSaid(call, /assistant of/i) !== undefined,
    withinMs: 45_000,
  });
  const call = await untilCall(system, callId, {
    what: 'the name taken down',
    ready: ({ claim }) => claim['caller_name'] === 'Anna Petrova',
    withinMs: 45_000,
  });
  expect(phone.errors).toEqual([]);
  await post(system.api, `/call/${callId}/hangup`, {});
  const over = await untilCall(system, callId, { what: 'its end', ready: (each) => !each.in_progress });
  expect(await ringsOf(system, number)).toBe(1);
  expect(await phoneCalls(system, number)).toHaveLength(1);
  expect(over.legs.filter((leg) => leg.role === 'customer')).toHaveLength(1);
  return call;
}

test(
  '[AP3] a repeated Idempotency-Key is the same call, at once and later; with another body it is refused',
  LONG,
  async () => {
    const number = newNumber();
    const key = `order-${number}`;
    await definePatientPhone(number);

    const answers = await Promise.all([ask(number, key), ask(number, key)]);
    expect(answers.map(({ status }) => status)).toEqual([201, 201]);
    const [first, second] = (await Promise.all(answers.map((answer) => answer.json()))) as { call_id: string }[];
    expect(second?.call_id).toBe(first?.call_id);
    const other = await ask(number, key, 'Something else.');
    expect(other.status).toBe(422);
    expect(other.headers.get('content-type')).toContain('problem+json');

    await goesOnWithOneRing(number, first?.call_id ?? '');

    const late = await ask(number, key);
    expect(late.status).toBe(201);
    expect(((await late.json()) as { call_id: string }).call_id).toBe(first?.call_id);
    expect(await ringsOf(system, number)).toBe(1);
  },
);

const order = async (number: string): Promise<string> =>
  (await post<{ call_id: string }>(system.api, '/call', { phone_number: number, claim: [] })).call_id;

test(
  '[DI6] a creation that the network takes and answers with an error, or not at all, rings the phone once, and the call goes on',
  LONG,
  async () => {
    const [refused, unanswered] = [newNumber(), newNumber()];
    await Promise.all([definePatientPhone(refused), definePatientPhone(unanswered)]);
    await setFaults(system, { createWithoutAck: { next: 1, how: 'error' } });
    const first = await order(refused);
    await until('the first ring', () => ringsOf(system, refused), { ready: (rings) => rings === 1 });
    await setFaults(system, { createWithoutAck: { next: 1, how: 'silence' } });
    const second = await order(unanswered);
    await Promise.all([goesOnWithOneRing(refused, first), goesOnWithOneRing(unanswered, second)]);
  },
);

test(
  '[DI6] the call worker dies before it hears that the network took one call, and as soon as another is asked for: each phone rings once',
  LONG,
  async () => {
    const [taken, asked] = [newNumber(), newNumber()];
    await Promise.all([definePatientPhone(taken), definePatientPhone(asked)]);
    await setFaults(system, { createWithoutAck: { next: 1, how: 'silence' } });
    const first = await order(taken);
    await until('the first ring', () => ringsOf(system, taken), { ready: (rings) => rings === 1 });
    const second = await order(asked);
    system.kill('calls');
    await Promise.all([goesOnWithOneRing(taken, first), goesOnWithOneRing(asked, second)]);
  },
);
