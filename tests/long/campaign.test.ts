import { expect, test } from 'vitest';
import { runTrial } from '../kit/campaign-trial.ts';

const SEED = Number(process.env['CAMPAIGN_SEED'] ?? 10_000);
const CONTACTS = Number(process.env['CONTACTS'] ?? 10_000);
/** A kill and a pause in so many rings, on average. */
const RINGS_A_KILL = 300;
const RINGS_A_PAUSE = 1_000;

test(
  `[CG1] [CG2] [CG3] ten thousand contacts under killed workers, pauses and resumptions: final counts are the ledger's, nobody rang twice (CAMPAIGN_SEED=${SEED})`,
  { timeout: 14_400_000 },
  async () => {
    const result = await runTrial({
      seed: SEED,
      contacts: CONTACTS,
      workers: 2,
      kills: Math.round(CONTACTS / RINGS_A_KILL),
      pauses: Math.round(CONTACTS / RINGS_A_PAUSE),
      everyRings: 500,
      withinMs: 13_800_000,
    });
    const { verdict, progress, kills, pauses, seconds } = result;
    process.stdout.write(
      `seed ${SEED}: ${JSON.stringify(verdict)}; ${kills} kills, ${pauses} pauses, ${progress.runs} runs, ${Math.round(seconds)} s\n`,
    );
    expect(verdict).toMatchObject({
      contacts: CONTACTS,
      doubles: 0,
      unaccounted: 0,
      amiss: 0,
      attempts: verdict.rings,
    });
    expect(progress).toMatchObject({ status: 'completed', attempts: verdict.rings, outcomes: verdict.counts });
  },
);
