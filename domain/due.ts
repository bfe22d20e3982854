/** When a promised call is due, when again after a try that did not reach anybody, and what becomes of it when the customer comes first. */
import { afterAttempt, type RetryPlan } from './campaign-retry.ts';
import { instantOf, localMoment, nextCallableMs, type CallingHours } from './calling-hours.ts';
import type { OpenPromise, Reminder } from './conversation.ts';
import type { CallbackId, CallId } from './ids.ts';
import type { DialOutcome } from './leg.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const RETRY_AFTER_MS = [5 * MINUTE_MS, 15 * MINUTE_MS, 60 * MINUTE_MS] as const;

export const ATTEMPTS_MAX = 4;
/** Somebody is on that line already: not an attempt, asked again soon. */
export const LINE_BUSY_RETRY_MS = 2 * MINUTE_MS;
/** What the customer is told after a transfer that failed: "we will call you back". */
export const AFTER_FAILED_TRANSFER_MS = 15 * MINUTE_MS;
/** Worth a word of excuse; below it nobody looks at the clock. */
export const LATE_MS = 5 * MINUTE_MS;
/** A customer who rings within this time before a promised call has come for it. */
export const COMES_FIRST_MS = 12 * HOUR_MS;
/** What was promised for a certain time holds against the calling hours, its first tries included, and no longer. */
const PROMISE_HOLDS_MS = HOUR_MS;

/** [CB1] 5, 15, 60 minutes after a try that was not answered; null = it was the last. */
export function retryDelayMs(attemptsMade: number): number | null {
  if (attemptsMade >= ATTEMPTS_MAX) return null;
  return RETRY_AFTER_MS[Math.min(attemptsMade, RETRY_AFTER_MS.length) - 1] ?? null;
}

/** The campaigns' plan for promises: somebody waits for this call, so it is tried sooner; one who rejects it is asked once more. */
export const PROMISE_PLAN: RetryPlan = {
  attemptsMax: ATTEMPTS_MAX,
  byOutcome: {
    busy: { attempts: 4, afterMin: [5, 15, 60] },
    no_answer: { attempts: 4, afterMin: [5, 15, 60] },
    voicemail: { attempts: 2, afterMin: [60] },
    rejected: { attempts: 2, afterMin: [60] },
    failed: { attempts: 3, afterMin: [5, 30] },
    dropped: { attempts: 2, afterMin: [5] },
  },
};

export type PromiseOutcome = DialOutcome | 'line_busy';

/** [CB1] By outcome; null = it was the last. `attempts` holds the one just made. A dial that somebody called off counts as not answered. */
export function afterTryMs(attempts: readonly PromiseOutcome[]): number | null {
  const outcomes = attempts
    .map((outcome) => (outcome === 'cancelled' ? 'no_answer' : outcome))
    .filter((outcome) => outcome !== 'answered');
  const last = outcomes.at(-1);
  if (last === undefined || attempts.at(-1) === 'answered') return null;
  const next = afterAttempt(last, outcomes.slice(0, -1), PROMISE_PLAN);
  return next.next === 'retry' ? next.afterMs : null;
}

/** [CB2] A time that has passed or cannot be read is due in a minute: a promise is kept late rather than dropped. */
export function dueAtMs(dueDateTime: string, nowMs: number): number {
  const parsed = Date.parse(dueDateTime);
  return Number.isNaN(parsed) ? nowMs + MINUTE_MS : Math.max(parsed, nowMs + MINUTE_MS);
}

export interface Place {
  /** Of the customer: the one given, else those of the number. Empty = nobody knows. */
  zones: readonly string[];
  /** Country, and what the customer wishes. */
  rules: readonly CallingHours[];
  /** When it was promised for; null = nobody asked for a certain time. */
  promisedAtMs: number | null;
}

/**
 * [CB13] Now, or the next moment at which it is allowed in every zone where the customer may be. What the customer asked for at a certain time is kept
 * at that time, and its tries within the hour; what is later than that keeps to the hours again. Without a zone: now. Null = no moment is allowed.
 */
export function allowedAtMs(nowMs: number, { zones, rules, promisedAtMs }: Place): number | null {
  if (promisedAtMs !== null && nowMs < promisedAtMs + PROMISE_HOLDS_MS) return nowMs;
  let atMs = nowMs;
  for (let round = 0; round < ROUNDS; round += 1) {
    let latest = atMs;
    for (const zone of zones) {
      const next = nextCallableMs(atMs, zone, rules);
      if (next === null) return null;
      latest = Math.max(latest, next);
    }
    if (latest === atMs) return atMs;
    atMs = latest;
  }
  return null;
}

/** [CB27] Where the hours of the customer's own never meet the country's, the country's alone hold. */
export function allowedByCountryMs(
  nowMs: number,
  { country, own, ...place }: Omit<Place, 'rules'> & { country: CallingHours; own: CallingHours | null },
): number | null {
  const both = own === null ? null : allowedAtMs(nowMs, { ...place, rules: [country, own] });
  return both ?? allowedAtMs(nowMs, { ...place, rules: [country] });
}

/** Hours of distant zones meet within days or never. */
const ROUNDS = 40;

