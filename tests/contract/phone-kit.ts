/** A phone network under test: the sandbox, a small webhook application and a small media host, each on a free port. */
import { createHash, createHmac, generateKeyPairSync } from 'node:crypto';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Vonage } from '@vonage/server-sdk';
import { pino } from 'pino';
import { WebSocketServer, type WebSocket } from 'ws';
import { startSandbox, type RunningSandbox } from '../../sandbox/sandbox.ts';
import { settingsFrom } from '../../sandbox/settings.ts';

export const SECRET = 'signature-secret-for-tests';
export const NUMBER = '442079460000';
const APPLICATION = '6f1c0d4e-0000-4000-8000-00000000c0de';

export interface Hook {
  path: string;
  method: string;
  raw: string;
  body: Record<string, unknown>;
  token: string;
}

export interface MediaConnection {
  socket: WebSocket;
  path: string;
  texts: Record<string, unknown>[];
  frames: Buffer[];
}

export interface PhoneBench {
  running: RunningSandbox;
  vonage: Vonage;
  hookUrl: string;
  mediaUrl: string;
  hooks: Hook[];
  media: MediaConnection[];
  /** What a path answers; an event gets `{}` when nothing is said. */
  answers: Map<string, (hook: Hook) => unknown>;
  hook(matches: (hook: Hook) => boolean): Promise<Hook>;
  event(status: string, more?: Record<string, unknown>): Promise<Hook>;
  connection(index: number): Promise<MediaConnection>;
  until<Value>(look: () => Value | undefined | false): Promise<Value>;
  control(method: string, path: string, body?: unknown): Promise<Record<string, unknown>>;
  close(): Promise<void>;
}

export async function startBench(): Promise<PhoneBench> {
  const { privateKey } = generateKeyPairSync('rsa', {
    modulusLength: 2048,
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
    publicKeyEncoding: { type: 'spki', format: 'pem' },
  });
  const waiting = new Set<() => void>();
  const changed = (): void => {
    for (const look of [...waiting]) look();
  };
  const hooks: Hook[] = [];
  const answers = new Map<string, (hook: Hook) => unknown>();
  const app = await listening(
    createServer(
      (req, res) =>
        void takeHook(req).then((hook) => {
          hooks.push(hook);
          const answer = answers.get(hook.path)?.(hook) ?? {};
          const status = typeof answer === 'number' ? answer : 200;
          res
            .writeHead(status, { 'content-type': 'application/json' })
            .end(JSON.stringify(status === 200 ? answer : {}));
          changed();
        }),
    ),
  );
  const media: MediaConnection[] = [];
  const host = new WebSocketServer({ port: 0, host: '127.0.0.1' });
  host.on('connection', (socket, req) => {
    const connection: MediaConnection = { socket, path: req.url ?? '', texts: [], frames: [] };
    media.push(connection);
    socket.on('message', (data, isBinary) => {
      if (isBinary) connection.frames.push(data as Buffer);
      else connection.texts.push(JSON.parse((data as Buffer).toString('utf8')) as Record<string, unknown>);
      changed();
    });
    socket.on('close', changed);
    changed();
  });
  const hookUrl = `http://127.0.0.1:${(app.address() as AddressInfo).port}`;
  const running = await startSandbox(
    settingsFrom({
      SANDBOX_HTTP_PORT: '0',
      SANDBOX_GRPC_PORT: '0',
      SANDBOX_ANSWER_URL: `${hookUrl}/answer`,
      SANDBOX_EVENT_URL: `${hookUrl}/event`,
      SANDBOX_FALLBACK_URL: `${hookUrl}/fallback`,
      VONAGE_SIGNATURE_SECRET: SECRET,
      VONAGE_API_KEY: 'abcd1234',
      VONAGE_API_SECRET: 'secret',
      VONAGE_APPLICATION_ID: APPLICATION,
      VONAGE_PRIVATE_KEY: privateKey,
      VONAGE_NUMBER: NUMBER,
    }),
    pino({ level: 'silent' }),
  );
  const vonage = new Vonage(
    { apiKey: 'abcd1234', apiSecret: 'secret', applicationId: APPLICATION, privateKey },
    { apiHost: running.url, restHost: running.url, timeout: 5_000 },
  );

  const until = <Value>(look: () => Value | undefined | false): Promise<Value> =>
    new Promise((resolve) => {
      const poll = setInterval(() => check(), 20);
      const check = (): void => {
        const value = look();
        if (value === undefined || value === false) return;
        clearInterval(poll);
        waiting.delete(check);
        resolve(value);
      };
      waiting.add(check);
      check();
    });
  const hook = (matches: (one: Hook) => boolean): Promise<Hook> => until(() => hooks.find(matches));
  return {
    running,
    vonage,
    hookUrl,
    mediaUrl: `ws://127.0.0.1:${(host.address() as AddressInfo).port}`,
    hooks,
    media,
    answers,
    until,
    hook,
    event: (status, more = {}) =>
      hook(
        (one) =>
          one.body['status'] === status && Object.entries(more).every(([name, value]) => one.body[name] === value),
      ),
    connection: (index) => until(() => media[index]),
    control: async (method, path, body) => {
      const response = await fetch(`${running.url}/control${path}`, {
        method,
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      const answer = (await response.json()) as Record<string, unknown>;
      if (!response.ok) throw new Error(`${method} ${path}: ${JSON.stringify(answer)}`);
      return answer;
    },
    close: async () => {
      await running.close();
      for (const client of host.clients) client.terminate();
      host.close();
      app.closeAllConnections();
      app.close();
    },
  };
}

/** Why a webhook's signature does not hold, checked with nothing of the sandbox's own code. */
export function signatureFault(hook: Hook): string | undefined {
  const [head = '', body = '', signature = ''] = hook.token.split('.');
  const expected = createHmac('sha256', SECRET).update(`${head}.${body}`).digest('base64url');
  if (expected !== signature) return 'signature';
  const claims = JSON.parse(Buffer.from(body, 'base64url').toString('utf8')) as Record<string, unknown>;
  if (claims['iss'] !== 'Vonage' || claims['api_key'] !== 'abcd1234' || typeof claims['jti'] !== 'string')
    return 'claims';
  if (Math.abs(Number(claims['iat']) * 1000 - Date.now()) > 60_000) return 'iat';
  return claims['payload_hash'] === createHash('sha256').update(hook.raw).digest('hex') ? undefined : 'payload_hash';
}

export function tone(frames: number, amplitude = 6_000): Buffer[] {
  return Array.from({ length: frames }, (_, f) => {
    const frame = Buffer.alloc(640);
    for (let i = 0; i < 320; i += 1)
      frame.writeInt16LE(Math.round(amplitude * Math.sin((2 * Math.PI * 440 * (f * 320 + i)) / 16_000)), i * 2);
    return frame;
  });
}

async function takeHook(req: IncomingMessage): Promise<Hook> {
  const chunks: Buffer[] = [];
  for await (const chunk of req as AsyncIterable<Buffer>) chunks.push(chunk);
  const raw = Buffer.concat(chunks).toString('utf8');
  const url = new URL(req.url ?? '/', 'http://app');
  const body = (raw === '' ? Object.fromEntries(url.searchParams) : JSON.parse(raw)) as Record<string, unknown>;
  return {
    path: url.pathname,
    method: req.method ?? '',
    raw,
    body,
    token: (req.headers.authorization ?? '').replace('Bearer ', ''),
  };
}

async function listening(server: Server): Promise<Server> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return server;
}
