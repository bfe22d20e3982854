/** The SDK's errors, and those inside a stream, as `ProviderError`s. */
import { APIConnectionError, APIConnectionTimeoutError, APIError, APIUserAbortError } from '@anthropic-ai/sdk';
import { ProviderError, type ProviderErrorKind } from '../provider-error.ts';

export const VENDOR = 'anthropic';

const BY_TYPE: Readonly<Record<string, ProviderErrorKind>> = {
  invalid_request_error: 'bad_request',
  authentication_error: 'credentials',
  permission_error: 'credentials',
  billing_error: 'quota',
  not_found_error: 'not_found',
  timeout_error: 'timeout',
  rate_limit_error: 'rate_limit',
  overloaded_error: 'vendor_fault',
  api_error: 'vendor_fault',
};

/** What the SDK or the socket threw. The caller's own abort is the caller's reason, not a vendor's failure. */
export function failureFrom(error: unknown, signal: AbortSignal): unknown {
  if (error instanceof ProviderError) return error;
  if (signal.aborted) return signal.reason;
  if (error instanceof APIConnectionTimeoutError)
    return failure('timeout', 'no response headers in time', { cause: error });
  if (error instanceof APIConnectionError || error instanceof APIUserAbortError)
    return failure('unreachable', error.message, { cause: error });
  if (error instanceof APIError) return apiFailure(error as APIError);
  // undici's word for a connection cut in mid-body is `TypeError: terminated`.
  if (error instanceof TypeError || isSocketError(error))
    return failure('unreachable', `connection lost: ${error.message}`, { cause: error });
  return failure('vendor_fault', error instanceof Error ? error.message : String(error), { cause: error });
}

/** An `error` event in the stream: no status, only a type. */
export function streamedFailure(body: unknown): ProviderError {
  const { type, message } = errorBody(body);
  return failure(BY_TYPE[type] ?? 'vendor_fault', `${type} in the stream: ${message}`, {});
}

export function failure(
  kind: ProviderErrorKind,
  message: string,
  detail: { cause?: unknown; retryAfterMs?: number | undefined },
): ProviderError {
  return new ProviderError(VENDOR, kind, {
    message,
    ...(detail.cause === undefined ? {} : { cause: detail.cause }),
    ...(detail.retryAfterMs === undefined ? {} : { retryAfterMs: detail.retryAfterMs }),
  });
}

function apiFailure(error: APIError): ProviderError {
  const { type, message } = errorBody(error.error);
  const status = error.status;
  const kind = BY_TYPE[type] ?? kindOfStatus(status);
  return failure(kind, `${status ?? 'no status'} ${type}: ${message} (request ${error.requestID ?? 'unknown'})`, {
    cause: error,
    retryAfterMs: retryAfterMs(error.headers),
  });
}

function kindOfStatus(status: number | undefined): ProviderErrorKind {
  switch (status) {
    case 400:
    case 413:
    case 422:
      return 'bad_request';
    case 401:
    case 403:
      return 'credentials';
    case 402:
      return 'quota';
    case 404:
      return 'not_found';
    case 408:
      return 'timeout';
    case 429:
      return 'rate_limit';
    default:
      return 'vendor_fault';
  }
}

function errorBody(body: unknown): { type: string; message: string } {
  const inner = (body as { error?: { type?: unknown; message?: unknown } } | null | undefined)?.error;
  const text = (value: unknown, otherwise: string): string => (typeof value === 'string' ? value : otherwise);
  return { type: text(inner?.type, 'error'), message: text(inner?.message, 'no message').slice(0, 500) };
}

/** `retry-after-ms`, else `retry-after` in seconds or as a date. */
function retryAfterMs(headers: Headers | undefined): number | undefined {
  const ms = Number.parseFloat(headers?.get('retry-after-ms') ?? '');
  if (ms >= 0) return ms;
  const header = headers?.get('retry-after') ?? '';
  const seconds = Number.parseFloat(header);
  const wait = Number.isNaN(seconds) ? Date.parse(header) - Date.now() : seconds * 1_000;
  return wait >= 0 ? wait : undefined;
}

function isSocketError(error: unknown): error is Error {
  return error instanceof Error && typeof (error as NodeJS.ErrnoException).code === 'string';
}
