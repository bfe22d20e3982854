/** A call through every layer, as a new user would place it: start, `POST /call`, a sandbox phone, turns, a claim, the report. */
import { expect, test } from 'vitest';
import { claimIsComplete, claimSchema } from '../../domain/claim.ts';
import { definePhone, digits, HELPFUL_ANSWERS, heardOnTheLine, post, untilCall } from '../kit/customers.ts';
import { newNumber } from '../kit/new-number.ts';
import { sharedSystem } from '../kit/system-for-tests.ts';
import { until } from '../kit/system.ts';

const system = sharedSystem();

const api = (path: string, init?: RequestInit): Promise<Response> => system.api(path, init);
const sandbox = (path: string, init?: RequestInit): Promise<Response> => system.sandbox(path, init);

const outbound = (phoneNumber: string): object => ({
  bot_company: 'Contoso Water',
  bot_name: 'Amelie',
  phone_number: phoneNumber,
  task: 'Take down the damage.',
  agent_phone_number: '+447700900999',
  claim: [{ name: 'damage', type: 'text', description: 'What is damaged' }],
});

test.concurrent(
  '[CL1] [BI14] an outbound call that is picked up with a hello fills the claim in conversation, is wrapped up and reported',
  { timeout: 180_000 },
  async () => {
    const number = newNumber();
    await definePhone(system, number, {
      steps: [{ says: 'Hello?' }, { converses: true }],
      answersWith: [...HELPFUL_ANSWERS],
    });
    const placed = await post<{ call_id: string }>(api, '/call', outbound(number));

    const closed = await untilCall(system, placed.call_id, {
      what: 'the finished call with its synthesis',
      ready: (call) => !call.in_progress && call.synthesis !== null,
      withinMs: 150_000,
    });

    const said = await heardOnTheLine(system, (each) => each === number);
    expect(said).toMatch(/virtual assistant of Contoso Water\./);
    expect(closed.claim['caller_name'], said).toBe('Anna Petrova');
    expect(closed.claim['caller_email']).toBe('anna.petrova@example.com');
    expect(closed.claim['damage']).toMatch(/kitchen ceiling/i);
    const schema = claimSchema(closed.initiate.claim);
    expect(claimIsComplete(schema, closed.claim)).toBe(true);
    expect(closed.messages.filter((message) => message.persona === 'human').length).toBeGreaterThanOrEqual(2);
    expect(closed.next?.action).toBeTruthy();
    const page = await api(`/report/${encodeURIComponent(number)}`);
    expect(page.status).toBe(200);
    expect(await page.text()).toContain('Anna Petrova');
    const { rings } = (await (await sandbox('/control/rings')).json()) as { rings: Record<string, number> };
    expect(rings[number.slice(1)]).toBe(1);
  },
);

test.concurrent(
  '[BI30] [SB23] a customer on a speakerphone tells the whole claim to a bot that hears itself and is not put off by it',
  { timeout: 180_000 },
  async () => {
    const number = newNumber();
    await definePhone(system, number, {
      echo: { delayMs: 240, gain: 0.15 },
      steps: [{ converses: true }],
      answersWith: [...HELPFUL_ANSWERS],
    });
    const placed = await post<{ call_id: string }>(api, '/call', outbound(number));
    const closed = await untilCall(system, placed.call_id, {
      what: 'the finished call',
      ready: (call) => !call.in_progress,
      withinMs: 150_000,
    });
    const said = await heardOnTheLine(system, (each) => each === number);
    expect(claimIsComplete(claimSchema(closed.initiate.claim), closed.claim), said).toBe(true);
    const bot = closed.messages.filter((message) => message.persona === 'assistant');
    expect(
      bot.filter((message) => message.interrupted).map((message) => message.content),
      said,
    ).toEqual([]);
  },
);

test.concurrent(
  '[LN1] an inbound caller is greeted, answers, and rings back into the same conversation after a drop',
  { timeout: 180_000 },
  async () => {
    const from = newNumber();
    const first = await post<{ id: string }>(sandbox, '/control/calls', {
      from: digits(from),
      script: {
        steps: [
          { waitsForSilenceMs: 800 },
          { says: 'My name is Boris Miller' },
          { waitsMs: 3_000 },
          { waitsForSilenceMs: 800 },
          { drops: true },
        ],
      },
    });
    await until(
      'the end of the first leg',
      async () => (await (await sandbox(`/control/calls/${first.id}`)).json()) as { state: string },
      {
        ready: ({ state }) => state === 'over',
        withinMs: 60_000,
      },
    );
    const listed = async (): Promise<
      { call_id: string; claim: Record<string, string>; phase: string; legs: unknown[] }[]
    > => {
      const body: unknown = await (await api(`/call?phone_number=${encodeURIComponent(from)}`)).json();
      return body as { call_id: string; claim: Record<string, string>; phase: string; legs: unknown[] }[];
    };
    const resumable = await until('the call as resumable', listed, {
      ready: (calls) => calls[0]?.phase === 'resumable',
    });
    expect(resumable[0]?.claim['caller_name']).toBe('Boris Miller');

    await post(sandbox, '/control/calls', {
      from: digits(from),
      script: {
        steps: [{ waitsForSilenceMs: 800 }, { says: 'Goodbye' }, { waitsForSilenceMs: 800 }, { hangsUp: true }],
      },
    });
    const back = await until('the same call, live again', listed, { ready: (calls) => calls[0]?.phase === 'live' });
    expect(back.map((call) => call.call_id)).toEqual([resumable[0]?.call_id]);
    await untilCall(system, back[0]?.call_id ?? '', {
      what: 'the welcome to somebody who is back',
      ready: (call) =>
        call.messages.some((message) => message.persona === 'assistant' && /again|back/i.test(message.content)),
    });
  },
);

test.concurrent(
  '[AP4] [LN4] a customer who is on the line is not dialled: 409 names the call',
  { timeout: 180_000 },
  async () => {
    const number = newNumber();
    await definePhone(system, number, { steps: [{ converses: 30 }, { hangsUp: true }], answersWith: [] });
    const placed = await post<{ call_id: string }>(api, '/call', outbound(number));
    const second = await api('/call', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(outbound(number)),
    });
    expect(second.status).toBe(409);
    expect(JSON.stringify(await second.json())).toContain(placed.call_id);
    await post(api, `/call/${placed.call_id}/hangup`, {});
    await untilCall(system, placed.call_id, {
      what: 'the call hung up',
      ready: (call) => call.phase === 'closed' || call.phase === 'resumable',
    });
  },
);
