import type { ClaimValues } from './claim.ts';
import type { Tries } from './read-back.ts';
import type { TextMark } from './sms.ts';
import type { TextNews } from './text-news.ts';
import type { ToolCall, ToolResult } from './tools.ts';

/** What is said and known in a conversation, in the shape that workflow, media host and model share. */

export type DialogState =
  | 'GREETING'
  | 'INTENT_RECOGNITION'
  | 'COLLECTING_DATA'
  | 'PROCESSING'
  | 'CONFIRMATION'
  | 'TRANSFER_TO_AGENT'
  | 'FAREWELL';

export type CallPhase = 'dialling' | 'live' | 'texting' | 'transferring' | 'with_operator' | 'resumable' | 'closed';

export interface Reminder {
  title: string;
  description: string;
  /** ISO 8601 with offset. */
  dueDateTime: string;
  owner: 'assistant' | 'human' | 'customer';
  /** How the customer is reached; absent = by a call. */
  channel?: 'call' | 'sms' | 'both';
  /** Said or sent to the customer then. */
  words?: string;
  /** IANA, told by the customer. */
  zone?: string;
  /** The customer named no time of day. */
  flexible?: boolean;
  createdAtMs: number;
  callbackId: string | null;
}

/** Promised to the customer and not settled, in whichever call. */
export interface OpenPromise extends Pick<Reminder, 'title' | 'description' | 'owner' | 'channel' | 'zone'> {
  callbackId: string;
  dueAtMs: number;
  recurs?: true;
}

/** How the customer came by a sentence, or the bot by an utterance. */
export type Persona = 'human' | 'assistant' | 'tool' | 'operator';

export interface TranscriptEntry {
  turnId: string;
  persona: Persona;
  /** Said, for the assistant: what was really heard by the customer. */
  text: string;
  /** Assistant only: the whole sentence as meant, where it was cut off. */
  intended: string | null;
  toolCalls: ToolCall[];
  toolResults: ToolResult[];
  action: 'call' | 'hangup' | 'sms' | 'talk' | 'transfer';
  atMs: number;
  /** Of a text message, whoever sent it. */
  sms?: TextMark;
  /** Assistant only; absent = none. */
  style?: 'none' | 'cheerful' | 'sad';
}

/** Everything but the words: small, sent to the media host whenever it has changed. */
export interface ConversationFacts {
  language: string;
  speechSpeed: number;
  dialogState: DialogState;
  intent: string | null;
  intentConfidence: number | null;
  claim: ClaimValues;
  /** Of this call. */
  reminders: Reminder[];
  /** What stands, those of this call among them; absent = nothing is known of any. */
  promised?: OpenPromise[];
  /** From the CRM or earlier calls. */
  customerName: string | null;
  customerNotes: string | null;
  /** They want no calls and messages of our own accord: nothing of that kind is promised. */
  mayNotCall?: true;
  /** Fields of the claim whose value did not hold; absent = none. */
  tries?: Tries;
  /** Of texts of ours, not said to the customer yet; absent = nothing. */
  textNews?: TextNews[];
}

/** How far a reply was really played to the customer. */
export interface HeardReport {
  turnId: string;
  heardText: string;
  complete: boolean;
}

export type Opening =
  | { kind: 'greeting'; turnId: string; text: string }
  | { kind: 'welcome_back'; turnId: string; text: string }
  | { kind: 'sorry'; turnId: string; text: string }
  | { kind: 'after_operator'; turnId: string; text: string }
  | { kind: 'none' };

/** Milliseconds, each measured in the media host; null = that stage did not happen. */
export interface TurnLatency {
  endpointingMs: number | null;
  recognizerMs: number | null;
  modelFirstTokenMs: number | null;
  firstSentenceMs: number | null;
  synthesisFirstByteMs: number | null;
  commitMs: number | null;
  /** Customer's last speech → first loud frame of the reply. */
  voiceToVoiceMs: number | null;
}

/** Nothing was measured: the bot spoke of its own accord, or nobody was there. */
export const NO_LATENCY: Readonly<TurnLatency> = {
  endpointingMs: null,
  recognizerMs: null,
  modelFirstTokenMs: null,
  firstSentenceMs: null,
  synthesisFirstByteMs: null,
  commitMs: null,
  voiceToVoiceMs: null,
};

export interface ModelUsage {
  inputTokens: number;
  outputTokens: number;
  cacheReadTokens: number;
}

/** No model was asked. */
export const NO_USAGE: Readonly<ModelUsage> = { inputTokens: 0, outputTokens: 0, cacheReadTokens: 0 };

/** Who answered: the fast or slow tier, the second model, or the rules when no model could. */
export type AnsweredBy = 'fast' | 'slow' | 'fallback' | 'rules' | 'phrase';
