/** What a `callback` workflow is told and asked: a reminder that does what was promised when it is due. */
import { defineQuery, defineSignal, defineUpdate } from '@temporalio/workflow';
import type { CallingHours } from '../../domain/calling-hours.ts';
import type { Reminder } from '../../domain/conversation.ts';
import type { AttemptId, CallId, CallbackId, E164, NumberKey } from '../../domain/ids.ts';
import type { Initiate } from '../../domain/initiate.ts';
import type { DialOutcome } from '../../domain/leg.ts';

export { callbackAttributes } from '../search-attributes.ts';

export type Channel = 'call' | 'sms' | 'both';

export interface CallbackInput {
  callbackId: CallbackId;
  numberKey: NumberKey;
  customerNumber: E164;
  botNumber: E164;
  initiate: Initiate;
  title: string;
  description: string;
  dueAtMs: number;
  fromCallId: CallId | null;
  createdAtMs: number;
  /** How long after an unfinished promised call it can be resumed. */
  resumeWithinMs?: number;
  /** Who does it: the bot rings (absent too), a colleague gets a task, the customer is reminded. */
  owner?: Reminder['owner'];
  /** How the customer is reached; absent = by a call. */
  channel?: Channel;
  /** What is said, or sent, to the customer: a sentence or two in their language. */
  words?: string | null;
  /** IANA: whose clock the time and the hours go by; null = that of the number. */
  zone?: string | null;
  /** The customer asked for exactly this time. */
  exact?: boolean;
  /** When this customer wishes to be rung at all. */
  hours?: CallingHours | null;
  /** RFC 5545, the subset of `domain/recurrence.ts`; needs a zone. */
  rule?: string | null;
  /** `ring_back`: nobody asked for it, the line broke off. */
  kind?: 'promise' | 'ring_back';
  /** Only from the callback itself, once it has come and comes again. */
  carried?: { startAtMs: number; occurrence: number; version: number; earlier: CallbackAttempt[] };
}

export type CallbackStatus = 'pending' | 'dialling' | 'due' | 'done' | 'cancelled' | 'failed';

export interface CallbackAttempt {
  attemptId: AttemptId;
  atMs: number;
  /** `merged`: the customer rang first; `sms`: a text was sent; `sms_perhaps`: the network did not say whether it was. */
  outcome: DialOutcome | 'line_busy' | 'merged' | 'sms' | 'sms_perhaps' | 'sms_failed' | null;
  callId: CallId | null;
}

export interface CallbackView {
  callbackId: CallbackId;
  /** `due`: a colleague's task whose time has come. */
  status: CallbackStatus;
  dueAtMs: number;
  attempts: CallbackAttempt[];
  title?: string;
  description?: string;
  /** Which time it is, of a reminder that comes again. */
  occurrence?: number;
  /** Why it stands as it does, in words. */
  reason?: string | null;
}

export interface Rescheduling {
  dueAtMs: number;
  title?: string;
  description?: string;
  words?: string | null;
  exact?: boolean;
  /** Replaces what stood. A rule, or that there is none, begins with this time. */
  given?: Partial<Pick<CallbackInput, 'owner' | 'channel' | 'zone' | 'hours' | 'rule' | 'initiate' | 'fromCallId'>>;
  /** They have come to speak another language. */
  speaks?: Pick<Initiate, 'language' | 'speechSpeed'>;
  /** The same was promised once more: what comes while it rings holds after that try, whatever comes of it. */
  anew?: true;
}

export const reschedule = defineUpdate<CallbackView, [Rescheduling]>('reschedule');
export const cancelCallback = defineUpdate<CallbackView, [{ reason: string }]>('cancel');
/** A colleague has done it, or it is done with in another way. */
export const completeCallback = defineUpdate<CallbackView, [{ reason: string }]>('complete');
/** From a workflow, which cannot ask for an update: the customer wants no such call; or none at all, and a colleague’s task stays. */
export const withdrawn = defineSignal<[{ reason: string; optedOut?: true }]>('withdrawn');
/** From the call that this attempt opened. */
export const attemptEnded = defineSignal<[{ attemptId: AttemptId; outcome: DialOutcome }]>('attemptEnded');
/** From the line: the customer has rung first, and the call knows of the promise. */
export const customerCame = defineSignal<[{ callId: CallId }]>('customerCame');
/** From that call, when its leg has ended: did they talk? */
export const customerLeft = defineSignal<[{ callId: CallId; talked: boolean }]>('customerLeft');
export const callbackView = defineQuery<CallbackView>('callbackView');
