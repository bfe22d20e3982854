/** The network's side of a media websocket: connects to the application's host, sends 20 ms frames, plays what comes back. */
import { WebSocket } from 'ws';
import type { Logger } from 'pino';
import { StreamResampler } from '../voice/resample.ts';
import type { Faults } from './faults.ts';
import type { Party } from './leg.ts';
import type { EndpointOf } from './ncco.ts';
import { fromBytes, padded, silentFrame, SOUND_HZ, toBytes, type Frame } from './sound.ts';

/** About 60 s; what comes above is lost. */
const PLAY_BUFFER_MESSAGES = 3_072;
const HANDSHAKE_DEADLINE_MS = 10_000;
const CLOSE_DEADLINE_MS = 2_000;

export interface MediaSocketOptions {
  endpoint: EndpointOf<'websocket'>;
  authorization: string | undefined;
  faults: Faults;
  log: Logger;
  /** The application closed the socket, or it broke. */
  onLost: () => void;
}

type Queued = Frame | { notify: unknown };

export interface MediaStats {
  framesIn: number;
  framesOut: number;
  framesLost: number;
  queued: number;
}

export class MediaSocket implements Party {
  readonly stats: MediaStats = { framesIn: 0, framesOut: 0, framesLost: 0, queued: 0 };
  readonly #options: MediaSocketOptions;
  readonly #socket: WebSocket;
  readonly #frameBytes: number;
  readonly #inwards: StreamResampler;
  readonly #outwards: StreamResampler;
  #queue: Queued[] = [];
  #head = 0;
  #closing = false;

  private constructor(socket: WebSocket, options: MediaSocketOptions) {
    const hz = Number(options.endpoint['content-type'].split('=')[1]);
    this.#socket = socket;
    this.#options = options;
    this.#frameBytes = (hz / 50) * 2;
    this.#inwards = new StreamResampler(hz, SOUND_HZ);
    this.#outwards = new StreamResampler(SOUND_HZ, hz);
    socket.on('message', (data, isBinary) => {
      if (isBinary) this.#enqueueSound(data as Buffer);
      else this.#command((data as Buffer).toString('utf8'));
    });
    socket.on('close', () => {
      if (!this.#closing) options.onLost();
    });
    socket.on('error', (error) => {
      options.log.warn({ err: error }, 'media socket failed');
    });
  }

  /** Rejects when the host cannot be reached or refuses the upgrade. */
  static open(options: MediaSocketOptions): Promise<MediaSocket> {
    const { endpoint, authorization } = options;
    const socket = new WebSocket(endpoint.uri, {
      headers: authorization === undefined ? {} : { authorization },
      handshakeTimeout: HANDSHAKE_DEADLINE_MS,
      perMessageDeflate: false,
    });
    return new Promise((resolve, reject) => {
      socket.once('error', reject);
      socket.once('open', () => {
        socket.off('error', reject);
        socket.send(
          JSON.stringify({
            event: 'websocket:connected',
            'content-type': endpoint['content-type'],
            ...endpoint.headers,
          }),
        );
        resolve(new MediaSocket(socket, options));
      });
    });
  }

  /** What the bot says: the next frame of the play buffer. Marks that stand before it are passed on the way. */
  say(): Frame | undefined {
    for (;;) {
      const next = this.#queue[this.#head];
      if (next === undefined) {
        if (this.#head > 0) this.#empty();
        return undefined;
      }
      this.#head += 1;
      if (next instanceof Int16Array) return next;
      this.#sendEvent({ event: 'websocket:notify', payload: next.notify });
    }
  }

  hear(frame: Frame | undefined): void {
    const { faults } = this.#options;
    if (frame === undefined && !faults.sendSilence) return;
    if (faults.loseFrames > 0 && Math.random() < faults.loseFrames) {
      this.stats.framesLost += 1;
      return;
    }
    const heard = faults.noise > 0 ? withNoise(frame ?? silentFrame, faults.noise) : (frame ?? silentFrame);
    if (this.#socket.readyState !== WebSocket.OPEN) return;
    this.#socket.send(toBytes(this.#outwards.push(heard)), { binary: true });
    this.stats.framesOut += 1;
  }

  digit(digit: string): void {
    this.#sendEvent({ event: 'websocket:dtmf', digit, duration: 260 });
  }

  gone(): void {
    this.#closing = true;
    this.#socket.close(1000);
    // A host that hangs does not answer the close.
    setTimeout(() => {
      this.#socket.terminate();
    }, CLOSE_DEADLINE_MS).unref();
  }

  /** A fault: the connection breaks without a goodbye. */
  cut(): void {
    this.#socket.terminate();
  }

  #enqueueSound(data: Buffer): void {
    this.stats.framesIn += 1;
    if (this.#queue.length - this.#head >= PLAY_BUFFER_MESSAGES) {
      this.stats.framesLost += 1;
      return;
    }
    // One message is one frame: what is longer is cut, what is shorter filled with silence.
    const pcm = this.#inwards.push(fromBytes(data.subarray(0, this.#frameBytes)));
    this.#queue.push(padded(pcm));
    this.stats.queued = this.#queue.length - this.#head;
  }

  #command(text: string): void {
    const command = parsed(text);
    if (command?.['action'] === 'clear') {
      this.#empty();
      this.#sendEvent({ event: 'websocket:cleared' });
    } else if (command?.['action'] === 'notify') {
      this.#queue.push({ notify: command['payload'] });
    } else {
      this.#options.log.warn({ text: text.slice(0, 200) }, 'media socket: command not understood');
    }
  }

  #empty(): void {
    this.#queue = [];
    this.#head = 0;
  }

  #sendEvent(event: object): void {
    if (this.#socket.readyState === WebSocket.OPEN) this.#socket.send(JSON.stringify(event));
  }
}

function withNoise(frame: Frame, level: number): Frame {
  const reach = level * Math.sqrt(3);
  return frame.map((sample) =>
    Math.max(-32_768, Math.min(32_767, sample + Math.round((Math.random() * 2 - 1) * reach))),
  );
}

function parsed(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}
