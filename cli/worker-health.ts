/**
 * Is the worker of this container polling? Temporal is asked who polls the task queue given: a process that lives but has
 * lost its connection does not count. Run as `node cli/worker-health.ts calls`.
 */
import { hostname } from 'node:os';
import { Connection } from '@temporalio/client';

/** TASK_QUEUE_TYPE_WORKFLOW and TASK_QUEUE_TYPE_ACTIVITY in Temporal's api/enums/v1/task_queue.proto. */
const TASK_QUEUE_TYPES: readonly (1 | 2)[] = [1, 2];
const ANSWER_MS = 5_000;
/** A long poll lasts a minute; a poller is listed for five. */
const RECENT_MS = 90_000;

async function polls(queue: string): Promise<boolean> {
  const connection = await Connection.connect({
    address: process.env['TEMPORAL_ADDRESS'] ?? '127.0.0.1:7233',
    connectTimeout: ANSWER_MS,
  });
  try {
    const namespace = process.env['TEMPORAL_NAMESPACE'] ?? 'default';
    const lists = await connection.withDeadline(Date.now() + ANSWER_MS, () =>
      Promise.all(
        TASK_QUEUE_TYPES.map((taskQueueType) =>
          // eslint-disable-next-line @typescript-eslint/no-unsafe-enum-assignment -- the enum is not exported by any package of ours
          connection.workflowService.describeTaskQueue({ namespace, taskQueue: { name: queue }, taskQueueType }),
        ),
      ),
    );
    // The SDK's default identity is <pid>@<host>.
    return lists
      .flatMap((list) => list.pollers)
      .some((poller) => {
        const seenAtMs = Number(poller.lastAccessTime?.seconds ?? 0) * 1000;
        return poller.identity?.endsWith(`@${hostname()}`) === true && Date.now() - seenAtMs < RECENT_MS;
      });
  } finally {
    await connection.close();
  }
}

const queue = process.argv[2];
if (queue === undefined) throw new Error('which task queue?');
process.exit((await polls(queue)) ? 0 : 1);
