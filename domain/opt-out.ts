/** "Never call me again": what the wish is called, and who is told of it. */
import type { CallId, E164 } from './ids.ts';

/** Why a promise was called off or a dial given up; readers of the API look for this word. */
export const OPTED_OUT = 'opted_out';

export type OptOutSource = 'api' | 'call' | 'sms' | 'do_not_call_list';

/** What the customer gets by text message in answer to their own. */
export interface TextBack {
  from: E164;
  text: string;
  /** Of the message that it answers: whatever is repeated sends one. */
  idempotencyKey: string;
}

export interface OptOutWish {
  source: OptOutSource;
  reason: string | null;
  atMs: number;
  /** It stands among the opt-outs already. */
  written: boolean;
  /** In which call it was said: that one goes on as it sees fit. */
  callId: CallId | null;
  reply: TextBack | null;
}
