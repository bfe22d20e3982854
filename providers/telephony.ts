/** Port: call control. What a leg is to do next is a {@link CallPlan}, whatever the network calls it. */
import type { AttemptId, ConnectId, E164, LegId } from '../domain/ids.ts';
import type { LegAddress, LegStatus } from '../domain/leg.ts';
import type { InboundLeg } from '../domain/missed-calls.ts';

export type PlanStep =
  /** Join the bot: a websocket to a media host. Blocks until it ends; a fault asks `eventUrl` what to do next. */
  | { do: 'bot'; mediaUrl: string; headers: MediaHeaders; eventUrl: string; from: string }
  | { do: 'say'; text: string; language: string }
  /** Silence. */
  | { do: 'wait'; ms: number }
  /** Ring a human; the briefing plays in the human's ear before they join. */
  | { do: 'operator'; number: E164; from: string; briefingUrl: string; eventUrl: string; ringTimeoutS: number };

export type CallPlan = PlanStep[];

/** Comes back in the websocket's first frame and in its `disconnected` event; 512 bytes at most. */
export interface MediaHeaders {
  callId: string;
  connectId: ConnectId;
  /** Only when the call could not be opened before the answer: what the media host needs to open it itself. */
  provisional?: { legId: string; from: string; to: string; conversationId: string; regionUrl: string };
}

export interface DialRequest {
  attemptId: AttemptId;
  to: E164;
  from: string;
  answerUrl: string;
  eventUrl: string;
  ringTimeoutS: number;
  /** The network listens for a machine, its greeting and its beep, while the call goes on. */
  detectMachine?: boolean;
}

export interface DialledLeg {
  legId: LegId;
  conversationId: string | null;
  status: LegStatus;
  startedAtMs: number;
}

export interface Telephony {
  /** No idempotency at the vendor: `ProviderError` of kind `in_doubt` when it may have rung. */
  dial(request: DialRequest): Promise<DialledLeg>;
  /** Legs to this number created since; newest first. */
  findDialled(query: { to: E164; sinceMs: number }): Promise<DialledLeg[]>;
  /** Legs that customers began since; whatever their state, newest first. */
  listInbound(query: { sinceMs: number }): Promise<InboundLeg[]>;
  legStatus(leg: LegAddress): Promise<LegStatus | null>;
  hangUp(leg: LegAddress): Promise<void>;
  transfer(leg: LegAddress, plan: CallPlan): Promise<void>;
}
