/** What stands behind a number: told when it is rung, it answers or refuses. */
import type { Line, PhoneCall } from './phone-call.ts';

export type Refusal = 'busy' | 'rejected' | 'unreachable' | 'out of service';

/** One ringing, from the network to the handset. Only the first answer or refusal counts. */
export interface Ringing {
  legUuid: string;
  from: string;
  to: string;
  /** Headers of the INVITE, on a SIP leg. */
  headers: Record<string, unknown>;
  /** It rings no longer: the caller gave up, or the ringing timer ran out. */
  over: AbortSignal;
  answer(call: PhoneCall): Line;
  refuse(refusal: Refusal): void;
}

export interface Handset {
  /** Told to a machine detection that asks. */
  machine: boolean;
  ring(ringing: Ringing): void;
}
