/** A campaign whose workers are killed at chance moments, on the real local servers. */
import { expect, test } from 'vitest';
import { runTrial } from '../kit/campaign-trial.ts';

const SEED = Number(process.env['CAMPAIGN_SEED'] ?? 11);

test(
  `[CG1] [CG2] [CG12] 300 contacts, workers killed and the campaign paused at chance moments: every attempt rang once, the record says so, and no history grew long (CAMPAIGN_SEED=${SEED})`,
  { timeout: 240_000 },
  async () => {
    const { verdict, progress, kills, pauses } = await runTrial({
      seed: SEED,
      contacts: 300,
      workers: 2,
      kills: 3,
      pauses: 1,
      everyRings: 80,
      withinMs: 200_000,
      freshRunAt: 200,
    });
    expect({ kills, pauses }).toEqual({ kills: 3, pauses: 1 });
    expect(verdict).toMatchObject({ contacts: 300, doubles: 0, unaccounted: 0, amiss: 0, attempts: verdict.rings });
    expect(progress).toMatchObject({ status: 'completed', attempts: verdict.rings });
    expect(progress.outcomes).toEqual(verdict.counts);
    expect(progress.runs).toBeGreaterThanOrEqual(3);
  },
);
