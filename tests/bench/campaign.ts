/**
 * How fast a campaign rings, and what an attempt costs: real campaign, lines and stores on the real local servers; the network answers
 * at once, and its limit on new legs is lifted.
 *
 *   node tests/bench/campaign.ts [--contacts 2000] [--workers 1] [--seconds 60] [--concurrency 25] [--out FILE] [--in-memory]
 *
 * `--in-memory`: the list is held by the one worker, not by the store; the worker's figures have it in them then.
 *
 * Measures for so many seconds after ten of warming up, and writes JSON. On Linux; elsewhere processor time is not told.
 */
import { writeFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import type { CampaignInput } from '../../workflows/campaign/messages.ts';
import { phoneNumbers } from '../kit/call-centre.ts';
import { CampaignFleet } from '../kit/campaign-fleet.ts';
import { costBetween, costsOf, type Costs } from './processes.ts';

const WARM_UP_MS = 10_000;
/** A longer one has a look a minute. */
const SAMPLES_MIN = 6;
const SAMPLE_MS = 60_000;

const { values } = parseArgs({
  options: {
    contacts: { type: 'string', default: '2000' },
    workers: { type: 'string', default: '1' },
    seconds: { type: 'string', default: '60' },
    concurrency: { type: 'string', default: '25' },
    out: { type: 'string' },
    'in-memory': { type: 'boolean', default: false },
  },
});
const asked = Object.fromEntries(
  Object.entries(values)
    .filter(([, given]) => typeof given === 'string')
    .filter(([name]) => name !== 'out')
    .map(([name, text]) => [name, Number(text)]),
) as Record<'contacts' | 'workers' | 'seconds' | 'concurrency', number>;

interface Sample {
  atS: number;
  rings: number;
  historyEvents: number;
  run: number;
  rssMb: Record<string, number>;
}

const inMemory = values['in-memory'];
await using fleet = await CampaignFleet.open({
  outcomes: 'rejected',
  ...(inMemory ? { contactsInMemory: asked.contacts } : {}),
});
for (let started = 0; started < (inMemory ? 1 : asked.workers); started += 1) fleet.startWorker();
if (!inMemory) await fleet.list(phoneNumbers(asked.contacts));
await fleet.start({ concurrency: asked.concurrency });
await pause(WARM_UP_MS);

const samples: Sample[] = [];
const costs = (): Costs =>
  costsOf({
    processes: [
      { name: 'temporal', pid: fleet.temporal.pid ?? null },
      { name: 'mongo', pid: fleet.mongo.pid ?? null },
      ...fleet.workers.map(({ pid }, index) => ({ name: `worker ${index + 1}`, pid: pid ?? null })),
    ],
  });
const begunAtMs = Date.now();
const ringsBefore = await fleet.rings();
const before = costs();
const looks = Math.max(SAMPLES_MIN, Math.round((asked.seconds * 1_000) / SAMPLE_MS));
for (let sample = 1; sample <= looks; sample += 1) {
  await pause((asked.seconds * 1_000) / looks);
  const [rings, { historyLength }, { runs }] = await Promise.all([
    fleet.rings(),
    fleet.description(),
    fleet.progress(),
  ]);
  const rssMb = Object.fromEntries(Object.entries(costs()).map(([name, cost]) => [name, cost.rssMb]));
  const atS = Math.round((Date.now() - begunAtMs) / 1_000);
  samples.push({ atS, rings, historyEvents: historyLength, run: runs, rssMb });
  process.stderr.write(`${JSON.stringify(samples.at(-1))}\n`);
}
const spent = costBetween(before, costs());
const seconds = (Date.now() - begunAtMs) / 1_000;
const attempts = (await fleet.rings()) - ringsBefore;
const rounded = (value: number): number => Math.round(value * 10) / 10;

const result = {
  asked,
  node: process.version,
  attempts,
  seconds: rounded(seconds),
  attemptsPerSecond: rounded(attempts / seconds),
  cpuMsPerAttempt: Object.fromEntries(
    Object.entries(spent).map(([name, { cpuMs }]) => [name, rounded(cpuMs / attempts)]),
  ),
  eventsOfRuns: await eventsOfRuns(),
  campaignStateBytes: await carriedBytes(),
  samples,
};
const text = `${JSON.stringify(result, null, 2)}\n`;
if (values.out === undefined) process.stdout.write(text);
else writeFileSync(values.out, text);

/** Oldest run first; the last goes on. */
async function eventsOfRuns(): Promise<number[]> {
  const runs = [];
  for await (const run of fleet.client.workflow.list({ query: `WorkflowId = '${fleet.handle.workflowId}'` }))
    runs.push(run);
  return runs
    .toSorted((one, other) => one.startTime.getTime() - other.startTime.getTime())
    .map(({ historyLength }) => historyLength);
}

/** What a fresh run of the campaign began with; null = it is still in its first. */
async function carriedBytes(): Promise<number | null> {
  const { events } = await fleet.handle.fetchHistory();
  const [first] = events?.[0]?.workflowExecutionStartedEventAttributes?.input?.payloads ?? [];
  if (first?.data == null) return null;
  const { carried } = JSON.parse(Buffer.from(first.data).toString()) as CampaignInput;
  return carried === undefined ? null : JSON.stringify(carried).length;
}
