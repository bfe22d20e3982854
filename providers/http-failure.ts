/** What a failed HTTP exchange means, alike for everybody who speaks plain `fetch`. */
import { ProviderError, type ProviderErrorKind } from './provider-error.ts';

/** The connection never stood, so nothing of the request can have arrived. */
export const NOT_SENT: ReadonlySet<string> = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'UND_ERR_CONNECT_TIMEOUT',
  'ERR_INVALID_URL',
]);
const BAD_CERTIFICATE = /CERT|^ERR_(TLS|SSL)_/;

export interface Exchange {
  vendor: string;
  /** `POST /crm/v3/objects/notes`: no query, no personal data. */
  what: string;
  /** A repeat would do it twice, so what may have arrived is `in_doubt`. */
  creates: boolean;
}

/** `fetch` rejected: no answer came. */
export function noAnswer(exchange: Exchange, error: unknown): ProviderError {
  const { vendor, what, creates } = exchange;
  const code = codeOf(error);
  if (NOT_SENT.has(code) || BAD_CERTIFICATE.test(code)) {
    return new ProviderError(vendor, 'unreachable', { message: `${what}: no connection (${code})`, cause: error });
  }
  const timedOut = error instanceof Error && error.name === 'TimeoutError';
  const kind = creates ? 'in_doubt' : timedOut ? 'timeout' : 'unreachable';
  return new ProviderError(vendor, kind, {
    message: `${what}: ${timedOut ? 'no answer in time' : `broken off (${code})`}`,
    cause: error,
  });
}

function codeOf(error: unknown): string {
  for (let at: unknown = error; at instanceof Error; at = at.cause) {
    if ('code' in at && typeof at.code === 'string') return at.code;
  }
  return error instanceof Error ? error.name : 'unknown';
}

/** An answer came, and it is a refusal. `detail` = the vendor's own word for it. */
export function refused(
  exchange: Exchange,
  response: Response,
  detail: { word: string; kind?: ProviderErrorKind },
): ProviderError {
  const retryAfterMs = retryAfter(response.headers.get('retry-after'), Date.now());
  return new ProviderError(exchange.vendor, detail.kind ?? kindOf(response.status, exchange.creates), {
    message: `${exchange.what}: HTTP ${response.status} ${detail.word}`.trimEnd(),
    ...(retryAfterMs === null ? {} : { retryAfterMs }),
  });
}

function kindOf(status: number, creates: boolean): ProviderErrorKind {
  if (status === 401 || status === 403) return 'credentials';
  if (status === 404 || status === 410) return 'not_found';
  if (status === 429) return 'rate_limit';
  if (status >= 500) return creates ? 'in_doubt' : 'vendor_fault';
  if (status === 408) return creates ? 'in_doubt' : 'timeout';
  return status >= 400 ? 'bad_request' : 'vendor_fault';
}

/** Seconds, or a date; null when there is none or it cannot be read. */
export function retryAfter(header: string | null, nowMs: number): number | null {
  if (header === null || header.trim() === '') return null;
  const seconds = Number(header);
  if (Number.isFinite(seconds)) return Math.max(0, Math.ceil(seconds * 1_000));
  const atMs = Date.parse(header);
  return Number.isNaN(atMs) ? null : Math.max(0, atMs - nowMs);
}
