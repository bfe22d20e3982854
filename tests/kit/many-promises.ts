/** Very many promised calls on a clock that jumps: a seeded plan, kept across a change of the clocks and restarts of the worker. */
import { randomUUID } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import { activityInfo } from '@temporalio/activity';
import { nextCallableMs, type CallingHours } from '../../domain/calling-hours.ts';
import { wallClockMs } from '../../domain/due.ts';
import {
  asCallbackId,
  asNumberKey,
  callbackWorkflowId,
  CALLS_QUEUE,
  callWorkflowId,
  type CallbackId,
} from '../../domain/ids.ts';
import type { DialInput } from '../../activities/dial.ts';
import type { CallbackInput } from '../../workflows/callback/messages.ts';
import type { callback } from '../../workflows/callback/workflow.ts';
import { legChanged } from '../../workflows/call/messages.ts';
import { BOT, CUSTOMER, House, INITIATE, legEvent, untilTrue } from '../workflow/house.ts';
import { callActivities } from './fake-activities.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const ZONES = ['Europe/Berlin', 'Europe/Lisbon', 'America/New_York', 'Asia/Kolkata', 'Australia/Sydney'] as const;
const HOURS: CallingHours = [{ days: [1, 2, 3, 4, 5, 6, 7], from: '09:00', to: '20:00' }];

export interface PlannedPromise {
  callbackId: CallbackId;
  zone: string;
  dueAtMs: number;
  exact: boolean;
  /** When it has to be made, by the rules alone. */
  expectedAtMs: number;
  /** Nobody answers so often first. */
  unanswered: number;
}

/** mulberry32: the same seed is the same plan. */
export function chanceFrom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** Around the night in which European clocks go forward: the local hours that are missing are asked for too. */
export function planPromises(many: number, { seed, nowMs }: { seed: number; nowMs: number }): PlannedPromise[] {
  const chance = chanceFrom(seed);
  const change = nextEuropeanChange(nowMs);
  return Array.from({ length: many }, () => {
    const zone = ZONES[Math.floor(chance() * ZONES.length)] ?? ZONES[0];
    const day = new Date(change + Math.floor(chance() * 4 - 2) * DAY).toISOString().slice(0, 10);
    const minutes = Math.floor(chance() * 24 * 60);
    const time = `${String(Math.floor(minutes / 60)).padStart(2, '0')}:${String(minutes % 60).padStart(2, '0')}`;
    const dueAtMs = wallClockMs(`${day}T${time}`, zone) ?? change;
    const exact = chance() < 0.4;
    return {
      callbackId: asCallbackId(randomUUID()),
      zone,
      dueAtMs,
      exact,
      expectedAtMs: exact ? dueAtMs : (nextCallableMs(dueAtMs, zone, [HOURS]) ?? dueAtMs),
      unanswered: chance() < 0.2 ? 1 : 0,
    };
  });
}

/** The last Sunday of March or October, 01:00 UTC. */
function nextEuropeanChange(nowMs: number): number {
  for (let day = Math.ceil(nowMs / DAY) + 3; ; day += 1) {
    const date = new Date(day * DAY);
    const month = date.getUTCMonth();
    if ((month === 2 || month === 9) && date.getUTCDay() === 0 && date.getUTCDate() > 24) return day * DAY + HOUR;
  }
}

