/** Follows one call from both sides: the customer's phone tells what is said, the api what the bot has understood. */
import { setTimeout as pause } from 'node:timers/promises';

export interface Door {
  url: string;
  headers: Record<string, string>;
}

export interface DemoDoors {
  api: Door;
  sandbox: Door;
}

export interface CallSeen {
  endedBecause: string;
  lastedMs: number;
  errors: string[];
  synthesis: string | null;
  next: string | null;
  reportUrl: string;
}

interface PhoneView {
  state: 'ringing' | 'live' | 'over';
  livedMs: number;
  endedBecause: string | null;
  transcript: { who: 'customer' | 'bot'; text: string | null; atMs: number; untilMs: number; whole: boolean }[];
  errors: string[];
}

interface CallView {
  call_id: string;
  phase: string;
  dialog_state: string;
  updated_at: string;
  claim: Record<string, string>;
  reminders: { title: string; due_date_time: string }[];
  next: { action: string; justification: string } | null;
  synthesis: { short: string } | null;
  report_url: string;
}

const LOOK_EVERY_MS = 400;
/** A sentence that has not grown for so long is told. */
const SETTLED_MS = 900;
const LONGEST_CALL_MS = 5 * 60_000;
const WRAP_UP_PATIENCE_MS = 30_000;
const REQUEST_DEADLINE_MS = 15_000;

export async function ask(
  door: Door,
  method: 'GET' | 'POST',
  request: { path: string; body?: object },
): Promise<Record<string, unknown>> {
  const response = await fetch(`${door.url}${request.path}`, {
    method,
    headers: { ...door.headers, 'content-type': 'application/json' },
    ...(request.body === undefined ? {} : { body: JSON.stringify(request.body) }),
    signal: AbortSignal.timeout(REQUEST_DEADLINE_MS),
  });
  const text = await response.text();
  if (!response.ok) throw new Error(`${method} ${request.path}: HTTP ${response.status} ${text.slice(0, 300)}`);
  return JSON.parse(text) as Record<string, unknown>;
}

/** `number`: the phone number or the call's id, whichever the api is to be asked by. */
export async function watchCall(
  doors: DemoDoors,
  about: { phoneCallId: string; number: string; say: (line: string) => void },
): Promise<CallSeen> {
  const beganAtMs = Date.now();
  const narrator = new Narrator(about.say);
  let phone: PhoneView;
  do {
    await pause(LOOK_EVERY_MS);
    phone = (await ask(doors.sandbox, 'GET', { path: `/control/calls/${about.phoneCallId}` })) as unknown as PhoneView;
    const told = narrator.tellWords(phone);
    // What was understood is told after the words it was understood from.
    if (told) narrator.tellUnderstood(await callView(doors.api, about.number, beganAtMs));
  } while (phone.state !== 'over' && Date.now() - beganAtMs < LONGEST_CALL_MS);
  const document = await wrappedUp(doors.api, about.number, beganAtMs);
  narrator.tellUnderstood(document);
  return {
    endedBecause: phone.state === 'over' ? (phone.endedBecause ?? 'ended') : 'still on the line',
    lastedMs: phone.livedMs,
    errors: phone.errors,
    synthesis: document?.synthesis?.short ?? null,
    next: document?.next == null ? null : `${document.next.action}: ${document.next.justification}`,
    reportUrl: document?.report_url ?? `${doors.api.url}/report`,
  };
}

class Narrator {
  readonly #say: (line: string) => void;
  readonly #told = new Set<string>();
  readonly #claim = new Map<string, string>();

  constructor(say: (line: string) => void) {
    this.#say = say;
  }

  /** In the order in which they began; a sentence waits for the one before it. Answers whether all has been told. */
  tellWords(phone: PhoneView): boolean {
    for (const { who, text, atMs, untilMs, whole } of phone.transcript) {
      const key = `${who} ${atMs}`;
      if (this.#told.has(key)) continue;
      if (phone.state !== 'over' && who === 'bot' && phone.livedMs - untilMs < SETTLED_MS) return false;
      this.#told.add(key);
      const time = (atMs / 1000).toFixed(1).padStart(6);
      this.#say(
        `${time} s  ${who === 'bot' ? 'bot     ' : 'customer'}  ${text ?? '(speech, words unknown)'}${whole ? '' : ' —'}`,
      );
    }
    return true;
  }

  tellUnderstood(call: CallView | null): void {
    if (call === null) return;
    for (const [field, value] of Object.entries(call.claim)) {
      if (this.#claim.get(field) === value) continue;
      this.#claim.set(field, value);
      this.#say(`             ↳ claim     ${field} = ${value}`);
    }
    for (const { title, due_date_time } of call.reminders) {
      if (this.#told.has(`reminder ${title}`)) continue;
      this.#told.add(`reminder ${title}`);
      this.#say(`             ↳ reminder  ${title}, ${due_date_time}`);
    }
  }
}

/** The call of this number, if anything has happened in it since: a customer who rings back goes on with an older one. */
async function callView(api: Door, idOrNumber: string, sinceMs: number): Promise<CallView | null> {
  try {
    const view = (await ask(api, 'GET', { path: `/call/${encodeURIComponent(idOrNumber)}` })) as unknown as CallView;
    return idOrNumber.startsWith('+') && Date.parse(view.updated_at) < sinceMs - 10_000 ? null : view;
  } catch (error) {
    if (error instanceof Error && error.message.includes('HTTP 404')) return null;
    throw error;
  }
}

async function wrappedUp(api: Door, idOrNumber: string, sinceMs: number): Promise<CallView | null> {
  const deadlineMs = Date.now() + WRAP_UP_PATIENCE_MS;
  for (;;) {
    const view = await callView(api, idOrNumber, sinceMs);
    if (view?.synthesis != null || Date.now() > deadlineMs) return view;
    await pause(500);
  }
}
