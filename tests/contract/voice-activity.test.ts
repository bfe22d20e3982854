import { pino } from 'pino';
import { expect, test } from 'vitest';
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
async function heardAtMs(pcm: Int16Array): Promise<number | null> {
  const detector = new SpeechDetector(model.newEar(), {
    threshold: () => 0.5,
    onFault: (error) => {
      throw error;
    },
  });
  for (let at = 0; at + FRAME_SAMPLES <= pcm.length; at += FRAME_SAMPLES) {
    const nowMs = ((at + FRAME_SAMPLES) * 1_000) / RATE_HZ;
    detector.push(Buffer.from(pcm.slice(at, at + FRAME_SAMPLES).buffer), nowMs);
    await new Promise((resolve) => setImmediate(resolve));
    await new Promise((resolve) => setImmediate(resolve));
    if (detector.sound !== null) return nowMs;
  }
  return null;
}

test('[EP34] windows judged together get the answers that each gets alone', async () => {
  expect(model.name).toBe('silero-v5');
  const { pcm } = await lineWith({ text: 'I would like a table.', afterSeconds: 0, gainDb: 0, noiseDb: -60 });
  const windows = Array.from({ length: 40 }, (_, index) =>
    pcm.slice(index * WINDOW_SAMPLES, (index + 1) * WINDOW_SAMPLES),
  );
  const alone = model.newEar();
  const others = Array.from({ length: 20 }, () => model.newEar());
  const answers = [];
  for (const window of windows) answers.push(await alone.next(window));
  expect(Math.max(...answers)).toBeGreaterThan(0.9);
  for (const [index, window] of windows.entries()) {
    // Every ear is somewhere else in the sound, but the first and the last, which are to agree with the one alone.
    const together = await Promise.all(
      others.map(
        async (ear, at) => await ear.next(at % 19 === 0 ? window : (windows[(index + at * 3) % 40] ?? window)),
      ),
    );
    expect(together[0]).toBeCloseTo(answers[index] ?? -1, 3);
    expect(together[19]).toBeCloseTo(answers[index] ?? -1, 3);
  }
});

test.each([
  ['a usual voice on a usual line', { afterSeconds: 2, gainDb: 0, noiseDb: -65 }],
  ['a quiet talker on a quiet line', { afterSeconds: 2, gainDb: -20, noiseDb: -70 }],
  ['a voice over a noisy line', { afterSeconds: 5, gainDb: 0, noiseDb: -42 }],
  ['a voice after a minute of noise', { afterSeconds: 60, gainDb: -6, noiseDb: -50 }],
])('[EP35] %s is heard within 200 ms of its first loud sound', async (_, line) => {
  const { pcm, loudAtMs } = await lineWith({ text: 'Friday at seven, please.', ...line });
  const atMs = await heardAtMs(pcm);
  expect(atMs).not.toBeNull();
  expect((atMs ?? 0) - loudAtMs).toBeLessThan(200);
  expect((atMs ?? 0) - loudAtMs).toBeGreaterThan(-64);
});
