/**
 * The call as people read it: one MongoDB document a call, field names as users of call-center-ai know them.
 * Written whole by the call workflow (`version` grows, the last state wins); `live_turn` alone is written by the media host.
 */
import type { EarlyCosts } from './early-thinking.ts';
import type { AnsweredBy, CallPhase, DialogState, ModelUsage, TurnLatency } from './conversation.ts';
import type { ClaimFieldType, ClaimValues } from './claim.ts';
import type { Disposition, NextStep, Satisfaction } from './insight.ts';

export interface CallDocument {
  call_id: string;
  /** Grows with each save; a save with a smaller one is dropped. */
  version: number;
  created_at: string;
  updated_at: string;
  closed_at: string | null;
  in_progress: boolean;
  phase: CallPhase;
  direction: 'inbound' | 'outbound';
  phone_number: string;
  bot_phone_number: string;
  lang: string;
  initiate: {
    bot_company: string;
    bot_name: string;
    task: string;
    agent_phone_number: string | null;
    claim: { name: string; type: ClaimFieldType; description: string | null }[];
    lang: string;
    prosody_rate: number;
  };
  claim: ClaimValues;
  messages: MessageDocument[];
  reminders: ReminderDocument[];
  next: { action: NextStep['action']; justification: string } | null;
  synthesis: { short: string; long: string; satisfaction: Satisfaction; improvement_suggestions: string } | null;
  dialog_state: DialogState;
  scenario: string | null;
  intent: string | null;
  intent_confidence: number | null;
  disposition: Disposition | null;
  /** When the customer said in it that they want no more calls; absent = they did not. */
  opted_out_at?: string;
  legs: LegDocument[];
  turns: TurnDocument[];
  transfers: TransferDocument[];
  crm: { customer_id: string | null; note_id: string | null };
  missed: boolean;
}

/** What a conversation has found out, as read while it goes on. */
export type LiveFacts = Pick<
  CallDocument,
  'version' | 'lang' | 'claim' | 'reminders' | 'dialog_state' | 'intent' | 'intent_confidence'
>;

export interface MessageDocument {
  created_at: string;
  action: 'call' | 'hangup' | 'sms' | 'talk' | 'transfer';
  persona: 'human' | 'assistant' | 'tool' | 'operator';
  content: string;
  style: 'none' | 'cheerful' | 'sad';
  tool_calls: { name: string; arguments: Record<string, unknown>; result: string; is_error: boolean }[];
  interrupted: boolean;
  /** Of a text message, as far as the network has told. */
  sms?: TextDocument;
}

export interface TextDocument {
  /** The network's own; null = it never said. */
  message_id: string | null;
  /** What we told the network of it. */
  ref: string | null;
  status: 'received' | 'submitted' | 'delivered' | 'failed' | 'perhaps';
  /** The network's words for what went wrong. */
  detail: string | null;
}

export interface ReminderDocument {
  created_at: string;
  title: string;
  description: string;
  due_date_time: string;
  owner: 'assistant' | 'human' | 'customer';
  callback_id: string | null;
}

export interface LegDocument {
  leg_id: string;
  role: 'customer' | 'operator' | 'media';
  started_at: string;
  answered_at: string | null;
  ended_at: string | null;
  end_status: string | null;
  duration_s: number | null;
  price_eur: number | null;
}

export interface TurnDocument {
  turn_id: string;
  at: string;
  answered_by: AnsweredBy;
  model: string;
  usage: ModelUsage;
  latency: TurnLatency;
  /** Replies begun before the turn was over: tokens are those of the dropped ones. */
  early?: EarlyCosts;
}

export interface TransferDocument {
  requested_at: string;
  reason: string;
  operator: string | null;
  status: 'RINGING' | 'SUCCESS' | 'FAIL';
  detail: string | null;
  ended_at: string | null;
}
