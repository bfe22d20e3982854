/**
 * How an inbound leg becomes a request to its line. Made from the leg alone, so that the api and, where Temporal was away at the
 * answer, the media host ask for the same thing under the same update id, and one call comes of it.
 */
import { anonymousKey, asCallId, asE164, asLegId, type CallId, type E164, type LegId, type NumberKey } from './ids.ts';
import type { Initiate } from './initiate.ts';

export interface InboundLeg {
  legId: LegId;
  conversationId: string;
  /** Null when withheld. */
  from: E164 | null;
  to: E164;
  regionUrl: string | null;
  startedAtMs: number;
}

export interface InboundTerms {
  initiate: Initiate;
  resumeWithinMs: number;
  /** Lower-case hex of at least 32 characters. */
  hashHex: (text: string) => string;
}

/** Fits `OpenCallRequest` of the line. */
export interface InboundOpenCall {
  direction: 'inbound';
  proposedCallId: CallId;
  botNumber: E164;
  initiate: Initiate;
  leg: { legId: LegId; regionUrl: string | null; conversationId: string; startedAtMs: number };
  callback: null;
  resumeWithinMs: number;
}

/** The webhook's identity: a repeat of the answer webhook gets the first one's outcome. */
export const answerUpdateId = (legId: LegId): string => `answer:${legId}`;

/** A hash in the shape of a UUID (version 8: made by its maker's own rule). */
export function callIdFromHash(hex: string): CallId {
  const variant = ((Number.parseInt(hex.charAt(16), 16) & 0x3) | 0x8).toString(16);
  return asCallId([hex.slice(0, 8), hex.slice(8, 12), `8${hex.slice(13, 16)}`, variant + hex.slice(17, 20), hex.slice(20, 32)].join('-'));
}

export const inboundCallId = (legId: LegId, hashHex: (text: string) => string): CallId => callIdFromHash(hashHex(`leg:${legId}`));

export function inboundOpenCall(leg: InboundLeg, terms: InboundTerms): InboundOpenCall {
  const { legId, conversationId, regionUrl, startedAtMs } = leg;
  return {
    direction: 'inbound',
    proposedCallId: inboundCallId(legId, terms.hashHex),
    botNumber: leg.to,
    initiate: terms.initiate,
    leg: { legId, regionUrl, conversationId, startedAtMs },
    callback: null,
    resumeWithinMs: terms.resumeWithinMs,
  };
}

/** Whose line: the number's, or one for this leg alone where the number is withheld. */
export function lineKeyOf(leg: { legId: LegId; from: E164 | null }, keyOf: (number: E164) => NumberKey): NumberKey {
  return leg.from === null ? anonymousKey(leg.legId) : keyOf(leg.from);
}

/** A leg as it travels in the media headers of a call that could not be opened before the answer. `from` is empty when withheld. */
export interface ProvisionalLeg {
  legId: string;
  from: string;
  to: string;
  conversationId: string;
  regionUrl: string;
}

export function provisionalFromLeg(leg: InboundLeg): ProvisionalLeg {
  return { legId: leg.legId, from: leg.from ?? '', to: leg.to, conversationId: leg.conversationId, regionUrl: leg.regionUrl ?? '' };
}

export function legFromProvisional(provisional: ProvisionalLeg, nowMs: number): InboundLeg {
  return {
    legId: asLegId(provisional.legId),
    conversationId: provisional.conversationId,
    from: provisional.from === '' ? null : asE164(provisional.from),
    to: asE164(provisional.to),
    regionUrl: provisional.regionUrl === '' ? null : provisional.regionUrl,
    startedAtMs: nowMs,
  };
}
