/** "I want to speak to an operator", on three of our numbers at once: each with its own company, task, claim, language and colleague. */
import { describe, expect, test } from 'vitest';
import path from 'node:path';
import type { CallDocument } from '../../domain/call-document.ts';
import { definePhone } from '../kit/customers.ts';
import { botSaid, clockMs, promisesTo, ringIn, untilCallOf, untilPhone, type PhoneCall } from '../kit/phones.ts';
import { newNumber } from '../kit/new-number.ts';
import { systemForFile } from '../kit/system-for-tests.ts';

const RINGS_FOR_S = 5;
const LONG = { timeout: 180_000 };
const system = systemForFile({
  CONFIG_FILE: path.resolve(import.meta.dirname, '../kit/config.numbers.yaml'),
  DIALING__OPERATOR_RING_TIMEOUT_SEC: String(RINGS_FOR_S),
});

/** Asks for a person once greeted, hears what comes of it, and leaves. */
const asking = (says: string, { hears, language }: { hears: string; language: string }): object => ({
  language,
  steps: [
    { waitsForSilenceMs: 600 },
    { says },
    { expects: hears, withinMs: 45_000 },
    { waitsForSilenceMs: 600 },
    { hangsUp: true },
  ],
});

const handedOver = (call: CallDocument): boolean => !call.in_progress || call.phase === 'resumable';

async function untilOver(number: string): Promise<{ phone: PhoneCall; call: CallDocument }> {
  const phone = await untilPhone(system, number, {
    what: 'the end of the call',
    ready: ({ state }) => state === 'over',
    withinMs: 70_000,
  });
  expect(phone.errors).toEqual([]);
  const call = await untilCallOf(system, number, { what: 'the call, left by its customer', ready: handedOver });
  return { phone, call };
}

async function untilPromised(number: string): Promise<void> {
  const [promised, ...others] = await promisesTo(system, number);
  expect(others).toEqual([]);
  expect(promised).toMatchObject({ status: 'pending', title: expect.stringMatching(/no colleague/) as string });
  const minutesAhead = (Date.parse(promised?.due_date_time ?? '') - Date.now()) / 60_000;
  expect(minutesAhead).toBeGreaterThan(5);
  expect(minutesAhead).toBeLessThan(16);
}

describe.concurrent('a customer who wants a person', LONG, () => {
  test('[TR1] [TR10] gets one, who hears the briefing before they are joined, and comes back when the operator leaves', async () => {
    const customer = newNumber();
    const operator = '+447700900601';
    await definePhone(system, operator, {
      voice: 'm7',
      ringMs: 800,
      steps: [{ waitsForSilenceMs: 900 }, { says: 'Hello, this is Robert, I have read it.' }, { hangsUp: true }],
    });
    await ringIn(system, {
      from: customer,
      to: '+442079460001',
      script: asking('I want to speak to an operator', { hears: '/back with|here again/i', language: 'en-US' }),
    });

    const { phone, call } = await untilOver(customer);

    expect(botSaid(phone, /Contoso Water/)).toBeDefined();
    expect(call).toMatchObject({
      bot_phone_number: '+442079460001',
      lang: 'en-US',
      initiate: { bot_company: 'Contoso Water', task: 'Take down the damage.', agent_phone_number: operator },
    });
    expect(call.initiate.claim.map((field) => field.name)).toContain('damage');
    expect(call.transfers).toMatchObject([{ status: 'SUCCESS', operator, detail: null }]);
    const there = await untilPhone(system, operator, { what: 'the operator’s call', ready: () => true });
    const briefing = botSaid(there, /waiting for you/i);
    expect(briefing).toBeDefined();
    expect(there.transcript.map(({ text }) => text).join(' ')).toContain('want to speak to an operator');
    // The customer hears the operator's own voice only after the operator has heard the briefing.
    const joinedAtMs = clockMs(there, there.transcript.find(({ who }) => who === 'customer')?.atMs ?? NaN);
    const voice = phone.transcript.find(({ who, text }) => who === 'bot' && text === null);
    expect(clockMs(phone, voice?.atMs ?? NaN)).toBeGreaterThanOrEqual(joinedAtMs - 100);
    expect(joinedAtMs).toBeGreaterThan(clockMs(there, briefing?.untilMs ?? NaN));
    expect(await promisesTo(system, customer)).toEqual([]);
  });

  test('[TR2] [TR9] comes back to the bot when the operator is busy: it says so, and a callback is booked', async () => {
    const customer = newNumber();
    await definePhone(system, '+447700900602', { pickup: 'busy' });
    await ringIn(system, {
      from: customer,
      to: '+442079460002',
      script: asking('Please connect me with a real person', { hears: '/call (you )?back/i', language: 'en-US' }),
    });

    const { phone, call } = await untilOver(customer);

    expect(botSaid(phone, /Fabrikam Energy/)).toBeDefined();
    expect(call.initiate).toMatchObject({ bot_company: 'Fabrikam Energy', task: 'Note the reading of the meter.' });
    expect(call.initiate.claim.map((field) => field.name)).toContain('meter_reading');
    expect(call.transfers).toMatchObject([{ status: 'FAIL', detail: expect.stringMatching(/busy/) as string }]);
    await untilPromised(customer);
  });

  test('[TR2] [LA1] in Russian too: nobody answers, the bot says so in Russian, and a callback is booked', async () => {
    const customer = newNumber();
    await definePhone(system, '+447700900603', { pickup: 'no answer' });
    await ringIn(system, {
      from: customer,
      to: '+442079460003',
      script: asking('Соедините меня с оператором, пожалуйста', {
        hears: '/перезвон|обратный звонок/i',
        language: 'ru-RU',
      }),
    });

    const { phone, call } = await untilOver(customer);

    expect(botSaid(phone, /Амели|Нева Телеком/)).toBeDefined();
    expect(call).toMatchObject({ lang: 'ru-RU', initiate: { bot_company: 'Нева Телеком', bot_name: 'Амели' } });
    expect(call.initiate.claim.map((field) => field.name)).toContain('address');
    expect(call.transfers).toMatchObject([{ status: 'FAIL' }]);
    expect(call.transfers[0]?.reason).toBeTruthy();
    await untilPromised(customer);
  });
});
