import type { PendingPromise } from '../../domain/due.ts';
import type { CallId, CallbackId, E164, LegId } from '../../domain/ids.ts';

/** A call that hangs on this line. */
export interface LineCall {
  callId: CallId;
  botNumber: E164 | null;
  stands: 'live' | 'resumable';
  /** Absolute; null while live. */
  resumableUntilMs: number | null;
  resumeWithinMs: number;
}

export interface LineState {
  /** Oldest first. */
  calls: LineCall[];
  /** Whose call a leg belongs to: the newest 20. */
  legs: { legId: LegId; callId: CallId }[];
  pendingCallbackIds: CallbackId[];
  /** Of those pending, what is known of them; those of the release before told their ids alone. */
  promises?: PendingPromise[];
  /** Distinct updates of this run. */
  updates: number;
}

export const newLine = (): LineState => ({ calls: [], legs: [], pendingCallbackIds: [], updates: 0 });
