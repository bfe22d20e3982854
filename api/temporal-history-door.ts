/** Histories over a Temporal client: found by id and by search attribute, terminated, deleted. */
import { ServiceError, WorkflowNotFoundError } from '@temporalio/client';
import { callbackWorkflowId, callWorkflowId, lineWorkflowId } from '../domain/ids.ts';
import type { CallbackId, CallId } from '../domain/ids.ts';
import type { CustomerWorkflows, HistoryDoor } from './history-door.ts';
import { doorError, type TemporalAccess } from './temporal-call-door.ts';

/** A deletion is a task of the server's own, some milliseconds each. */
const ERASE_MS = 60_000;
/** Ids in one query. */
const AT_ONCE = 30;
const SIDE_BY_SIDE = 10;

interface Run {
  workflowId: string;
  runId: string;
  running: boolean;
}

export function createTemporalHistoryDoor({ client, connection }: TemporalAccess): HistoryDoor {
  const runsOf = async (query: string): Promise<Run[]> => {
    const runs: Run[] = [];
    for await (const { workflowId, runId, status } of client.workflow.list({ query }))
      runs.push({ workflowId, runId, running: status.name === 'RUNNING' });
    return runs;
  };
  const end = async ({ workflowId, runId }: Run): Promise<void> => {
    await unlessGone(client.workflow.getHandle(workflowId, runId).terminate('the customer was erased'));
  };
  const remove = async ({ workflowId, runId }: Run): Promise<boolean> =>
    (await unlessGone(
      client.connection.workflowService.deleteWorkflowExecution({
        namespace: client.options.namespace,
        workflowExecution: { workflowId, runId },
      }),
    )) !== null;
  return {
    async erase(customer) {
      try {
        return await connection.withDeadline(Date.now() + ERASE_MS, async () => {
          const found = new Map<string, Run>();
          for (const query of queriesFor(customer))
            for (const run of await runsOf(query)) found.set(`${run.workflowId} ${run.runId}`, run);
          const runs = [...found.values()];
          // Whatever runs could begin something new while the others are deleted.
          await inParts(
            runs.filter(({ running }) => running),
            end,
          );
          return (await inParts(runs, remove)).filter((removed) => removed).length;
        });
      } catch (error) {
        throw doorError(error);
      }
    },
  };
}

/** By number for all that bear it; by id for the line, for wrap-ups, and for what has just begun and is not found by number yet. */
function queriesFor({ numberKey, callIds, callbackIds }: CustomerWorkflows): string[] {
  const ids = [
    lineWorkflowId(numberKey),
    ...callIds.map((id) => callWorkflowId(id as CallId)),
    ...callbackIds.map((id) => callbackWorkflowId(id as CallbackId)),
  ];
  const wrapUps = callIds.map((id) => `WorkflowId STARTS_WITH ${quoted(`wrap-up:${id}:`)}`);
  return [
    `CustomerNumber = ${quoted(numberKey)}`,
    ...parts(ids).map((some) => `WorkflowId IN (${some.map(quoted).join(', ')})`),
    ...parts(wrapUps).map((some) => some.join(' OR ')),
  ];
}

const quoted = (text: string): string => `"${text.replace(/["\\]/g, '\\$&')}"`;

const parts = <Item>(items: readonly Item[]): Item[][] =>
  Array.from({ length: Math.ceil(items.length / AT_ONCE) }, (_, index) =>
    items.slice(index * AT_ONCE, (index + 1) * AT_ONCE),
  );

async function inParts<Item, Result>(items: readonly Item[], work: (item: Item) => Promise<Result>): Promise<Result[]> {
  const results: Result[] = [];
  for (let from = 0; from < items.length; from += SIDE_BY_SIDE)
    results.push(...(await Promise.all(items.slice(from, from + SIDE_BY_SIDE).map(work))));
  return results;
}

const NOT_FOUND = 5;

async function unlessGone<Result>(work: Promise<Result>): Promise<Result | null> {
  try {
    return await work;
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return null;
    const code = (error instanceof ServiceError ? error.cause : error) as { code?: unknown } | undefined;
    if (code?.code === NOT_FOUND) return null;
    throw error;
  }
}
