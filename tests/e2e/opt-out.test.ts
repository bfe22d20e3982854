/** "Please never call me again", on real sockets: what waits for them stops, nothing rings, and who is erased leaves nothing but that. */
import { expect, test } from 'vitest';
import { definePhone, digits, post } from '../kit/customers.ts';
import { newNumber } from '../kit/new-number.ts';
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
import { sharedSystem } from '../kit/system-for-tests.ts';
import { until } from '../kit/system.ts';

const LONG = { timeout: 240_000 };
const HOUR = 3_600_000;
const system = sharedSystem();

interface Sms {
  direction: 'inbound' | 'outbound';
  to: string;
  text: string;
}

const promise = (number: string, inMs: number, title: string): Promise<unknown> =>
  post(system.api, '/reminder', {
    phone_number: number,
    title,
    due_date_time: new Date(Date.now() + inMs).toISOString(),
    exact: true,
  });

/** Running, and waiting for the hour in which it may ring the only one on its list. */
async function campaignFor(number: string): Promise<string> {
  const hour = String((new Date().getUTCHours() + 2) % 24).padStart(2, '0');
  const { campaign_id: id } = await post<{ campaign_id: string }>(system.api, '/campaign', {
    name: 'Waiting',
    windows: [{ days: [1, 2, 3, 4, 5, 6, 7], from: `${hour}:00`, to: `${hour}:59` }],
  });
  const response = await system.api(`/campaign/${id}/contacts`, {
    method: 'POST',
    headers: { 'content-type': 'text/csv' },
    body: `phone_number,zone\n${number},Etc/UTC\n`,
  });
  expect(response.status, await response.text()).toBeLessThan(300);
  await post(system.api, `/campaign/${id}/start`, {});
  return id;
}

/** Other tests' calls are on the system too. */
const AT_ONCE = 4;

async function several<Made>(count: number, make: (index: number) => Promise<Made>): Promise<Made[]> {
  const made: Made[] = [];
  while (made.length < count) {
    const next = Array.from({ length: Math.min(AT_ONCE, count - made.length) }, (_, index) =>
      make(made.length + index),
    );
    made.push(...(await Promise.all(next)));
  }
  return made;
}

async function untilAllStopped(number: string, of: { campaigns: string[]; promises: number }): Promise<void> {
  const promises = await until('every promise called off', () => promisesTo(system, number), {
    ready: (each) => each.length === of.promises && each.every(({ status }) => status === 'cancelled'),
  });
  expect(new Set(promises.map((each: Promised & { reason?: string }) => each.reason))).toEqual(new Set(['opted_out']));
  for (const id of of.campaigns) {
    const campaign = await until('the end of a campaign', () => read<{ status: string }>(`/campaign/${id}/progress`), {
      ready: ({ status }) => status === 'completed',
    });
    expect(campaign).toMatchObject({ by_disposition: { opted_out: 1 } });
  }
}

async function read<Body>(path: string): Promise<Body> {
  return (await (await system.api(path)).json()) as Body;
}

async function refusal(number: string): Promise<{ status: number; body: unknown }> {
  const response = await system.api('/call', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ phone_number: number }),
  });
  return { status: response.status, body: await response.json() };
}

test(
  '[OO7] [OO3] [OO4] [OO5] said in a call: the bot confirms it and takes its leave, campaign and promise stop, and who rings in is served',
  LONG,
  async () => {
    const number = newNumber();
    await definePhone(system, number, {
      steps: [
        { expects: '/Contoso/', withinMs: 20_000 },
        { waitsForSilenceMs: 600 },
        { says: 'Please never call me again' },
        { expects: '/will not call you again/', withinMs: 20_000 },
        { converses: 30 },
      ],
    });
    const [campaign] = await Promise.all([
      campaignFor(number),
      promise(number, 40_000, 'Soon'),
      promise(number, HOUR, 'Late'),
    ]);
    const dueMs = Date.now() + 40_000;
    await post(system.api, '/call', { phone_number: number });
    const phone = await untilPhone(system, number, {
      what: 'its end',
      ready: ({ state }) => state === 'over',
      withinMs: 60_000,
    });
    expect(botSaid(phone, /we will not call you again/i)).toBeDefined();
    expect(botSaid(phone, /goodbye/i)).toBeDefined();
    const call = await untilCallOf(system, number, { what: 'its record', ready: ({ phase }) => phase === 'closed' });
    expect(call).toMatchObject({ disposition: 'opted_out', opted_out_at: expect.any(String) as string });
    await untilAllStopped(number, { campaigns: [campaign], promises: 2 });
    expect(await refusal(number)).toMatchObject({ status: 409, body: { reason: 'opted_out' } });

    await ringIn(system, {
      from: number,
      script: { steps: [{ expects: '/Contoso/', withinMs: 20_000 }, { hangsUp: true }] },
    });
    const again = await untilPhone(system, number, {
      what: 'a call of their own',
      ready: ({ direction, state }) => direction === 'outbound' && state === 'over',
    });
    expect(botSaid(again, /Contoso/)).toBeDefined();
    await until('the time of the promise', () => Promise.resolve(Date.now()), {
      ready: (now) => now > dueMs + 5_000,
      withinMs: 60_000,
    });
    expect(await ringsOf(system, number)).toBe(1);
  },
);

