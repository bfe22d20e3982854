/** A whole campaign while its workers are killed and it is paused and resumed, by a seed. */
import { setTimeout as pause } from 'node:timers/promises';
import type { CampaignProgress } from '../../workflows/campaign/messages.ts';
import { pauseCampaign, resumeCampaign } from '../../workflows/campaign/messages.ts';
import { chance, phoneNumbers } from './call-centre.ts';
import { CampaignFleet, type Verdict } from './campaign-fleet.ts';

export interface Trial {
  seed: number;
  contacts: number;
  workers: number;
  kills: number;
  pauses: number;
  /** A kill or a pause comes after as many rings as chance will have it, this many at most. */
  everyRings: number;
  withinMs: number;
  /** So many events are a long history; the server's own figure where it is not said. */
  freshRunAt?: number;
}

export interface TrialResult {
  verdict: Verdict;
  progress: CampaignProgress;
  kills: number;
  pauses: number;
  seconds: number;
}

const LOOK_MS = 200;

export async function runTrial(trial: Trial): Promise<TrialResult> {
  await using fleet = await CampaignFleet.open({ seed: trial.seed, freshRunAt: trial.freshRunAt });
  for (let started = 0; started < trial.workers; started += 1) fleet.startWorker();
  await fleet.list(phoneNumbers(trial.contacts));
  const begunAtMs = Date.now();
  await fleet.start();
  const over = fleet.over();
  const made = await trouble(fleet, trial, over);
  const late = pause(trial.withinMs, null, { ref: false });
  const progress = await Promise.race([over, late]);
  if (progress === null)
    throw new Error(`the campaign was not over in time: ${JSON.stringify(await fleet.progress())}`);
  const seconds = (Date.now() - begunAtMs) / 1_000;
  return { verdict: await fleet.verdict(), progress, ...made, seconds };
}

/** As the seed says, until all has been done or the campaign is over. */
async function trouble(
  fleet: CampaignFleet,
  trial: Trial,
  over: Promise<unknown>,
): Promise<{ kills: number; pauses: number }> {
  const next = chance(trial.seed);
  const made = { kills: 0, pauses: 0 };
  const todo = shuffled(
    [...Array<'kill'>(trial.kills).fill('kill'), ...Array<'pause'>(trial.pauses).fill('pause')],
    next,
  );
  let ended = false;
  void over.then(
    () => (ended = true),
    () => (ended = true),
  );
  let at = 0;
  for (const what of todo) {
    at += 1 + Math.floor(next() * trial.everyRings);
    while (!ended && (await fleet.rings()) < at) await pause(LOOK_MS);
    if (ended) return made;
    if (what === 'kill') {
      await fleet.killWorker(Math.floor(next() * fleet.workers.length));
      made.kills += 1;
    } else {
      await fleet.ask(pauseCampaign, 'by the seed');
      await pause(next() * 1_000);
      await fleet.ask(resumeCampaign, '');
      made.pauses += 1;
    }
    at = Math.max(at, await fleet.rings());
  }
  return made;
}

function shuffled<Each>(all: Each[], next: () => number): Each[] {
  return all
    .map((each) => ({ each, rank: next() }))
    .toSorted((one, other) => one.rank - other.rank)
    .map(({ each }) => each);
}
