/** Reminders through the API, over real sockets: rung with their own words, met by the customer, or handed to a colleague. */
import { expect, test } from 'vitest';
import { definePhone, post } from '../kit/customers.ts';
import { botSaid, callsOf, phoneCalls, promisesTo, ringIn, ringsOf, untilPhone } from '../kit/phones.ts';
import { newNumber } from '../kit/new-number.ts';
import { sharedSystem } from '../kit/system-for-tests.ts';
import { until } from '../kit/system.ts';

const LONG = { timeout: 150_000 };
const system = sharedSystem();

const soon = (ms: number): string => new Date(Date.now() + ms).toISOString();
const promise = async (phone_number: string, more: object): Promise<string> => {
  const made = await post<{ callback_id: string }>(system.api, '/reminder', {
    phone_number,
    title: 'Tell about the repair',
    exact: true,
    ...more,
  });
  return made.callback_id;
};
const statusOf = async (number: string): Promise<string | undefined> => (await promisesTo(system, number))[0]?.status;

test('[CB21] [CB11] [CB4] a reminder made through the API rings once and says its words', LONG, async () => {
  const number = newNumber();
  await definePhone(system, number, {
    ringMs: 300,
    steps: [{ waitsToHear: '/Friday/', withinMs: 30_000 }, { hangsUp: true }],
  });
  await promise(number, { due_date_time: soon(3_000), words: 'Your machine comes back on Friday.' });
  const call = await untilPhone(system, number, {
    what: 'the words',
    ready: (each) => botSaid(each, /machine comes back on Friday/) !== undefined,
    withinMs: 40_000,
  });
  expect(botSaid(call, /Tell about the repair/)).toBeUndefined();
  await until('the promise kept', () => statusOf(number), { ready: (status) => status === 'done' });
  expect(await ringsOf(system, number)).toBe(1);
});

test('[CB18] a colleague’s task becomes due, stands on the first page, and is said to be done', LONG, async () => {
  const number = newNumber();
  const id = await promise(number, { title: 'Send the contract', owner: 'human', due_date_time: soon(2_000) });
  await until('the task', () => statusOf(number), { ready: (status) => status === 'due' });
  expect(await (await system.api('/')).text()).toContain('Send the contract');
  await post(system.api, `/reminder/${id}/done`, {});
  await until('the task done', () => statusOf(number), { ready: (status) => status === 'done' });
  expect(await phoneCalls(system, number)).toEqual([]);
});

test(
  '[LN10] [LN2] five call in while the same five are dialled: each talks in one conversation, nobody is lost',
  LONG,
  async () => {
    const numbers = Array.from({ length: 5 }, newNumber);
    await Promise.all(
      numbers.map((number) => definePhone(system, number, { ringMs: 60_000, steps: [{ converses: 60 }] })),
    );
    const talks = { steps: [{ waitsForSilenceMs: 600 }, { says: 'My washing machine is broken' }, { converses: 60 }] };
    await Promise.all(
      numbers.map(async (number) => {
        const dialled = system.api('/call', {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify({ phone_number: number }),
        });
        await Promise.all([dialled, ringIn(system, { from: number, script: talks })]);
        expect([201, 409]).toContain((await dialled).status);
      }),
    );
    for (const number of numbers) {
      const calls = await until('one leg alone', () => phoneCalls(system, number), {
        ready: (each) =>
          each.filter(({ state }) => state === 'live').length === 1 && each.every(({ state }) => state !== 'ringing'),
        withinMs: 60_000,
      });
      const live = calls.find(({ state }) => state === 'live');
      expect(live?.direction).toBe('outbound');
      await until('an answer', async () => (await callsOf(system, number))[0], {
        ready: (call) =>
          call !== undefined && call.messages.some(({ persona, content }) => persona === 'human' && content !== ''),
        withinMs: 60_000,
      });
      expect(await callsOf(system, number)).toHaveLength(1);
      await system.sandbox(`/control/calls/${live?.id ?? ''}/hangup`, { method: 'POST', body: '{}' });
    }
  },
);
