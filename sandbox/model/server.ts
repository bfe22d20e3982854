/** Stands in for Anthropic's Messages API, on its own wire, answered by the rule-based brain; misbehaves on request. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { setTimeout as wait } from 'node:timers/promises';
import { eventsOf, outputTokens, wholeMessage, type SentEvent, type Usage } from './events.ts';
import { FaultDesk, type ModelFaults, type SeenRequest } from './faults.ts';
import { messageBody, violation, type MessageBody } from './message-request.ts';
import { PromptCache } from './prompt-cache.ts';
import { newId, replyTo, type ModelReply } from './reply.ts';

export interface ModelStandIn {
  handle(req: IncomingMessage, res: ServerResponse): Promise<void>;
  faults: FaultDesk;
}

const ERROR_TYPES: Readonly<Record<number, string>> = {
  400: 'invalid_request_error',
  401: 'authentication_error',
  402: 'billing_error',
  403: 'permission_error',
  404: 'not_found_error',
  408: 'timeout_error',
  413: 'request_too_large',
  429: 'rate_limit_error',
  500: 'api_error',
  529: 'overloaded_error',
};
const MODELS = ['claude-haiku-5-5', 'claude-sonnet-5-5', 'claude-sonnet-5', 'claude-opus-5-5'];
const MODEL_LIST = {
  data: MODELS.map((id) => ({ type: 'model', id, display_name: id })),
  has_more: false,
  first_id: MODELS[0],
  last_id: MODELS.at(-1),
};
const BODY_MAX_BYTES = 32 * 1024 * 1024;
const PING_MS = 1_000;

interface Exchange {
  req: IncomingMessage;
  res: ServerResponse;
  seen: SeenRequest;
  /** Aborted when the client has gone. */
  gone: AbortSignal;
  /** Ordered delays are counted from here: what this side takes to think is in them. */
  cameAtMs: number;
}

interface Model {
  faults: FaultDesk;
  cache: PromptCache;
}

export function createModelStandIn(): ModelStandIn {
  const model: Model = { faults: new FaultDesk(), cache: new PromptCache() };
  return { faults: model.faults, handle: (req, res) => handle(model, req, res) };
}

async function handle(model: Model, req: IncomingMessage, res: ServerResponse): Promise<void> {
  const closed = new AbortController();
  res.on('close', () => closed.abort());
  const exchange: Exchange = {
    req,
    res,
    seen: { headers: headersOf(req), body: null, status: 0 },
    gone: closed.signal,
    cameAtMs: performance.now(),
  };
  try {
    await route(model, exchange);
  } catch (error) {
    if (closed.signal.aborted) return;
    if (res.headersSent) res.destroy();
    else refuse(exchange, { status: 400, message: error instanceof Error ? error.message : String(error) });
  }
}

