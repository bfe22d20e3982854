/** A call in mid-conversation, to do something terrible to, and what its customer notices. */
import { expect } from 'vitest';
import type { CallDocument } from '../../domain/call-document.ts';
import { definePhone, digits, HELPFUL_ANSWERS, post, untilCall } from './customers.ts';
import { until, type RunningSystem } from './system.ts';

export interface LineCall {
  id: string;
  number: string;
  state: string;
  answeredAt: string | null;
  heard: { firstLoudMs: number | null };
  transcript: { who: 'bot' | 'customer'; text: string | null; atMs: number; untilMs: number }[];
}

interface LegView {
  status: string;
  to: { uri?: string };
  media?: object;
}

/** For what has to be met while it lasts. */
export const AT_THE_MOMENT_MS = 100;

export async function placeCall(system: RunningSystem, number: string): Promise<string> {
  await definePhone(system, number, {
    steps: [{ converses: true }],
    answersWith: [...HELPFUL_ANSWERS],
    patienceMs: 60_000,
  });
  const door = (path: string, init?: RequestInit): Promise<Response> => system.api(path, init);
  const { call_id } = await post<{ call_id: string }>(door, '/call', { phone_number: number, claim: [] });
  return call_id;
}

/** A call whose customer has told the e-mail address and was heard; the bot asks on. */
export async function talkingCall(system: RunningSystem, number: string): Promise<CallDocument> {
  return untilCall(system, await placeCall(system, number), {
    what: 'the first field of the claim',
    ready: (call) => call.claim['caller_email'] !== undefined,
    withinMs: 60_000,
  });
}

/** The whole claim in the same call, on the one leg that the customer had from the beginning; then hung up. */
export async function goesOn(
  system: RunningSystem,
  call: Pick<CallDocument, 'call_id' | 'claim'>,
): Promise<CallDocument> {
  const done = await untilCall(system, call.call_id, {
    what: 'the complete claim',
    ready: ({ claim }) => claim['caller_name'] !== undefined && claim['caller_email'] !== undefined,
    withinMs: 120_000,
  });
  expect(done.claim).toMatchObject(call.claim);
  expect(done.claim).toMatchObject({ caller_name: 'Anna Petrova', caller_email: 'anna.petrova@example.com' });
  expect(done.legs.filter((leg) => leg.role === 'customer').length).toBe(1);
  await until(
    'the call to be hung up',
    async () => (await system.api(`/call/${call.call_id}/hangup`, { method: 'POST' })).status,
    { ready: (status) => status < 500 },
  );
  await untilCall(system, call.call_id, {
    what: 'its end',
    ready: ({ phase }) => phase === 'closed' || phase === 'resumable',
  });
  return done;
}

/** How often the bot asked for the field; once committed it is not asked again. */
export function timesAsked(call: CallDocument, question: RegExp): number {
  return call.messages.filter((message) => message.persona === 'assistant' && question.test(message.content)).length;
}

export async function onTheLine(system: RunningSystem, number: string): Promise<LineCall> {
  const { calls } = (await (await system.sandbox('/control/calls')).json()) as { calls: LineCall[] };
  const call = calls.findLast((each) => each.number === digits(number));
  if (call === undefined) throw new Error(`nobody called ${number}`);
  return call;
}

/** The media worker at the other end of the one live media leg. */
export async function mediaWorker(system: RunningSystem): Promise<string> {
  const { legs } = (await (await system.sandbox('/control/legs')).json()) as { legs: LegView[] };
  const live = legs.filter((leg) => leg.media !== undefined && leg.status === 'answered');
  expect(live.length).toBe(1);
  const port = Number(new URL(live[0]?.to.uri ?? '').port);
  const holder = system.run().processes.find((process) => process.port === port);
  if (holder === undefined) throw new Error(`nobody listens on ${String(port)}`);
  return holder.name;
}

/**
 * Milliseconds from `sinceMs` until the customer hears the bot begin again, by the phone's own clock. `words`: only an
 * utterance that has them counts; what a lost host had sent ahead may sound on for a moment.
 */
export async function heardAgainAfterMs(
  system: RunningSystem,
  number: string,
  { sinceMs, words }: { sinceMs: number; words?: RegExp },
): Promise<number> {
  const again = ({ answeredAt, transcript }: LineCall): number | undefined =>
    transcript.find(
      ({ who, text, atMs }) =>
        who === 'bot' &&
        Date.parse(answeredAt ?? '') + atMs > sinceMs &&
        (words === undefined || words.test(text ?? '')),
    )?.atMs;
  const heard = await until('the bot, heard again', () => onTheLine(system, number), {
    ready: (call) => again(call) !== undefined,
    withinMs: 60_000,
  });
  return Date.parse(heard.answeredAt ?? '') + (again(heard) ?? Infinity) - sinceMs;
}

/** Returns while the bot is in the middle of an utterance that began after this was asked. */
export async function untilTheBotSpeaks(system: RunningSystem, number: string): Promise<void> {
  const before = (await onTheLine(system, number)).transcript.length;
  await until('the bot, speaking', () => onTheLine(system, number), {
    ready: ({ transcript }) => transcript.length > before && transcript.at(-1)?.who === 'bot',
    withinMs: 60_000,
    everyMs: AT_THE_MOMENT_MS,
  });
}
