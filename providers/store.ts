/** Port: what people read. Single-document, idempotent writes; workflow history is the truth of a run. */
import type { CallDocument, LiveFacts, MessageDocument, TurnDocument } from '../domain/call-document.ts';
import type { FlagValues } from '../domain/flags.ts';
import type { CampaignStore, OptOutStore } from './campaigns.ts';
import type { CustomerStore } from './customers.ts';
import type { DeliveryReport } from './sms.ts';

/** A turn as its media host knows it, while it lasts and after. */
export interface TurnNote {
  callId: string;
  turnId: string;
  at: string;
  /** Everything said in it so far, with the tools that ran. */
  messages: MessageDocument[];
  /** Null = not answered yet. */
  turn: TurnDocument | null;
  /** What was known when it was answered; null = nothing new. */
  facts: LiveFacts | null;
}

export interface CallStore {
  /** Whole document; dropped when a newer version stands. */
  saveCall(document: CallDocument): Promise<void>;
  /** Best effort, by the media host; a later note of the same turn replaces the one before. False = there is no such call yet. */
  noteTurn(note: TurnNote): Promise<boolean>;
  /** The wrap-up's fields alone, for a call whose workflow has closed; its version stays. */
  saveInsight(insight: Pick<CallDocument, 'call_id' | 'synthesis' | 'next' | 'crm'>): Promise<void>;
  findCall(callId: string): Promise<CallDocument | null>;
  /** Was there a conversation on this leg? A call that we missed is none. */
  hasLeg(legId: string): Promise<boolean>;
  /** Newest first, 100 at most; `after` is the last one of the page before. */
  listCalls(query: {
    phoneNumber?: string;
    inProgress?: boolean;
    after?: Pick<CallDocument, 'call_id' | 'created_at'>;
    limit?: number;
  }): Promise<CallDocument[]>;
}

export interface CallbackDocument {
  callback_id: string;
  version: number;
  call_id: string | null;
  phone_number: string;
  bot_phone_number: string;
  title: string;
  description: string;
  due_date_time: string;
  /** `due`: a colleague's task whose time has come. */
  status: 'pending' | 'dialling' | 'due' | 'done' | 'cancelled' | 'failed';
  /** Absent in those of the release before: by the bot, by a call. */
  owner?: 'assistant' | 'human' | 'customer';
  channel?: 'call' | 'sms' | 'both';
  zone?: string | null;
  recurrence?: string | null;
  occurrence?: number;
  /** Why it stands as it does. */
  reason?: string | null;
  attempts: { attempt_id: string; at: string; outcome: string | null; call_id: string | null }[];
  created_at: string;
  updated_at: string;
}

export interface CallbackStore {
  saveCallback(document: CallbackDocument): Promise<void>;
  findCallback(callbackId: string): Promise<CallbackDocument | null>;
  /** Soonest due first, 100 at most; `after` is the last one of the page before. */
  listCallbacks(query: {
    phoneNumber?: string;
    status?: CallbackDocument['status'];
    after?: Pick<CallbackDocument, 'callback_id' | 'due_date_time'>;
    limit?: number;
  }): Promise<CallbackDocument[]>;
  /** All that wait or ring this moment. */
  openCallbacksOf(phoneNumber: string): Promise<CallbackDocument[]>;
}

export interface FlagStore {
  readFlags(): Promise<Record<string, unknown>>;
  writeFlags(values: Partial<FlagValues>): Promise<void>;
}

/** Keys a client chose for its own request, so that a repeat finds the first answer. */
export interface IdempotencyStore {
  /** Remembers the first `callId` and fingerprint under the key and returns what stands there. */
  claimKey(entry: {
    key: string;
    callId: string;
    fingerprint: string;
  }): Promise<{ callId: string; fingerprint: string }>;
}

export interface TextStore {
  /**
   * Of a message of ours; a repeat and what comes late change nothing. The answer is what whoever sent it should know, on every repeat again:
   * it has failed, or has arrived after it was believed lost; null = it is as it seemed.
   */
  noteReport(report: DeliveryReport): Promise<'failed' | 'arrived' | null>;
}

export interface Store extends CallStore, CallbackStore, FlagStore, IdempotencyStore {
  campaigns: CampaignStore;
  optOuts: OptOutStore;
  customers: CustomerStore;
  texts: TextStore;
  ping(): Promise<void>;
  ensureIndexes(): Promise<void>;
  close(): Promise<void>;
}
