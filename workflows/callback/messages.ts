/** What a `callback` workflow is told and asked: a reminder that dials when it is due. */
import { defineQuery, defineSignal, defineUpdate } from '@temporalio/workflow';
import type { AttemptId, CallId, CallbackId, E164, NumberKey } from '../../domain/ids.ts';
import type { Initiate } from '../../domain/initiate.ts';
import type { DialOutcome } from '../../domain/leg.ts';

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
}

export interface CallbackView {
  callbackId: CallbackId;
  status: 'pending' | 'dialling' | 'done' | 'cancelled' | 'failed';
  dueAtMs: number;
  attempts: { attemptId: AttemptId; atMs: number; outcome: DialOutcome | 'line_busy' | null; callId: CallId | null }[];
}

export const reschedule = defineUpdate<CallbackView, [{ dueAtMs: number; title?: string; description?: string }]>(
  'reschedule',
);
export const cancelCallback = defineUpdate<CallbackView, [{ reason: string }]>('cancel');
/** From the call that this attempt opened. */
export const attemptEnded = defineSignal<[{ attemptId: AttemptId; outcome: DialOutcome }]>('attemptEnded');
export const callbackView = defineQuery<CallbackView>('callbackView');
