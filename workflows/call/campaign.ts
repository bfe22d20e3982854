/** A call that a campaign makes: how the campaign learns of the end. */
import { getExternalWorkflowHandle, isCancellation, log } from '@temporalio/workflow';
import { attemptOutcomeOf } from '../../domain/campaign.ts';
import { campaignWorkflowId } from '../../domain/ids.ts';
import type { Disposition } from '../../domain/insight.ts';
import { attemptEnded } from '../campaign/messages.ts';
import type { CallRun } from './state.ts';

/** Once a call: what a customer who rings back makes of it is another matter. */
export async function tellCampaign(run: CallRun, disposition: Disposition): Promise<void> {
  const { state, input } = run;
  if (input.campaign === undefined || state.campaignTold === true) return;
  state.campaignTold = true;
  const { campaignId, contactId, attemptId } = input.campaign;
  try {
    await getExternalWorkflowHandle(campaignWorkflowId(campaignId)).signal(attemptEnded, {
      contactId,
      attemptId,
      outcome: attemptOutcomeOf(disposition),
      endedAtMs: Date.now(),
    });
  } catch (error) {
    if (isCancellation(error)) throw error;
    log.info('the campaign is over', { error: String(error) });
  }
}
