/** What a leg says, on its way to the network: frames of one beat together, words in their place between them. */
import type { Duplex } from 'node:stream';
import type { WebSocket } from 'ws';
import type { LegFrames } from '../telemetry/leg-frames.ts';
import type { LegSocket } from './session.ts';

/** RFC 6455, 5.2, of a server: a whole binary message, not masked; its length in 16 bits. */
const WHOLE_BINARY = 0x82;
const LENGTH_OF_16_BITS = 126;
const HEADER_BYTES = 4;

export interface Wired {
  socket: WebSocket;
  wire: Duplex;
}

export function legSocket({ socket, wire }: Wired, frames: LegFrames | null): LegSocket {
  let gathered: Buffer[] = [];
  const isOpen = (): boolean => socket.readyState === socket.OPEN;
  // What is said on one beat is one write to the network, past the library, which would make two of each frame.
  const flush = (): void => {
    if (gathered.length === 0) return;
    const messages = gathered;
    gathered = [];
    if (isOpen()) wire.write(messagesOf(messages));
  };
  return {
    sendFrame: (frame) => {
      frames?.wentOut(performance.now());
      if (gathered.length === 0) process.nextTick(flush);
      gathered.push(frame);
    },
    sendWord: (word) => {
      frames?.sentenceOver();
      flush();
      if (isOpen()) socket.send(JSON.stringify(word));
    },
    close: () => {
      flush();
      socket.close(1001);
    },
  };
}

function messagesOf(frames: readonly Buffer[]): Buffer {
  const bytes = Buffer.allocUnsafe(frames.reduce((sum, frame) => sum + HEADER_BYTES + frame.length, 0));
  let at = 0;
  for (const frame of frames) {
    bytes[at] = WHOLE_BINARY;
    bytes[at + 1] = LENGTH_OF_16_BITS;
    bytes.writeUInt16BE(frame.length, at + 2);
    at += HEADER_BYTES + frame.copy(bytes, at + HEADER_BYTES);
  }
  return bytes;
}
