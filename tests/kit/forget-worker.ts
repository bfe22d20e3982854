import type { TestWorkflowEnvironment } from '@temporalio/testing';

/**
 * The next task of a workflow goes to the worker that has it in memory. When that worker is gone a real server gives it to another one
 * after a while; this one never does, and has no `ResetStickyTaskQueue`. It does forget who had it on the report of a failed task, which it
 * then refuses, none being under way (`TestWorkflowMutableStateImpl.completeWorkflowTaskUpdate`).
 */
export async function forgetWorker({ client, namespace }: TestWorkflowEnvironment, workflowId: string): Promise<void> {
  const place = namespace ?? 'default';
  try {
    await client.workflowService.respondWorkflowTaskFailed({
      namespace: place,
      taskToken: taskTokenOf([place, workflowId, '']),
    });
  } catch (error) {
    const said = String(error);
    // Refused as wished, or ended before.
    if (!said.includes('from=NONE') && !said.includes('NOT_FOUND')) throw error;
  }
}

/** As that server reads it (`WorkflowTaskToken.fromBytes`): each with its length before it, the newest run, a length of history. */
const taskTokenOf = (parts: readonly string[]): Uint8Array =>
  Buffer.concat([...parts.flatMap((part) => [lengthOf(part), Buffer.from(part)]), Buffer.alloc(4)]);

function lengthOf(text: string): Buffer {
  const bytes = Buffer.alloc(2);
  bytes.writeUInt16BE(Buffer.byteLength(text));
  return bytes;
}
