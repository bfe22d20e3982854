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
  const after = noise(gate, -60, 0.6);
  expect(worthAsking(after, -57)).toBe(true);
  expect(worthAsking(after, -60.5)).toBe(false);
});

const powerOf = (db: number): number => 10 ** (db / 10);
const mixedDb = (...levels: number[]): number => 10 * Math.log10(levels.reduce((sum, db) => sum + powerOf(db), 0));

/** A vowel, what is soft around it, a stop consonant: 16 windows of 32 ms, in dB under the talker's loudest. */
const SYLLABLES = [0, -2, -6, -14, -20, -60, -60, -12, 0, -1, -4, -10, -16, -24, -60, -60];
/** As a detector hears it: what stands out of the noise by this much is speech to it. */
const HEARD_ABOVE_DB = -3;

const LEVELS = [-70, -64, -58, -52, -46, -40, -36].flatMap((noiseDb) =>
  [0, -6, -12, -20]
    .map((quieterBy) => ({ noiseDb, quieterBy, talkerDb: -22 + quieterBy }))
    // Below that nobody hears them.
    .filter(({ talkerDb }) => talkerDb >= noiseDb + HEARD_ABOVE_DB),
);

test.each(LEVELS)(
  '[EP39] on a line of $noiseDb dB nothing of an utterance is missed of a talker $quieterBy dB under the usual',
  ({ noiseDb, talkerDb }) => {
    let gate = noise(newVoiceGate(), noiseDb, 20);
    let spoke = false;
    for (let word = 0; word < 20; word += 1)
      for (const [index, softer] of SYLLABLES.entries()) {
        const levelDb = mixedDb(noiseDb + (index % 3) * 0.4 - 0.4, talkerDb + softer);
        const isSpeech = talkerDb + softer >= noiseDb + HEARD_ABOVE_DB;
        if (spoke && levelDb >= -64) expect(worthAsking(gate, levelDb)).toBe(true);
        spoke ||= isSpeech && worthAsking(gate, levelDb);
        gate = afterWindow(gate, { levelDb, isSpeech: isSpeech && worthAsking(gate, levelDb) });
      }
    expect(spoke).toBe(true);
    // The line itself is left alone again soon after, whatever it sounds like below the loudest.
    for (let window = 0; window < 16; window += 1) gate = afterWindow(gate, { levelDb: noiseDb, isSpeech: false });
    expect(worthAsking(gate, noiseDb)).toBe(noiseDb >= -38);
  },
);
