/** The network makes three legs a second for an account; a connect above that is refused. A bucket that says how long to hold on. */
export interface CreationBudget {
  /** Takes one creation; the answer is how long to wait before it. */
  take(nowMs: number): number;
}

export function createCreationBudget(perSecond: number): CreationBudget {
  const spacingMs = 1000 / perSecond;
  let freeAtMs = 0;
  return {
    take(nowMs) {
      // A burst of one second's worth is free.
      freeAtMs = Math.max(freeAtMs, nowMs - 1000) + spacingMs;
      return Math.max(0, Math.ceil(freeAtMs - nowMs));
    },
  };
}
