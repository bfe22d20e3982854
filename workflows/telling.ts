import { getExternalWorkflowHandle, isCancellation, log } from '@temporalio/workflow';

/** A word to another workflow. False = it has ended before, and nobody was told. */
export async function tell(
  workflowId: string,
  message: (workflow: ReturnType<typeof getExternalWorkflowHandle>) => Promise<void>,
): Promise<boolean> {
  try {
    await message(getExternalWorkflowHandle(workflowId));
    return true;
  } catch (error) {
    if (isCancellation(error)) throw error;
    log.info('nobody is there any more to be told', { workflowId, error: String(error) });
    return false;
  }
}
