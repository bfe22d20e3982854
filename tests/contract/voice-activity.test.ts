import { readFile } from 'node:fs/promises';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import { pino } from 'pino';
import { expect, test } from 'vitest';
import { SileroMemory, SileroNetwork } from '../../media/silero-network.ts';
import { sileroWeights } from '../../media/silero-weights.ts';
import { sileroFile } from '../../media/silero.ts';
import { SpeechDetector } from '../../media/speech-detector.ts';
import { WINDOW_SAMPLES } from '../../media/vad-window.ts';
import { loadVad } from '../../media/vad.ts';
import { PHONE_VOICE, synthesize } from '../../sandbox/voice/espeak.ts';

const model = await loadVad(pino({ level: 'silent' }));
const RATE_HZ = 16_000;
const FRAME_SAMPLES = 320;

interface LineSound {
  text: string;
  afterSeconds: number;
  gainDb: number;
  noiseDb: number;
}

/** A voice on a line, and the moment of its first loud sample. */
async function lineWith({ text, afterSeconds, gainDb, noiseDb }: LineSound) {
  const voice = await synthesize(text, { language: 'en-US', voice: PHONE_VOICE });
  const before = afterSeconds * RATE_HZ;
  const pcm = new Int16Array(before + voice.length + RATE_HZ);
  const gain = 10 ** (gainDb / 20);
  const noise = 32_768 * 10 ** (noiseDb / 20) * Math.sqrt(3);
  let seed = 7;
  for (let at = 0; at < pcm.length; at += 1) {
    seed = (seed * 1_664_525 + 1_013_904_223) >>> 0;
    pcm[at] = Math.round((voice[at - before] ?? 0) * gain + (seed / 2 ** 31 - 1) * noise);
  }
  const first = voice.findIndex((sample) => Math.abs(sample) > 1_000);
  return { pcm, loudAtMs: ((before + first) * 1_000) / RATE_HZ };
}

/** When it was known that somebody speaks, by the sound's own clock. */
function heardAtMs(pcm: Int16Array): number | null {
  const detector = new SpeechDetector(model.newEar(), () => 0.5);
  for (let at = 0; at + FRAME_SAMPLES <= pcm.length; at += FRAME_SAMPLES) {
    const nowMs = ((at + FRAME_SAMPLES) * 1_000) / RATE_HZ;
    detector.push(Buffer.from(pcm.slice(at, at + FRAME_SAMPLES).buffer), nowMs);
    if (detector.sound !== null) return nowMs;
  }
  return null;
}

/** The published model in the runtime that it is published for. */
async function published(): Promise<(window: Float32Array) => Promise<number>> {
  const session = await InferenceSession.create(sileroFile());
  const sr = new Tensor('int64', BigInt64Array.from([BigInt(RATE_HZ)]), []);
  let context = new Float32Array(64);
  let state = new Tensor('float32', new Float32Array(2 * 128), [2, 1, 128]);
  return async (window) => {
    const input = new Tensor('float32', Float32Array.of(...context, ...window), [1, 576]);
    context = window.slice(-64);
    const { output, stateN } = await session.run({ input, state, sr });
    state = stateN as typeof state;
    return Number(output?.data[0]);
  };
}

test('[EP34] every window is judged as the published model judges it', async () => {
  const network = new SileroNetwork(sileroWeights(await readFile(sileroFile())));
  const memories = [new SileroMemory(), new SileroMemory()] as const;
  const reference = await published();
  const { pcm } = await lineWith({ text: 'I would like a table.', afterSeconds: 1, gainDb: -6, noiseDb: -50 });
  const heard: number[] = [];
  for (let at = 0; at + WINDOW_SAMPLES <= pcm.length; at += WINDOW_SAMPLES) {
    const window = Float32Array.from(pcm.subarray(at, at + WINDOW_SAMPLES), (sample) => sample / 32_768);
    // Another ear's windows in between are nothing to this one.
    network.judge(window.toReversed(), memories[1]);
    heard.push(network.judge(window, memories[0]));
    expect(heard.at(-1)).toBeCloseTo(await reference(window), 4);
  }
  expect(Math.max(...heard)).toBeGreaterThan(0.9);
  expect(Math.min(...heard)).toBeLessThan(0.05);
});

test.each([
  ['a usual voice on a usual line', { afterSeconds: 2, gainDb: 0, noiseDb: -65 }],
  ['a quiet talker on a quiet line', { afterSeconds: 2, gainDb: -20, noiseDb: -70 }],
  ['a voice over a noisy line', { afterSeconds: 5, gainDb: 0, noiseDb: -42 }],
  ['a voice after a minute of noise', { afterSeconds: 60, gainDb: -6, noiseDb: -50 }],
])('[EP35] %s is heard within 200 ms of its first loud sound', async (_, line) => {
  const { pcm, loudAtMs } = await lineWith({ text: 'Friday at seven, please.', ...line });
  const atMs = heardAtMs(pcm);
  expect(atMs).not.toBeNull();
  expect((atMs ?? 0) - loudAtMs).toBeLessThan(200);
  expect((atMs ?? 0) - loudAtMs).toBeGreaterThan(-64);
});
