/** The host's address: the network's websockets, each with a token of its own, and a few words for the inside. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import { timingSafeEqual } from 'node:crypto';
import { WebSocketServer, type RawData, type WebSocket } from 'ws';
import { z } from 'zod';
import { asCallId } from '../domain/ids.ts';
import { mediaControlKey, readMediaToken, type MediaToken } from '../providers/media-token.ts';
import type { Provisional } from './call-link.ts';
import { FrameLane, laidBeside } from './frame-lane.ts';
import type { MediaHost } from './host.ts';
import { legSocket, type Wired } from './leg-socket.ts';
import type { AroundLeg } from './leg-trace.ts';
import type { Session } from './session.ts';
import type { ServeMetrics } from '../telemetry/metrics-door.ts';

export interface DoorSettings {
  tokenSecret: string;
  /** Where the network reaches this host. */
  publicUrl: () => string;
  pulseMs?: number;
  metrics?: ServeMetrics;
  aroundLeg?: AroundLeg;
}

const VANISHED = 1006;

/** The network's first words come with its first packets; a bridge that sends none is served all the same. */
const FIRST_WORD_MS = 1_000;
/** Two of these until a lost far side is noticed; the network's own `disconnected` is usually faster. */
const PULSE_MS = 5_000;
const MOST_BODY_BYTES = 64 * 1024;
/** A frame is 640 bytes, the longest word a few hundred. */
const MOST_MESSAGE_BYTES = 64 * 1024;

const preparation = z.object({
  text: z.string().min(1).max(2_000),
  language: z.string().min(2),
  speechSpeed: z.number().min(0.5).max(2).default(1),
  callId: z.string().min(1).optional(),
});

const provisionalLeg = z.object({
  legId: z.string().min(1),
  from: z.string(),
  to: z.string().min(1),
  conversationId: z.string(),
  regionUrl: z.string(),
});

export function createDoor(host: MediaHost, settings: DoorSettings): Server {
  const { log } = host.equipment;
  const sockets = new WebSocketServer({ noServer: true, maxPayload: MOST_MESSAGE_BYTES, perMessageDeflate: false });
  const server = createServer((request, response) => {
    void serve(host, settings, { request, response }).catch((error: unknown) => {
      log.error({ err: error }, 'a request to the media host has failed');
      reply(response, 500, { error: 'it failed' });
    });
  });
  server.on('upgrade', (request: IncomingMessage, wire: Duplex, head: Buffer) => {
    const token = admitted(host, settings, request);
    if (token === null) {
      log.warn({ from: request.socket.remoteAddress }, 'a socket without a valid token was refused');
      wire.end('HTTP/1.1 401 Unauthorized\r\nConnection: close\r\nContent-Length: 0\r\n\r\n');
      return;
    }
    const lane = new FrameLane(MOST_MESSAGE_BYTES);
    const own = laidBeside(wire, head, lane);
    sockets.handleUpgrade(request, own, head, (socket) => {
      welcome({ host, settings }, { socket, wire: own, lane }, token);
    });
  });
  const pulse = watchPulse(sockets, settings.pulseMs ?? PULSE_MS);
  server.on('close', () => {
    clearInterval(pulse);
  });
  return server;
}

function admitted(host: MediaHost, settings: DoorSettings, request: IncomingMessage): MediaToken | null {
  const url = new URL(request.url ?? '/', 'http://media');
  if (url.pathname !== '/media') return null;
  const token = readMediaToken(settings.tokenSecret, url.searchParams.get('token') ?? '', Date.now());
  return token !== null && host.spend(token, Date.now()) ? token : null;
}

/** The leg begins with the network's first word, which may say that the call is still to be opened. */
function welcome(
  { host, settings }: { host: MediaHost; settings: DoorSettings },
  { lane, ...wired }: Wired & { lane: FrameLane },
  token: MediaToken,
): void {
  const { log, meter } = host.equipment;
  const { socket } = wired;
  const frames = meter?.leg() ?? null;
  const around: AroundLeg = settings.aroundLeg ?? ((_, begin) => begin());
  let session: Session | null = null;
  let closed = false;
  const begin = (provisional: Provisional | null): Session => {
    clearTimeout(patience);
    const who = { callId: token.callId, connectId: token.connectId, provisional };
    session ??= around(token, () => host.begin(who, legSocket(wired, frames)));
    return session;
  };
  const patience = setTimeout(() => {
    if (!closed) begin(null);
  }, FIRST_WORD_MS);
  const onFrame = (frame: Buffer): void => {
    frames?.cameIn(performance.now());
    (session ?? begin(null)).onFrame(frame);
  };
  lane.onFrame = (frame) => {
    if (socket.readyState === socket.OPEN) onFrame(frame);
  };
  socket.on('message', (data: RawData, isBinary) => {
    if (isBinary) onFrame(asBuffer(data));
    else {
      const word = wordOf(asBuffer(data).toString('utf8'));
      if (word === null) log.warn({ callId: token.callId }, 'the network said something that is no JSON object');
      else if (session === null) begin(provisionalOf(word)).onWord(word);
      else session.onWord(word);
    }
  });
  const end = (how: 'network' | 'fault'): void => {
    closed = true;
    clearTimeout(patience);
    session?.onClosed(how);
  };
  // 1006: no word of goodbye, neither from the network nor from a far side that had no pulse.
  socket.on('close', (code) => {
    end(code === VANISHED ? 'fault' : 'network');
  });
  socket.on('error', (error) => {
    log.warn({ err: error, callId: token.callId }, 'a media socket has failed');
    end('fault');
  });
}

