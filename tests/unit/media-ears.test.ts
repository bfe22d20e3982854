import { pino } from 'pino';
import { expect, test } from 'vitest';
import { Ears } from '../../media/ears.ts';
import { BYTES_A_MS, FRAME_MS, SILENT_FRAME } from '../../media/frames.ts';
import { KeptSound } from '../../media/kept-sound.ts';
import { vadByLoudness } from '../../media/vad.ts';
import type { Recognizer } from '../../providers/stt.ts';
import { FakeRecognizer, tone } from '../kit/fake-speech.ts';
import { TestClock } from '../kit/test-clock.ts';

function bench() {
  const clock = new TestClock();
  const fake = new FakeRecognizer();
  const pieces: number[] = [];
  const recognizer: Recognizer = {
    name: 'counted',
    open(options, onEvent) {
      const stream = fake.open(options, onEvent);
      return {
        write: (pcm) => {
          pieces.push(pcm.length / BYTES_A_MS);
          stream.write(pcm);
        },
        halfClose: () => {
          stream.halfClose();
        },
        abort: () => {
          stream.abort();
        },
      };
    },
  };
  const ears = new Ears({
    recognizer,
    pacer: clock,
    log: pino({ level: 'silent' }),
    vad: vadByLoudness.newEar(),
    threshold: () => 0.5,
  });
  ears.listenFor({ language: 'en-US', hints: [] });
  const hear = async (frame: Buffer, ms: number): Promise<void> => {
    for (let heardMs = 0; heardMs < ms; heardMs += FRAME_MS) {
      ears.onFrame(frame);
      await clock.advance(FRAME_MS);
      ears.beat(clock.nowMs());
    }
  };
  return { clock, ears, fake, hear, pieces };
}

const total = (pieces: number[]): number => pieces.reduce((sum, ms) => sum + ms, 0);

test('[EP36] long pieces while nobody speaks, short ones while somebody may be and for a while after', async () => {
  const { hear, pieces } = bench();
  await hear(SILENT_FRAME, 2_000);
  expect(pieces.slice(1).every((ms) => ms === 200)).toBe(true);
  expect(total(pieces)).toBeGreaterThanOrEqual(1_800);
  pieces.length = 0;
  await hear(tone(FRAME_MS), 480);
  // The first carries what was gathered before anybody spoke.
  expect(pieces.slice(1).every((ms) => ms <= 80)).toBe(true);
  expect(pieces.length).toBeGreaterThan(4);
  await hear(SILENT_FRAME, 420);
  pieces.length = 0;
  await hear(SILENT_FRAME, 160);
  expect(pieces).toEqual([40, 40, 40, 40]);
});

test('[EP36] in a pause frames go as they come, until it is a long one', async () => {
  const { ears, hear, pieces } = bench();
  await hear(SILENT_FRAME, 400);
  await hear(tone(FRAME_MS), 400);
  await hear(SILENT_FRAME, 80);
  pieces.length = 0;
  ears.onFrame(SILENT_FRAME);
  expect(pieces).toEqual([FRAME_MS]);
  await hear(SILENT_FRAME, 400);
  pieces.length = 0;
  ears.onFrame(SILENT_FRAME);
  expect(pieces).toEqual([]);
});

test('[EP38] the end of each window within an utterance is told at once, but nothing of what lay on the socket', async () => {
  const { clock, ears, hear } = bench();
  const told = (frame: Buffer, frames: number): boolean[] => Array.from({ length: frames }, () => ears.onFrame(frame));
  await hear(SILENT_FRAME, 200);
  expect(told(SILENT_FRAME, 8)).not.toContain(true);
  await hear(tone(FRAME_MS), 200);
  expect(told(SILENT_FRAME, 8).filter((news) => news)).toHaveLength(5);
  await clock.standStill(500);
  expect(told(tone(FRAME_MS), 8)).not.toContain(true);
});

test('[EP37] nothing stays behind when a final is asked for or the utterance is taken', async () => {
  const { ears, fake, hear } = bench();
  await hear(SILENT_FRAME, 60);
  await hear(tone(FRAME_MS), 300);
  ears.forceFinal();
  expect(fake.streams[0]?.bytes).toBe(360 * BYTES_A_MS);
  expect(fake.streams[0]?.state).toBe('half-closed');
  await hear(SILENT_FRAME, 20);
  ears.take();
  expect(fake.streams[1]?.bytes).toBe(20 * BYTES_A_MS);
});

test('[EP24] what is kept is what came last, in its order, however it came', () => {
  const kept = new KeptSound(10);
  const bytes = (...values: number[]): Buffer => Buffer.from(values);
  expect(kept.last(4)).toEqual(bytes());
  kept.push(bytes(1, 2, 3, 4, 5, 6));
  expect(kept.last(4)).toEqual(bytes(3, 4, 5, 6));
  kept.push(bytes(7, 8, 9, 10, 11, 12));
  expect(kept.last(100)).toEqual(bytes(3, 4, 5, 6, 7, 8, 9, 10, 11, 12));
  kept.push(bytes(...Array.from({ length: 25 }, (_, index) => index)));
  expect(kept.last(10)).toEqual(bytes(15, 16, 17, 18, 19, 20, 21, 22, 23, 24));
});

test.each([1, 3, 5])('[EP43] frames that come %d at a time end speech where it ended', async (together) => {
  const { ears, clock } = bench();
  const sounds = [...Array<Buffer>(30).fill(tone(FRAME_MS)), ...Array<Buffer>(30).fill(SILENT_FRAME)];
  const beganMs = clock.nowMs();
  for (let at = 0; at < sounds.length; at += together) {
    for (let frame = 0; frame < together; frame += 1) {
      await clock.advance(FRAME_MS);
      ears.beat(clock.nowMs());
    }
    for (const frame of sounds.slice(at, at + together)) ears.onFrame(frame);
  }
  const { lastSpeechAtMs = 0 } = ears.sound ?? {};
  expect(Math.abs(lastSpeechAtMs - beganMs - 600)).toBeLessThanOrEqual(44);
});
