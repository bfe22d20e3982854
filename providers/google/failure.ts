/** Google's status codes in our words. */
import { Metadata, status } from '@grpc/grpc-js';
import { GoogleError } from 'google-gax';
import { ProviderError, type ProviderErrorKind } from '../provider-error.ts';

const kinds: Partial<Record<status, ProviderErrorKind>> = {
  [status.INVALID_ARGUMENT]: 'bad_request',
  [status.FAILED_PRECONDITION]: 'bad_request',
  [status.UNIMPLEMENTED]: 'bad_request',
  [status.OUT_OF_RANGE]: 'bad_request',
  [status.NOT_FOUND]: 'not_found',
  [status.PERMISSION_DENIED]: 'credentials',
  [status.UNAUTHENTICATED]: 'credentials',
  [status.DEADLINE_EXCEEDED]: 'timeout',
  [status.UNAVAILABLE]: 'unreachable',
};

export function googleFailure(vendor: string, error: unknown): ProviderError {
  if (error instanceof ProviderError) return error;
  const message = error instanceof Error ? error.message : String(error);
  const retryAfterMs = wishedDelayMs(error);
  return new ProviderError(vendor, kindOf(error, message), {
    message,
    cause: error,
    ...(retryAfterMs === null ? {} : { retryAfterMs }),
  });
}

export function statusCodeOf(error: unknown): status | null {
  const code = fieldOf(error, 'code');
  return isStatus(code) ? code : null;
}

function isStatus(code: unknown): code is status {
  return typeof code === 'number' && code in status;
}

function kindOf(error: unknown, message: string): ProviderErrorKind {
  const code = statusCodeOf(error);
  // One code for two things: too fast now, or the day's or the project's allowance is used up.
  if (code === status.RESOURCE_EXHAUSTED)
    return /per day|daily|billing|free tier/i.test(message) ? 'quota' : 'rate_limit';
  if (code !== null) return kinds[code] ?? 'vendor_fault';
  const name = fieldOf(error, 'code');
  // A credentials file that is not there says ENOENT; a token endpoint that is not there ECONNREFUSED, ENOTFOUND, ETIMEDOUT.
  if (name === 'ENOENT' || /credential|invalid_grant|private key|unauthenticated|oauth|jwt/i.test(message))
    return 'credentials';
  if (typeof name === 'string' && /^E[A-Z]+$/.test(name)) return 'unreachable';
  return 'vendor_fault';
}

/** google.rpc.RetryInfo. */
function wishedDelayMs(error: unknown): number | null {
  const details = fieldOf(withDetails(error), 'statusDetails');
  if (!Array.isArray(details)) return null;
  for (const detail of details as unknown[]) {
    const delay = fieldOf(detail, 'retryDelay');
    if (delay !== undefined)
      return Number(fieldOf(delay, 'seconds') ?? 0) * 1000 + Number(fieldOf(delay, 'nanos') ?? 0) / 1e6;
  }
  return null;
}

/** Decoded by gax for its own streams; for those that go past it, here. */
function withDetails(error: unknown): unknown {
  const metadata = fieldOf(error, 'metadata');
  const carries = metadata instanceof Metadata && metadata.get('grpc-status-details-bin').length > 0;
  return carries ? GoogleError.parseGRPCStatusDetails(error as GoogleError) : error;
}

function fieldOf(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[name] : undefined;
}
