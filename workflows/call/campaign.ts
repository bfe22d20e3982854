/** A call that a campaign makes: how the campaign learns of the end. */
import { patched } from '@temporalio/workflow';
import { attemptOutcomeOf } from '../../domain/campaign.ts';
import { campaignWorkflowId } from '../../domain/ids.ts';
import type { Disposition } from '../../domain/insight.ts';
import { attemptEnded } from '../campaign/messages.ts';
import { tell } from '../telling.ts';
import type { CallRun } from './state.ts';

/** [CG17] At the first leg's end, and once more where the customer has rung back and finished: they are not rung again. */
export async function tellCampaign(run: CallRun, disposition: Disposition, finished = true): Promise<void> {
  const { state, input } = run;
  if (input.campaign === undefined) return;
  const rungBack = state.campaignTold === true;
  if (rungBack && !(finished && patched('tells-campaigns-of-ring-backs'))) return;
  state.campaignTold = true;
  const { campaignId, contactId, attemptId } = input.campaign;
  await tell(campaignWorkflowId(campaignId), (campaign) =>
    campaign.signal(attemptEnded, {
      contactId,
      attemptId,
      outcome: attemptOutcomeOf(disposition),
      endedAtMs: Date.now(),
      ...(rungBack ? { rungBack } : {}),
    }),
  );
}

/** [CB17] Its own plan says when they are rung again. */
export const isLeftToCampaign = ({ input }: CallRun): boolean =>
  input.campaign !== undefined && patched('campaigns-ring-again-themselves');
