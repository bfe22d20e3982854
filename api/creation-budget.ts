/** The network makes so many legs a second for an account; a connect above that is refused. Says how long to hold on before one. */
export interface CreationBudget {
  /** Takes one creation; the answer is how long to wait before it. */
  take(nowMs: number): number;
}

export function createCreationBudget(perSecond: number): CreationBudget {
  /** Whole legs; a limit of one in two seconds is one in a longer while. */
  const atOnce = Math.max(1, Math.floor(perSecond));
  const whileMs = (atOnce * 1_000) / perSecond;
  /** When the last ones were granted, oldest first: never more than these in any such while. */
  let grantedAtMs: number[] = [];
  return {
    take(nowMs) {
      const oldest = grantedAtMs.length < atOnce ? undefined : grantedAtMs[0];
      const atMs = Math.max(nowMs, oldest === undefined ? nowMs : oldest + whileMs);
      grantedAtMs = [...grantedAtMs, atMs].slice(-atOnce);
      return atMs - nowMs;
    },
  };
}
