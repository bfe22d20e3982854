/** Port: the customer's record. Every create carries a key; searches lag, so ids once created are kept by us. */
import type { E164 } from '../domain/ids.ts';

export interface CrmCustomer {
  customerId: string;
  name: string | null;
  email: string | null;
  notes: string | null;
}

export interface CrmNote {
  customerId: string;
  /** Stands in the note's text too, so that a doubtful create can be found among the customer's notes. */
  externalKey: string;
  text: string;
  atMs: number;
}

export interface Crm {
  readonly name: string;
  findCustomer(query: { phoneNumber: E164 }, signal: AbortSignal): Promise<CrmCustomer | null>;
  createCustomer(customer: { phoneNumber: E164; name: string | null; email: string | null }): Promise<CrmCustomer>;
  /** Throws `in_doubt` when it may have been created. */
  createNote(note: CrmNote): Promise<{ noteId: string }>;
  updateNote(noteId: string, note: CrmNote): Promise<void>;
  /** By reading the customer's own notes, never by search. */
  findNote(query: { customerId: string; externalKey: string }): Promise<{ noteId: string } | null>;
}

/** Signed events to whoever integrates by plain HTTP. */
export interface WebhookOut {
  post(event: { eventId: string; type: string; atMs: number; body: Record<string, unknown> }): Promise<void>;
}
