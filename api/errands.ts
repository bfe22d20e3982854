/**
 * What a webhook has to tell while its receiver is away. The network asks again once at most, and an event answered with an error may cost
 * the call, so the api says 200 and keeps trying by itself.
 */
import type { Logger } from '../telemetry/log.ts';

/** An outage longer than this is the workflow's to reconcile: it asks the network for the leg's state. */
const GIVE_UP_MS = 10 * 60_000;
const PAUSE_MS = 1_000;
const MOST_WAITING = 10_000;

export interface Errands {
  /** Resolves after the first try, whatever came of it. */
  run(what: string, errand: () => Promise<unknown>): Promise<void>;
  waiting(): number;
  stop(): void;
}

export function createErrands(options: { log: Logger; nowMs: () => number; pauseMs?: number }): Errands {
  const { log, nowMs } = options;
  const stopped = new AbortController();
  let waiting = 0;

  const keepTrying = async (what: string, errand: () => Promise<unknown>): Promise<void> => {
    const sinceMs = nowMs();
    while (nowMs() - sinceMs < GIVE_UP_MS && (await pause(options.pauseMs ?? PAUSE_MS, stopped.signal))) {
      try {
        await errand();
        log.info({ what, afterMs: nowMs() - sinceMs }, 'told at last');
        return;
      } catch (error) {
        log.debug({ err: error, what }, 'still not told');
      }
    }
    log.error({ what, stopping: stopped.signal.aborted }, 'never told');
  };

  return {
    async run(what, errand) {
      try {
        await errand();
      } catch (error) {
        if (waiting >= MOST_WAITING) {
          log.error({ err: error, what }, 'not told, and too much is waiting already');
          return;
        }
        log.warn({ err: error, what }, 'not told yet; trying on');
        waiting += 1;
        void keepTrying(what, errand).finally(() => (waiting -= 1));
      }
    },
    waiting: () => waiting,
    stop: () => stopped.abort(),
  };
}

/** False when stopped. */
function pause(ms: number, signal: AbortSignal): Promise<boolean> {
  if (signal.aborted) return Promise.resolve(false);
  return new Promise((resolve) => {
    const timer = setTimeout(() => {
      signal.removeEventListener('abort', stop);
      resolve(true);
    }, ms);
    const stop = (): void => {
      clearTimeout(timer);
      resolve(false);
    };
    timer.unref();
    signal.addEventListener('abort', stop, { once: true });
  });
}
