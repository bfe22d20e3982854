/** What is asked of other workflows while they run. */
import {
  WorkflowFailedError,
  WorkflowNotFoundError,
  type Client,
  type WorkflowExecutionDescription,
} from '@temporalio/client';
import { defineSearchAttributeKey, SearchAttributeType } from '@temporalio/common';
import type { CampaignStatus } from '../domain/campaign.ts';
import { callWorkflowId, campaignWorkflowId, type CallId, type CampaignId } from '../domain/ids.ts';
import type { Disposition } from '../domain/insight.ts';
import type { CallResult } from '../workflows/call/messages.ts';
import { progress } from '../workflows/campaign/messages.ts';

/** Null = the call goes on. One that can be resumed has come out; one that was never opened, or was ended by force, has failed. */
export async function dispositionOf(client: Client, callId: CallId): Promise<Disposition | null> {
  const handle = client.workflow.getHandle(callWorkflowId(callId));
  try {
    const found = await handle.describe();
    if (goesOn(found)) {
      const { typedSearchAttributes } = found;
      if (typedSearchAttributes.get(CALL_PHASE) !== 'resumable') return null;
      return (typedSearchAttributes.get(DISPOSITION) ?? 'dropped') as Disposition;
    }
    return ((await handle.result()) as CallResult).disposition as Disposition;
  } catch (error) {
    if (error instanceof WorkflowNotFoundError || error instanceof WorkflowFailedError) return 'failed';
    throw error;
  }
}

const CALL_PHASE = defineSearchAttributeKey('CallPhase', SearchAttributeType.KEYWORD);
const DISPOSITION = defineSearchAttributeKey('Disposition', SearchAttributeType.KEYWORD);

/** Null = it has ended. */
export async function campaignStatus(client: Client, campaignId: CampaignId): Promise<CampaignStatus | null> {
  const view = await unlessGone(client.workflow.getHandle(campaignWorkflowId(campaignId)).query(progress));
  return view?.status ?? null;
}

/** False = it has ended in whatever way, or never was. */
export async function callRuns(client: Pick<Client, 'workflow'>, callId: CallId): Promise<boolean> {
  const found = await unlessGone(client.workflow.getHandle(callWorkflowId(callId)).describe());
  return found !== null && goesOn(found);
}

const goesOn = ({ status }: WorkflowExecutionDescription): boolean =>
  status.name === 'RUNNING' || status.name === 'CONTINUED_AS_NEW';

/** Null = the workflow has ended, or never was. */
export async function unlessGone<Answer>(asked: Promise<Answer>): Promise<Answer | null> {
  try {
    return await asked;
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return null;
    throw error;
  }
}
