/** Any process dies in mid-call, and the call goes on. Real processes, real sockets, SIGKILL. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { setTimeout as delay } from 'node:timers/promises';
import type { CallDocument } from '../../domain/call-document.ts';
import { definePhone, HELPFUL_ANSWERS, post, untilCall } from '../kit/customers.ts';
import { startSystem, until, type System } from '../kit/system.ts';

let system: System;
beforeAll(async () => {
  system = await startSystem();
});
afterAll(async () => {
  await system.stop();
});

interface SandboxCall {
  state: string;
  legUuid: string | null;
  transcript: { who: string; text: string; atMs: number }[];
}

const sandbox = (path: string, init?: RequestInit): Promise<Response> => system.sandbox(path, init);
const api = (path: string, init?: RequestInit): Promise<Response> => system.api(path, init);

async function talkingCall(number: string): Promise<CallDocument> {
  await definePhone(system, number, {
    steps: [{ waitsForSilenceMs: 700 }, { says: 'My name is Anna Petrova' }, { converses: true }],
    answersWith: [...HELPFUL_ANSWERS],
    patienceMs: 60_000,
  });
  const placed = await post<{ call_id: string }>(api, '/call', { phone_number: number });
  return untilCall(system, placed.call_id, {
    what: 'the name in the claim',
    ready: (call) => call.claim['caller_name'] !== undefined,
    withinMs: 60_000,
  });
}

const finished = (callId: string): Promise<CallDocument> =>
  untilCall(system, callId, { what: 'the finished call', ready: (call) => call.phase === 'closed', withinMs: 120_000 });

function nothingLost(call: CallDocument): void {
  expect(call.claim['caller_name']).toBe('Anna Petrova');
  expect(call.claim['caller_email']).toBe('anna.petrova@example.com');
  expect(call.legs.filter((leg) => leg.role === 'customer').length).toBe(1);
}

/** Which media worker holds the socket of this call. */
async function mediaWorkerOf(callId: string): Promise<string> {
  const hosts = system.run().processes.filter((entry) => entry.name.startsWith('media'));
  for (const host of hosts) {
    const { calls } = (await (await fetch(`http://127.0.0.1:${String(host.port)}/host`)).json()) as {
      liveCalls: number;
      calls?: string[];
    };
    if (calls?.includes(callId) ?? false) return host.name;
  }
  throw new Error(`no media worker holds ${callId}`);
}

test(
  '[RC1] the media worker that owns the socket is killed while the bot speaks: the same call goes on',
  { timeout: 180_000 },
  async () => {
    const call = await talkingCall('+447700900301');
    const holder = await mediaWorkerOf(call.call_id);
    const killedAtMs = Date.now();
    system.kill(holder);
    const legs = await until(
      'a media leg after the kill',
      async () =>
        (await (await sandbox('/control/legs')).json()) as {
          legs: { created_at: string; to?: string; media?: { firstFrameAtMs?: number } }[];
        },
      {
        ready: ({ legs: all }) => all.some((leg) => leg.media !== undefined && Date.parse(leg.created_at) > killedAtMs),
        withinMs: 10_000,
      },
    );
    expect(legs.legs.length).toBeGreaterThan(0);
    const done = await finished(call.call_id);
    nothingLost(done);
    expect(done.messages.some((message) => message.persona === 'assistant' && /sorry/i.test(message.content))).toBe(
      true,
    );
  },
);

test.each([['workers/calls'], ['api/main'], ['temporal'], ['mongo']])(
  '[RC4] %s is killed in mid-call: the call goes on',
  { timeout: 180_000 },
  async (entry) => {
    const index = ['workers/calls', 'api/main', 'temporal', 'mongo'].indexOf(entry);
    const call = await talkingCall(`+44770090031${String(index)}`);
    const name = system
      .run()
      .processes.find((process) => process.name === entry || process.entry.includes(entry))?.name;
    system.kill(name ?? entry);
    await delay(500);
    nothingLost(await finished(call.call_id));
  },
);
