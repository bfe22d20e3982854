/** The work after a hang-up: synthesis, next action, CRM note, webhooks. Outlives the call; each step is retried alone. */
import type { CallDocument } from '../../domain/call-document.ts';
import type { CallId } from '../../domain/ids.ts';

export interface WrapUpInput {
  callId: CallId;
  /** 1 for the first leg's end, 2 for the next … */
  ordinal: number;
  document: CallDocument;
  /** The CRM's ids as far as an earlier wrap-up got them. */
  crm: { customerId: string | null; noteId: string | null };
}