async function route(model: Model, exchange: Exchange): Promise<void> {
  const { req, res, seen } = exchange;
  const path = (req.url ?? '').split('?')[0] ?? '';
  if (!hasKey(req)) return refuse(exchange, { status: 401, message: 'x-api-key header is required' });
  if (req.headers['anthropic-version'] === undefined) {
    return refuse(exchange, { status: 400, message: 'anthropic-version: header is required' });
  }
  if (path === '/v1/models' && req.method === 'GET') return answerJson(res, MODEL_LIST);
  if (path !== '/v1/messages' || req.method !== 'POST') {
    return refuse(exchange, { status: 404, message: `Not found: ${req.method ?? ''} ${path}` });
  }
  seen.body = JSON.parse(await bodyOf(req));
  model.faults.remember(seen);
  const parsed = messageBody.safeParse(seen.body);
  if (parsed.success) return answer(model, parsed.data, exchange);
  const problems = parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`);
  refuse(exchange, { status: 400, message: problems.join('; ') });
}

async function answer({ faults, cache }: Model, body: MessageBody, exchange: Exchange): Promise<void> {
  if (!body.model.startsWith('claude-')) return refuse(exchange, { status: 404, message: `model: ${body.model}` });
  const fault = faults.take(body.model);
  if (fault.headerDelayMs > 0) await wait(fault.headerDelayMs, undefined, { signal: exchange.gone });
  if (fault.http !== null) return refuse(exchange, { ...fault.http, message: 'as ordered' });
  const problem = violation(body);
  if (problem !== null) return refuse(exchange, { status: 400, message: problem });
  const reply = await replyTo(body, { scripted: faults.nextScripted(), replies: fault.replies }, exchange.gone);
  const usage = { ...cache.count(body, Date.now()), output_tokens: outputTokens(reply) };
  if (body.stream === true) return stream({ reply, model: body.model, usage, fault }, exchange);
  await wait(fault.firstTokenDelayMs + fault.perTokenMs * usage.output_tokens, undefined, { signal: exchange.gone });
  if (fault.cutAfterEvents !== null) return void exchange.res.destroy();
  if (fault.stallAfterEvents !== null) return;
  exchange.seen.status = 200;
  answerJson(exchange.res, wholeMessage(reply, { model: body.model, usage }));
}

interface Streaming {
  reply: ModelReply;
  model: string;
  usage: Usage;
  fault: ModelFaults;
}

async function stream(what: Streaming, { res, seen, gone, cameAtMs }: Exchange): Promise<void> {
  const { fault } = what;
  res.writeHead(200, {
    'content-type': 'text/event-stream; charset=utf-8',
    'cache-control': 'no-cache',
    'request-id': newId('req'),
  });
  seen.status = 200;
  const send = ({ event, data }: Pick<SentEvent, 'event' | 'data'>): unknown =>
    res.write(`event: ${event}\ndata: ${JSON.stringify(data)}\n\n`);
  let sent = 0;
  let tokens = 0;
  // By moments, not by pauses: pauses would add up their timers' rounding, a millisecond each.
  const firstDueMs = Math.max(cameAtMs + fault.headerDelayMs + fault.firstTokenDelayMs, performance.now());
  for (const event of eventsOf(what.reply, { model: what.model, usage: what.usage })) {
    if (sent === fault.cutAfterEvents) return void res.destroy();
    if (sent === fault.stallAfterEvents) return stall(fault.pingsWhileStalled ? send : null, gone);
    if (fault.streamError?.afterEvents === sent) {
      send({ event: 'error', data: { type: 'error', error: { type: fault.streamError.type, message: 'as ordered' } } });
      return void res.end();
    }
    if (fault.endWithoutStop && event.event === 'message_delta') return void res.end();
    if (event.paced) {
      if (tokens === 0) await pinging(firstDueMs - performance.now(), send, gone);
      const early = firstDueMs + tokens * fault.perTokenMs - performance.now();
      if (tokens > 0 && early > 0) await wait(early, undefined, { signal: gone });
      tokens += 1;
    }
    if (gone.aborted) return;
    send(event);
    sent += 1;
  }
  res.end();
}

type Send = (event: Pick<SentEvent, 'event' | 'data'>) => unknown;

async function pinging(delayMs: number, send: Send, gone: AbortSignal): Promise<void> {
  for (let left = delayMs; left > 0; left -= PING_MS) {
    await wait(Math.min(left, PING_MS), undefined, { signal: gone });
    if (left > PING_MS) send({ event: 'ping', data: { type: 'ping' } });
  }
}

/** Until the client goes. */
async function stall(send: Send | null, gone: AbortSignal): Promise<void> {
  while (!gone.aborted) {
    await wait(PING_MS / 10, undefined, { signal: gone });
    send?.({ event: 'ping', data: { type: 'ping' } });
  }
}

function refuse(
  { res, seen }: Exchange,
  { status, message, retryAfterS }: { status: number; message: string; retryAfterS?: number },
): void {
  const requestId = newId('req');
  seen.status = status;
  res.writeHead(status, {
    'content-type': 'application/json',
    'request-id': requestId,
    ...(retryAfterS === undefined ? {} : { 'retry-after': String(retryAfterS) }),
  });
  res.end(
    JSON.stringify({
      type: 'error',
      error: { type: ERROR_TYPES[status] ?? 'api_error', message },
      request_id: requestId,
    }),
  );
}

function answerJson(res: ServerResponse, body: unknown): void {
  res.writeHead(200, { 'content-type': 'application/json', 'request-id': newId('req') });
  res.end(JSON.stringify(body));
}

/** Both generations of the SDK: `x-api-key`, and `authorization: Bearer`. */
function hasKey(req: IncomingMessage): boolean {
  const key = req.headers['x-api-key'];
  return (typeof key === 'string' && key !== '') || /^Bearer \S+/.test(req.headers.authorization ?? '');
}

async function bodyOf(req: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of req as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > BODY_MAX_BYTES) throw new Error('the body is too large');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function headersOf(req: IncomingMessage): Record<string, string> {
  const entries = Object.entries(req.headers).map(
    ([name, value]) => [name, Array.isArray(value) ? value.join(', ') : (value ?? '')] as const,
  );
  // How the key came is worth knowing, the key itself is not: somebody may try a real one here.
  return Object.fromEntries(
    entries.map(([name, value]) => [
      name,
      name === 'x-api-key' || name === 'authorization' ? value.replace(/\S+$/, '…') : value,
    ]),
  );
}
