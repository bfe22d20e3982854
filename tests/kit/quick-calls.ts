/** A bundle for campaigns: the real campaign and line, and a call that only rings. The call's own story is told by its own tests. */
import { getExternalWorkflowHandle, proxyActivities } from '@temporalio/workflow';
import { attemptOutcomeOf } from '../../domain/campaign.ts';
import { campaignWorkflowId, lineWorkflowId } from '../../domain/ids.ts';
import type { Disposition } from '../../domain/insight.ts';
import type { CallInput, CallResult } from '../../workflows/call/messages.ts';
import { attemptEnded } from '../../workflows/campaign/messages.ts';
import { callStands } from '../../workflows/line/messages.ts';

export { campaign } from '../../workflows/campaign/workflow.ts';
export { line } from '../../workflows/line/workflow.ts';

export interface QuickNetwork {
  /** Rings once; a call that does not tell is one whose word to the campaign was lost. */
  ringOnce(input: { number: string }): Promise<{ disposition: Disposition; tells: boolean }>;
}

const network = proxyActivities<QuickNetwork>({ startToCloseTimeout: '2m', retry: { maximumAttempts: 1 } });

export async function call({ callId, campaign, customerNumber, numberKey }: CallInput): Promise<CallResult> {
  if (campaign === undefined) throw new Error('only for campaigns');
  const { disposition, tells } = await network.ringOnce({ number: customerNumber ?? '' });
  await getExternalWorkflowHandle(lineWorkflowId(numberKey)).signal(callStands, { callId, stands: 'closed' });
  if (!tells) return { callId, disposition };
  const { campaignId, contactId, attemptId } = campaign;
  const outcome = attemptOutcomeOf(disposition);
  await getExternalWorkflowHandle(campaignWorkflowId(campaignId)).signal(attemptEnded, {
    contactId,
    attemptId,
    outcome,
    endedAtMs: Date.now(),
  });
  return { callId, disposition };
}
