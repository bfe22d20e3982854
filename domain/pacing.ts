/**
 * The network's limit on new legs, for the whole account: a ledger with one figure, the time until which what was granted keeps the
 * network busy. Inbound and reconnects are granted at once and only push that time on; who dials waits for it.
 */
export interface CreationLimit {
  /** The network's own: legs that it makes in a second, connects to the bot included. */
  perSecond: number;
}

/** A dialled call that is answered costs two: the customer's leg and the bot's socket. */
export const COST_OF_DIAL = 2;
export const COST_OF_CONNECT = 1;

export interface Grant {
  freeAtMs: number;
  /** When the legs may be made: now, or later. */
  startAtMs: number;
}

/** [PA1-PA2] What `creations` more legs cost. Time that has passed unused is no credit. */
export function grant(freeAtMs: number, ask: { creations: number; nowMs: number }, limit: CreationLimit): Grant {
  const startAtMs = Math.max(ask.nowMs, Math.ceil(freeAtMs));
  return { startAtMs, freeAtMs: Math.max(freeAtMs, ask.nowMs) + (ask.creations * 1_000) / limit.perSecond };
}
