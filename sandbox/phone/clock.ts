/** The network's one clock. Ticks are counted from its start, so a late one is made up for and nothing drifts. */
import { createHistogram, type RecordableHistogram } from 'node:perf_hooks';

export const FRAME_MS = 20;
/** Lines do not all send in the same instant: each keeps to one of these parts of the 20 ms. */
export const PHASES = 4;
const STEP_MS = FRAME_MS / PHASES;
/** After a pause of the whole process (a stopped laptop) the missed sound is lost, not poured out. */
const CATCH_UP_STEPS = 50 * PHASES;

export interface Clock {
  /** Told every 5 ms which part of the 20 ms it is. */
  onTick(tick: (phase: number) => void): void;
  /** How late its steps came, in microseconds: a meter whose own clock is late measures that. */
  lateness: RecordableHistogram;
  close(): void;
}

export function startClock(): Clock {
  const listeners: ((phase: number) => void)[] = [];
  const lateness = createHistogram();
  const startedAt = performance.now();
  let steps = 0;
  let timer: NodeJS.Timeout | undefined;

  const turn = (): void => {
    const nowMs = performance.now();
    const due = Math.floor((nowMs - startedAt) / STEP_MS);
    lateness.record(Math.max(1, Math.round((nowMs - startedAt - (steps + 1) * STEP_MS) * 1_000)));
    if (due - steps > CATCH_UP_STEPS) steps = due - CATCH_UP_STEPS;
    for (; steps < due; steps += 1) for (const listener of listeners) listener(steps % PHASES);
    const nextAt = startedAt + (steps + 1) * STEP_MS;
    timer = setTimeout(turn, Math.max(1, Math.ceil(nextAt - performance.now())));
  };
  timer = setTimeout(turn, STEP_MS);

  return {
    onTick: (listener) => listeners.push(listener),
    lateness,
    close: () => {
      clearTimeout(timer);
    },
  };
}
