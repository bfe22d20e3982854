/** When a process that died is started again. Pure. */

/** One that lived this long, or was killed from outside after it had become ready, did not die of its own start. */
const STEADY_MS = 5_000;
const DELAYS_MS = [0, 0, 500, 1_000, 2_000, 4_000, 8_000, 15_000] as const;
/** From the third death in a row on it is a loop, and a person should hear of it. */
const LOOP_FROM = 3;

export interface Death {
  livedMs: number;
  wasReady: boolean;
  signal: NodeJS.Signals | null;
}

export interface Verdict {
  /** Quick deaths in a row, this one included; given back at the next death. */
  quickDeaths: number;
  delayMs: number;
  isLoop: boolean;
}

export function judgeDeath(death: Death, earlierQuickDeaths: number): Verdict {
  const killed = death.wasReady && (death.signal === 'SIGKILL' || death.signal === 'SIGTERM');
  if (killed || death.livedMs >= STEADY_MS) return { quickDeaths: 0, delayMs: 0, isLoop: false };
  const quickDeaths = earlierQuickDeaths + 1;
  const delayMs = DELAYS_MS[Math.min(quickDeaths, DELAYS_MS.length - 1)] ?? 0;
  return { quickDeaths, delayMs, isLoop: quickDeaths >= LOOP_FROM };
}
