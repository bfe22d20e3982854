/** The network's one 20 ms clock. Ticks are counted from its start, so a late one is made up for and nothing drifts. */

export const FRAME_MS = 20;
/** After a pause of the whole process (a stopped laptop) the missed sound is lost, not poured out. */
const CATCH_UP_TICKS = 50;

export interface Clock {
  onTick(tick: () => void): void;
  close(): void;
}

export function startClock(): Clock {
  const listeners: (() => void)[] = [];
  const startedAt = performance.now();
  let ticks = 0;
  let timer: NodeJS.Timeout | undefined;

  const turn = (): void => {
    const due = Math.floor((performance.now() - startedAt) / FRAME_MS);
    if (due - ticks > CATCH_UP_TICKS) ticks = due - CATCH_UP_TICKS;
    for (; ticks < due; ticks += 1) for (const listener of listeners) listener();
    const nextAt = startedAt + (ticks + 1) * FRAME_MS;
    timer = setTimeout(turn, Math.max(1, nextAt - performance.now()));
  };
  timer = setTimeout(turn, FRAME_MS);

  return {
    onTick: (listener) => listeners.push(listener),
    close: () => {
      clearTimeout(timer);
    },
  };
}
