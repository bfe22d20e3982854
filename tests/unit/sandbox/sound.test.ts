import { expect, test } from 'vitest';
import { Player } from '../../../sandbox/phone/player.ts';
import { decodeWav, encodeWav, frames, isLoud, mix } from '../../../sandbox/phone/sound.ts';
import { resample, StreamResampler } from '../../../sandbox/voice/resample.ts';

test('[SB1] resampling keeps what is below the new limit and removes what is above it', () => {
  expect(level(resample(tone(1_000, 22_050), 22_050, 16_000))).toBeCloseTo(level(tone(1_000, 22_050)), -2);
  expect(level(resample(tone(9_500, 22_050), 22_050, 16_000))).toBeLessThan(30);
  expect(resample(new Int16Array(22_050), 22_050, 16_000)).toHaveLength(16_000);
});

test.each([
  [16_000, 8_000],
  [8_000, 16_000],
  [16_000, 24_000],
  [24_000, 16_000],
])('[SB14] %i to %i Hz frame by frame sounds as in one piece', (from, to) => {
  const whole = tone(700, from);
  const stream = new StreamResampler(from, to);
  const size = from / 50;
  const parts = [];
  for (let at = 0; at + size <= whole.length; at += size) parts.push(...stream.push(whole.subarray(at, at + size)));
  expect(parts).toHaveLength((to / 50) * 50);
  const { delay, difference } = leastDifference(Int16Array.from(parts), resample(whole, from, to));
  expect(delay).toBeLessThan(to / 100);
  expect(difference).toBeLessThan(40);
});

test('[SB14] mixing adds and does not wrap around', () => {
  const loud = new Int16Array(320).fill(30_000);
  expect(mix([loud, loud])?.[0]).toBe(32_767);
  expect(mix([undefined, undefined])).toBeUndefined();
  expect(mix([undefined, loud])).toBe(loud);
  expect(isLoud(loud)).toBe(true);
  expect(isLoud(new Int16Array(320).fill(20))).toBe(false);
});

test('[SB18] a WAV file comes back as it went in, two channels as their mean', () => {
  const pcm = tone(440, 16_000).subarray(0, 640);
  expect(decodeWav(encodeWav([pcm]))).toEqual({ pcm: Int16Array.from(pcm), hz: 16_000 });
  expect(decodeWav(encodeWav([pcm, pcm])).pcm).toEqual(Int16Array.from(pcm));
  expect(() => decodeWav(Buffer.from('ID3 not a wave'))).toThrow('not a WAV file');
});

test('[SB18] a player plays as often as asked, pads the last frame, and tells when it is over', async () => {
  const player = new Player();
  const over = player.play(new Int16Array(400).fill(7), 2);
  const played = [player.next(), player.next(), player.next(), player.next(), player.next()];
  expect(played.map((frame) => frame?.at(-1))).toEqual([7, 0, 7, 0, undefined]);
  await over;
  void player.play(new Int16Array(320).fill(1), 0);
  expect([1, 2, 3].map(() => player.next()?.[0])).toEqual([1, 1, 1]);
  player.stop();
  expect(player.next()).toBeUndefined();
  expect([...frames(new Int16Array(0))]).toEqual([]);
});

function tone(hz: number, rate: number): Int16Array {
  return Int16Array.from({ length: rate }, (_, i) => Math.round(10_000 * Math.sin((2 * Math.PI * hz * i) / rate)));
}

function level(pcm: Int16Array): number {
  return Math.sqrt(pcm.reduce((sum, sample) => sum + sample * sample, 0) / pcm.length);
}

/** Between a delayed signal and its original, away from the edges. */
function leastDifference(delayed: Int16Array, original: Int16Array): { delay: number; difference: number } {
  const at = (delay: number): number => {
    let worst = 0;
    for (let i = 2_000; i < 5_000; i += 1)
      worst = Math.max(worst, Math.abs((delayed[i + delay] ?? 0) - (original[i] ?? 0)));
    return worst;
  };
  return Array.from({ length: 400 }, (_, delay) => ({ delay, difference: at(delay) })).reduce((a, b) =>
    b.difference < a.difference ? b : a,
  );
}
