/**
 * How fast a campaign rings with the whole product: every process of `npm start`, real dials to the stand-in of the network, webhooks, call
 * documents, wrap-ups. Every phone is busy at once, and the network's limit on new legs is lifted.
 *
 *   node tests/bench/whole-campaign.ts [--contacts 400] [--concurrency 25] [--out FILE]
 *
 * From the start to the last outcome in the campaign's record; JSON. On Linux; elsewhere processor time is not told.
 */
import { writeFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { definePhone, post } from '../kit/customers.ts';
import { ringsOf, setFaults } from '../kit/phones.ts';
import { startSystem, type System } from '../kit/system.ts';
import { costBetween, costsOf } from './processes.ts';

const LOOK_MS = 1_000;
const WITHIN_MS = 20 * 60_000;

const { values } = parseArgs({
  options: {
    contacts: { type: 'string', default: '400' },
    concurrency: { type: 'string', default: '25' },
    out: { type: 'string' },
  },
});
const [contacts, concurrency] = [Number(values.contacts), Number(values.concurrency)];

const system = await startSystem({ DIALING__CREATIONS_PER_SECOND: '1000', DIALING__RESERVED_FOR_INBOUND: '0' });
try {
  const text = `${JSON.stringify(await measured(system), null, 2)}\n`;
  if (values.out === undefined) process.stdout.write(text);
  else writeFileSync(values.out, text);
} finally {
  await system.stop();
}

async function measured(whole: System): Promise<object> {
  await setFaults(whole, { rateLimit: false, keepSound: false });
  const numbers = Array.from({ length: contacts }, (_, index) => `+4477008${String(10_000 + index)}`);
  for (const number of numbers) await definePhone(whole, number, { pickup: 'busy', ringMs: 0 });
  const id = await campaignTo(whole, numbers);
  const before = costsOf(whole.run());
  const begunAtMs = Date.now();
  await post(whole.api, `/campaign/${id}/start`, {});
  const attempts = await over(whole, id);
  const seconds = (Date.now() - begunAtMs) / 1_000;
  const spent = costBetween(before, costsOf(whole.run()));
  const rings = await Promise.all(numbers.map((number) => ringsOf(whole, number)));
  return {
    asked: { contacts, concurrency },
    node: process.version,
    attempts,
    rungOnce: rings.filter((count) => count === 1).length,
    seconds: rounded(seconds),
    attemptsPerSecond: rounded(attempts / seconds),
    cpuMsPerAttempt: Object.fromEntries(
      Object.entries(spent).map(([name, { cpuMs }]) => [name, rounded(cpuMs / attempts)]),
    ),
  };
}

async function campaignTo(whole: System, numbers: string[]): Promise<string> {
  const { campaign_id: id } = await post<{ campaign_id: string }>(whole.api, '/campaign', {
    name: 'Bench',
    task: 'Ask whether the visit suits.',
    concurrency,
    retry: { busy: { attempts: 1, after_min: [] } },
  });
  const rows = numbers.map((phone_number) => ({ phone_number, zone: 'Etc/UTC' }));
  await post(whole.api, `/campaign/${id}/contacts`, { contacts: rows });
  return id;
}

/** Attempts in the record once everybody has been rung. */
async function over(whole: System, id: string): Promise<number> {
  const untilMs = Date.now() + WITHIN_MS;
  while (Date.now() < untilMs) {
    await pause(LOOK_MS);
    const progress = (await (await whole.api(`/campaign/${id}/progress`)).json()) as {
      status: string;
      attempts: number;
    };
    if (progress.status === 'completed') return progress.attempts;
  }
  throw new Error(`not over within ${WITHIN_MS} ms`);
}

function rounded(value: number): number {
  return Math.round(value * 10) / 10;
}