test(
  '[OO6] [OO4] STOP by text message: all that waits stops, a phone that rings falls silent, and one text confirms it',
  LONG,
  async () => {
    const number = newNumber();
    await definePhone(system, number, { ringMs: 15_000, steps: [{ converses: 10 }] });
    const campaigns = await several(3, () => campaignFor(number));
    await several(3, (index) => promise(number, HOUR, `Promise ${index}`));
    await post(system.api, '/call', { phone_number: number });
    await until('the ringing', () => ringsOf(system, number), { ready: (rings) => rings === 1 });
    const rangMs = Date.now();
    await post(system.sandbox, '/control/sms', { from: digits(number), text: 'Stop.' });
    const call = await untilCallOf(system, number, { what: 'its end', ready: ({ phase }) => phase === 'closed' });
    expect(call).toMatchObject({ disposition: 'opted_out' });
    await untilAllStopped(number, { campaigns, promises: 3 });
    const sent = async (): Promise<Sms[]> => {
      const { messages } = (await (await system.sandbox('/control/sms')).json()) as { messages: Sms[] };
      return messages.filter(({ direction, to }) => direction === 'outbound' && to === digits(number));
    };
    const [confirmation] = await until('the confirmation', sent, { ready: (all) => all.length > 0 });
    expect(confirmation?.text).toMatch(/no more calls or messages/);
    await post(system.sandbox, '/control/sms', { from: digits(number), text: 'STOP' });
    await post(system.sandbox, '/control/sms', { from: digits(number), text: 'START' });
    const all = await until('the way back', sent, { ready: (each) => each.length > 1 });
    expect(all.map(({ text }) => text.slice(0, 60))).toEqual([
      expect.stringContaining('no more calls'),
      expect.stringContaining('called and written to again'),
    ]);
    // Had it rung on, somebody would have picked it up by now.
    await until('that time', () => Promise.resolve(Date.now()), { ready: (now) => now > rangMs + 18_000 });
    expect(await phoneCalls(system, number)).toEqual([]);
  },
);

test(
  '[OO3] [OO4] [ER1-ER4] by the API: twenty campaigns and twenty promises stop at once; erased, they leave nothing but their wish',
  LONG,
  async () => {
    const number = newNumber();
    const campaigns = await several(20, () => campaignFor(number));
    await several(20, (index) => promise(number, HOUR, `Promise ${index}`));
    await until('all of them waiting', () => promisesTo(system, number), { ready: (each) => each.length === 20 });
    const beganMs = Date.now();
    expect(await post(system.api, '/opt-out', { phone_number: number })).toMatchObject({
      stopped_contacts: 20,
      stopped_reminders: 20,
    });
    await untilAllStopped(number, { campaigns, promises: 20 });
    process.stdout.write(`20 campaigns and 20 promises stopped within ${Date.now() - beganMs} ms\n`);

    const response = await system.api(`/customer/${encodeURIComponent(number)}`, { method: 'DELETE' });
    const done = (await response.json()) as { erased: Record<string, number>; do_not_call: boolean };
    expect(response.status, JSON.stringify(done)).toBe(200);
    expect(done).toMatchObject({ erased: { reminders: 20, campaign_contacts: 20 }, do_not_call: true });
    expect(done.erased['workflow_histories']).toBeGreaterThanOrEqual(21);
    expect(await read(`/customer/${encodeURIComponent(number)}`)).toMatchObject({
      opted_out: true,
      calls: [],
      reminders: [],
      contacts: [],
    });
    expect(await refusal(number)).toMatchObject({ status: 409, body: { reason: 'opted_out' } });
    const listed = await read<{ phone_number: string }[]>('/opt-out');
    expect(listed.map(({ phone_number }) => phone_number)).not.toContain(number);
    expect(await ringsOf(system, number)).toBe(0);
  },
);
