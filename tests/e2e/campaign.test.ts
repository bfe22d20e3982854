/** A campaign rings real sandbox phones through line, call and dial, and tells what came of it. */
import { expect, test } from 'vitest';
import { definePhone, post } from '../kit/customers.ts';
import { botSaid, phoneCalls, ringsOf, untilPhone } from '../kit/phones.ts';
import { newNumber } from '../kit/new-number.ts';
import { systemForFile } from '../kit/system-for-tests.ts';
import { until } from '../kit/system.ts';

const LONG = { timeout: 180_000 };
// A phone that nobody answers rings long enough to be paused meanwhile.
const system = systemForFile({ DIALING__RING_TIMEOUT_SEC: '6' });

interface Progress {
  status: string;
  reason: string | null;
  contacts: number;
  by_state: Record<string, number>;
  by_disposition: Record<string, number>;
  attempts: number;
}

const progressOf = async (id: string): Promise<Progress> =>
  (await (await system.api(`/campaign/${id}/progress`)).json()) as Progress;

async function upload(id: string, csv: string): Promise<{ added: number; merged: unknown[]; rejected: unknown[] }> {
  const response = await system.api(`/campaign/${id}/contacts`, {
    method: 'POST',
    headers: { 'content-type': 'text/csv' },
    body: csv,
  });
  expect(response.status).toBe(200);
  return (await response.json()) as { added: number; merged: unknown[]; rejected: unknown[] };
}

const shortTalk = {
  ringMs: 400,
  steps: [{ waitsToHear: '/minute/', withinMs: 40_000 }, { says: 'No thank you' }, { hangsUp: true }],
};

test(
  '[CG1] three contacts are rung, each once, and greeted by name with the country’s disclosure; results tell how it came out',
  LONG,
  async () => {
    const [talks, busy, voicemail] = [newNumber(), newNumber(), newNumber()];
    await Promise.all([
      definePhone(system, talks, shortTalk),
      definePhone(system, busy, { pickup: 'busy', ringMs: 300 }),
      definePhone(system, voicemail, {
        pickup: 'voicemail',
        ringMs: 300,
        steps: [{ says: 'Please leave a message after the tone.' }, { converses: 20 }],
      }),
    ]);
    const { campaign_id: id } = await post<{ campaign_id: string }>(system.api, '/campaign', {
      name: 'Three',
      greeting: 'Hello {{first_name}}, this is Amelie of Contoso. Do you have a minute?',
      task: 'Ask {{first_name}} whether the visit suits.',
      retry: {
        busy: { attempts: 1, after_min: [] },
        voicemail: { attempts: 1, after_min: [] },
        dropped: { attempts: 1, after_min: [] },
      },
    });
    const zone = 'Etc/UTC';
    expect(
      await upload(
        id,
        `phone_number,first_name,zone\n${talks},Anna,${zone}\n${busy},Bert,${zone}\n${voicemail},Cleo,${zone}\n12,Nobody,\n`,
      ),
    ).toMatchObject({ added: 3, rejected: [{ row: 5, field: 'phone_number' }] });
    await post(system.api, `/campaign/${id}/start`, {});

    const phone = await untilPhone(system, talks, {
      what: 'its end',
      ready: (call) => call.state === 'over',
      withinMs: 60_000,
    });
    for (const words of [/Anna/, /Contoso/, /automated call/i, /minute/]) expect(botSaid(phone, words)).toBeDefined();
    const done = await until('the end of the campaign', () => progressOf(id), {
      ready: ({ status }) => status === 'completed',
      withinMs: 90_000,
    });
    expect(done).toMatchObject({ contacts: 3, by_state: { done: 3 } });
    expect(done.by_disposition).toMatchObject({ busy: 1, voicemail: 1 });
    for (const number of [talks, busy, voicemail]) expect(await ringsOf(system, number)).toBe(1);
    expect((await phoneCalls(system, talks)).length).toBe(1);

    const csv = await (await system.api(`/campaign/${id}/results?format=csv`)).text();
    expect(csv.split('\n')[0]).toContain('phone_number,state,disposition,attempts');
    expect(csv).toContain(`${busy},done,busy,1,busy`);
  },
);

test(
  '[AD1-AD3] [OO1] [CG2] [CG6] a machine gets the message after its beep; who has opted out or is not answered is told as such, over a pause',
  LONG,
  async () => {
    const [machine, silent, optedOut] = [newNumber(), newNumber(), newNumber()];
    await Promise.all([
      definePhone(system, machine, {
        pickup: 'voicemail',
        ringMs: 300,
        steps: [
          { says: 'You have reached Ann and Bert. We are not at home. Please leave a message after the tone.' },
          { converses: 60 },
        ],
      }),
      definePhone(system, silent, { pickup: 'no answer' }),
      definePhone(system, optedOut, shortTalk),
    ]);
    const { campaign_id: id } = await post<{ campaign_id: string }>(system.api, '/campaign', {
      name: 'Messages',
      concurrency: 1,
      retry: { no_answer: { attempts: 1, after_min: [] }, failed: { attempts: 1, after_min: [] } },
      voicemail: { do: 'leave_message', message: 'Hello {{first_name}}, your parcel number seventeen has arrived.' },
    });
    const csv = (...rows: string[]): string =>
      ['phone_number,first_name,zone', ...rows.map((row) => `${row},Etc/UTC`)].join('\n');
    await upload(id, csv(`${silent},Cleo`));
    await post(system.api, `/campaign/${id}/start`, {});
    await until('the first attempt', () => progressOf(id), { ready: ({ by_state }) => by_state['in_flight'] === 1 });
    await post(system.api, `/campaign/${id}/pause`, {});
    await upload(id, csv(`${machine},Ann`, `${optedOut},Dora`));
    await until('the end of that attempt', () => progressOf(id), {
      ready: ({ by_state }) => by_state['done'] === 1,
      withinMs: 60_000,
    });
    expect(await progressOf(id)).toMatchObject({ status: 'paused', by_state: { pending: 2 } });
    expect(await post(system.api, '/opt-out', { phone_number: optedOut })).toMatchObject({
      stopped_contacts: 1,
      campaigns: [id],
    });
    await post(system.api, `/campaign/${id}/resume`, {});

    const phone = await untilPhone(system, machine, {
      what: 'the end of the message',
      ready: (call) => call.state === 'over',
      withinMs: 90_000,
    });
    const left = botSaid(phone, /parcel/);
    const greeting = phone.transcript.find(({ who }) => who === 'customer');
    expect(left?.atMs).toBeGreaterThan(greeting?.untilMs ?? Number.POSITIVE_INFINITY);
    const done = await until('the end of the campaign', () => progressOf(id), {
      ready: ({ status }) => status === 'completed',
      withinMs: 60_000,
    });
    expect(done.by_disposition).toEqual({ message_left: 1, no_answer: 1, opted_out: 1 });
    expect(await ringsOf(system, optedOut)).toBe(0);
    const table = await (await system.api(`/campaign/${id}/results`, { headers: { accept: 'text/csv' } })).text();
    expect(table).toContain(`${machine},done,message_left,1,message_left`);
    expect(table).toContain(`${optedOut},done,opted_out,0`);
  },
);
