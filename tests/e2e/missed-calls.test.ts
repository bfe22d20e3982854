/** Nobody answers: the api is dead when somebody rings. The network plays a file from elsewhere, and they are rung back, once. */
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { definePhone } from '../kit/customers.ts';
import { newNumber } from '../kit/new-number.ts';
import { botSaid, callsOf, phoneCalls, promisesTo, ringIn, ringsOf, untilPhone } from '../kit/phones.ts';
import { systemForFile } from '../kit/system-for-tests.ts';
import { until } from '../kit/system.ts';

const LONG = { timeout: 240_000 };
/** Only asked while the api is dead. */
const elsewhere = { file: '[]', asked: 0, server: undefined as Server | undefined, url: '' };
beforeAll(async () => {
  elsewhere.server = createServer((_, response) => {
    elsewhere.asked += 1;
    response.setHeader('content-type', 'application/json').end(elsewhere.file);
  }).listen(0, '127.0.0.1');
  await once(elsewhere.server, 'listening');
  elsewhere.url = `http://127.0.0.1:${String((elsewhere.server.address() as AddressInfo).port)}/fallback.json`;
});
afterAll(() => {
  elsewhere.server?.close();
});
const system = systemForFile(() => ({ SANDBOX_FALLBACK_URL: elsewhere.url }));

const listens = { steps: [{ waitsForSilenceMs: 2_500 }, { converses: 20 }] };

async function ringsInVain(number: string): Promise<void> {
  elsewhere.file = await (await system.api('/fallback-ncco')).text();
  system.kill('api');
  const { id } = await ringIn(system, { from: number, script: listens });
  await until(
    'the apology from elsewhere',
    async () => (await phoneCalls(system, number)).find((call) => call.id === id),
    { ready: (call) => call?.state === 'over' && botSaid(call, /could not take your call/) !== undefined },
  );
}

test('[MC1] [MC2] [MC5] who rang while the api was dead hears so, and is rung back once', LONG, async () => {
  const number = newNumber();
  await definePhone(system, number, {
    ringMs: 300,
    steps: [{ waitsToHear: '/fault was ours/i', withinMs: 30_000 }, { hangsUp: true }],
  });
  await ringsInVain(number);
  expect(elsewhere.asked).toBeGreaterThan(0);
  const back = await untilPhone(system, number, {
    what: 'the call back',
    ready: (call) => call.direction === 'inbound' && botSaid(call, /fault was ours/i) !== undefined,
    withinMs: 90_000,
  });
  expect(botSaid(back, /calling you back/i)).toBeDefined();
  await until('the promise kept', async () => (await promisesTo(system, number))[0]?.status, {
    ready: (status) => status === 'done',
  });
  const missed = (await callsOf(system, number)).filter((call) => call.missed);
  expect(missed).toHaveLength(1);
  // Looked for again: it stays at one.
  system.kill('api');
  await until('the api', async () => (await system.api('/health/liveness')).ok, { ready: (ok) => ok });
  expect(await ringsOf(system, number)).toBe(1);
  expect(await promisesTo(system, number)).toHaveLength(1);
});

test('[MC4] who rang again meanwhile and was answered is not rung back', LONG, async () => {
  const number = newNumber();
  await ringsInVain(number);
  await until('the api', async () => (await system.api('/health/liveness')).ok, { ready: (ok) => ok });
  await ringIn(system, { from: number, script: { steps: [{ waitsForSilenceMs: 600 }, { hangsUp: true }] } });
  await untilPhone(system, number, { what: 'the bot', ready: (call) => botSaid(call, /help you/i) !== undefined });
  await until('the missed call on record', async () => (await callsOf(system, number)).filter((call) => call.missed), {
    ready: (calls) => calls.length === 1,
    withinMs: 90_000,
  });
  expect(await promisesTo(system, number)).toEqual([]);
  expect(await ringsOf(system, number)).toBe(0);
});
