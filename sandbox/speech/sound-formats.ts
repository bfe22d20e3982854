/** 16-bit samples to and from what travels: L16, mu-law, a WAV header. */
import { bytesOf, samplesIn } from '../voice/samples.ts';

const MULAW_BIAS = 132;
const MULAW_CLIP = 32_635;

const mulawTable = Int16Array.from({ length: 256 }, (_, code) => decodeMulaw(code));

/** Looks at the bytes themselves. */
export const samplesOfLinear16 = (bytes: Buffer): Int16Array => samplesIn(bytes);

export function samplesOfMulaw(bytes: Buffer): Int16Array {
  return Int16Array.from(bytes, (code) => mulawTable[code] ?? 0);
}

/** The same memory. */
export const linear16 = (samples: Int16Array): Buffer => bytesOf(samples);

export function mulaw(samples: Int16Array): Buffer {
  return Buffer.from(Uint8Array.from(samples, encodeMulaw));
}

export interface WavShape {
  /** 1 = PCM, 7 = mu-law. */
  encoding: 1 | 7;
  sampleRateHz: number;
  dataBytes: number;
}

export function wavHeader(shape: WavShape): Buffer {
  const bytesASample = shape.encoding === 1 ? 2 : 1;
  const header = Buffer.alloc(44);
  header.write('RIFF', 0, 'latin1');
  header.writeUInt32LE(36 + shape.dataBytes, 4);
  header.write('WAVEfmt ', 8, 'latin1');
  header.writeUInt32LE(16, 16);
  header.writeUInt16LE(shape.encoding, 20);
  header.writeUInt16LE(1, 22);
  header.writeUInt32LE(shape.sampleRateHz, 24);
  header.writeUInt32LE(shape.sampleRateHz * bytesASample, 28);
  header.writeUInt16LE(bytesASample, 32);
  header.writeUInt16LE(bytesASample * 8, 34);
  header.write('data', 36, 'latin1');
  header.writeUInt32LE(shape.dataBytes, 40);
  return header;
}

/** ITU-T G.711. */
function encodeMulaw(sample: number): number {
  const magnitude = Math.min(MULAW_CLIP, Math.abs(sample)) + MULAW_BIAS;
  const exponent = Math.floor(Math.log2(magnitude)) - 7;
  const mantissa = (magnitude >> (exponent + 3)) & 0x0f;
  return ~((sample < 0 ? 0x80 : 0) | (exponent << 4) | mantissa) & 0xff;
}

function decodeMulaw(code: number): number {
  const inverted = ~code & 0xff;
  const magnitude = ((((inverted & 0x0f) << 3) + MULAW_BIAS) << ((inverted >> 4) & 0x07)) - MULAW_BIAS;
  return (inverted & 0x80) === 0 ? magnitude : -magnitude;
}
