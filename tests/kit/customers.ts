/** Scripted customers for tests of the whole system, and what the sandbox knows of their calls. */
import type { CallDocument } from '../../domain/call-document.ts';
import { until, type System } from './system.ts';

/** Tells name, e-mail, damage whenever asked; says yes to what is read back; leaves when the bot takes its leave. */
export const HELPFUL_ANSWERS = [
  { when: '/goodbye|have a (nice|good)/i', hangsUp: true },
  { when: '/name\\b.*\\?/i', says: 'My name is Anna Petrova' },
  { when: '/e-?mail/i', says: 'It is anna dot petrova at example dot com' },
  { when: '/phone number|telephone|reach you/i', says: 'My number is zero seven seven zero zero nine zero zero one two three' },
  { when: '/what happened|incident|describe|tell me/i', says: 'A pipe burst in my kitchen' },
  { when: '/correct|is that right|everything\\?|confirm/i', says: 'Yes, that is correct' },
  { when: '/anything else/i', says: 'No, thank you, goodbye' },
] as const;

export async function definePhone(system: System, number: string, script: object): Promise<void> {
  await post(system.sandbox.bind(system), '/control/phones', { number: digits(number), script });
}

export const digits = (number: string): string => number.replace(/^\+/, '');

export async function post<Reply>(door: (path: string, init?: RequestInit) => Promise<Response>, path: string, body: object): Promise<Reply> {
  const response = await door(path, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) });
  const text = await response.text();
  if (!response.ok) throw new Error(`POST ${path}: ${String(response.status)} ${text}`);
  return JSON.parse(text) as Reply;
}

export async function callOf(system: System, callId: string): Promise<CallDocument> {
  const response = await system.api(`/call/${callId}`);
  if (!response.ok) throw new Error(`GET /call/${callId}: ${String(response.status)} ${await response.text()}`);
  return (await response.json()) as CallDocument;
}

export function untilCall(system: System, callId: string, options: { what: string; ready: (call: CallDocument) => boolean; withinMs?: number }): Promise<CallDocument> {
  return until(options.what, () => callOf(system, callId), { ready: options.ready, ...(options.withinMs === undefined ? {} : { withinMs: options.withinMs }) });
}
