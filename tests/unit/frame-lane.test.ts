import { expect, test } from 'vitest';
import { FrameLane } from '../../media/frame-lane.ts';

const FIN = 0x80;
const [MORE, TEXT, BINARY, PING] = [0x0, 0x1, 0x2, 0x9];
const MOST = 64 * 1024;

interface Message {
  first: number;
  payload: Buffer;
  mask?: Buffer | null;
}

/** As a client sends it. */
function onTheWire({ first, payload, mask = Buffer.from([7, 0, 255, 33]) }: Message): Buffer {
  const size = payload.length;
  const length = size < 126 ? [size] : size < 65_536 ? [126, size >> 8, size & 255] : [127, 0, 0, 0, 0];
  const head = Buffer.from([first, ...length]);
  head[1] = (head[1] ?? 0) | (mask === null ? 0 : 0x80);
  const wide = Buffer.alloc(size < 65_536 ? 0 : 4);
  if (wide.length > 0) wide.writeUInt32BE(size);
  const masked = Buffer.from(payload.map((byte, at) => byte ^ (mask?.[at % 4] ?? 0)));
  return Buffer.concat([head, wide, mask ?? Buffer.alloc(0), masked]);
}

const frame = (seed: number, bytes = 640): Buffer =>
  Buffer.from(Array.from({ length: bytes }, (_, at) => (at * 31 + seed * 17) % 256));

function read(pieces: Buffer[]): { frames: Buffer[]; passed: Buffer; order: string } {
  const lane = new FrameLane(MOST);
  const frames: Buffer[] = [];
  const passed: Buffer[] = [];
  let order = '';
  lane.onFrame = (each) => {
    frames.push(Buffer.from(each));
    order += 'f';
  };
  lane.passOn = (bytes) => {
    passed.push(bytes);
    order += order.endsWith('p') ? '' : 'p';
  };
  for (const piece of pieces) {
    // Where the next read goes too.
    const memory = Buffer.from(piece);
    lane.push(memory);
    memory.fill(0xee);
  }
  return { frames, passed: Buffer.concat(passed), order };
}

const spoken = [frame(1), frame(2), frame(3, 637), frame(4, 100)];
const others: Message[] = [
  { first: FIN | TEXT, payload: Buffer.from('{"event":"websocket:notify"}') },
  { first: FIN | PING, payload: Buffer.from('are you there') },
  { first: BINARY, payload: frame(5, 300) },
  { first: FIN | MORE, payload: frame(6, 340) },
  { first: FIN | BINARY, payload: frame(7), mask: null },
  { first: FIN | BINARY, payload: frame(8, MOST + 1) },
  { first: FIN | TEXT, payload: Buffer.alloc(0) },
];
const theirs = others.map(onTheWire);
const ours = spoken.map((payload) => onTheWire({ first: FIN | BINARY, payload }));
const stream = Buffer.concat(theirs.flatMap((bytes, index) => [ours[index % ours.length] ?? bytes, bytes]));
const expected = theirs.map((_, index) => spoken[index % spoken.length]);

test('[ST85] a frame is heard whole however the network cuts its bytes, and all else reaches the library as it came', () => {
  for (const size of [1, 2, 3, 7, 64, 639, 640, 641, 1_500, stream.length]) {
    const pieces = Array.from({ length: Math.ceil(stream.length / size) }, (_, index) =>
      stream.subarray(index * size, (index + 1) * size),
    );
    const { frames, passed, order } = read(pieces);
    expect(frames).toEqual(expected);
    expect(passed).toEqual(Buffer.concat(theirs));
    expect(order).toBe('fp'.repeat(theirs.length));
  }
});

test('[ST85] sound that is not masked, or masked with zeros, is not altered', () => {
  const bytes = onTheWire({ first: FIN | BINARY, payload: frame(1), mask: Buffer.alloc(4) });
  expect(read([bytes]).frames).toEqual([frame(1)]);
});