/** A house in which a phone is answered, or not, in the moment in which it is dialled; whoever answers is gone again at once. */
export async function houseOfPhones(
  env: House['env'],
  plan: () => ReadonlyMap<string, PlannedPromise>,
): Promise<House> {
  const rung = new Map<string, number>();
  return await House.open(env, 300, (house) => {
    house.world.hours = { US: HOURS, default: HOURS };
    const { dial } = callActivities(house.world);
    // A call that ends while this is at work would stop the server's clock for good.
    const asked = new Set<string>();
    return {
      chooseHost: () => {
        asked.add(activityInfo().workflowExecution?.workflowId ?? '');
        return Promise.resolve({ hostId: null });
      },
      dial: async (input: DialInput) => {
        const leg = await dial(input);
        await untilTrue(() => asked.has(callWorkflowId(input.callId)));
        await wait(30);
        house.world.statusOf.set(leg.legId, 'completed');
        const title = (await house.view(input.callId)).document.initiate.task;
        const before = rung.get(title) ?? 0;
        rung.set(title, before + 1);
        const answers = before >= (plan().get(title)?.unanswered ?? 0);
        const event = legEvent({
          legId: leg.legId,
          status: answers ? 'answered' : 'unanswered',
          attemptId: input.attemptId,
        });
        await house.client.getHandle(callWorkflowId(input.callId)).signal(legChanged, event);
        return leg;
      },
    };
  });
}

export async function makePromises(house: House, plan: readonly PlannedPromise[]): Promise<void> {
  const nowMs = await house.env.currentTimeMs();
  const make = async ({ callbackId, zone, dueAtMs, exact }: PlannedPromise): Promise<void> => {
    const input: CallbackInput = {
      callbackId,
      // A line each: nobody waits for another's call.
      numberKey: asNumberKey(`${CUSTOMER}-${callbackId}`),
      customerNumber: CUSTOMER,
      botNumber: BOT,
      // The call is known by it: it is told nothing else of its promise.
      initiate: { ...INITIATE, task: callbackId },
      title: `Promise ${callbackId}`,
      description: '',
      dueAtMs,
      fromCallId: null,
      createdAtMs: nowMs,
      zone,
      exact,
      resumeWithinMs: 0,
    };
    await house.client.start<typeof callback>('callback', {
      workflowId: callbackWorkflowId(callbackId),
      taskQueue: CALLS_QUEUE,
      args: [input],
    });
  };
  for (let from = 0; from < plan.length; from += AT_ONCE) await Promise.all(plan.slice(from, from + AT_ONCE).map(make));
}

const AT_ONCE = 25;

export interface Kept {
  promise: PlannedPromise;
  status: string | undefined;
  outcomes: (string | null)[];
  firstAtMs: number | null;
  /** How long after its moment the first try was made. */
  lateMs: number | null;
}

export function howKept(house: House, plan: readonly PlannedPromise[]): Kept[] {
  return plan.map((promise) => {
    const document = house.world.callbacks.get(promise.callbackId);
    const first = document?.attempts[0]?.at;
    const firstAtMs = first === undefined ? null : Date.parse(first);
    return {
      promise,
      status: document?.status,
      outcomes: (document?.attempts ?? []).map(({ outcome }) => outcome),
      firstAtMs,
      lateMs: firstAtMs === null ? null : firstAtMs - promise.expectedAtMs,
    };
  });
}

/** The whole story: promises made, days slept through, the worker restarted twice on the way. */
export async function keepPromises(
  env: House['env'],
  { many, seed }: { many: number; seed: number },
): Promise<{ kept: Kept[]; dials: number }> {
  const byId = new Map<string, PlannedPromise>();
  const house = await houseOfPhones(env, () => byId);
  try {
    const nowMs = await env.currentTimeMs();
    const plan = planPromises(many, { seed, nowMs });
    for (const promise of plan) byId.set(promise.callbackId, promise);
    await makePromises(house, plan);
    const first = Math.min(...plan.map(({ dueAtMs }) => dueAtMs));
    const last = Math.max(...plan.map(({ expectedAtMs }) => expectedAtMs));
    const third = (last - first) / 3;
    for (const untilMs of [first + third, first + 2 * third, last + 3 * HOUR]) {
      await env.sleep(untilMs - (await env.currentTimeMs()));
      if (untilMs < last) await house.restartCalls();
    }
    return { kept: howKept(house, plan), dials: house.world.dialled.length };
  } finally {
    await house[Symbol.asyncDispose]();
  }
}
