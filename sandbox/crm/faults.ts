/** What the CRM is to do wrong, on request. A plain object: set its fields. */

// A type, not an interface: the control door takes faults as a plain record.
export type CrmFaults = {
  /** Every answer waits this long. */
  delayMs: number;
  /** Takes requests and never answers. */
  silent: boolean;
  /** Every token is refused. */
  unauthorized: boolean;
  /** The next so many requests answer 429. */
  tooManyNext: number;
  tooManyPolicy: 'SECONDLY' | 'TEN_SECONDLY_ROLLING' | 'DAILY';
  /** Null: no Retry-After header. */
  retryAfterS: number | null;
  /** The next so many requests answer 500 and do nothing. */
  errorNext: number;
  /** The next so many creations happen, but the answer is a 502, never comes, or the connection is reset. */
  createWithoutAckNext: number;
  createWithoutAckHow: 'error' | 'silence' | 'reset';
  /** Creations answer 200 instead of 201. */
  createAnswers200: boolean;
  /** How long a new contact stays out of search results. */
  indexLagMs: number;
};

export function noCrmFaults(): CrmFaults {
  return {
    delayMs: 0,
    silent: false,
    unauthorized: false,
    tooManyNext: 0,
    tooManyPolicy: 'TEN_SECONDLY_ROLLING',
    retryAfterS: null,
    errorNext: 0,
    createWithoutAckNext: 0,
    createWithoutAckHow: 'error',
    createAnswers200: false,
    indexLagMs: 3_000,
  };
}
