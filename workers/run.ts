/** A worker process's life: it waits for Temporal, works, drains when asked to stop, and outlives a restart of the server. */
import { setTimeout as pause } from 'node:timers/promises';
import { DefaultLogger, NativeConnection, Runtime, type LogEntry, type Worker } from '@temporalio/worker';
import type { Config } from '../config/load.ts';
import type { Logger } from '../telemetry/log.ts';
import { metricsHandler, openMetricsDoor } from '../telemetry/metrics-door.ts';
import { createMetrics } from '../telemetry/metrics.ts';

const RETRY_MS = 500;
const SAY_EVERY_MS = 10_000;

/** What the SDK finds worth a warning is how media and insights workers are meant: they carry activities alone. */
const ACTIVITIES_ONLY = 'No workflows registered';

/** The SDK's own words go into our log. Once a process, before anything else of the SDK. */
export function speakThrough(log: Logger): void {
  const write = ({ level, message, meta }: LogEntry): void => {
    const fields = { ...meta } as Record<string, unknown>;
    if (level === 'ERROR') log.error(fields, message);
    else if (level === 'WARN' && !message.startsWith(ACTIVITIES_ONLY)) log.warn(fields, message);
    else log.debug(fields, message);
  };
  Runtime.install({ logger: new DefaultLogger('INFO', write), shutdownSignals: [] });
}

/** Tried until Temporal answers: the order in which processes come up does not matter. */
export async function connectToTemporal(place: { address: string }, log: Logger): Promise<NativeConnection> {
  let saidAtMs = -SAY_EVERY_MS;
  for (;;) {
    try {
      return await NativeConnection.connect({ address: place.address });
    } catch (error) {
      if (performance.now() - saidAtMs > SAY_EVERY_MS) {
        log.warn({ err: error, address: place.address }, 'Temporal does not answer yet; trying on');
        saidAtMs = performance.now();
      }
      await pause(RETRY_MS);
    }
  }
}

/** For workers that have no door of their own. */
export async function serveMetrics({ metricsPort, http }: Config, log: Logger): Promise<void> {
  if (metricsPort === null) return;
  await openMetricsDoor(metricsHandler(createMetrics(), http), { port: metricsPort, apiKeys: http.apiKeys }, log);
}

export interface WorkerProcess {
  name: string;
  workers: Worker[];
  log: Logger;
  /** What to give back once all work is done. */
  close: () => Promise<void>;
}

/**
 * Until a signal comes: then no more is taken, what runs may end within each worker's own grace time, and the process goes. A worker that
 * fails for good ends the process with 1, for its supervisor to start a new one.
 */
export async function runUntilStopped({ name, workers, log, close }: WorkerProcess): Promise<void> {
  const stop = (): void => {
    for (const worker of workers) if (worker.getState() === 'RUNNING') worker.shutdown();
  };
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, stop);
  log.info({ queues: workers.map((worker) => worker.options.taskQueue) }, `${name} at work`);
  const ends = await Promise.allSettled(
    workers.map(async (worker) => {
      try {
        await worker.run();
      } finally {
        stop();
      }
    }),
  );
  await close();
  const failed = ends.find((end) => end.status === 'rejected');
  if (failed === undefined) log.info(`${name} has stopped`);
  else log.error({ err: failed.reason as unknown }, `${name} has failed`);
  process.exit(failed === undefined ? 0 : 1);
}
