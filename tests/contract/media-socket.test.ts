import type { AddressInfo } from 'node:net';
import type { Server } from 'node:http';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { WebSocket } from 'ws';
import { asCallId, type ConnectId } from '../../domain/ids.ts';
import { createDoor } from '../../media/door.ts';
import { MediaHost } from '../../media/host.ts';
import { createPacer } from '../../media/pacer.ts';
import type { Session } from '../../media/session.ts';
import { createMediaDirectory } from '../../providers/media-directory-http.ts';
import { mediaControlKey, mediaUrl, mintMediaToken } from '../../providers/media-token.ts';
import { FakeLeg, seedWith } from '../kit/fake-leg.ts';
import { tone, toneMs } from '../kit/fake-speech.ts';

const SECRET = 'a secret for tests';
let bench: FakeLeg;
let host: MediaHost;
let door: Server;
let base: string;
const open: Caller[] = [];

beforeEach(async () => {
  bench = new FakeLeg();
  host = new MediaHost({ ...bench.equipment, pacer: createPacer() });
  door = createDoor(host, { tokenSecret: SECRET, publicUrl: () => `ws://127.0.0.1:${port()}/media`, pulseMs: 50 });
  await new Promise<void>((resolve) => door.listen(0, '127.0.0.1', resolve));
  base = `http://127.0.0.1:${port()}`;
});

afterEach(async () => {
  for (const caller of open.splice(0)) caller.socket.terminate();
  await host.drain(0);
  door.closeAllConnections();
  await new Promise((resolve) => door.close(resolve));
});

const port = (): string => String((door.address() as AddressInfo).port);
const freshUrl = (nowMs = Date.now()): string =>
  mediaUrl(
    { publicUrl: `ws://127.0.0.1:${port()}/media` },
    mintMediaToken(SECRET, { callId: asCallId('c-1'), usableForMs: 60_000 }, nowMs).token,
  );

/** The network's side of a socket: plays at once what it gets, echoes marks. */
class Caller {
  readonly socket: WebSocket;
  readonly frames: Buffer[] = [];
  readonly words: Record<string, unknown>[] = [];
  readonly result: Promise<'open' | number>;
  #changed: () => void = () => undefined;

  constructor(url: string) {
    this.socket = new WebSocket(url);
    open.push(this);
    this.result = new Promise((resolve) => {
      this.socket.on('open', () => resolve('open'));
      this.socket.on('unexpected-response', (_, response) => resolve(response.statusCode ?? 0));
    });
    this.socket.on('error', () => undefined);
    this.socket.on('message', (data: Buffer, isBinary) => {
      if (isBinary) this.frames.push(data);
      else {
        const word = JSON.parse(data.toString()) as Record<string, unknown>;
        this.words.push(word);
        if (word['action'] === 'notify')
          this.socket.send(JSON.stringify({ event: 'websocket:notify', payload: word['payload'] }));
      }
      this.#changed();
    });
  }

  connected(headers: Record<string, unknown> = {}): void {
    this.socket.send(
      JSON.stringify({ event: 'websocket:connected', 'content-type': 'audio/l16;rate=16000', ...headers }),
    );
  }

