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

export type Delays = Record<keyof typeof DELAYS, number>;

/** Who calls, over what, and how long their vendors take. */
export interface Surroundings {
  /** espeak's variants. */
  voices: readonly string[];
  delays: Delays;
  /** Of the line, root mean square. */
  noise: number;
}

/** Waiting for each in turn: the recogniser's final, the first sentence, its first sound. */
export function inSequenceMs(delays: Delays = DELAYS): number {
  const words = percentile(firstWords(REPLIES), 0.5) ?? 0;
  const { finalAfterQuietMs, finalDelayMs, firstTokenMs, perWordMs, firstSoundMs } = delays;
  return finalAfterQuietMs + finalDelayMs + firstTokenMs + (words - 1) * perWordMs + firstSoundMs;
}

export async function orderDelays(system: System, scenario: Scenario, { delays, noise }: Surroundings): Promise<void> {
  const replies = { talk: REPLIES, 'barge-in': LONG_REPLIES, claim: null }[scenario];
  await post(system.sandbox, '/control/faults', {
    rateLimit: false,
    keepSound: false,
    noise,
    speech: {
      stt: {
        interims: delays.interimEveryMs === 0 ? 'none' : 'normal',
        ...(delays.interimEveryMs === 0 ? {} : { interimEveryMs: delays.interimEveryMs }),
        finalAfterQuietMs: delays.finalAfterQuietMs,
        finalDelayMs: delays.finalDelayMs,
      },
      tts: { firstByteDelayMs: delays.firstSoundMs },
    },
    model: { firstTokenDelayMs: delays.firstTokenMs, perTokenMs: delays.perWordMs, replies },
  });
}
