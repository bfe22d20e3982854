/** Port: the workflows as the api asks them. Each method says how long it may take; nothing here waits for a conversation. */
import type { CallId, CallbackId, E164, LegId, NumberKey } from '../domain/ids.ts';
import type { LegEvent } from '../domain/leg.ts';
import type { OptOutWish, TextBack } from '../domain/opt-out.ts';
import type { TextReport } from '../domain/text-news.ts';
import type { CallbackInput, CallbackView, Rescheduling } from '../workflows/callback/messages.ts';
import type { AdmitLegAnswer, AdmitLegRequest, CallView } from '../workflows/call/messages.ts';
import type { OpenCallOutcome, OpenCallRequest } from '../workflows/line/messages.ts';

export interface OpenCallAsk {
  numberKey: NumberKey;
  customerNumber: E164 | null;
  request: OpenCallRequest;
  /** The asker's identity: a repeat gets the first outcome. */
  updateId: string;
  withinMs: number;
}

export interface CallDoor {
  openCall(ask: OpenCallAsk): Promise<OpenCallOutcome>;
  admitLeg(callId: CallId, request: AdmitLegRequest, withinMs: number): Promise<AdmitLegAnswer>;
  /** Plain signals: they open nothing. `not_found` = that workflow has ended, which is no fault. */
  legChanged(callId: CallId, event: LegEvent): Promise<'told' | 'not_found'>;
  lineLegChanged(numberKey: NumberKey, event: LegEvent): Promise<'told' | 'not_found'>;
  /** What the network tells of a text that this call has sent. */
  textReported(callId: CallId, report: TextReport): Promise<'told' | 'not_found'>;
  callView(callId: CallId, withinMs: number): Promise<CallView>;
  hangUp(callId: CallId, reason: string): Promise<void>;
  say(callId: CallId, text: string): Promise<{ turnId: string }>;
  transfer(callId: CallId, request: { reason: string; operatorNumber: E164 | null }): Promise<void>;
  /** Under its own id: a repeat is the same one, as it stands. */
  startCallback(input: CallbackInput): Promise<CallbackView>;
  /** The customer's promise of that title; null = none is pending. */
  pendingCallback(numberKey: NumberKey, title: string): Promise<CallbackId | null>;
  rescheduleCallback(callbackId: CallbackId, change: Rescheduling): Promise<CallbackView>;
  completeCallback(callbackId: CallbackId, reason: string): Promise<CallbackView>;
  /** The customer's line is told, and opened for it where none is. */
  optedOut(line: { numberKey: NumberKey; customerNumber: E164 }, wish: OptOutWish): Promise<void>;
  optedIn(line: { numberKey: NumberKey; customerNumber: E164 }, reply: TextBack): Promise<void>;
  cancelCallback(callbackId: CallbackId, reason: string): Promise<CallbackView>;
  /** Has anybody rung whom no workflow knows? Found out in the background. */
  lookForMissed(): Promise<void>;
  ping(withinMs: number): Promise<void>;
}

/** `away`: Temporal or its workers did not answer in time, the same request may be repeated. `refused`: the workflow said no. */
export type CallDoorErrorKind = 'away' | 'not_found' | 'refused';

export class CallDoorError extends Error {
  readonly kind: CallDoorErrorKind;

  constructor(kind: CallDoorErrorKind, message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.name = 'CallDoorError';
    this.kind = kind;
  }
}

/** What the answer webhook knows of a leg. */
export type AnsweredLeg = { legId: LegId; conversationId: string; regionUrl: string | null };
