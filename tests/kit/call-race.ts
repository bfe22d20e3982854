/** Customers ring in in the very moment in which we dial them. */
import { randomUUID } from 'node:crypto';
import { expect } from 'vitest';
import { definePhone } from './customers.ts';
import { callsOf, phoneCalls, ringIn } from './phones.ts';
import { until, type RunningSystem } from './system.ts';

const WITHIN_MS = 90_000;
/** A hold phrase may come before the greeting. */
const talks = {
  steps: [
    { waitsToHear: 'help you' },
    { waitsForSilenceMs: 600 },
    { says: 'My washing machine is broken' },
    { converses: 120 },
  ],
};

/** Each talks in one conversation with one leg, the one they began; nobody is lost. */
export async function raceOn(system: RunningSystem, numbers: readonly string[]): Promise<void> {
  await Promise.all(
    numbers.map((number) => definePhone(system, number, { ringMs: 90_000, steps: [{ converses: 60 }] })),
  );
  await Promise.all(
    numbers.map(async (number) => {
      const dialled = dial(system, number);
      await Promise.all([dialled, ringIn(system, { from: number, script: talks })]);
      expect([201, 409]).toContain((await dialled).status);
    }),
  );
  await eachOf(numbers, 'one leg alone', async (number) => {
    const calls = await phoneCalls(system, number);
    const live = calls.filter(({ state }) => state === 'live');
    // As the phone sees it: its own call is the one that stands.
    return live.length === 1 && live[0]?.direction === 'outbound' && calls.every(({ state }) => state !== 'ringing');
  });
  await eachOf(numbers, 'an answer', async (number) => {
    const messages = (await callsOf(system, number))[0]?.messages ?? [];
    return messages.some(({ persona, content }) => persona === 'human' && content !== '');
  });
  for (const number of numbers) {
    expect(await callsOf(system, number)).toHaveLength(1);
    const answered = (await phoneCalls(system, number)).filter(({ answeredAt }) => answeredAt !== null);
    expect(answered).toHaveLength(1);
    await system.sandbox(`/control/calls/${answered[0]?.id ?? ''}/hangup`, { method: 'POST', body: '{}' });
  }
}

/** Side by side: whoever is left waiting says goodbye after a minute. */
async function eachOf(numbers: readonly string[], what: string, well: (number: string) => Promise<boolean>) {
  const left = new Set(numbers);
  const look = async (): Promise<string[]> => {
    for (const number of left) if (await well(number)) left.delete(number);
    return [...left];
  };
  await until(`${what} for each`, look, { ready: ({ length }) => length === 0, withinMs: WITHIN_MS });
}

/** As whoever integrates does it: a door that cannot at the moment is asked again under the same key. */
async function dial(system: RunningSystem, number: string): Promise<Response> {
  const headers = { 'content-type': 'application/json', 'idempotency-key': randomUUID() };
  const body = JSON.stringify({ phone_number: number });
  return await until('the dial', () => system.api('/call', { method: 'POST', headers, body }), {
    ready: ({ status }) => status !== 503,
    withinMs: WITHIN_MS,
  });
}
