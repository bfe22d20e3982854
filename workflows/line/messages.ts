/** What a `line` workflow is told and asked. `line:<number>` = one customer's thread. */
import { defineQuery, defineSignal, defineUpdate } from '@temporalio/workflow';
import type { CampaignReason } from '../../domain/campaign.ts';
import type { PendingPromise } from '../../domain/due.ts';
import type { AttemptId, CallId, CallbackId, E164, LegId, NumberKey } from '../../domain/ids.ts';
import type { Initiate } from '../../domain/initiate.ts';
import type { LegAddress, LegEvent } from '../../domain/leg.ts';
import type { OptOutWish, TextBack } from '../../domain/opt-out.ts';
import type { IncomingText } from '../../domain/sms.ts';
import type { LineState } from './state.ts';

export interface LineInput {
  numberKey: NumberKey;
  /** Null = number withheld. */
  customerNumber: E164 | null;
  /** Only from the line itself, when its history is carried over into a fresh run. */
  carried?: LineState;
}

export interface OpenCallRequest {
  direction: 'inbound' | 'outbound';
  /** Taken when this opens a new call. Inbound: made from the leg's uuid. */
  proposedCallId: CallId;
  /** Which of our numbers. Resuming needs the same. */
  botNumber: E164;
  initiate: Initiate;
  /** Inbound only: the customer's own leg. */
  leg: (LegAddress & { conversationId: string; startedAtMs: number }) | null;
  /** Inbound, in the place of a leg: the customer has written. */
  text?: IncomingText;
  /** Outbound for a promise made: the callback, and the call in which it was made. */
  callback: CallbackReason | null;
  /** Outbound for a campaign. */
  campaign?: CampaignReason;
  /** From the flags at the time: hours for which an unfinished call can be resumed, in ms; 0 = never. */
  resumeWithinMs: number;
}

export interface CallbackReason {
  callbackId: CallbackId;
  attemptId: AttemptId;
  title: string;
  description: string;
  fromCallId: CallId | null;
  /** Said to the customer: a sentence or two in their language. */
  words?: string | null;
  /** Later than it was promised, and not for want of trying. */
  late?: boolean;
  /** Another try follows where a machine answers this one. */
  triesAgain?: boolean;
  kind?: 'promise' | 'ring_back';
}

/** `busy` only for outbound: somebody is on the line already. Inbound is never refused. */
export type OpenCallOutcome = { outcome: 'new' | 'resumed' | 'busy'; callId: CallId };

/** updateId = the webhook's or the attempt's identity, so that a repeat gets the same answer. */
export const openCall = defineUpdate<OpenCallOutcome, [OpenCallRequest]>('openCall');
/** The inbound customer's own leg (its webhooks arrive without a call's id); forwarded to the call by leg uuid. */
export const lineLegChanged = defineSignal<[LegEvent]>('legChanged');
/** From the call: how it stands with the line. */
export const callStands =
  defineSignal<[{ callId: CallId; stands: 'live' | 'resumable' | 'closed'; botNumber?: E164 }]>('callStands');
/** A promised callback begins, changes or ceases to hang on this line. */
export interface CallbackPending {
  callbackId: CallbackId;
  pending: boolean;
  promise?: PendingPromise;
}
export const callbackPending = defineSignal<[CallbackPending]>('callbackPending');
/** The customer wants no more calls, however they have said so. */
export const optedOut = defineSignal<[OptOutWish]>('optedOut');
/** They take it back: nothing that was stopped begins again. */
export const optedIn = defineSignal<[{ reply: TextBack }]>('optedIn');

export interface LineView {
  liveCallId: CallId | null;
  resumableCallId: CallId | null;
  resumableUntilMs: number | null;
  pendingCallbackIds: CallbackId[];
  promises: PendingPromise[];
  /** The newest legs that came in on it, or rang from it. */
  legIds: LegId[];
}
export const lineView = defineQuery<LineView>('lineView');