/**
 * A far side that vanished without closing is found out here; the wire itself would take minutes. Only who has answered a
 * ping before is expected to answer the next: not every bridge does.
 */
function watchPulse(sockets: WebSocketServer, everyMs: number): NodeJS.Timeout {
  const answers = new WeakSet<WebSocket>();
  const waiting = new WeakSet<WebSocket>();
  const pulse = setInterval(() => {
    for (const socket of sockets.clients) {
      if (waiting.has(socket) && answers.has(socket)) {
        socket.terminate();
        continue;
      }
      if (!waiting.has(socket)) {
        socket.once('pong', () => {
          answers.add(socket);
          waiting.delete(socket);
        });
      }
      waiting.add(socket);
      socket.ping();
    }
  }, everyMs);
  return pulse.unref();
}

const asBuffer = (data: RawData): Buffer =>
  Buffer.isBuffer(data) ? data : Array.isArray(data) ? Buffer.concat(data) : Buffer.from(data);

function wordOf(text: string): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : null;
  } catch {
    return null;
  }
}

/** The headers we gave come back flattened; a nested one as an object or as its JSON text. */
function provisionalOf(word: Record<string, unknown>): Provisional | null {
  const given = word['provisional'];
  const read = provisionalLeg.safeParse(typeof given === 'string' ? wordOf(given) : given);
  return read.success ? read.data : null;
}

async function serve(
  host: MediaHost,
  settings: DoorSettings,
  { request, response }: { request: IncomingMessage; response: ServerResponse },
): Promise<void> {
  const path = new URL(request.url ?? '/', 'http://media').pathname;
  const asked = `${request.method ?? 'GET'} ${path}`;
  if (asked === 'GET /health/liveness') reply(response, 200, { status: 'ok' });
  else if (asked === 'GET /host') {
    reply(response, 200, {
      hostId: host.equipment.hostId,
      publicUrl: settings.publicUrl(),
      liveCalls: host.liveCalls,
      draining: host.draining,
    });
  } else if (asked === 'GET /metrics' && settings.metrics !== undefined) await settings.metrics(request, response);
  else if (asked === 'POST /prepare') await prepare(host, settings, { request, response });
  else reply(response, 404, { error: 'nothing is here' });
}

async function prepare(
  host: MediaHost,
  settings: DoorSettings,
  { request, response }: { request: IncomingMessage; response: ServerResponse },
): Promise<void> {
  if (!isInside(request.headers.authorization ?? '', settings.tokenSecret)) {
    reply(response, 401, { error: 'not for you' });
    return;
  }
  const read = preparation.safeParse(wordOf(await bodyOf(request)));
  if (!read.success) {
    reply(response, 400, { error: read.error.issues[0]?.message ?? 'cannot be read' });
    return;
  }
  const { callId, ...greeting } = read.data;
  await host.prepare({ ...greeting, callId: callId === undefined ? null : asCallId(callId) });
  reply(response, 200, { prepared: true });
}

function isInside(authorization: string, secret: string): boolean {
  const expected = Buffer.from(`Bearer ${mediaControlKey(secret)}`);
  const given = Buffer.from(authorization);
  return expected.length === given.length && timingSafeEqual(expected, given);
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const pieces: Buffer[] = [];
  let bytes = 0;
  for await (const piece of request as AsyncIterable<Buffer>) {
    bytes += piece.length;
    if (bytes > MOST_BODY_BYTES) return '';
    pieces.push(piece);
  }
  return Buffer.concat(pieces).toString('utf8');
}

function reply(response: ServerResponse, status: number, body: unknown): void {
  if (response.headersSent) return;
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}
