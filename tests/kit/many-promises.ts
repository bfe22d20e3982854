/** Very many promised calls on a clock that jumps: a seeded plan, kept across a change of the clocks and restarts of the worker. */
import path from 'node:path';
import { bundleWorkflowCode, DefaultLogger, NativeConnection, Worker, type WorkflowBundle } from '@temporalio/worker';
import type { TestWorkflowEnvironment } from '@temporalio/testing';
import { createLineActivities } from '../../activities/lines.ts';
import { asNumberKey, callbackWorkflowId, CALLS_QUEUE, lineWorkflowId, type CallbackId } from '../../domain/ids.ts';
import type { DialOutcome } from '../../domain/leg.ts';
import type { CallbackInput } from '../../workflows/callback/messages.ts';
import type { callback } from '../../workflows/callback/workflow.ts';
import { BOT, CUSTOMER, INITIATE, untilTrue } from '../workflow/house.ts';
import { callActivities, createFakeWorld } from './fake-activities.ts';
import { forgetWorker } from './forget-worker.ts';
import { HOURS, planPromises, type PlannedPromise, type Wish } from './promise-plan.ts';
import type { PromisedNetwork } from './promised-calls.ts';

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
  /** How often it rang at each worker, in the order in which they came. */
  readonly ringsOfWorkers: number[] = [];
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
    const place = this.ringsOfWorkers.push(0) - 1;
    const ringOnce: PromisedNetwork['ringOnce'] = ({ callbackId, callId, atMs }) => {
      this.ringsOfWorkers[place] = (this.ringsOfWorkers[place] ?? 0) + 1;
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
      // All in memory: a worker that holds none takes a second of a processor for each ring, since every task is replayed from the start.
      maxCachedWorkflows: 5_000,
      // Without the SDK's limit of five seconds on the wall for a step of microseconds: on a machine that others use too it strikes, and a task that was given up can stop this server's clock.
      debugMode: true,
      // Polls that wait at this server are not called back: without it a worker takes a minute to end.
      shutdownForceTime: '1s',
      activities: { ...callActivities(this.world), ...createLineActivities({ client }), ringOnce },
    });
    this.#running = { worker, end: worker.run(), connection };
  }

  /** The worker goes, with all that it has in memory, and another one comes. */
  async restart(workflowIds: readonly string[]): Promise<void> {
    await stop(this.#running);
    this.#running = null;
    for (const workflowId of workflowIds) await forgetWorker(this.#env, workflowId);
    await this.up();
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

/** In real time, on a machine that others use too. */
const SETTLED_WITHIN_MS = 120_000;
const AT_ONCE = 25;
const lineKey = (callbackId: CallbackId) => asNumberKey(`${CUSTOMER}-${callbackId}`);

/** No faster than they are taken up. */
async function makePromises(
  env: TestWorkflowEnvironment,
  { world }: PromiseHouse,
  plan: readonly PlannedPromise[],
): Promise<void> {
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
      // Ten seconds otherwise, which pass on a starved machine: after a task that ran out of its time this server's clock jumps no more.
      workflowTaskTimeout: '1 minute',
      args: [input],
    });
  };
  for (let from = 0; from < plan.length; from += AT_ONCE) {
    await Promise.all(plan.slice(from, from + AT_ONCE).map(make));
    await untilTrue(() => world.callbacks.size >= Math.min(from + AT_ONCE, plan.length), SETTLED_WITHIN_MS);
  }
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

/** The whole story: promises made, days slept through, the worker replaced twice on the way. */
export async function keepPromises(
  env: TestWorkflowEnvironment,
  wish: Wish,
): Promise<{ kept: Kept[]; ringsOfWorkers: readonly number[] }> {
  const byId = new Map<string, PlannedPromise>();
  await using house = new PromiseHouse(env, (id, tries) =>
    tries < (byId.get(id)?.unanswered ?? 0) ? 'no_answer' : 'answered',
  );
  await house.up();
  const plan = planPromises(wish, await env.currentTimeMs());
  for (const promise of plan) byId.set(promise.callbackId, promise);
  await makePromises(env, house, plan);
  const moments = [...new Set(plan.flatMap(({ expectedAtMs }) => expectedAtMs))].sort((one, other) => one - other);
  const restarts = [1 / 3, 2 / 3].map((share) => moments[Math.floor(moments.length * share)]);
  // Nap by nap: a request that waits for long is broken off by the server, which takes no pings.
  for (const atMs of moments) {
    await env.sleep(Math.max(1, atMs + AWAKE_AFTER_MS - (await env.currentTimeMs())));
    if (!restarts.includes(atMs)) continue;
    await nobodyAtWork(env);
    await house.restart(
      plan.flatMap(({ callbackId }) => [callbackWorkflowId(callbackId), lineWorkflowId(lineKey(callbackId))]),
    );
  }
  await settled(env, house, plan);
  const kept = plan.map((promise) => {
    const rungAtMs = [...(house.rung.get(promise.callbackId)?.values() ?? [])];
    const lateMs = promise.expectedAtMs.map((atMs, index) => {
      const rang = rungAtMs[index];
      return rang === undefined ? null : rang - atMs;
    });
    return { promise, status: house.world.callbacks.get(promise.callbackId)?.status, rungAtMs, lateMs };
  });
  return { kept, ringsOfWorkers: house.ringsOfWorkers };
}

/** While anybody is, the clock does not jump. */
async function nobodyAtWork(env: TestWorkflowEnvironment): Promise<void> {
  await untilTrue(async () => {
    const begunAtMs = performance.now();
    await env.sleep(4_000);
    return performance.now() - begunAtMs < 2_000;
  }, SETTLED_WITHIN_MS);
}

/** Kept, and their lines closed. */
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
