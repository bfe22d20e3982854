/**
 * [DU3] New code against what is open: before this worker polls, the histories of open workflows are replayed with it, and those that would not
 * go on are named. They are told of, not stopped: their tasks fail and are tried again, so that mended code takes them up where they stand.
 */
import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import type { Client } from '@temporalio/client';
import { Worker } from '@temporalio/worker';
import type { Logger } from '../telemetry/log.ts';

type History = Parameters<typeof Worker.runReplayHistory>[1];

export interface OpenHistory {
  workflowId: string;
  history: History;
}

export interface Verdict {
  replayed: number;
  /** Those that would not go on, with the reason. */
  refused: { workflowId: string; reason: string }[];
  /** The time was over before all had been looked at. */
  cutShort: boolean;
}

/** One look a release: a worker that was killed and comes back with the same code keeps nobody waiting. */
const BUDGET_MS = 5_000;
const NEWEST_MAX = 200;
/** They live longest, across the most releases. */
const PROMISES_MAX = 500;

export async function checkOpenWorkflows(
  client: Client,
  { bundle, log }: { bundle: { codePath: string }; log: Logger },
): Promise<void> {
  const checked = `${bundle.codePath}.checked`;
  if (existsSync(checked)) return;
  const startedAtMs = performance.now();
  try {
    const verdict = await replayed(openHistories(client), { bundle, untilMs: startedAtMs + BUDGET_MS });
    tell(verdict, log);
    log.info(
      { ...verdict, refused: verdict.refused.length, tookMs: Math.round(performance.now() - startedAtMs) },
      'open workflows replayed with this code',
    );
    await writeFile(checked, '');
  } catch (error) {
    log.warn({ err: error }, 'open workflows could not be replayed with this code before it takes them up');
  }
}

/** A line's id holds the customer's number. */
function tell({ refused, cutShort, replayed }: Verdict, log: Logger): void {
  for (const { workflowId, reason } of refused) {
    const [kind = ''] = workflowId.split(':');
    const name = kind === 'line' ? 'a line' : workflowId;
    log.warn(
      { pii: { workflowId }, reason },
      `${name} does not replay with this code: it waits until the code is mended`,
    );
  }
  if (cutShort)
    log.warn(`of the open workflows only ${String(replayed)} were replayed with this code in ${String(BUDGET_MS)} ms`);
}

/** All of them in turn, as long as there is time. */
export async function replayed(
  histories: AsyncIterable<OpenHistory>,
  { bundle, untilMs }: { bundle: { codePath: string } | { code: string }; untilMs: number },
): Promise<Verdict> {
  const verdict: Verdict = { replayed: 0, refused: [], cutShort: false };
  async function* inTime(): AsyncGenerator<OpenHistory> {
    for await (const open of histories) {
      if (performance.now() > untilMs) {
        verdict.cutShort = true;
        return;
      }
      yield open;
    }
  }
  for await (const { workflowId, error } of Worker.runReplayHistories({ workflowBundle: bundle }, inTime())) {
    verdict.replayed += 1;
    if (error !== undefined) verdict.refused.push({ workflowId, reason: error.message.slice(0, 300) });
  }
  return verdict;
}

async function* openHistories(client: Client): AsyncGenerator<OpenHistory> {
  const seen = new Set<string>();
  for (const [query, most] of [
    ["ExecutionStatus = 'Running'", NEWEST_MAX],
    ["ExecutionStatus = 'Running' AND WorkflowType = 'callback'", PROMISES_MAX],
  ] as const) {
    let taken = 0;
    for await (const { workflowId, runId } of client.workflow.list({ query, pageSize: 100 })) {
      if (taken === most) break;
      taken += 1;
      if (seen.has(runId)) continue;
      seen.add(runId);
      yield { workflowId, history: await client.workflow.getHandle(workflowId, runId).fetchHistory() };
    }
  }
}
