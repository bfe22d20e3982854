/** The sandbox's phones from outside: who rings in, what each end of a line heard, and what is made to go wrong. */
import type { CallDocument } from '../../domain/call-document.ts';
import { digits, post } from './customers.ts';
import { until, type RunningSystem } from './system.ts';

export interface PhoneCall {
  id: string;
  legUuid: string | null;
  number: string;
  direction: 'inbound' | 'outbound';
  state: 'ringing' | 'live' | 'over';
  answeredAt: string | null;
  heard: { firstLoudMs: number | null; gaps: { atMs: number; lastedMs: number }[] };
  transcript: Spoken[];
  errors: string[];
}

export interface Spoken {
  who: 'bot' | 'customer';
  /** Null: a sound that the bot did not make. */
  text: string | null;
  atMs: number;
  untilMs: number;
}

/** A customer of that number calls in; returns the sandbox's id of the phone's call. */
export async function ringIn(
  system: RunningSystem,
  caller: { from: string; to?: string; script: object },
): Promise<{ id: string; legUuid: string }> {
  const to = caller.to === undefined ? {} : { to: digits(caller.to) };
  return post(system.sandbox, '/control/calls', { from: digits(caller.from), script: caller.script, ...to });
}

export async function phoneCalls(system: RunningSystem, number: string): Promise<PhoneCall[]> {
  const { calls } = (await (await system.sandbox('/control/calls')).json()) as { calls: PhoneCall[] };
  return calls.filter((call) => call.number === digits(number));
}

/** The newest call of that phone, once it is as asked. */
export async function untilPhone(
  system: RunningSystem,
  number: string,
  options: { what: string; ready: (call: PhoneCall) => boolean; withinMs?: number },
): Promise<PhoneCall> {
  const found = await until(options.what, async () => (await phoneCalls(system, number)).at(-1), {
    ready: (call) => call !== undefined && options.ready(call),
    ...(options.withinMs === undefined ? {} : { withinMs: options.withinMs }),
  });
  if (found === undefined) throw new Error(`nobody called ${number}`);
  return found;
}

export const botSaid = (call: PhoneCall, words: RegExp): Spoken | undefined =>
  call.transcript.find(({ who, text }) => who === 'bot' && text !== null && words.test(text));

/** On the clock of this machine. */
export const clockMs = (call: PhoneCall, atMs: number): number => Date.parse(call.answeredAt ?? '') + atMs;

/** As long as people wait before they speak. */
const PAUSE_MS = 700;

/** Somebody takes the phone from its script: once the bot makes its pause they say these words. */
export async function saysInPause(system: RunningSystem, number: string, text: string): Promise<void> {
  const { id } = await untilPhone(system, number, {
    what: 'a pause of the bot',
    ready: (call) => {
      const last = call.transcript.at(-1);
      return last?.who === 'bot' && Date.now() - clockMs(call, last.untilMs) > PAUSE_MS;
    },
  });
  await post(system.sandbox, `/control/calls/${id}/say`, { text });
}

export async function presses(system: RunningSystem, number: string, keys: string): Promise<void> {
  const call = (await phoneCalls(system, number)).at(-1);
  await post(system.sandbox, `/control/calls/${call?.id ?? ''}/press`, { digits: keys });
}

export async function ringsOf(system: RunningSystem, number: string): Promise<number> {
  const { rings } = (await (await system.sandbox('/control/rings')).json()) as { rings: Record<string, number> };
  return rings[digits(number)] ?? 0;
}

/** The documents of a number's calls, newest first. */
export async function callsOf(system: RunningSystem, number: string): Promise<CallDocument[]> {
  const response = await system.api(`/call?phone_number=${encodeURIComponent(number)}`);
  if (!response.ok) throw new Error(`GET /call: ${String(response.status)} ${await response.text()}`);
  return (await response.json()) as CallDocument[];
}

export async function untilCallOf(
  system: RunningSystem,
  number: string,
  options: { what: string; ready: (call: CallDocument) => boolean; withinMs?: number },
): Promise<CallDocument> {
  const found = await until(options.what, async () => (await callsOf(system, number))[0], {
    ready: (call) => call !== undefined && options.ready(call),
    ...(options.withinMs === undefined ? {} : { withinMs: options.withinMs }),
  });
  if (found === undefined) throw new Error(`no call of ${number}`);
  return found;
}

export interface Promised {
  callback_id: string;
  status: string;
  due_date_time: string;
  title: string;
  call_id: string | null;
  attempts: { outcome: string | null; call_id: string | null }[];
}

export async function promisesTo(system: RunningSystem, number: string): Promise<Promised[]> {
  return (await (await system.api(`/reminder?phone_number=${encodeURIComponent(number)}`)).json()) as Promised[];
}

export async function setFaults(system: RunningSystem, faults: object): Promise<void> {
  await post(system.sandbox, '/control/faults', faults);
}

export async function allWell(system: RunningSystem): Promise<void> {
  await system.sandbox('/control/faults', { method: 'DELETE' });
}

export async function hangUpAll(system: RunningSystem): Promise<void> {
  const { calls } = (await (await system.sandbox('/control/calls')).json()) as { calls: PhoneCall[] };
  const live = calls.filter(({ state }) => state === 'live');
  // Who has hung up meanwhile is refused, which is as well.
  await Promise.all(
    live.map(({ id }) => system.sandbox(`/control/calls/${id}/hangup`, { method: 'POST', body: '{}' })),
  );
}
