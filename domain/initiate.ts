import type { ClaimField } from './claim.ts';

/** What a call is about: the body of `POST /call`, or the entry of `numbers:` in the configuration. */
export interface Initiate {
  botCompany: string;
  botName: string;
  task: string;
  /** Whom a transfer rings, E.164; null = nobody: a callback is booked instead. */
  operatorNumber: string | null;
  /** Complete schema, the caller's own fields included. */
  claim: ClaimField[];
  /** BCP 47, `en-US`. */
  language: string;
  /** 0.75–1.25; 1 = as the voice speaks by itself. */
  speechSpeed: number;
  scenario: string | null;
  /** Minutes after which an unfinished call that broke off is rung back; absent or 0 = never. */
  ringBackAfterMin?: number;
  /** In place of the usual greeting of a first call. */
  greeting?: string;
  /** Said with the greeting: that a machine calls, and what the country wants to be said besides. */
  disclosure?: string;
}
