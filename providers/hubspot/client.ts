/** One request to HubSpot. Nothing is repeated here: Temporal retries, at the delay that HubSpot asks for. */
import { z } from 'zod';
import { noAnswer, refused, type Exchange } from '../http-failure.ts';
import { ProviderError, type ProviderErrorKind } from '../provider-error.ts';

const VENDOR = 'hubspot';
/** HubSpot's slowest writes take some 3 s; below the 15 s that an activity has for one attempt. */
const ANSWER_MS = 10_000;
/** Windows of HubSpot's limits, waited out where a 429 names its policy but no Retry-After. */
const POLICY_WAIT_MS: Readonly<Record<string, number>> = { SECONDLY: 1_000, TEN_SECONDLY_ROLLING: 10_000 };

const errorBody = z.object({
  category: z.string().optional(),
  policyName: z.string().optional(),
  correlationId: z.string().optional(),
  /** Quotes what was sent: never passed on. */
  message: z.string().optional(),
});

export interface HubspotRequest<Answer> {
  method: 'GET' | 'POST' | 'PATCH';
  path: string;
  query?: Record<string, string>;
  body?: unknown;
  /** A repeat would create it twice. */
  creates?: boolean;
  answer: z.ZodType<Answer>;
  signal?: AbortSignal;
}

export interface HubspotClient {
  request<Answer>(request: HubspotRequest<Answer>): Promise<Answer>;
}

/** A contact with this e-mail address exists: HubSpot names it instead of creating another. */
export class AlreadyThere extends ProviderError {
  readonly existingId: string;

  constructor(what: string, existingId: string) {
    super(VENDOR, 'bad_request', { message: `${what}: it exists already` });
    this.existingId = existingId;
  }
}

export function createHubspotClient({ token, baseUrl }: { token: string; baseUrl: string }): HubspotClient {
  const base = baseUrl.replace(/\/+$/, '');
  return {
    async request(request) {
      // Ids in the path are left out of messages: they lead to a person.
      const exchange = {
        vendor: VENDOR,
        what: `${request.method} ${request.path.replaceAll(/\/\d+/g, '/{id}')}`,
        creates: request.creates ?? false,
      };
      const response = await send(exchange, request, { base, token });
      if (!response.ok) throw await refusal(exchange, response);
      return await readAnswer(exchange, response, request.answer);
    },
  };
}

async function send(
  exchange: Exchange,
  request: HubspotRequest<unknown>,
  { base, token }: { base: string; token: string },
): Promise<Response> {
  const limit = AbortSignal.timeout(ANSWER_MS);
  const query = request.query === undefined ? '' : `?${new URLSearchParams(request.query).toString()}`;
  try {
    return await fetch(`${base}${request.path}${query}`, {
      method: request.method,
      headers: { authorization: `Bearer ${token}`, accept: 'application/json', 'content-type': 'application/json' },
      // The token goes where it was meant to go.
      redirect: 'manual',
      signal: request.signal === undefined ? limit : AbortSignal.any([limit, request.signal]),
      ...(request.body === undefined ? {} : { body: JSON.stringify(request.body) }),
    });
  } catch (error) {
    // The caller's own wish to stop is its affair.
    request.signal?.throwIfAborted();
    throw noAnswer(exchange, error);
  }
}

async function readAnswer<Answer>(exchange: Exchange, response: Response, shape: z.ZodType<Answer>): Promise<Answer> {
  let body: unknown;
  try {
    body = await response.json();
  } catch (error) {
    throw noAnswer(exchange, error);
  }
  const parsed = shape.safeParse(body);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  throw new ProviderError(VENDOR, exchange.creates ? 'in_doubt' : 'vendor_fault', {
    message: `${exchange.what}: an answer of another shape (${issue?.path.join('.') ?? ''}: ${issue?.code ?? ''})`,
  });
}

async function refusal(exchange: Exchange, response: Response): Promise<Error> {
  const parsed = errorBody.safeParse(await response.json().catch(() => ({})));
  const body = parsed.success ? parsed.data : {};
  const existing = response.status === 409 ? /Existing ID: (\d+)/.exec(body.message ?? '')?.[1] : undefined;
  if (existing !== undefined) return new AlreadyThere(exchange.what, existing);
  const word = [body.category, body.policyName, body.correlationId].filter((part) => part !== undefined).join(' ');
  const error = refused(exchange, response, { word, ...kindByPolicy(response.status, body.policyName) });
  const waitMs = body.policyName === undefined ? undefined : POLICY_WAIT_MS[body.policyName];
  if (error.retryAfterMs !== null || waitMs === undefined) return error;
  return new ProviderError(VENDOR, error.kind, {
    message: `${exchange.what}: HTTP ${response.status} ${word}`,
    retryAfterMs: waitMs,
  });
}

/** The day's allowance is used up: another kind of wait than a busy second. */
function kindByPolicy(status: number, policy: string | undefined): { kind?: ProviderErrorKind } {
  return status === 429 && policy === 'DAILY' ? { kind: 'quota' } : {};
}
