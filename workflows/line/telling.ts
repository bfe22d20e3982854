import { getExternalWorkflowHandle, isCancellation, log } from '@temporalio/workflow';

/** A word to another workflow, which may have ended before it comes. */
export async function tell(
  workflowId: string,
  message: (workflow: ReturnType<typeof getExternalWorkflowHandle>) => Promise<void>,
): Promise<void> {
  try {
    await message(getExternalWorkflowHandle(workflowId));
  } catch (error) {
    if (isCancellation(error)) throw error;
    log.info('it is settled already', { workflowId, error: String(error) });
  }
}
