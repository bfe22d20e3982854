/** Reminders through the API, over real sockets: rung with their own words, met by the customer, or handed to a colleague. */
import { expect, test } from 'vitest';
import { definePhone, post } from '../kit/customers.ts';
import { botSaid, phoneCalls, promisesTo, ringIn, ringsOf, untilPhone } from '../kit/phones.ts';
import { raceOn } from '../kit/call-race.ts';
import { lineOf } from '../kit/lines.ts';
import { newNumber } from '../kit/new-number.ts';
import { sharedSystem } from '../kit/system-for-tests.ts';
import { until } from '../kit/system.ts';

const LONG = { timeout: 240_000 };
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

test('[CB30] [AD3] a machine hears after its beep who called, and the promise stands', LONG, async () => {
  const number = newNumber();
  await definePhone(system, number, {
    pickup: 'voicemail',
    ringMs: 300,
    steps: [{ says: 'You have reached Ann and Bert. Please leave a message after the tone.' }, { converses: 60 }],
  });
  await promise(number, { due_date_time: soon(3_000), words: 'Your machine comes back on Friday.' });
  const phone = await untilPhone(system, number, {
    what: 'the end of the message',
    ready: ({ state }) => state === 'over',
    withinMs: 90_000,
  });
  const greeting = phone.transcript.find(({ who }) => who === 'customer');
  const left = botSaid(phone, /ring us back/);
  expect(left?.atMs).toBeGreaterThan(greeting?.untilMs ?? Number.POSITIVE_INFINITY);
  const promised = await until('the next try', async () => (await promisesTo(system, number))[0], {
    ready: (each) => each?.status === 'pending' && each.attempts.length > 0,
  });
  expect(promised?.attempts).toMatchObject([{ outcome: 'voicemail' }]);
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
    await raceOn(system, Array.from({ length: 5 }, newNumber));
  },
);

test('[CB15] who rings first hears of the promise in their own call, and is not dialled again', LONG, async () => {
  const number = newNumber();
  await definePhone(system, number, { ringMs: 300, steps: [{ converses: 10 }] });
  const dueAtMs = Date.now() + 30_000;
  await promise(number, {
    due_date_time: new Date(dueAtMs).toISOString(),
    description: 'The machine comes back on Friday',
  });
  // A moment after it is on record.
  await until('the promise on the line', () => lineOf(system, number), {
    ready: ({ promises }) => promises.length === 1,
  });
  await ringIn(system, {
    from: number,
    script: {
      steps: [
        { waitsForSilenceMs: 600 },
        { says: 'My name is Anna Petrova' },
        // The answer is heard, and more of the talk.
        { converses: 8 },
        { hangsUp: true },
      ],
    },
  });
  await until('the promise kept in that call', async () => (await promisesTo(system, number))[0], {
    ready: (promised) => promised?.status === 'done' && promised.attempts.at(-1)?.outcome === 'merged',
  });
  await until('the time that was promised', () => Promise.resolve(Date.now()), {
    ready: (nowMs) => nowMs > dueAtMs + 3_000,
    withinMs: 45_000,
  });
  expect(await ringsOf(system, number)).toBe(0);
  expect(await phoneCalls(system, number)).toHaveLength(1);
});
