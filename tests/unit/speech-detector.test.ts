import { expect, test } from 'vitest';
import { FRAME_MS, SILENT_FRAME } from '../../media/frames.ts';
import { SpeechDetector } from '../../media/speech-detector.ts';
import { vadByLoudness } from '../../media/vad.ts';
import { tone } from '../kit/fake-speech.ts';

test.each([0.1, 0.5, 0.9])('[EP33] at a threshold of %s speech begins with a sound and ends with it', (threshold) => {
  const detector = new SpeechDetector(vadByLoudness.newEar(), () => threshold);
  let atMs = 0;
  const hear = (frame: Buffer, ms: number): void => {
    for (const untilMs = atMs + ms; atMs < untilMs;) detector.push(frame, (atMs += FRAME_MS));
  };
  hear(SILENT_FRAME, 200);
  expect(detector.sound).toBeNull();
  hear(tone(FRAME_MS), 400);
  expect(detector.pausing).toBe(false);
  hear(SILENT_FRAME, 400);
  expect(detector.pausing).toBe(true);
  expect(detector.sound?.lastSpeechAtMs).toBeLessThan(700);
});
