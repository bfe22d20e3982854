/** The providers' fixed delays, ordered from the stand-ins: a measurement is then of this system, not of theirs. */
import type { System } from '../kit/system.ts';
import { post } from '../kit/customers.ts';
import type { Scenario } from './callers.ts';
import { LONG_REPLIES, REPLIES, firstWords } from './words.ts';
import { percentile } from './statistics.ts';

export const DELAYS = {
  interimEveryMs: 200,
  /** A settled interim after this much quiet: the stand-in's own habit. */
  settledInterimAfterMs: 100,
  finalAfterQuietMs: 400,
  finalDelayMs: 150,
  firstTokenMs: 300,
  perWordMs: 15,
  firstSoundMs: 120,
} as const;

/** Waiting for each in turn: the recogniser's final, the first sentence, its first sound. */
export function inSequenceMs(): number {
  const words = percentile(firstWords(REPLIES), 0.5) ?? 0;
  const { finalAfterQuietMs, finalDelayMs, firstTokenMs, perWordMs, firstSoundMs } = DELAYS;
  return finalAfterQuietMs + finalDelayMs + firstTokenMs + (words - 1) * perWordMs + firstSoundMs;
}

export async function orderDelays(system: System, scenario: Scenario): Promise<void> {
  const replies = { talk: REPLIES, 'barge-in': LONG_REPLIES, claim: null }[scenario];
  await post(system.sandbox, '/control/faults', {
    rateLimit: false,
    keepSound: false,
    speech: {
      stt: {
        interimEveryMs: DELAYS.interimEveryMs,
        finalAfterQuietMs: DELAYS.finalAfterQuietMs,
        finalDelayMs: DELAYS.finalDelayMs,
      },
      tts: { firstByteDelayMs: DELAYS.firstSoundMs },
    },
    model: { firstTokenDelayMs: DELAYS.firstTokenMs, perTokenMs: DELAYS.perWordMs, replies },
  });
}
