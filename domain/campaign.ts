/** A campaign: whom it rings, how fast, how often, and what becomes of each contact. */
import type { CallingHours } from './calling-hours.ts';
import type { ClaimValues } from './claim.ts';
import type { AttemptId, CampaignId, ContactId, E164 } from './ids.ts';
import type { Initiate } from './initiate.ts';
import type { Disposition } from './insight.ts';
import type { RetryPlan } from './campaign-retry.ts';

export interface CampaignSettings {
  /** Everything but language may hold `{{variables}}` of the contact. */
  initiate: Initiate;
  /** In place of the usual greeting; null = that. */
  greeting: string | null;
  botNumber: E164;
  /** Of the campaign, in the contact's own zone; null = whenever the country allows. */
  windows: CallingHours | null;
  /** Calls at the same time. */
  concurrency: number;
  /** Attempts in a minute at most; null = as fast as the account and the concurrency allow. */
  attemptsPerMinute: number | null;
  retry: RetryPlan;
  voicemail: VoicemailRule;
  breaker: BreakerRule;
}

/** What is done when a machine answers. A message may hold `{{variables}}`. */
export type VoicemailRule = { do: 'hang_up' } | { do: 'leave_message'; message: string } | { do: 'talk' };

/** [CG7] Of the newest `of` attempts, this share failed: something is wrong, and more attempts would make it worse. */
export interface BreakerRule {
  of: number;
  share: number;
  /** Then one contact is tried; null = only a person lets it go on. */
  probeAfterMin: number | null;
}

export type AttemptOutcome =
  /** Somebody talked with the bot: how that came out. */
  | Extract<Disposition, 'completed' | 'transferred' | 'callback_booked' | 'dropped' | 'opted_out'>
  | 'busy'
  | 'no_answer'
  | 'voicemail'
  | 'message_left'
  | 'rejected'
  | 'failed'
  /** The customer was on the line with us: no attempt. */
  | 'line_busy';

export interface AttemptResult {
  contactId: ContactId;
  attemptId: AttemptId;
  outcome: AttemptOutcome;
  endedAtMs: number;
  /** The attempt had ended already, as dropped: the customer rang back, and so it came out. */
  rungBack?: true;
}

/** `needs_…` = not rung before a person has said more. */
export type ContactState = 'pending' | 'in_flight' | 'needs_zone' | 'needs_hours' | 'done';

/** How a contact came out; `cancelled` = the campaign was stopped before. */
export type ContactDisposition = AttemptOutcome | 'never_callable' | 'cancelled';

export type CampaignStatus = 'draft' | 'running' | 'paused' | 'stopping' | 'stopped' | 'completed';

/** Told to a call that a campaign makes. */
export interface CampaignReason {
  campaignId: CampaignId;
  contactId: ContactId;
  attemptId: AttemptId;
  voicemail: VoicemailRule;
  /** Known before the call. */
  claim: ClaimValues;
}

/** How a finished conversation or an ended dial reads in the campaign's ledger. */
export function attemptOutcomeOf(disposition: Disposition): AttemptOutcome {
  switch (disposition) {
    case 'missed':
      return 'failed';
    case 'completed':
    case 'transferred':
    case 'callback_booked':
    case 'dropped':
    case 'opted_out':
    case 'no_answer':
    case 'busy':
    case 'rejected':
    case 'failed':
    case 'voicemail':
    case 'message_left':
      return disposition;
  }
}
