/** What a failed request to Vonage means. The SDK throws a VetchError with the response unread, or whatever fetch threw. */
import { NOT_SENT, retryAfter } from '../http-failure.ts';
import { ProviderError, type ProviderErrorKind } from '../provider-error.ts';

const VENDOR = 'vonage';

/** `creates`: the request makes something ring or send, so no answer means that it may have. */
export async function vonageError(error: unknown, request: { what: string; creates: boolean }): Promise<ProviderError> {
  if (error instanceof ProviderError) return error;
  const response = responseOf(error);
  if (response !== null) return await refusal(error, response, request);
  const { code, message } = causeOf(error);
  if (error instanceof Error && error.name === 'AbortError')
    return made(request.creates ? 'in_doubt' : 'timeout', `${request.what}: no answer in time`, error);
  if (code !== null && NOT_SENT.has(code)) return made('unreachable', `${request.what}: ${message}`, error);
  return made(request.creates ? 'in_doubt' : 'unreachable', `${request.what}: ${message}`, error);
}

export const inDoubt = (what: string): ProviderError => made('in_doubt', what, undefined);

function made(kind: ProviderErrorKind, message: string, cause: unknown): ProviderError {
  return new ProviderError(VENDOR, kind, { message, cause });
}

async function refusal(
  error: unknown,
  response: Response,
  request: { what: string; creates: boolean },
): Promise<ProviderError> {
  const { status } = response;
  const reason = await reasonOf(response);
  const retryAfterMs = retryAfter(response.headers.get('retry-after'), Date.now());
  return new ProviderError(VENDOR, kindOf(status, request.creates), {
    message: `${request.what}: ${status}${reason === '' ? '' : ` ${reason}`}`,
    cause: error,
    ...(retryAfterMs === null ? {} : { retryAfterMs }),
  });
}

function kindOf(status: number, creates: boolean): ProviderErrorKind {
  if (status === 401 || status === 403) return 'credentials';
  if (status === 402) return 'quota';
  if (status === 404) return 'not_found';
  if (status === 429) return 'rate_limit';
  // Also a 2xx whose body could not be read: it was accepted, but as what?
  if (status >= 500 || status < 300) return creates ? 'in_doubt' : 'vendor_fault';
  return 'bad_request';
}

export function responseOf(error: unknown): Response | null {
  const response = typeof error === 'object' && error !== null && 'response' in error ? error.response : null;
  return isResponse(response) ? response : null;
}

/** By its shape: the SDK's packages bring a `Response` of their own. */
const isResponse = (value: unknown): value is Response =>
  typeof value === 'object' &&
  value !== null &&
  'status' in value &&
  typeof value.status === 'number' &&
  'headers' in value &&
  'text' in value;

/** `{"type","error_title"}` of Voice, `{"title","detail"}` of Messages; anything else as it stands, shortened. */
async function reasonOf(response: Response): Promise<string> {
  if (response.bodyUsed) return '';
  const text = await response.text().catch(() => '');
  try {
    const body = JSON.parse(text) as Record<string, unknown>;
    return ['error_title', 'title', 'detail', 'type']
      .map((key) => body[key])
      .filter((part) => typeof part === 'string')
      .join(': ')
      .slice(0, 300);
  } catch {
    return text.slice(0, 300);
  }
}

/** fetch says "fetch failed" and has the reason in its cause. */
function causeOf(error: unknown): { code: string | null; message: string } {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  const code =
    typeof cause === 'object' && cause !== null && 'code' in cause && typeof cause.code === 'string'
      ? cause.code
      : null;
  const message = cause instanceof Error ? cause.message : String(cause);
  return { code, message: code === null || message.includes(code) ? message : `${code} ${message}` };
}
