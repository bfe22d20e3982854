/** What a campaign's worker process is told, and what its network keeps of each ring. */
import { createHash } from 'node:crypto';
import type { CallId, CampaignId } from '../../domain/ids.ts';
import type { Disposition } from '../../domain/insight.ts';

export interface FleetPlan {
  address: string;
  mongoUri: string;
  dbName: string;
  bundlePath: string;
  seed: number;
  outcomes: Disposition | 'by chance';
  /** How long each rings. */
  ringMs: number;
  creationsPerSecond: number;
  /** A list of so many contacts, held by the one worker itself; null = it lies in the store. */
  inMemory: { campaignId: CampaignId; contacts: number } | null;
}

export interface Ring {
  /** {@link ringKey}: found by its key, a ring costs the embedded store the same however many there were. */
  _id: string;
  callId: CallId;
  number: string;
  disposition: Disposition;
  atMs: number;
  untilMs: number;
}

export const ringKey = (number: string, times: number): string => `${number}:${times}`;

/** Three of ten are rung again. */
const WORDS: Disposition[] = [
  ...(['busy', 'no_answer', 'failed'] as const),
  ...(['rejected', 'rejected', 'completed', 'completed', 'completed', 'transferred', 'opted_out'] as const),
];

/** The same ring of the same number comes out the same under the same seed, whoever rings it. */
export function outcomeOfRing(seed: number, { number, times }: { number: string; times: number }): Disposition {
  const [byte = 0] = createHash('sha256').update(`${seed}:${number}:${times}`).digest();
  return WORDS[byte % WORDS.length] ?? 'busy';
}
