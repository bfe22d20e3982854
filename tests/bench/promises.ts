/**
 * Does a promised call come in time while very many are pending? On the real local server, with activities in memory:
 * `node tests/bench/promises.ts [pending] [probes] [file]`. A promise lies far ahead for each of `pending`; each probe is due twenty seconds after it
 * was made, and the first is made once that file is there: the pending ones may be made on a busy machine, the measuring wants a quiet one. Where
 * the file comes earlier there are fewer pending.
 * Figures as JSON on stdout; 1 when a probe rang more than two seconds late, or early.
 */
import { randomUUID } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { Client, Connection } from '@temporalio/client';
import { DefaultLogger, NativeConnection, Runtime, Worker } from '@temporalio/worker';
import type { DialInput } from '../../activities/dial.ts';
import { createLineActivities } from '../../activities/lines.ts';
import { asCallbackId, asNumberKey, callbackWorkflowId, CALLS_QUEUE } from '../../domain/ids.ts';
import type { callback } from '../../workflows/callback/workflow.ts';
import { callActivities, createFakeWorld } from '../kit/fake-activities.ts';
import { localTemporal } from '../kit/servers.ts';
import { workflowBundle } from '../kit/workflow-bundle.ts';
import { BOT, CUSTOMER, INITIATE } from '../workflow/house.ts';
import { percentile } from './statistics.ts';

const PENDING = Number(process.argv[2] ?? 10_000);
const PROBES = Number(process.argv[3] ?? 30);
const QUIET_SIGN = process.argv[4];
const AHEAD_MS = 20_000;
const APART_MS = 700;
const MONTH_MS = 30 * 24 * 3_600_000;
const AT_ONCE = 40;
/** Of a busy machine, too. */
const TAKEN_UP_MS = 10 * 60_000;
const IN_TIME_MS = 2_000;
const TICKS_A_SECOND = 100;

Runtime.install({ logger: new DefaultLogger('ERROR') });
await using temporal = await localTemporal();
const connection = await Connection.connect({ address: temporal.address });
const native = await NativeConnection.connect({ address: temporal.address });
const client = new Client({ connection });
const world = createFakeWorld();
const dialledAtMs = new Map<string, number>();
const memory = callActivities(world);
const worker = await Worker.create({
  connection: native,
  taskQueue: CALLS_QUEUE,
  workflowBundle: await workflowBundle(),
  // As `workers/calls.ts` has it: most of the pending are not in memory.
  maxCachedWorkflows: 1_000,
  maxConcurrentActivityTaskExecutions: 400,
  activities: {
    ...memory,
    ...createLineActivities({ client }),
    dial: async (input: DialInput) => {
      dialledAtMs.set(input.callId, Date.now());
      return await memory.dial(input);
    },
  },
});
const running = worker.run();

async function promise(dueAtMs: number): Promise<string> {
  const callbackId = asCallbackId(randomUUID());
  await client.workflow.start<typeof callback>('callback', {
    workflowId: callbackWorkflowId(callbackId),
    taskQueue: CALLS_QUEUE,
    args: [
      {
        callbackId,
        numberKey: asNumberKey(callbackId),
        customerNumber: CUSTOMER,
        botNumber: BOT,
        initiate: INITIATE,
        title: 'Tell about the delivery',
        description: '',
        dueAtMs,
        fromCallId: null,
        createdAtMs: Date.now(),
        exact: true,
      },
    ],
  });
  return callbackId;
}

async function until(what: string, ready: () => boolean, withinMs: number): Promise<void> {
  const deadline = performance.now() + withinMs;
  while (!ready()) {
    if (performance.now() > deadline) throw new Error(`${what} took longer than ${withinMs} ms`);
    await pause(100);
  }
}

const begunAtMs = performance.now();
const quietNow = (): boolean => QUIET_SIGN !== undefined && existsSync(QUIET_SIGN);
let made = 0;
for (; made < PENDING && !quietNow(); made += AT_ONCE) {
  const batch = Array.from({ length: Math.min(AT_ONCE, PENDING - made) }, (_, each) =>
    promise(Date.now() + MONTH_MS + (made + each) * 1_000),
  );
  await Promise.all(batch);
  // No faster than they are taken up.
  await until('taking up the promises', () => made + batch.length - world.callbacks.size < 200, TAKEN_UP_MS);
  if (made % 1_000 < AT_ONCE) process.stderr.write(`${made}\n`);
}
const pending = Math.min(made, PENDING);
await until('taking up the last promises', () => world.callbacks.size >= pending, TAKEN_UP_MS);
await pause(5_000);
const madeS = (performance.now() - begunAtMs) / 1_000;
process.stderr.write(`${pending} pending after ${madeS.toFixed(0)} s\n`);
if (QUIET_SIGN !== undefined) await until(`the file ${QUIET_SIGN}`, quietNow, 2 * 3_600_000);

const serverBefore = cpuMs(temporal.pid);
const workerBefore = process.cpuUsage();
const dueAtMs = new Map<string, number>();
for (let probe = 0; probe < PROBES; probe += 1) {
  const due = Date.now() + AHEAD_MS;
  dueAtMs.set(await promise(due), due);
  await pause(APART_MS);
}
const ringing = (): number => [...dueAtMs.keys()].filter((id) => world.callbacks.get(id)?.status === 'dialling').length;
await until('the probes', () => dialledAtMs.size >= PROBES && ringing() === PROBES, AHEAD_MS + 60_000);

/** By the call that each probe's line was asked for: attempts are written down when they end, so calls are told apart by their line. */
const lateMs = await Promise.all(
  [...dueAtMs].map(async ([id, due]) => {
    const { liveCallId } = await client.workflow.getHandle(`line:${id}`).query<{ liveCallId: string }>('lineView');
    return (dialledAtMs.get(liveCallId) ?? Infinity) - due;
  }),
);
const used = process.cpuUsage(workerBefore);
const figures = {
  pending,
  probes: PROBES,
  dialled_after_due_ms: {
    least: Math.min(...lateMs),
    p50: percentile(lateMs, 0.5),
    p95: percentile(lateMs, 0.95),
    most: Math.max(...lateMs),
  },
  made_a_second: Number((pending / madeS).toFixed(1)),
  cpu_ms_a_probe: {
    worker: Math.round((used.user + used.system) / 1_000 / PROBES),
    server: Math.round((cpuMs(temporal.pid) - serverBefore) / PROBES),
  },
  worker_rss_mb: Math.round(process.memoryUsage.rss() / 1_048_576),
};
process.stdout.write(`${JSON.stringify(figures, null, 1)}\n`);
worker.shutdown();
await running;
await Promise.all([native.close(), connection.close()]);
process.exitCode = figures.dialled_after_due_ms.most <= IN_TIME_MS && figures.dialled_after_due_ms.least >= 0 ? 0 : 1;

/** User and system time of another process, from Linux's own books; 0 where there are none. */
function cpuMs(pid: number | undefined): number {
  try {
    const fields =
      readFileSync(`/proc/${String(pid)}/stat`, 'utf8')
        .split(') ')[1]
        ?.split(' ') ?? [];
    return ((Number(fields[11]) + Number(fields[12])) * 1_000) / TICKS_A_SECOND;
  } catch {
    return 0;
  }
}
