/**
 * One exchange with a server that speaks OpenAI's audio interface: speaches, whisper.cpp, LocalAI; Kokoro-FastAPI, openedai-speech.
 * By node:http, not by fetch: a fetch whose body is called off in mid-stream, as at every interruption, rejects where nobody can catch it.
 */
import { randomUUID } from 'node:crypto';
import { Agent as HttpAgent, request as httpRequest, type IncomingMessage, type RequestOptions } from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';
import { noAnswer, refused, type Exchange } from '../http-failure.ts';
import { ProviderError, type ProviderErrorKind } from '../provider-error.ts';

export interface SpeechServer {
  /** `http://gpu-1:8000`, with or without `/v1`. */
  url: string;
  /** Absent = the server asks for none. */
  apiKey?: string | undefined;
}

export interface Post {
  vendor: string;
  path: string;
  body: { type: string; bytes: Buffer };
}

/** A local model's refusals are short; whatever is longer is a page for a browser. */
const LONGEST_REFUSAL = 200;
/** uvicorn, under most of these servers, closes idle connections after 5 s without saying so beforehand. */
const IDLE_CONNECTION_MS = 4_000;
const AGENTS = {
  'http:': new HttpAgent({ keepAlive: true, timeout: IDLE_CONNECTION_MS }),
  'https:': new HttpsAgent({ keepAlive: true, timeout: IDLE_CONNECTION_MS }),
};

/** The response, its status 2xx and its body not read; throws a ProviderError or the signal's own reason. */
export async function post(server: SpeechServer, asked: Post, signal: AbortSignal): Promise<IncomingMessage> {
  const exchange = exchangeOf(asked.vendor, asked.path);
  let response: IncomingMessage;
  try {
    response = await exchanged(server, asked, signal);
  } catch (error) {
    signal.throwIfAborted();
    throw noAnswer(exchange, error);
  }
  const status = response.statusCode ?? 0;
  if (status >= 200 && status < 300) return response;
  const word = await textOf(response).catch(() => '');
  signal.throwIfAborted();
  const retryAfter = response.headers['retry-after'];
  const told = new Response(null, {
    status: status >= 300 && status <= 599 ? status : 500,
    headers: retryAfter === undefined ? {} : { 'retry-after': retryAfter },
  });
  throw refused(exchange, told, refusal(status, word));
}

/** The body broke off. */
export const brokenOff = (vendor: string, path: string, error: unknown): ProviderError =>
  error instanceof ProviderError ? error : noAnswer(exchangeOf(vendor, path), error);

export async function textOf(response: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of response as AsyncIterable<Buffer>) chunks.push(chunk);
  return Buffer.concat(chunks).toString('utf8');
}

export function addressOf(base: string, path: string): string {
  return `${base.replace(/\/+$/, '').replace(/\/v1$/, '')}/v1${path}`;
}

/** `multipart/form-data` with one file. */
export function formBody(
  fields: Readonly<Record<string, string>>,
  file: { name: string; type: string; bytes: Buffer },
): Post['body'] {
  const boundary = `----${randomUUID()}`;
  const parts = Object.entries(fields).map(
    ([name, value]) => `--${boundary}\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`,
  );
  const head = `--${boundary}\r\nContent-Disposition: form-data; name="file"; filename="${file.name}"\r\nContent-Type: ${file.type}\r\n\r\n`;
  return {
    type: `multipart/form-data; boundary=${boundary}`,
    bytes: Buffer.concat([Buffer.from(parts.join('') + head), file.bytes, Buffer.from(`\r\n--${boundary}--\r\n`)]),
  };
}

function exchanged(server: SpeechServer, { path, body }: Post, signal: AbortSignal): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const url = new URL(addressOf(server.url, path));
    const secure = url.protocol === 'https:';
    const options: RequestOptions = {
      method: 'POST',
      agent: AGENTS[secure ? 'https:' : 'http:'],
      signal,
      headers: {
        'content-type': body.type,
        'content-length': body.bytes.length,
        ...(server.apiKey === undefined ? {} : { authorization: `Bearer ${server.apiKey}` }),
      },
    };
    const request = (secure ? httpsRequest : httpRequest)(url, options, resolve);
    request.on('error', (error: NodeJS.ErrnoException) => {
      // The server closed the kept connection while we took it up: nothing of the request has been read.
      if (request.reusedSocket && error.code === 'ECONNRESET' && !signal.aborted)
        exchanged(server, { vendor: '', path, body }, signal).then(resolve, reject);
      else reject(error);
    });
    request.end(body.bytes);
  });
}

const exchangeOf = (vendor: string, path: string): Exchange => ({ vendor, what: `POST /v1${path}`, creates: false });

/** OpenAI and LocalAI say `{error: {message, code}}`, FastAPI `{detail}`, whisper.cpp `{error: "…"}`. */
function refusal(status: number, body: string): { word: string; kind?: ProviderErrorKind } {
  // One status for two things: too fast now, or the allowance is used up.
  const usedUp = status === 429 && /insufficient_quota|billing|exceeded your current quota/i.test(body);
  return { word: wordIn(body), ...(usedUp ? { kind: 'quota' as const } : {}) };
}

function wordIn(body: string): string {
  let parsed: unknown;
  try {
    parsed = JSON.parse(body);
  } catch {
    return body.startsWith('<') ? '' : body.slice(0, LONGEST_REFUSAL);
  }
  const { error, detail } = (parsed ?? {}) as { error?: unknown; detail?: unknown };
  const said = (error as { message?: unknown } | undefined)?.message ?? error ?? detail ?? '';
  return (typeof said === 'string' ? said : JSON.stringify(said)).slice(0, LONGEST_REFUSAL);
}
