/** How a conversation came out. */
import type { DialogState } from './conversation.ts';
import type { Disposition } from './insight.ts';
import type { DialOutcome } from './leg.ts';

export interface ConversationEnd {
  /** The bot or an operator ended it on purpose. */
  endedOnPurpose: boolean;
  /** They want no more calls, and said so in this one. */
  optedOut?: boolean;
  transferred: boolean;
  claimComplete: boolean;
  dialogState: DialogState;
  callbackBooked: boolean;
  /** Did the bot ever speak with the customer? */
  everAttached: boolean;
}

/** [CL5] Nothing is left to resume after a goodbye, a hand-over that worked, or a complete claim that was confirmed. */
export function isFinished(end: ConversationEnd): boolean {
  return (
    end.endedOnPurpose ||
    end.transferred ||
    (end.claimComplete && (end.dialogState === 'FAREWELL' || end.dialogState === 'CONFIRMATION'))
  );
}

export function dispositionOf(end: ConversationEnd): Disposition {
  if (end.optedOut === true) return 'opted_out';
  if (end.transferred) return 'transferred';
  if (end.callbackBooked) return 'callback_booked';
  if (isFinished(end)) return 'completed';
  return end.everAttached ? 'dropped' : 'missed';
}

export function dispositionOfDial(outcome: DialOutcome): Disposition {
  switch (outcome) {
    case 'answered':
      return 'completed';
    case 'no_answer':
    case 'cancelled':
      return 'no_answer';
    case 'busy':
    case 'rejected':
    case 'failed':
    case 'voicemail':
    case 'opted_out':
      return outcome;
  }
}
