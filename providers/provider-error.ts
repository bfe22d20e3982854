/** What any vendor's failure means to us; adapters throw it, `activities/failures.ts` turns it into a Temporal failure. */
export type ProviderErrorKind =
  | 'rate_limit'
  | 'quota'
  | 'credentials'
  | 'bad_request'
  | 'not_found'
  | 'unreachable'
  | 'timeout'
  | 'vendor_fault'
  /** The effect may or may not have happened: look before doing it again. */
  | 'in_doubt';

export class ProviderError extends Error {
  readonly vendor: string;
  readonly kind: ProviderErrorKind;
  /** The vendor's own wish, where it gave one. */
  readonly retryAfterMs: number | null;

  constructor(
    vendor: string,
    kind: ProviderErrorKind,
    detail: { message: string; retryAfterMs?: number; cause?: unknown },
  ) {
    super(`${vendor}: ${detail.message}`, detail.cause === undefined ? undefined : { cause: detail.cause });
    this.name = 'ProviderError';
    this.vendor = vendor;
    this.kind = kind;
    this.retryAfterMs = detail.retryAfterMs ?? null;
  }
}
