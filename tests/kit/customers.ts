/** Scripted customers for tests of the whole system, and what the sandbox knows of their calls. */
import type { CallDocument } from '../../domain/call-document.ts';
import { until, type RunningSystem } from './system.ts';

/** Tells name, e-mail, damage whenever asked; says yes to what is read back; leaves when the bot takes its leave. */
export const HELPFUL_ANSWERS = [
  { when: '/goodbye|have a (nice|good)/i', hangsUp: true },
  { when: '/correct|is that right|everything\\?|confirm/i', says: 'Yes, that is correct' },
  { when: '/anything else/i', says: 'No, thank you, goodbye' },
  { when: '/help you/i', says: 'A pipe burst in my kitchen' },
  { when: '/e-?mail/i', says: 'It is anna dot petrova at example dot com' },
  {
    when: '/phone number|telephone|reach you/i',
    says: 'My number is zero seven seven zero zero nine zero zero one two three',
  },
  { when: '/\\bname\\b/i', says: 'My name is Anna Petrova' },
  // As people do whose words fell into a break in the line.
  { when: '/still there/i', says: 'Yes, I am here' },
  { when: '/quite get|say (that|it) again|break in the line/i', says: 'My name is Anna Petrova' },
  { when: '/happened|incident|describe|damage|tell me/i', says: 'The kitchen ceiling is wet' },
] as const;

export async function definePhone(system: RunningSystem, number: string, script: object): Promise<void> {
  await post(system.sandbox.bind(system), '/control/phones', { number: digits(number), script });
}

export const digits = (number: string): string => number.replace(/^\+/, '');

export async function post<Reply>(
  door: (path: string, init?: RequestInit) => Promise<Response>,
  path: string,
  body: object,
): Promise<Reply> {
  const response = await door(path, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  const text = await response.text();
  if (!response.ok) throw new Error(`POST ${path}: ${String(response.status)} ${text}`);
  return JSON.parse(text) as Reply;
}

export async function callOf(system: RunningSystem, callId: string): Promise<CallDocument> {
  const response = await system.api(`/call/${callId}`);
  if (!response.ok) throw new Error(`GET /call/${callId}: ${String(response.status)} ${await response.text()}`);
  return (await response.json()) as CallDocument;
}

export function untilCall(
  system: RunningSystem,
  callId: string,
  options: { what: string; ready: (call: CallDocument) => boolean; withinMs?: number },
): Promise<CallDocument> {
  return until(options.what, () => callOf(system, callId), {
    ready: options.ready,
    ...(options.withinMs === undefined ? {} : { withinMs: options.withinMs }),
  });
}

interface SandboxCalls {
  calls: { number: string; state: string; transcript: { who: string; text: string | null; atMs: number }[] }[];
}

/** Every call as the sandbox's phones lived it: for a failed test's message. */
export async function heardOnTheLine(
  system: RunningSystem,
  isWanted: (number: string) => boolean = () => true,
): Promise<string> {
  const { calls } = (await (await system.sandbox('/control/calls')).json()) as SandboxCalls;
  return calls
    .filter(({ number }) => isWanted(`+${number}`))
    .map(({ number, state, transcript }) =>
      [
        `${number} ${state}`,
        ...transcript.map(({ who, text, atMs }) => `  ${String(Math.round(atMs))} ${who}: ${text ?? '(sound)'}`),
      ].join('\n'),
    )
    .join('\n');
}
