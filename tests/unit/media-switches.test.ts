import { expect, test } from 'vitest';
import type { FlagValues } from '../../domain/flags.ts';
import type { VadModel } from '../../media/vad.ts';
import { rmsOfWindow } from '../../media/vad-window.ts';
import { FakeLeg } from '../kit/fake-leg.ts';

/** Everything loud is speech with that probability. */
const doubtful = (probability: number): VadModel => ({
  name: 'doubtful',
  newEar: () => ({ next: (window) => (rmsOfWindow(window) > 0.01 ? probability : 0) }),
});

/** Milliseconds from the customer's last sound to the commit. */
async function committedAfter(words: string, flags: Partial<FlagValues>): Promise<number> {
  const leg = new FakeLeg({ flags });
  await leg.says(words);
  const saidAtMs = leg.clock.nowMs();
  await leg.clock.advanceUntil('a commit', () => leg.link.turns.length > 0);
  return leg.clock.nowMs() - saidAtMs;
}

test('[FF6] `vad_threshold`: what the detector doubts is speech or is not', async () => {
  const turnsAt = async (threshold: number): Promise<number> => {
    const leg = new FakeLeg({ vad: doubtful(0.6), flags: { vad_threshold: threshold } });
    await leg.says('I need help.');
    await leg.clock.advance(2_000);
    return leg.link.turns.length;
  };
  expect(await turnsAt(0.5)).toBe(1);
  expect(await turnsAt(0.7)).toBe(0);
});

test('[FF6] `vad_cutoff_timeout_ms`: the pause behind a finished sentence, `vad_silence_timeout_ms` at most', async () => {
  const usual = await committedAfter('I need help.', {});
  expect((await committedAfter('I need help.', { vad_cutoff_timeout_ms: 450 })) - usual).toBeCloseTo(200, -2);
  const ceiling = { vad_cutoff_timeout_ms: 4_000, vad_silence_timeout_ms: 600 };
  expect((await committedAfter('I need help.', ceiling)) - usual).toBeCloseTo(350, -2);
});

test('[FF6] `recognition_stt_complete_timeout_ms`: so long is the recogniser’s own last word waited for', async () => {
  const usual = await committedAfter('I need help.', {});
  const longer = await committedAfter('I need help.', { recognition_stt_complete_timeout_ms: 600 });
  expect(longer - usual).toBeCloseTo(500, -2);
});
