/** Promised calls: kept once through a stop of everything, and never into a call that is going on. */
import { expect, test } from 'vitest';
import {
  botSaid,
  phoneCalls,
  promisesTo,
  ringIn,
  ringsOf,
  untilCallOf,
  untilPhone,
  type Promised,
} from '../kit/phones.ts';
import { post } from '../kit/customers.ts';
import { lineOf } from '../kit/lines.ts';
import { newNumber } from '../kit/new-number.ts';
import { systemForFile } from '../kit/system-for-tests.ts';
import { until } from '../kit/system.ts';

const LONG = { timeout: 240_000 };
const system = systemForFile();

const wantsACallBack = [
  { waitsForSilenceMs: 600 },
  { says: 'Please call me back in one minute' },
  { expects: '/I will call you back/i', withinMs: 20_000 },
];
/** Who is heard only in part is asked, and says it. */
const answersWith = [{ when: '/when should/i', says: 'In one minute', times: 1 }];

function untilPromise(
  number: string,
  options: { what: string; ready: (promised: Promised) => boolean; withinMs?: number },
): Promise<Promised> {
  return until(options.what, async () => (await promisesTo(system, number))[0], {
    ready: (promised) => promised !== undefined && options.ready(promised),
    withinMs: options.withinMs ?? 30_000,
  }).then((promised) => promised as Promised);
}

/** Sooner than the words allow, so that nobody has to wait for it. */
async function move({ callback_id }: Promised, dueAtMs: number): Promise<void> {
  const response = await system.api(`/reminder/${callback_id}`, {
    method: 'PATCH',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ due_date_time: new Date(dueAtMs).toISOString() }),
  });
  expect(response.status, await response.text()).toBe(200);
}

test('[CB7] a customer who is on the line when the promised call is due is not rung meanwhile', LONG, async () => {
  const number = newNumber();
  await ringIn(system, { from: number, script: { steps: [...wantsACallBack, { converses: 60 }], answersWith } });
  const promised = await untilPromise(number, { what: 'the promise', ready: ({ status }) => status === 'pending' });
  const minuteAheadMs = Date.parse(promised.due_date_time) - Date.now();
  expect(minuteAheadMs).toBeLessThan(61_000);

  await move(promised, Date.now() + 500);

  const put = await untilPromise(number, {
    what: 'the try that met a busy line',
    ready: (each) => each.attempts.length > 0,
  });
  expect(put).toMatchObject({ status: 'pending', attempts: [{ outcome: 'line_busy' }] });
  expect(Date.parse(put.due_date_time)).toBeGreaterThan(Date.now() + 60_000);
  expect(await ringsOf(system, number)).toBe(0);
  const [onTheLine, ...others] = await phoneCalls(system, number);
  expect(onTheLine?.state).toBe('live');
  expect(others).toEqual([]);
  await system.sandbox(`/control/calls/${onTheLine?.id ?? ''}/hangup`, { method: 'POST', body: '{}' });
  await system.api(`/reminder/${promised.callback_id}`, { method: 'DELETE' });
});

test('[CB26] who is to be called the day after next rings to say that it is not needed', LONG, async () => {
  const number = newNumber();
  const due_date_time = new Date(Date.now() + 48 * 3_600_000).toISOString();
  await post(system.api, '/reminder', { phone_number: number, title: 'Tell about the repair', due_date_time });
  // A moment after it is on record.
  await until('the promise on the line', () => lineOf(system, number), {
    ready: ({ promises }) => promises.length === 1,
  });
  await ringIn(system, {
    from: number,
    script: {
      steps: [
        { waitsToHear: '/help you/i' },
        { waitsForSilenceMs: 600 },
        { says: 'Hello there, I have found it myself, so please cancel the callback' },
        { expects: '/will not be called/i', withinMs: 20_000 },
        { hangsUp: true },
      ],
      answersWith: [{ when: '/when should|how can i/i', says: 'Please cancel the callback', times: 1 }],
    },
  });
  await untilPromise(number, { what: 'the end of it', ready: ({ status }) => status === 'cancelled' });
});

test(
  '[CB8] [CB4] a promise that fell due while everything was stopped is kept once after the start, and the bot says what it is about',
  LONG,
  async () => {
    const number = newNumber();
    await ringIn(system, {
      from: number,
      script: { steps: [...wantsACallBack, { hangsUp: true }], answersWith },
    });
    const promised = await untilPromise(number, { what: 'the promise', ready: ({ status }) => status === 'pending' });
    await untilCallOf(system, number, { what: 'the end of the call', ready: ({ phase }) => phase === 'resumable' });
    const dueAtMs = Date.now() + 6_000;
    await move(promised, dueAtMs);

    await system.restart(async () => {
      await until('the time that was promised', () => Promise.resolve(Date.now()), { ready: (now) => now > dueAtMs });
    });

    const kept = await untilPromise(number, { what: 'the promise kept', ready: ({ status }) => status === 'done' });
    expect(kept.attempts).toMatchObject([{ outcome: 'answered' }]);
    const phone = await untilPhone(system, number, {
      what: 'the words of the promised call',
      ready: (call) => botSaid(call, /promised/i) !== undefined,
    });
    expect(phone.direction).toBe('inbound');
    const document = await (await system.api(`/call/${kept.attempts[0]?.call_id ?? ''}`)).json();
    expect(document).toMatchObject({ direction: 'outbound', phone_number: number });
    expect((document as { call_id: string }).call_id).not.toBe(promised.call_id);
    await until('its end', () => system.api(`/call/${kept.attempts[0]?.call_id ?? ''}/hangup`, { method: 'POST' }), {
      ready: ({ status }) => status < 500,
    });
    await untilPhone(system, number, { what: 'its end', ready: ({ state }) => state === 'over' });
    expect(await ringsOf(system, number)).toBe(1);
    expect(await phoneCalls(system, number)).toHaveLength(1);
  },
);
