/** Port: everything that is kept under a customer's number, to be shown or erased; and what is older than it is to be kept. */
import type { AgingKind } from '../domain/retention.ts';

export interface CustomerRecords {
  calls: {
    call_id: string;
    created_at: string;
    direction: string;
    phase: string;
    disposition: string | null;
    legs: number;
    crm_customer_id: string | null;
  }[];
  reminders: { callback_id: string; title: string; status: string; due_date_time: string }[];
  contacts: { campaign_id: string; state: string; disposition: string | null }[];
}

export interface ErasedRecords {
  calls: number;
  reminders: number;
  campaign_contacts: number;
  /** What the network told of text messages to them. */
  text_reports: number;
  /** Notes of what was about to be sent or done once. */
  intents: number;
  idempotency_keys: number;
}

/** Of which nothing tells whose it was. */
export interface ErasureNote {
  erasure_id: string;
  at: string;
  erased: ErasedRecords & { workflow_histories: number };
  do_not_call: boolean;
}

export interface CustomerStore {
  recordsOf(phoneNumber: string): Promise<CustomerRecords>;
  /** All of it but the wish not to be called, which from now on is kept without the number. */
  erase(phoneNumber: string): Promise<ErasedRecords>;
  noteErasure(note: ErasureNote): Promise<void>;
  /** Of what is over: last changed before then, a batch of the oldest. How many were erased. */
  eraseOlder(kind: AgingKind, before: { atMs: number; limit: number }): Promise<number>;
}
