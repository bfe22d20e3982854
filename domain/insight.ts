/** What the slow model makes of a finished call. */

export type Satisfaction = 'terrible' | 'low' | 'partial' | 'high' | 'unknow';

export interface Synthesis {
  short: string;
  /** Markdown. */
  long: string;
  satisfaction: Satisfaction;
  improvementSuggestions: string;
}

export const NEXT_ACTIONS = [
  'case_closed',
  'commercial_offer',
  'customer_will_send_info',
  'high_priority',
  'propose_new_contract',
  'requires_expertise',
] as const;

export interface NextStep {
  action: (typeof NEXT_ACTIONS)[number];
  justification: string;
}

/** How a conversation came out, for lists and campaigns. */
export type Disposition =
  | 'completed'
  | 'transferred'
  | 'callback_booked'
  | 'dropped'
  | 'no_answer'
  | 'busy'
  | 'rejected'
  | 'failed'
  | 'voicemail'
  | 'message_left'
  | 'opted_out'
  | 'missed';
