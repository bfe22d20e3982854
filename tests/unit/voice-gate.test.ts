import { expect, test } from 'vitest';
import { afterWindow, newVoiceGate, worthAsking, type VoiceGate } from '../../domain/voice-gate.ts';

const WINDOWS_A_SECOND = 31;

/** Windows of that level, which are no speech. */
function noise(gate: VoiceGate, levelDb: number, seconds: number): VoiceGate {
  let now = gate;
  for (let count = 0; count < seconds * WINDOWS_A_SECOND; count += 1)
    now = afterWindow(now, { levelDb: levelDb + (count % 3) * 0.4 - 0.4, isSpeech: false });
  return now;
}

test('[EP30] silence is not asked about, a quiet talker on a quiet line is', () => {
  const quiet = noise(newVoiceGate(), -70, 10);
  expect(worthAsking(quiet, -Infinity)).toBe(false);
  expect(worthAsking(quiet, -70)).toBe(false);
  expect(worthAsking(quiet, -60)).toBe(true);
  expect(worthAsking(newVoiceGate(), -60)).toBe(true);
});

test('[EP31] a steady noise is asked about for two seconds, and then only what stands out of it', () => {
  for (const levelDb of [-60, -50, -42]) {
    expect(worthAsking(newVoiceGate(), levelDb)).toBe(true);
    const noisy = noise(newVoiceGate(), levelDb, 2);
    expect(worthAsking(noisy, levelDb + 0.4)).toBe(false);
    expect(worthAsking(noisy, levelDb + 3)).toBe(true);
    const quieter = noise(noisy, levelDb - 6, 0.5);
    expect(worthAsking(quieter, levelDb - 1)).toBe(true);
  }
});

test('[EP32] however long it has been loud, a loud line is asked about', () => {
  expect(worthAsking(noise(newVoiceGate(), -30, 60), -32)).toBe(true);
});

test('[EP33] hisses and pauses within speech do not raise what counts as noise', () => {
  let gate = noise(newVoiceGate(), -60, 5);
  for (let word = 0; word < 100; word += 1) {
    for (let count = 0; count < 8; count += 1) gate = afterWindow(gate, { levelDb: -25, isSpeech: true });
    for (let count = 0; count < 8; count += 1) gate = afterWindow(gate, { levelDb: -35, isSpeech: false });
  }
  expect(worthAsking(gate, -57)).toBe(true);
  expect(worthAsking(gate, -60.5)).toBe(false);
});
