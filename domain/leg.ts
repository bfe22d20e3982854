import type { AttemptId, LegId } from './ids.ts';

/** Whose connection a leg is. `media` = the websocket between the phone network and a media host. */
export type LegRole = 'customer' | 'operator' | 'media';

export type LegStatus =
  | 'started'
  | 'ringing'
  | 'answered'
  | 'human'
  | 'machine'
  | 'busy'
  | 'cancelled'
  | 'timeout'
  | 'unanswered'
  | 'rejected'
  | 'failed'
  | 'disconnected'
  | 'completed';

/** One webhook about a leg, whatever the network; `eventKey` = uuid + status + timestamp, equal for a repeat. */
export interface LegEvent {
  eventKey: string;
  legId: LegId | null;
  conversationId: string | null;
  role: LegRole;
  status: LegStatus;
  attemptId: AttemptId | null;
  /** The network's own clock. */
  atMs: number;
  detail: string | null;
  /** Base address for control of this leg. */
  regionUrl: string | null;
  durationS: number | null;
  priceEur: number | null;
}

/** How to reach a leg for control. */
export interface LegAddress {
  legId: LegId;
  regionUrl: string | null;
}

/** `opted_out`: nobody was rung, for that is the customer's wish. */
export type DialOutcome =
  'answered' | 'busy' | 'no_answer' | 'rejected' | 'failed' | 'voicemail' | 'cancelled' | 'opted_out';

const FINAL: ReadonlySet<LegStatus> = new Set([
  'busy',
  'cancelled',
  'timeout',
  'unanswered',
  'rejected',
  'failed',
  'completed',
]);

/** Does this status end the leg? `disconnected` does not: the network waits for our next instruction. */
export function endsLeg(status: LegStatus): boolean {
  return FINAL.has(status);
}

/** The outcome of a dial that ended without an answer; null while it may still be answered. */
export function outcomeOf(status: LegStatus): DialOutcome | null {
  switch (status) {
    case 'busy':
      return 'busy';
    case 'timeout':
    case 'unanswered':
      return 'no_answer';
    case 'rejected':
      return 'rejected';
    case 'failed':
      return 'failed';
    case 'cancelled':
      return 'cancelled';
    case 'machine':
      return 'voicemail';
    case 'answered':
    case 'human':
      return 'answered';
    case 'started':
    case 'ringing':
    case 'disconnected':
    case 'completed':
      return null;
  }
}
