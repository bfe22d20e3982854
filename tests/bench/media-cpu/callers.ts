/** Customers on the network's side of the host's socket: 50 frames a second each, all out of step; what comes back is played and listened to. */
import { WebSocket } from 'ws';
import { asCallId } from '../../../domain/ids.ts';
import { mediaUrl, mintMediaToken } from '../../../providers/media-token.ts';

const FRAME_MS = 20;
const FRAME_BYTES = 640;
/** Shorter ones are the reply's own pauses between packets of a stream that plays out at 20 ms. */
const GAP_MS = 40;

export interface Heard {
  frames: number;
  /** Silences of the play-out in the middle of something said, in ms. */
  gapsMs: number[];
  /** From the customer's last frame of speech to the first loud frame from the bot. */
  answersMs: number[];
}

/** A conversation's sound, told again and again: 20 ms frames, and after which of them the customer has ended speaking. */
export interface Score {
  frames: Buffer[];
  endsAt: ReadonlySet<number>;
}

class Caller {
  readonly #socket: WebSocket;
  readonly #score: Score;
  #at: number;
  #endedAtMs: number | null = null;
  #playedUntilMs = 0;
  /** Something is being said: the mark at its end has not come. */
  #within = false;
  heard: Heard = { frames: 0, gapsMs: [], answersMs: [] };

  constructor(url: string, score: Score, startAt: number) {
    this.#socket = new WebSocket(url, { perMessageDeflate: false });
    this.#score = score;
    this.#at = startAt;
    this.#socket.on('message', (data: Buffer, isBinary) => {
      if (isBinary) this.#hear(data, performance.now());
      else this.#told(JSON.parse(data.toString()) as { action?: string; payload?: unknown });
    });
    this.#socket.on('error', (error) => {
      process.stderr.write(`a caller's socket: ${error.message}\n`);
    });
  }

  async opened(): Promise<void> {
    await new Promise((resolve) => this.#socket.once('open', resolve));
    this.#socket.send(JSON.stringify({ event: 'websocket:connected', 'content-type': 'audio/l16;rate=16000' }));
  }

  beat(nowMs: number): void {
    if (this.#socket.readyState !== WebSocket.OPEN) return;
    const index = this.#at % this.#score.frames.length;
    const frame = this.#score.frames[index];
    this.#at += 1;
    // The mask is XORed in place: a frame of the score must stay what it is.
    if (frame !== undefined) this.#socket.send(frame, { binary: true });
    if (this.#score.endsAt.has(index)) this.#endedAtMs = nowMs;
  }

  hangUp(): void {
    this.#socket.terminate();
  }

  #hear(frame: Buffer, nowMs: number): void {
    if (this.#endedAtMs !== null && isLoud(frame)) {
      this.heard.answersMs.push(nowMs - this.#endedAtMs);
      this.#endedAtMs = null;
    }
    this.heard.frames += 1;
    const idleMs = nowMs - this.#playedUntilMs;
    if (this.#within && idleMs > GAP_MS) this.heard.gapsMs.push(Math.round(idleMs));
    this.#within = true;
    this.#playedUntilMs = Math.max(this.#playedUntilMs, nowMs) + FRAME_MS;
  }

  #told(word: { action?: string; payload?: unknown }): void {
    if (word.action === 'clear') this.#playedUntilMs = performance.now();
    // A sentence may wait for its words; a gap is one within a sentence.
    this.#within = false;
    if (word.action !== 'notify') return;
    const echo = (): void => {
      if (this.#socket.readyState === WebSocket.OPEN)
        this.#socket.send(JSON.stringify({ event: 'websocket:notify', payload: word.payload }));
    };
    setTimeout(echo, Math.max(0, this.#playedUntilMs - performance.now()));
  }
}

export interface Callers {
  heard(): Heard;
  hangUp(): void;
}

export async function callIn(
  host: { port: number; tokenSecret: string },
  legs: number,
  score: Score,
): Promise<Callers> {
  const callers = Array.from({ length: legs }, (_, index) => {
    const { token } = mintMediaToken(
      host.tokenSecret,
      { callId: asCallId(`c-${String(index)}`), usableForMs: 60_000 },
      Date.now(),
    );
    const url = mediaUrl({ publicUrl: `ws://127.0.0.1:${String(host.port)}/media` }, token);
    return new Caller(url, score, Math.floor((index * score.frames.length) / legs));
  });
  await Promise.all(callers.map((caller) => caller.opened()));
  const stop = keepTime(callers);
  return {
    heard() {
      const all = callers.map((caller) => caller.heard);
      for (const caller of callers) caller.heard = { frames: 0, gapsMs: [], answersMs: [] };
      return {
        frames: all.reduce((sum, heard) => sum + heard.frames, 0),
        gapsMs: all.flatMap((heard) => heard.gapsMs),
        answersMs: all.flatMap((heard) => heard.answersMs),
      };
    },
    hangUp() {
      stop();
      for (const caller of callers) caller.hangUp();
    },
  };
}

/** Each leg keeps 20 ms of its own, spread over the 20 ms as real callers are. */
function keepTime(callers: Caller[]): () => void {
  const startedAtMs = performance.now();
  const sent = callers.map(() => 0);
  let stopped = false;
  const run = (): void => {
    if (stopped) return;
    const nowMs = performance.now();
    for (const [index, caller] of callers.entries()) {
      const phaseMs = (index * FRAME_MS) / callers.length;
      const due = Math.floor((nowMs - startedAtMs - phaseMs) / FRAME_MS);
      for (; (sent[index] ?? 0) < due; sent[index] = (sent[index] ?? 0) + 1) caller.beat(nowMs);
    }
    setTimeout(run, 1);
  };
  run();
  return () => {
    stopped = true;
  };
}

export function framesOf(pcm: Int16Array): Buffer[] {
  const bytes = Buffer.from(pcm.buffer, pcm.byteOffset, pcm.byteLength);
  const frames = [];
  for (let at = 0; at + FRAME_BYTES <= bytes.length; at += FRAME_BYTES)
    frames.push(Buffer.from(bytes.subarray(at, at + FRAME_BYTES)));
  return frames;
}

function isLoud(frame: Buffer): boolean {
  for (let at = 0; at + 1 < frame.length; at += 8) if (Math.abs(frame.readInt16LE(at)) > 500) return true;
  return false;
}
