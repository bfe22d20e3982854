/** Very many promised calls on a clock that jumps: a seeded plan, kept across a change of the clocks and restarts of the worker. */
import path from 'node:path';
import { bundleWorkflowCode, DefaultLogger, NativeConnection, Worker, type WorkflowBundle } from '@temporalio/worker';
import type { TestWorkflowEnvironment } from '@temporalio/testing';
import { createLineActivities } from '../../activities/lines.ts';
import { localMoment, nextCallableMs, type CallingHours } from '../../domain/calling-hours.ts';
import { PROMISE_PLAN, wallClockMs } from '../../domain/due.ts';
import {
  asCallbackId,
  asNumberKey,
  callbackWorkflowId,
  CALLS_QUEUE,
  lineWorkflowId,
  type CallbackId,
} from '../../domain/ids.ts';
import type { DialOutcome } from '../../domain/leg.ts';
import type { CallbackInput } from '../../workflows/callback/messages.ts';
import type { callback } from '../../workflows/callback/workflow.ts';
import { BOT, CUSTOMER, INITIATE, untilTrue } from '../workflow/house.ts';
import { callActivities, createFakeWorld } from './fake-activities.ts';
import type { PromisedNetwork } from './promised-calls.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const ZONES = ['Europe/Berlin', 'Europe/Lisbon', 'America/New_York', 'Asia/Kolkata', 'Australia/Sydney'] as const;
const HOURS: CallingHours = [{ days: [1, 2, 3, 4, 5, 6, 7], from: '09:00', to: '20:00' }];
const NO_ANSWER_AFTER_MS = (PROMISE_PLAN.byOutcome.no_answer?.afterMin[0] ?? 0) * MINUTE;

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
function planPromises({ many, seed, everyDayToo }: Wish, nowMs: number): PlannedPromise[] {
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

/** The same local time on each following day, worked out without the code that is tested. */
function everyDay(zone: string, dueAtMs: number, days: number): number[] {
  const { minutes } = localMoment(zone, dueAtMs);
  return Array.from({ length: days }, (_, index) => {
    const noon = localMoment(zone, dueAtMs + index * DAY);
    const day = new Date(Date.UTC(noon.year, noon.month, noon.day)).toISOString().slice(0, 10);
    return onClock(zone, day, minutes);
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

let bundle: Promise<WorkflowBundle> | undefined;
const promisedBundle = (): Promise<WorkflowBundle> =>
  (bundle ??= bundleWorkflowCode({
    workflowsPath: path.resolve(import.meta.dirname, 'promised-calls.ts'),
    logger: new DefaultLogger('ERROR'),
  }));

/** Workers and a phone network for promises alone; what rang, and when by the workflows' own clock. */
export class PromiseHouse implements AsyncDisposable {
  /** By promise: the calls that rang, each at its moment. */
  readonly rung = new Map<string, Map<string, number>>();
  readonly world = createFakeWorld();
  readonly #env: TestWorkflowEnvironment;
  readonly #outcome: (callbackId: string, tries: number) => DialOutcome;
  #running: { worker: Worker; end: Promise<void>; connection: NativeConnection } | null = null;

  constructor(env: TestWorkflowEnvironment, outcome: (callbackId: string, tries: number) => DialOutcome) {
    this.#env = env;
    this.#outcome = outcome;
    this.world.hours = { US: HOURS, default: HOURS };
  }

  async up(): Promise<void> {
    const { client, address } = this.#env;
    const ringOnce: PromisedNetwork['ringOnce'] = ({ callbackId, callId, atMs }) => {
      const calls = this.rung.get(callbackId) ?? new Map<string, number>();
      this.rung.set(callbackId, calls);
      if (!calls.has(callId)) calls.set(callId, atMs);
      return Promise.resolve({ outcome: this.#outcome(callbackId, [...calls.keys()].indexOf(callId)) });
    };
    // A connection of its own: two workers of one queue cannot share one.
    const connection = await NativeConnection.connect({ address });
    const worker = await Worker.create({
      connection,
      taskQueue: CALLS_QUEUE,
      workflowBundle: await promisedBundle(),
      // None in memory: this server keeps a task for the worker that has its workflow there, for ever when that worker is gone.
      maxCachedWorkflows: 0,
      workflowThreadPoolSize: 2,
      // Polls that wait at this server are not called back: without it a worker takes a minute to end. Few, since a task may go into one of the dead.
      workflowTaskPollerBehavior: { type: 'simple-maximum', maximum: 2 },
      activityTaskPollerBehavior: { type: 'simple-maximum', maximum: 2 },
      shutdownForceTime: '1s',
      activities: { ...callActivities(this.world), ...createLineActivities({ client }), ringOnce },
    });
    this.#running = { worker, end: worker.run(), connection };
  }

  /** Another worker takes over while the one before finishes what it has begun, and with it all that it has in memory. */
  async handOver(): Promise<void> {
    const before = this.#running;
    await this.up();
    await stop(before);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const running = this.#running;
    this.#running = null;
    await stop(running);
  }
}

async function stop(running: { worker: Worker; end: Promise<void>; connection: NativeConnection } | null) {
  running?.worker.shutdown();
  await running?.end;
  await running?.connection.close();
}

const AT_ONCE = 25;
const lineKey = (callbackId: CallbackId) => asNumberKey(`${CUSTOMER}-${callbackId}`);

async function makePromises(env: TestWorkflowEnvironment, plan: readonly PlannedPromise[]): Promise<void> {
  const nowMs = await env.currentTimeMs();
  const make = async ({ callbackId, zone, dueAtMs, exact, days }: PlannedPromise): Promise<void> => {
    const input: CallbackInput = {
      callbackId,
      // A line each: nobody waits for another's call.
      numberKey: lineKey(callbackId),
      customerNumber: CUSTOMER,
      botNumber: BOT,
      initiate: INITIATE,
      title: `Promise ${callbackId}`,
      description: '',
      dueAtMs,
      fromCallId: null,
      createdAtMs: nowMs,
      zone,
      exact,
      resumeWithinMs: 0,
      ...(days > 1 ? { rule: `FREQ=DAILY;COUNT=${days}` } : {}),
    };
    await env.client.workflow.start<typeof callback>('callback', {
      workflowId: callbackWorkflowId(callbackId),
      taskQueue: CALLS_QUEUE,
      args: [input],
    });
  };
  for (let from = 0; from < plan.length; from += AT_ONCE) await Promise.all(plan.slice(from, from + AT_ONCE).map(make));
}

export interface Kept {
  promise: PlannedPromise;
  status: string | undefined;
  rungAtMs: readonly number[];
  /** Of each ring, after its moment; null = there was none. */
  lateMs: (number | null)[];
}

/** A ring is begun by a worker, which takes its time; the clock may jump on meanwhile. */
const WINDOW_MS = 60_000;

/** Not kept, rung too often, too rarely, before their moment or too late after it. */
export const wrongOnes = (kept: readonly Kept[]): Kept[] =>
  kept.filter(
    ({ promise, status, rungAtMs, lateMs }) =>
      status !== 'done' ||
      rungAtMs.length !== promise.expectedAtMs.length ||
      lateMs.some((each) => each === null || each < 0 || each > WINDOW_MS),
  );

/** The clock does not jump while anybody is at work: when it has passed this, nobody is. */
const AWAKE_AFTER_MS = 60_000;
/** In real time. */
const SETTLED_WITHIN_MS = 60_000;

export interface Wish {
  many: number;
  seed: number;
  /** Some come three days running. */
  everyDayToo: boolean;
}

/** The whole story: promises made, days slept through, the worker replaced twice on the way. */
export async function keepPromises(env: TestWorkflowEnvironment, wish: Wish): Promise<Kept[]> {
  const byId = new Map<string, PlannedPromise>();
  await using house = new PromiseHouse(env, (id, tries) =>
    tries < (byId.get(id)?.unanswered ?? 0) ? 'no_answer' : 'answered',
  );
  await house.up();
  const plan = planPromises(wish, await env.currentTimeMs());
  for (const promise of plan) byId.set(promise.callbackId, promise);
  await makePromises(env, plan);
  const moments = [...new Set(plan.flatMap(({ expectedAtMs }) => expectedAtMs))].sort((one, other) => one - other);
  const restarts = [1 / 3, 2 / 3].map((share) => restartAt(moments.slice(Math.floor(moments.length * share)), plan));
  // Nap by nap: a request that waits for long is broken off by the server, which takes no pings.
  for (const atMs of moments) {
    await env.sleep(Math.max(1, atMs + AWAKE_AFTER_MS - (await env.currentTimeMs())));
    if (!restarts.includes(atMs)) continue;
    await settled(
      env,
      house,
      plan.filter(({ expectedAtMs }) => (expectedAtMs.at(-1) ?? 0) <= atMs),
    );
    await house.handOver();
  }
  await settled(env, house, plan);
  return plan.map((promise) => {
    const rungAtMs = [...(house.rung.get(promise.callbackId)?.values() ?? [])];
    const lateMs = promise.expectedAtMs.map((atMs, index) => {
      const rang = rungAtMs[index];
      return rang === undefined ? null : rang - atMs;
    });
    return { promise, status: house.world.callbacks.get(promise.callbackId)?.status, rungAtMs, lateMs };
  });
}

/** The first of these moments after which nobody waits for a second try; with those that come again there may be none. */
function restartAt(moments: readonly number[], plan: readonly PlannedPromise[]): number | undefined {
  const between = (atMs: number): boolean =>
    plan.some(({ expectedAtMs }) => (expectedAtMs[0] ?? 0) <= atMs && (expectedAtMs.at(-1) ?? 0) > atMs);
  return moments.find((atMs) => !between(atMs)) ?? moments[0];
}

/** Kept, and their lines closed: no task of theirs is under way. */
async function settled(
  env: TestWorkflowEnvironment,
  { world }: PromiseHouse,
  promises: readonly PlannedPromise[],
): Promise<void> {
  await untilTrue(
    () => promises.every(({ callbackId }) => world.callbacks.get(callbackId)?.status === 'done'),
    SETTLED_WITHIN_MS,
  );
  for (const { callbackId } of promises) {
    const line = env.client.workflow.getHandle(lineWorkflowId(lineKey(callbackId)));
    await untilTrue(async () => (await line.describe()).status.name === 'COMPLETED', SETTLED_WITHIN_MS);
  }
}
