/** Campaign workflows over a Temporal client. */
import { randomUUID } from 'node:crypto';
import { WorkflowExecutionAlreadyStartedError } from '@temporalio/client';
import type { UpdateDefinition } from '@temporalio/common';
import { CALLS_QUEUE, campaignWorkflowId, type CampaignId } from '../domain/ids.ts';
import { TASK_LOST_AFTER } from '../domain/open-call.ts';
import * as messages from '../workflows/campaign/messages.ts';
import type { campaign } from '../workflows/campaign/workflow.ts';
import { CallDoorError } from './call-door.ts';
import type { CampaignDoor } from './campaign-door.ts';
import { doorError, type TemporalAccess } from './temporal-call-door.ts';

/** A request by a person: longer than a restart of the workflow workers, below the usual 30 s of HTTP clients. */
const REQUEST_MS = 10_000;
const QUERY_MS = 3_000;
const SIGNAL_MS = 2_500;

export function createTemporalCampaignDoor({ client, connection }: TemporalAccess): CampaignDoor {
  const within = async <Result>(ms: number, ask: () => Promise<Result>): Promise<Result> => {
    try {
      return await connection.withDeadline(Date.now() + ms, ask);
    } catch (error) {
      throw error instanceof WorkflowExecutionAlreadyStartedError ? error : doorError(error);
    }
  };
  const of = (campaignId: CampaignId) => client.workflow.getHandle(campaignWorkflowId(campaignId));
  const update = <Arg>(
    campaignId: CampaignId,
    definition: UpdateDefinition<messages.CampaignProgress, [Arg]>,
    arg: Arg,
  ): Promise<messages.CampaignProgress> =>
    within(REQUEST_MS, () =>
      of(campaignId).executeUpdate<messages.CampaignProgress, [Arg]>(definition, {
        args: [arg],
        updateId: randomUUID(),
      }),
    );
  const unlessGone = async <Result>(ask: Promise<Result>): Promise<Result | null> => {
    try {
      return await ask;
    } catch (error) {
      if (error instanceof CallDoorError && error.kind === 'not_found') return null;
      throw error;
    }
  };
  return {
    start: (input) => startOnce(client, input, within),
    pause: (campaignId, reason) => update(campaignId, messages.pauseCampaign, { reason }),
    resume: (campaignId) => update(campaignId, messages.resumeCampaign, { reason: 'asked through the API' }),
    stop: (campaignId) => update(campaignId, messages.stopCampaign, { reason: 'asked through the API' }),
    change: (campaignId, change) => update(campaignId, messages.changeCampaign, change),
    async progress(campaignId) {
      const progress = await unlessGone(within(QUERY_MS, () => of(campaignId).query(messages.progress)));
      // A workflow that has ended can still be asked.
      return progress === null || progress.status === 'completed' || progress.status === 'stopped' ? null : progress;
    },
    contactsChanged: async (campaignId) =>
      (await unlessGone(within(SIGNAL_MS, () => of(campaignId).signal(messages.contactsChanged)))) === null
        ? 'not_found'
        : 'told',
  };
}

type Within = <Result>(ms: number, ask: () => Promise<Result>) => Promise<Result>;

async function startOnce(
  client: TemporalAccess['client'],
  input: messages.CampaignInput,
  within: Within,
): Promise<'started' | 'running'> {
  try {
    await within(REQUEST_MS, () =>
      client.workflow.start<typeof campaign>('campaign', {
        workflowId: campaignWorkflowId(input.campaignId),
        taskQueue: CALLS_QUEUE,
        workflowTaskTimeout: TASK_LOST_AFTER,
        args: [input],
        workflowIdReusePolicy: 'ALLOW_DUPLICATE',
        workflowIdConflictPolicy: 'FAIL',
        staticSummary: `Campaign: ${input.name}`,
      }),
    );
    return 'started';
  } catch (error) {
    if (error instanceof WorkflowExecutionAlreadyStartedError) return 'running';
    throw error;
  }
}