  async until(holds: () => boolean): Promise<void> {
    while (!holds()) await new Promise<void>((resolve) => (this.#changed = resolve));
  }
}

test('[ST80] a socket without a token, with an altered, an expired or a spent one is refused with 401', async () => {
  const bare = new Caller(`ws://127.0.0.1:${port()}/media`);
  expect(await bare.result).toBe(401);
  expect(await new Caller(`${freshUrl()}x`).result).toBe(401);
  expect(await new Caller(freshUrl(Date.now() - 61_000)).result).toBe(401);
  const url = freshUrl();
  expect(await new Caller(url).result).toBe('open');
  expect(await new Caller(url).result).toBe(401);
  const elsewhere = new Caller(freshUrl().replace('/media?', '/other?'));
  expect(await elsewhere.result).toBe(401);
});

test('[ST81] the bot speaks in frames of exactly 640 bytes and marks the end of each sentence', async () => {
  bench.link.seed = seedWith({ kind: 'greeting', turnId: 'g-1', text: 'Hello. How are you?' });
  const caller = new Caller(freshUrl());
  await caller.result;
  caller.connected({ callId: 'c-1' });
  await caller.until(() => caller.words.length >= 2);
  expect(new Set(caller.frames.map((frame) => frame.length))).toEqual(new Set([640]));
  expect(caller.words).toMatchObject([
    { action: 'notify', payload: { sentence: 0 } },
    { action: 'notify', payload: { sentence: 1 } },
  ]);
  expect(caller.frames.length * 20).toBeGreaterThanOrEqual(toneMs('Hello.') + toneMs('How are you?'));
});

test('[BI12] speech into the greeting is answered with `clear`', async () => {
  bench.link.seed = seedWith({
    kind: 'greeting',
    turnId: 'g-1',
    text: 'This greeting is long enough that somebody will certainly break into it before it ends.',
  });
  const caller = new Caller(freshUrl());
  await caller.result;
  caller.connected();
  await caller.until(() => caller.frames.length > 10);
  const talking = setInterval(() => caller.socket.send(tone(20)), 20);
  const dictating = setInterval(() => bench.recognizer.current.interim('no no listen'), 200);
  await caller.until(() => caller.words.some((word) => word['action'] === 'clear'));
  clearInterval(talking);
  clearInterval(dictating);
  const sent = caller.frames.length;
  expect(sent * 20).toBeLessThan(
    toneMs('This greeting is long enough that somebody will certainly break into it before it ends.'),
  );
});

test('[RC10] a call that could not be opened is opened by the host, which greets meanwhile', async () => {
  bench.link.goAway();
  const caller = new Caller(freshUrl());
  await caller.result;
  caller.connected({
    provisional: { legId: 'leg-1', from: '+447700900111', to: '+447700900001', conversationId: 'CON-1', regionUrl: '' },
  });
  await caller.until(() => caller.frames.length > 5);
  bench.link.comeBack();
  const attached = () => bench.link.attaches.find((request) => request.connectId !== 'k-1');
  await expect.poll(attached).toBeDefined();
  expect(bench.link.opened).toEqual(['c-1']);
  expect(attached()?.spokeAlone?.text).toContain('Contoso');
});

test('[ST82] the network closing the socket ends the leg', async () => {
  const url = freshUrl();
  const caller = new Caller(url);
  await caller.result;
  caller.connected();
  const session = await sessionOf(url);
  caller.socket.close();
  expect(await session.ended).toBe('network');
  expect(host.liveCalls).toBe(0);
});

test('[RC17] a far side that vanishes without a word is noticed, and is no hang-up', async () => {
  const url = freshUrl();
  const caller = new Caller(url);
  await caller.result;
  caller.connected();
  const session = await sessionOf(url);
  await new Promise((resolve) => caller.socket.once('ping', resolve));
  await new Promise((resolve) => setImmediate(resolve));
  caller.socket.pause();
  expect(await session.ended).toBe('fault');
});

test('[RC18] a call connected anew replaces its older socket', async () => {
  const urls = [freshUrl(), freshUrl()];
  const callers = urls.map((url) => new Caller(url));
  await Promise.all(callers.map((caller) => caller.result));
  callers[0]?.connected();
  const first = await sessionOf(urls[0] ?? '');
  callers[1]?.connected();
  expect(await first.ended).toBe('fault');
  await sessionOf(urls[1] ?? '');
  expect(host.liveCalls).toBe(1);
});

async function sessionOf(url: string): Promise<Session> {
  const token = new URL(url).searchParams.get('token')?.split('.')[0] ?? '';
  const { connectId } = JSON.parse(Buffer.from(token, 'base64url').toString()) as { connectId: ConnectId };
  return await vi.waitFor(() => {
    const session = host.session(connectId);
    if (session === null) throw new Error('no session yet');
    return session;
  });
}

test('[ST83] the directory finds the host, leaves out who drains or does not answer, and prefers as asked', async () => {
  const directory = createMediaDirectory([base, 'http://127.0.0.1:1']);
  const hosts = await directory.all();
  expect(hosts).toMatchObject([
    { hostId: 'host-1', publicUrl: `ws://127.0.0.1:${port()}/media`, internalUrl: base, liveCalls: 0, draining: false },
  ]);
  expect((await directory.choose({}))?.hostId).toBe('host-1');
  expect(await directory.choose({ avoid: [bench.equipment.hostId] })).toBeNull();
  await host.drain(0);
  expect(await directory.choose({ prefer: bench.equipment.hostId })).toBeNull();
});

test('[ST84] a greeting is prepared for whoever has the inner key, and is then spoken without synthesis', async () => {
  const ask = (key: string): Promise<Response> =>
    fetch(`${base}/prepare`, {
      method: 'POST',
      headers: { authorization: `Bearer ${key}` },
      body: JSON.stringify({ text: 'Good day to you.', language: 'en-US', speechSpeed: 1, callId: 'c-1' }),
    });
  expect((await ask('guessed')).status).toBe(401);
  expect((await ask(mediaControlKey(SECRET))).status).toBe(200);
  expect(bench.synthesizer.asked).toHaveLength(1);
  bench.link.seed = seedWith({ kind: 'greeting', turnId: 'g-1', text: 'Good day to you.' });
  const caller = new Caller(freshUrl());
  await caller.result;
  caller.connected();
  await caller.until(() => caller.words.length > 0);
  expect(bench.synthesizer.asked).toHaveLength(1);
});
