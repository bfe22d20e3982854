/** The network makes three legs a second for an account; a connect above that is refused. Says how long to hold on before one. */
export interface CreationBudget {
  /** Takes one creation; the answer is how long to wait before it. */
  take(nowMs: number): number;
}

export function createCreationBudget(perSecond: number): CreationBudget {
  /** When the last ones were granted, oldest first: never more than these in any one second. */
  let grantedAtMs: number[] = [];
  return {
    take(nowMs) {
      const oldest = grantedAtMs.length < perSecond ? undefined : grantedAtMs[0];
      const atMs = Math.max(nowMs, oldest === undefined ? nowMs : oldest + 1_000);
      grantedAtMs = [...grantedAtMs, atMs].slice(-perSecond);
      return atMs - nowMs;
    },
  };
}
