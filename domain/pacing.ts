/**
 * The network's limit on new legs, for the whole account: a ledger with one figure, the time until which what was granted keeps the
 * network busy. Inbound and reconnects are granted at once and only push that time on; who dials waits for it.
 */
export interface CreationLimit {
  /** The network's own: legs that it makes in a second, connects to the bot included. */
  perSecond: number;
  /** So many at once where nothing was granted for a while. */
  burst: number;
}

/** One second's legs at once, as the network takes them; at least a dial with its connect. */
export const creationLimit = (perSecond: number): CreationLimit => ({
  perSecond,
  burst: Math.max(COST_OF_DIAL, Math.floor(perSecond)),
});

/** A dialled call that is answered costs two: the customer's leg and the bot's socket. */
export const COST_OF_DIAL = 2;
export const COST_OF_CONNECT = 1;

export interface Grant {
  freeAtMs: number;
  /** When the legs may be made: now, or later. */
  startAtMs: number;
}

/** [PA1-PA2] What `creations` more legs cost. The figure never counts time that has passed unused beyond one burst. */
export function grant(freeAtMs: number, ask: { creations: number; nowMs: number }, limit: CreationLimit): Grant {
  const eachMs = 1_000 / limit.perSecond;
  // The last creation of an empty ledger's burst may start at once.
  const slackMs = Math.max(0, limit.burst - ask.creations) * eachMs;
  const standing = Math.max(freeAtMs, ask.nowMs);
  return {
    freeAtMs: standing + ask.creations * eachMs,
    startAtMs: Math.max(ask.nowMs, Math.ceil(standing - slackMs)),
  };
}
