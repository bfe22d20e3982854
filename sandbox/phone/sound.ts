/** Frames of 16 kHz mono sound: mixing, loudness, level, and the WAV files that recordings are kept in. */
import { bytesOf, samplesIn } from '../voice/samples.ts';

export const SOUND_HZ = 16_000;
export const FRAME_SAMPLES = 320;
/** Root mean square above which someone is heard speaking. */
const LOUD = 200;

export type Frame = Int16Array;

export const silentFrame: Frame = new Int16Array(FRAME_SAMPLES);

/** Nothing when nobody says anything. */
export function mix(frames: readonly (Frame | undefined)[]): Frame | undefined {
  let only: Frame | undefined;
  let several = false;
  for (const frame of frames) {
    several ||= only !== undefined && frame !== undefined;
    only ??= frame;
  }
  return several ? sumOf(frames.filter((frame) => frame !== undefined)) : only;
}

function sumOf(spoken: readonly Frame[]): Frame {
  const sum = new Int16Array(FRAME_SAMPLES);
  for (let i = 0; i < FRAME_SAMPLES; i += 1) {
    let value = 0;
    for (const frame of spoken) value += frame[i] ?? 0;
    sum[i] = Math.max(-32_768, Math.min(32_767, value));
  }
  return sum;
}

export function isLoud(frame: Frame | undefined): boolean {
  if (frame === undefined || frame.length === 0) return false;
  let power = 0;
  for (let i = 0; i < frame.length; i += 1) {
    const sample = frame[i] ?? 0;
    power += sample * sample;
  }
  return power / frame.length > LOUD * LOUD;
}

/** Vonage's level: -1 is silence, 0 as it is, 1 twice as loud. */
export function atLevel(pcm: Int16Array, level: number): Int16Array {
  if (level === 0) return pcm;
  return pcm.map((sample) => Math.max(-32_768, Math.min(32_767, Math.round(sample * (1 + level)))));
}

/** The last frame is padded with silence. */
export function* frames(pcm: Int16Array): Generator<Frame> {
  for (let at = 0; at < pcm.length; at += FRAME_SAMPLES) {
    const frame = pcm.subarray(at, at + FRAME_SAMPLES);
    yield frame.length === FRAME_SAMPLES ? frame : padded(frame);
  }
}

export function padded(frame: Int16Array): Frame {
  if (frame.length === FRAME_SAMPLES) return frame;
  const whole = new Int16Array(FRAME_SAMPLES);
  whole.set(frame.subarray(0, FRAME_SAMPLES));
  return whole;
}

export function joinFrames(parts: readonly (Frame | undefined)[]): Int16Array {
  const all = new Int16Array(parts.length * FRAME_SAMPLES);
  parts.forEach((part, i) => {
    if (part !== undefined) all.set(part.subarray(0, FRAME_SAMPLES), i * FRAME_SAMPLES);
  });
  return all;
}

export function encodeWav(channels: readonly Int16Array[]): Buffer {
  const samples = Math.max(0, ...channels.map((channel) => channel.length));
  const bytes = samples * channels.length * 2;
  const wav = Buffer.alloc(44 + bytes);
  wav.write('RIFF', 0);
  wav.writeUInt32LE(36 + bytes, 4);
  wav.write('WAVEfmt ', 8);
  wav.writeUInt32LE(16, 16);
  wav.writeUInt16LE(1, 20);
  wav.writeUInt16LE(channels.length, 22);
  wav.writeUInt32LE(SOUND_HZ, 24);
  wav.writeUInt32LE(SOUND_HZ * channels.length * 2, 28);
  wav.writeUInt16LE(channels.length * 2, 32);
  wav.writeUInt16LE(16, 34);
  wav.write('data', 36);
  wav.writeUInt32LE(bytes, 40);
  for (let i = 0; i < samples; i += 1) {
    channels.forEach((channel, c) => wav.writeInt16LE(channel[i] ?? 0, 44 + (i * channels.length + c) * 2));
  }
  return wav;
}

/** 16-bit PCM only; several channels become one. */
export function decodeWav(wav: Buffer): { pcm: Int16Array; hz: number } {
  if (wav.toString('latin1', 0, 4) !== 'RIFF' || wav.toString('latin1', 8, 12) !== 'WAVE')
    throw new Error('not a WAV file');
  let format: { channels: number; hz: number } | undefined;
  for (let at = 12; at + 8 <= wav.length;) {
    const kind = wav.toString('latin1', at, at + 4);
    const size = wav.readUInt32LE(at + 4);
    const body = wav.subarray(at + 8, at + 8 + size);
    if (kind === 'fmt ') {
      if (body.readUInt16LE(0) !== 1 || body.readUInt16LE(14) !== 16)
        throw new Error('only 16-bit PCM in WAV is played here');
      format = { channels: body.readUInt16LE(2), hz: body.readUInt32LE(4) };
    }
    if (kind === 'data' && format !== undefined) return { pcm: oneChannel(body, format.channels), hz: format.hz };
    at += 8 + size + (size % 2);
  }
  throw new Error('a WAV file without sound');
}

function oneChannel(body: Buffer, channels: number): Int16Array {
  const pcm = new Int16Array(Math.floor(body.length / 2 / channels));
  for (let i = 0; i < pcm.length; i += 1) {
    let sum = 0;
    for (let c = 0; c < channels; c += 1) sum += body.readInt16LE((i * channels + c) * 2);
    pcm[i] = Math.round(sum / channels);
  }
  return pcm;
}

/** A copy of bytes as they travel: what came over a socket lies in memory that goes on to be used. */
export const fromBytes = (bytes: Buffer): Int16Array => samplesIn(bytes).slice();

export const toBytes = (pcm: Int16Array): Buffer => bytesOf(pcm);
