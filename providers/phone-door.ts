/** Port: the network's webhooks as facts, and plans as its replies. The api knows no vendor. */
import type { LegEvent, LegRole } from '../domain/leg.ts';
import type { CallPlan, MediaHeaders } from './telephony.ts';

export interface IncomingCall {
  legId: string;
  conversationId: string;
  /** Null when withheld. E.164. */
  from: string | null;
  to: string;
  regionUrl: string | null;
  atMs: number;
}

/** A webhook as it came: `body` raw, for its hash. */
export interface RawWebhook {
  method: string;
  url: string;
  headers: Record<string, string>;
  body: Uint8Array;
}

export type WebhookVerdict =
  | { ok: true; /** The token's id, to answer a repeat alike. */ tokenId: string | null; payloadHash: string }
  | { ok: false; reason: string };

/** Who an event is about, apart from the event itself: numbers do not travel on into workflows. */
export interface EventParties {
  /** The far party's number, E.164; null = withheld, or no phone. */
  customer: string | null;
  /** Our own number. */
  ours: string | null;
  direction: 'inbound' | 'outbound' | null;
  /** A websocket leg: the address it was connected to, and the headers given with it. */
  mediaUrl: string | null;
  mediaHeaders: MediaHeaders | null;
}

export interface PhoneDoor {
  verify(webhook: RawWebhook, nowMs: number): WebhookVerdict;
  /** Throws a ZodError when the payload has not the vendor's shape. */
  parseAnswer(webhook: RawWebhook, nowMs: number): IncomingCall;
  /** Null = an event that says nothing about a leg (recording, input, unknown): acknowledged and left. */
  parseEvent(webhook: RawWebhook, context: { nowMs: number; role: LegRole | null }): LegEvent | null;
  partiesOf(webhook: RawWebhook): EventParties;
  /** The reply's JSON body. An empty plan ends the leg. */
  reply(plan: CallPlan): unknown;
}
