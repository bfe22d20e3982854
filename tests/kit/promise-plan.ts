/** A seeded plan of promises to keep, and when by the rules alone each has to ring. */
import { localMoment, nextCallableMs, type CallingHours } from '../../domain/calling-hours.ts';
import { PROMISE_PLAN, wallClockMs } from '../../domain/due.ts';
import { asCallbackId, type CallbackId } from '../../domain/ids.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const ZONES = ['Europe/Berlin', 'Europe/Lisbon', 'America/New_York', 'Asia/Kolkata', 'Australia/Sydney'] as const;
export const HOURS: CallingHours = [{ days: [1, 2, 3, 4, 5, 6, 7], from: '09:00', to: '20:00' }];
const NO_ANSWER_AFTER_MS = (PROMISE_PLAN.byOutcome.no_answer?.afterMin[0] ?? 0) * MINUTE;

export interface Wish {
  many: number;
  seed: number;
  /** Some come three days running. */
  everyDayToo: boolean;
}

export interface PlannedPromise {
  callbackId: CallbackId;
  zone: string;
  dueAtMs: number;
  exact: boolean;
  /** Comes every day, so often. */
  days: number;
  /** Nobody answers so often first. */
  unanswered: number;
  /** When the phone has to ring, by the rules alone. */
  expectedAtMs: number[];
}

/** mulberry32: the same seed is the same plan. */
function chanceFrom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** Around the night in which European clocks change: the local hours that are missing, or come twice, are asked for too. */
export function planPromises({ many, seed, everyDayToo }: Wish, nowMs: number): PlannedPromise[] {
  const chance = chanceFrom(seed);
  const change = nextEuropeanChange(nowMs);
  return Array.from({ length: many }, (_, index) => {
    const zone = ZONES[Math.floor(chance() * ZONES.length)] ?? ZONES[0];
    const day = new Date(change + Math.floor(chance() * 4 - 2) * DAY).toISOString().slice(0, 10);
    // People say half past or on the hour; a quarter of them the hours that go missing or come twice.
    const minutes = 30 * (chance() < 0.25 ? 2 + Math.floor(chance() * 4) : Math.floor(chance() * 48));
    const exact = chance() < 0.4;
    const days = everyDayToo && exact && chance() < 0.3 ? 3 : 1;
    const unanswered = days === 1 && chance() < 0.2 ? 1 : 0;
    const dueAtMs = onClock(zone, day, minutes);
    const planned = { zone, dueAtMs, exact, days, unanswered };
    return { ...planned, callbackId: asCallbackId(`p${seed}-${index}`), expectedAtMs: expectedOf(planned) };
  });
}

function expectedOf({ zone, dueAtMs, exact, days, unanswered }: Omit<PlannedPromise, 'callbackId' | 'expectedAtMs'>) {
  const allowed = (atMs: number): number => nextCallableMs(atMs, zone, [HOURS]) ?? atMs;
  if (days > 1) return everyDay(zone, dueAtMs, days);
  const first = exact ? dueAtMs : allowed(dueAtMs);
  if (unanswered === 0) return [first];
  const again = first + NO_ANSWER_AFTER_MS;
  return [first, exact ? again : allowed(again)];
}

/** The same local time on each following day, worked out without the code that is tested: by dates, since a day may have 23 hours. */
function everyDay(zone: string, dueAtMs: number, days: number): number[] {
  const first = localMoment(zone, dueAtMs);
  return Array.from({ length: days }, (_, index) => {
    const day = new Date(Date.UTC(first.year, first.month, first.day + index)).toISOString().slice(0, 10);
    return onClock(zone, day, first.minutes);
  });
}

function onClock(zone: string, day: string, minutes: number): number {
  const two = (value: number): string => String(value).padStart(2, '0');
  return wallClockMs(`${day}T${two(Math.floor(minutes / 60))}:${two(minutes % 60)}`, zone) ?? 0;
}

/** The last Sunday of March or October, 01:00 UTC. */
function nextEuropeanChange(nowMs: number): number {
  for (let day = Math.ceil(nowMs / DAY) + 4; ; day += 1) {
    const date = new Date(day * DAY);
    const month = date.getUTCMonth();
    if ((month === 2 || month === 9) && date.getUTCDay() === 0 && date.getUTCDate() > 24) return day * DAY + HOUR;
  }
}
