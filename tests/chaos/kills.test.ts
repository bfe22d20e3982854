/** Any process dies in mid-call, and the call goes on. Real processes, real sockets, SIGKILL. */
import { afterAll, beforeAll, expect, onTestFailed, test } from 'vitest';
import type { CallDocument } from '../../domain/call-document.ts';
import { definePhone, digits, HELPFUL_ANSWERS, heardOnTheLine, post, untilCall } from '../kit/customers.ts';
import { startSystem, until, type System } from '../kit/system.ts';

let system: System;
beforeAll(async () => {
  system = await startSystem();
});
afterAll(async () => {
  await system.stop();
});

const sandbox = (path: string, init?: RequestInit): Promise<Response> => system.sandbox(path, init);
const api = (path: string, init?: RequestInit): Promise<Response> => system.api(path, init);

interface LineCall {
  number: string;
  state: string;
  answeredAt: string | null;
  transcript: { who: string; text: string | null; atMs: number; untilMs: number }[];
}
interface LegView {
  status: string;
  to: { uri?: string };
  media?: object;
}

/** A call whose customer has told the name and was heard; the bot asks on. */
async function talkingCall(number: string): Promise<CallDocument> {
  onTestFailed(async () => {
    console.info(await heardOnTheLine(system));
  });
  await definePhone(system, number, {
    steps: [{ converses: true }],
    answersWith: [...HELPFUL_ANSWERS],
    patienceMs: 60_000,
  });
  const placed = await post<{ call_id: string }>(api, '/call', { phone_number: number, claim: [] });
  return untilCall(system, placed.call_id, {
    what: 'the first field of the claim',
    ready: (call) => call.claim['caller_email'] !== undefined,
    withinMs: 60_000,
  });
}

/** The whole claim in the same call, on the one leg that the customer had from the beginning. */
async function goesOn(call: CallDocument): Promise<CallDocument> {
  const done = await untilCall(system, call.call_id, {
    what: 'the complete claim',
    ready: ({ claim }) => claim['caller_name'] !== undefined,
    withinMs: 60_000,
  });
  expect(done.claim).toMatchObject(call.claim);
  expect(done.claim['caller_name']).toBe('Anna Petrova');
  expect(done.legs.filter((leg) => leg.role === 'customer').length).toBe(1);
  const asked = done.messages.filter(
    (message) => message.persona === 'assistant' && /e-?mail address\?/i.test(message.content),
  );
  expect(asked.length, 'nothing committed is asked again').toBeLessThanOrEqual(1);
  await until(
    'the call to be hung up',
    async () => (await api(`/call/${call.call_id}/hangup`, { method: 'POST' })).status,
    { ready: (status) => status < 500 },
  );
  await untilCall(system, call.call_id, {
    what: 'its end',
    ready: ({ phase }) => phase === 'closed' || phase === 'resumable',
  });
  return done;
}

const onTheLine = async (number: string): Promise<LineCall> => {
  const { calls } = (await (await sandbox('/control/calls')).json()) as { calls: LineCall[] };
  const call = calls.find((each) => each.number === digits(number));
  if (call === undefined) throw new Error(`nobody called ${number}`);
  return call;
};

/** The media worker at the other end of the one live media leg. */
async function mediaWorker(): Promise<string> {
  const { legs } = (await (await sandbox('/control/legs')).json()) as { legs: LegView[] };
  const live = legs.filter((leg) => leg.media !== undefined && leg.status === 'answered');
  expect(live.length).toBe(1);
  const port = Number(new URL(live[0]?.to.uri ?? '').port);
  const holder = system.run().processes.find((process) => process.port === port);
  if (holder === undefined) throw new Error(`nobody listens on ${String(port)}`);
  return holder.name;
}

/** Milliseconds from now until the customer hears the bot again, by the phone's own clock. */
async function untilHeardAgain(number: string, sinceMs: number): Promise<{ afterMs: number; text: string }> {
  const heard = await until('the bot, heard again', () => onTheLine(number), {
    ready: (call) =>
      call.transcript.some(({ who, atMs }) => who === 'bot' && Date.parse(call.answeredAt ?? '') + atMs > sinceMs),
    withinMs: 20_000,
  });
  const answeredAtMs = Date.parse(heard.answeredAt ?? '');
  const first = heard.transcript.find(({ who, atMs }) => who === 'bot' && answeredAtMs + atMs > sinceMs);
  return { afterMs: answeredAtMs + (first?.atMs ?? Infinity) - sinceMs, text: first?.text ?? '' };
}

async function untilTheBotSpeaks(number: string): Promise<void> {
  const before = (await onTheLine(number)).transcript.length;
  await until('the bot, speaking', () => onTheLine(number), {
    ready: ({ transcript }) => transcript.length > before && transcript.at(-1)?.who === 'bot',
    withinMs: 20_000,
  });
}

test(
  '[RC1] the media worker that owns the socket is killed while the bot speaks: the same call goes on',
  { timeout: 120_000 },
  async () => {
    const number = '+447700900301';
    const call = await talkingCall(number);
    await untilTheBotSpeaks(number);
    const killedAtMs = Date.now();
    system.kill(await mediaWorker());
    const { afterMs } = await untilHeardAgain(number, killedAtMs);
    console.info(`heard again ${String(Math.round(afterMs))} ms after the kill`);
    const done = await goesOn(call);
    expect(done.messages.some((message) => message.persona === 'assistant' && /sorry/i.test(message.content))).toBe(
      true,
    );
  },
);

test(
  '[RC1] both media workers are killed at once: the same call goes on with a new one',
  { timeout: 120_000 },
  async () => {
    const number = '+447700900302';
    const call = await talkingCall(number);
    await untilTheBotSpeaks(number);
    const killedAtMs = Date.now();
    for (const name of ['media-1', 'media-2']) system.kill(name);
    const { afterMs } = await untilHeardAgain(number, killedAtMs);
    console.info(`heard again ${String(Math.round(afterMs))} ms after both kills`);
    await goesOn(call);
  },
);

test.each(['calls', 'api', 'temporal', 'mongo'])(
  '[RC4] %s is killed in mid-call: the call goes on',
  { timeout: 120_000 },
  async (name) => {
    const call = await talkingCall(`+44770090031${String(name.length)}`);
    system.kill(name);
    await goesOn(call);
  },
);
