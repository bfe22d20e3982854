/** What is asked of other workflows while they run. */
import { WorkflowFailedError, WorkflowNotFoundError, type Client } from '@temporalio/client';
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
    const { status, typedSearchAttributes } = await handle.describe();
    if (status.name === 'RUNNING' || status.name === 'CONTINUED_AS_NEW') {
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
  try {
    return (await client.workflow.getHandle(campaignWorkflowId(campaignId)).query(progress)).status;
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return null;
    throw error;
  }
}

/** False = it has ended in whatever way, or never was. */
export async function callRuns(client: Pick<Client, 'workflow'>, callId: CallId): Promise<boolean> {
  try {
    const { status } = await client.workflow.getHandle(callWorkflowId(callId)).describe();
    return status.name === 'RUNNING' || status.name === 'CONTINUED_AS_NEW';
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return false;
    throw error;
  }
}
