/** What the search for missed calls is told. One for the whole system: `missed-calls`. */
import { defineQuery, defineSignal } from '@temporalio/workflow';
import type { LegId } from '../../domain/ids.ts';

export interface MissedCallsInput {
  /** Calls that began before were looked at. */
  sinceMs: number;
  /** Only from itself: legs that nobody knew, since when. */
  suspects?: Suspect[];
  /** Legs seen to already, as long as the network's list is asked for their time. */
  decided?: LegId[];
}

export interface Suspect {
  legId: LegId;
  startedAtMs: number;
  seenAtMs: number;
}

/** Something may have been missed: the door was away, or heard of the end of a leg that no line knows. */
export const lookNow = defineSignal('lookNow');

export interface MissedCallsView {
  sinceMs: number;
  suspects: Suspect[];
  looks: number;
}
export const missedCallsView = defineQuery<MissedCallsView>('missedCallsView');
