/** Calls that came while nobody could answer: what is known of them, and whom we ring back. */
import type { CallDocument } from './call-document.ts';
import { callDocument, isoTime, newRecord } from './document.ts';
import type { CallId, E164, LegId } from './ids.ts';
import type { Initiate } from './initiate.ts';

/** A leg as the network lists it, one that somebody else began. */
export interface InboundLeg {
  legId: LegId;
  /** Null = withheld. */
  from: E164 | null;
  to: E164;
  startedAtMs: number;
  over: boolean;
}

export interface MissedLeg extends InboundLeg {
  /** Made from the leg's uuid, as the door would have done. */
  callId: CallId;
  /** They rang again since: they were answered then, are on the line, or that call stands for this one. */
  cameAgain: boolean;
}

/** A promise of this title stands for all calls missed from a number. */
export const MISSED_CALL_TITLE = 'A call that we missed';
/** Older than this nobody waits for it any more; it is recorded all the same. */
const RUNG_BACK_WITHIN_MS = 24 * 3_600_000;

/** [MC4] Of one number the newest call stands for the others; withheld numbers are different people. */
export function rangAgain(leg: InboundLeg, listed: readonly InboundLeg[]): boolean {
  return (
    leg.from !== null && listed.some(({ from, startedAtMs }) => from === leg.from && startedAtMs > leg.startedAtMs)
  );
}

export type MissedVerdict = 'ring_back' | 'withheld' | 'came_again' | 'too_old' | 'not_allowed';

/** [MC2] [MC4] */
export function verdictOn(leg: MissedLeg, { nowMs, diallable }: { nowMs: number; diallable: boolean }): MissedVerdict {
  if (leg.from === null) return 'withheld';
  if (leg.cameAgain) return 'came_again';
  if (nowMs - leg.startedAtMs > RUNG_BACK_WITHIN_MS) return 'too_old';
  return diallable ? 'ring_back' : 'not_allowed';
}

export interface MissedOutline {
  callId: CallId;
  legId: LegId;
  customerNumber: E164 | null;
  botNumber: E164;
  initiate: Initiate;
  atMs: number;
}

/** [MC1] Somebody rang and heard our apology at best. */
export function missedDocument({ legId, ...outline }: MissedOutline): CallDocument {
  const record = newRecord({ ...outline, direction: 'inbound', phase: 'closed' });
  const leg = { leg_id: legId, role: 'customer' as const, started_at: isoTime(outline.atMs), ...NOTHING_MORE_KNOWN };
  const closed = { version: 1, closedAtMs: outline.atMs, disposition: 'missed' as const, legs: [leg] };
  return callDocument({ ...record, ...closed }, outline.atMs);
}

const NOTHING_MORE_KNOWN = { answered_at: null, ended_at: null, end_status: null, duration_s: null, price_eur: null };
