/** A Temporal worker that goes on while Temporal is away: connects until it can, and polls again after a fault. */
import { setTimeout as pause } from 'node:timers/promises';
import { Worker, type WorkerOptions } from '@temporalio/worker';
import type { Logger } from '../telemetry/log.ts';
import { connectToTemporal } from './run.ts';

export interface PollingSettings {
  address: string;
  namespace: string;
  log: Logger;
  options: Omit<WorkerOptions, 'connection' | 'namespace'>;
}

export interface Polling {
  /** Takes no more tasks; resolves when those at hand have ended. */
  stop(): Promise<void>;
}

/** A server that restarts is back within 2-5 s. */
const AGAIN_AFTER_MS = 500;

export function startPolling(settings: PollingSettings): Polling {
  const stopping = new AbortController();
  let worker: Worker | null = null;
  const once = async (): Promise<void> => {
    const connection = await connectToTemporal(settings, settings.log);
    try {
      worker = await Worker.create({ ...settings.options, connection, namespace: settings.namespace });
      settings.log.info({ taskQueue: settings.options.taskQueue }, 'polling Temporal');
      // The signal may have come while the worker was being made.
      if (!stopping.signal.aborted) await worker.run();
    } finally {
      worker = null;
      await connection.close();
    }
  };
  const loop = async (): Promise<void> => {
    while (!stopping.signal.aborted) {
      try {
        await once();
      } catch (error) {
        settings.log.warn(
          { err: error, taskQueue: settings.options.taskQueue },
          'Temporal cannot be polled; trying again',
        );
        await pause(AGAIN_AFTER_MS, undefined, { signal: stopping.signal }).catch(() => undefined);
      }
    }
  };
  const running = loop();
  return {
    async stop() {
      stopping.abort();
      if (worker?.getState() === 'RUNNING') worker.shutdown();
      await running;
    },
  };
}
