/** A bundle for campaigns: the real campaign and line, and a call that only rings. The call's own story is told by its own tests. */
import { getExternalWorkflowHandle, proxyActivities } from '@temporalio/workflow';
import { attemptOutcomeOf } from '../../domain/campaign.ts';
import { campaignWorkflowId, lineWorkflowId, type CallId } from '../../domain/ids.ts';
import type { Disposition } from '../../domain/insight.ts';
import { TASK_LOST_AFTER } from '../../domain/open-call.ts';
import type { CallInput, CallResult } from '../../workflows/call/messages.ts';
import { attemptEnded } from '../../workflows/campaign/messages.ts';
import { callStands } from '../../workflows/line/messages.ts';

export { campaign } from '../../workflows/campaign/workflow.ts';
export { line } from '../../workflows/line/workflow.ts';

export interface QuickNetwork {
  /** Rings, each time that it is asked: the network knows no repeat. */
  ring(input: { callId: CallId; number: string }): Promise<{ disposition: Disposition }>;
  /** What rang for this call; null = nothing has. */
  whatRang(input: { callId: CallId; number: string }): Promise<{ disposition: Disposition } | null>;
}

/** As the real dial: in doubt we look before another. */
const network = proxyActivities<Pick<QuickNetwork, 'ring'>>({
  startToCloseTimeout: TASK_LOST_AFTER,
  retry: { maximumAttempts: 1 },
});
const ledger = proxyActivities<Pick<QuickNetwork, 'whatRang'>>({ startToCloseTimeout: '10s' });

export async function call({ callId, campaign, customerNumber, numberKey }: CallInput): Promise<CallResult> {
  if (campaign === undefined) throw new Error('only for campaigns');
  const disposition = await ringOnce({ callId, number: customerNumber ?? '' });
  await getExternalWorkflowHandle(lineWorkflowId(numberKey)).signal(callStands, { callId, stands: 'closed' });
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

async function ringOnce(dial: { callId: CallId; number: string }): Promise<Disposition> {
  for (;;) {
    try {
      return (await network.ring(dial)).disposition;
    } catch {
      const rang = await ledger.whatRang(dial);
      if (rang !== null) return rang.disposition;
    }
  }
}
