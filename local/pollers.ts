/** Who asks a task queue for work? A process that lives but has lost its connection does not. */
import type { Connection } from '@temporalio/client';

const ANSWER_MS = 5_000;
/** A long poll lasts a minute; a poller stays listed for five. */
const RECENT_MS = 90_000;
/** TASK_QUEUE_TYPE_WORKFLOW and TASK_QUEUE_TYPE_ACTIVITY in Temporal's api/enums/v1/task_queue.proto. */
const TASK_QUEUE_TYPES: readonly (1 | 2)[] = [1, 2];

/** The identities that polled lately; the SDK's default is `<pid>@<host>`. */
export async function pollersOf(connection: Connection, namespace: string, queue: string): Promise<string[]> {
  const lists = await connection.withDeadline(Date.now() + ANSWER_MS, () =>
    Promise.all(
      TASK_QUEUE_TYPES.map((taskQueueType) =>
        // eslint-disable-next-line @typescript-eslint/no-unsafe-enum-assignment -- the enum is not exported by any package of ours
        connection.workflowService.describeTaskQueue({ namespace, taskQueue: { name: queue }, taskQueueType }),
      ),
    ),
  );
  return lists
    .flatMap((list) => list.pollers)
    .filter((poller) => Date.now() - Number(poller.lastAccessTime?.seconds ?? 0) * 1000 < RECENT_MS)
    .flatMap((poller) => (typeof poller.identity === 'string' ? [poller.identity] : []));
}