/** A wall-clock time without offset, `2026-03-29T02:30`, on the customer's clock; null = it cannot be read. */
export function wallClockMs(text: string, zone: string): number | null {
  const match = /^(\d{4})-(\d\d)-(\d\d)[T ](\d\d):(\d\d)(?::(\d\d))?$/.exec(text.trim());
  if (match === null) return null;
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = match
    .slice(1)
    .map((part) => Number(part || 0));
  const localMs = Date.UTC(year, month - 1, day, hour, minute, second);
  // The calendar moves on what does not exist: February the 30th into March, 25:00 into the next day.
  const read = new Date(localMs).toISOString().slice(0, 16).replace('T', ' ');
  return read === text.trim().slice(0, 16).replace('T', ' ') && second < 60 ? instantOf(zone, localMs) : null;
}

/** `Thursday 26 November, 10:00`: enough to be said back. */
export function inWordsThere(atMs: number, zone: string): string {
  const { weekday, day, month, minutes } = localMoment(zone, atMs);
  const time = `${String(Math.floor(minutes / 60)).padStart(2, '0')}:${String(minutes % 60).padStart(2, '0')}`;
  return `${WEEKDAYS[weekday - 1] ?? ''} ${day} ${MONTHS[month] ?? ''}, ${time} (${zone})`;
}

const WEEKDAYS = ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday'];
const MONTHS = [
  'January',
  'February',
  'March',
  'April',
  'May',
  'June',
  'July',
  'August',
  'September',
  'October',
  'November',
  'December',
];

/** What a line knows of a promise that hangs on it. */
export interface PendingPromise {
  callbackId: CallbackId;
  title: string;
  description: string;
  dueAtMs: number;
  botNumber: string;
  /** When the customer rings first: told in that call, called off, or kept for its time. */
  whenTheyCome: 'merge' | 'cancel' | 'keep';
  fromCallId: CallId | null;
  /** Whose it is, how the customer is reached, on whose clock; a promise of the release before told none of these. */
  owner?: Reminder['owner'];
  channel?: NonNullable<Reminder['channel']>;
  zone?: string;
  recurs?: true;
}

/** [CB16] */
export const sameTitle = (one: string, other: string): boolean =>
  one.trim().toLowerCase() === other.trim().toLowerCase();

export const promiseTitled = (promises: readonly PendingPromise[], title: string): PendingPromise | undefined =>
  promises.find((promise) => sameTitle(promise.title, title));

/** [CB15-CB17] What the customer's own call does to the promises on their line. */
export function promisesMet(
  pending: readonly PendingPromise[],
  { botNumber, nowMs }: { botNumber: string; nowMs: number },
): PendingPromise[] {
  return pending.filter(
    (promise) =>
      promise.botNumber === botNumber &&
      (promise.whenTheyCome === 'cancel' ||
        (promise.whenTheyCome === 'merge' && promise.dueAtMs <= nowMs + COMES_FIRST_MS)),
  );
}

/** [CB26] What the bot may speak of. A colleague's task that no call has brought about is none of the customer's business; what is being kept this moment is settled. */
export function openTo(
  pending: readonly PendingPromise[],
  { botNumber, keeps }: { botNumber: string; keeps: CallbackId | null },
): OpenPromise[] {
  return pending
    .filter(({ owner, fromCallId }) => owner !== 'human' || fromCallId !== null)
    .filter(({ whenTheyCome }) => whenTheyCome !== 'cancel')
    .filter((promise) => promise.botNumber === botNumber && (promise.callbackId !== keeps || promise.recurs === true))
    .map(asOpen);
}

/** What a call keeps of a promise, whatever else is known of it. */
export function asOpen(promise: Omit<OpenPromise, 'owner'> & Partial<Pick<OpenPromise, 'owner'>>): OpenPromise {
  const { callbackId, title, description, dueAtMs, owner = 'assistant', channel, zone, recurs } = promise;
  return {
    callbackId,
    title,
    description,
    dueAtMs,
    owner,
    ...(channel === undefined ? {} : { channel }),
    ...(zone === undefined ? {} : { zone }),
    ...(recurs === undefined ? {} : { recurs }),
  };
}

/** What can be taken back: null = it stands for people to read, and nothing rings. */
export type Revocable = Pick<Reminder, 'title' | 'owner'> & { callbackId: string | null };

export type Meant<Promise_> = { kind: 'one'; promise: Promise_ } | { kind: 'none' | 'several'; open: Promise_[] };

/** [CB26] By its title; without one the only promise of which the customer would hear. */
export function whichIsMeant<Promise_ extends Revocable>(
  open: readonly Promise_[],
  title: string | null,
): Meant<Promise_> {
  const ours = open.filter(({ owner, callbackId }) => owner !== 'human' && callbackId !== null);
  const titled = title === null ? [] : open.filter((each) => sameTitle(each.title, title));
  const among = title !== null ? titled : ours.length > 0 ? ours : open;
  const [only] = among;
  if (only !== undefined && among.length === 1) return { kind: 'one', promise: only };
  return among.length === 0 ? { kind: 'none', open: [...open] } : { kind: 'several', open: [...among] };
}
