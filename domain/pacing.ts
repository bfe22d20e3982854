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

/**
 * [PA4] How far ahead the account's time is given away. Campaigns take no more than the next dial (667 ms at three a second, so that one alone
 * keeps the network busy); who is promised a call reaches over all of theirs, and as far as a call may wait for its turn.
 */
export const CAMPAIGN_AHEAD_MS = 800;
export const PERSON_AHEAD_MS = 20 * 60_000;

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

/** Null = not within that time, and nothing is taken. */
export function grantWithin(
  freeAtMs: number,
  ask: { creations: number; nowMs: number; withinMs: number },
  limit: CreationLimit,
): Grant | null {
  const granted = grant(freeAtMs, ask, limit);
  return granted.startAtMs - ask.nowMs > ask.withinMs ? null : granted;
}

/** [CG16] */
export const NO_PLACE_FOR_CAMPAIGNS =
  'campaigns ring nobody: dialing.calls_at_once less dialing.reserved_for_inbound leaves them no call; raise the one or lower the other';
