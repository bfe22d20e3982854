/** Reaching another workflow from within one: workflows cannot send updates. */
import {
  isGrpcServiceError,
  type Client,
  WithStartWorkflowOperation,
  WorkflowNotFoundError,
  WorkflowUpdateFailedError,
} from '@temporalio/client';
import { ApplicationFailure } from '@temporalio/common';
import { promiseTitled, type PendingPromise } from '../domain/due.ts';
import {
  callbackWorkflowId,
  CALLS_QUEUE,
  lineWorkflowId,
  type CallbackId,
  type CallId,
  type NumberKey,
} from '../domain/ids.ts';
import type { line } from '../workflows/line/workflow.ts';
import {
  callbackPending,
  lineView,
  openCall,
  type CallbackPending,
  type LineInput,
  type OpenCallOutcome,
  type OpenCallRequest,
} from '../workflows/line/messages.ts';
import { reschedule, type Rescheduling } from '../workflows/callback/messages.ts';
import { callRuns, unlessGone } from './running-workflows.ts';

export interface LineDeps {
  client: Pick<Client, 'workflow'>;
}

export interface OpenLineInput {
  line: LineInput;
  request: OpenCallRequest;
  /** A repeat with the same id gets the first answer. */
  updateId: string;
}

export type LineActivities = ReturnType<typeof createLineActivities>;

export function createLineActivities({ client }: LineDeps) {
  return {
    openLineCall: (input: OpenLineInput): Promise<OpenCallOutcome> => openLineCall(client, input),
    /** [LN11] */
    callRuns: ({ callId }: { callId: CallId }): Promise<boolean> => callRuns(client, callId),
    /** The line is opened for it where none is. */
    async noteOnLine({ line: input, promise }: { line: LineInput; promise: PendingPromise }): Promise<void> {
      const { callbackId } = promise;
      await client.workflow.signalWithStart<typeof line, [CallbackPending]>('line', {
        workflowId: lineWorkflowId(input.numberKey),
        taskQueue: CALLS_QUEUE,
        args: [input],
        signal: callbackPending,
        signalArgs: [{ callbackId, pending: true, promise }],
        workflowIdReusePolicy: 'ALLOW_DUPLICATE',
        staticSummary: 'A customer’s line',
      });
    },
    /** [CB16] The customer's own promise of that title, whichever call made it; null = there is none. */
    async pendingPromise(input: {
      numberKey: NumberKey;
      title: string;
    }): Promise<Pick<PendingPromise, 'owner' | 'channel'> & { callbackId: CallbackId | null }> {
      const view = await unlessGone(client.workflow.getHandle(lineWorkflowId(input.numberKey)).query(lineView));
      return promiseTitled(view?.promises ?? [], input.title) ?? { callbackId: null };
    },
    async rescheduleCallback(
      input: Rescheduling & { callbackId: CallbackId; updateId: string },
    ): Promise<{ rescheduled: boolean }> {
      const { callbackId, updateId, ...change } = input;
      try {
        await client.workflow
          .getHandle(callbackWorkflowId(callbackId))
          .executeUpdate(reschedule, { args: [change], updateId });
        return { rescheduled: true };
      } catch (error) {
        if (error instanceof WorkflowNotFoundError || error instanceof WorkflowUpdateFailedError)
          return { rescheduled: false };
        throw error;
      }
    },
  };
}

const CLOSING_RETRIES = 3;

/** A line that closes while we ask is asked again: the next one starts afresh under the same id. */
export async function openLineCall(client: LineDeps['client'], input: OpenLineInput): Promise<OpenCallOutcome> {
  for (let round = 1; ; round += 1) {
    const startWorkflowOperation = new WithStartWorkflowOperation<typeof line>('line', {
      workflowId: lineWorkflowId(input.line.numberKey),
      taskQueue: CALLS_QUEUE,
      args: [input.line],
      workflowIdConflictPolicy: 'USE_EXISTING',
      workflowIdReusePolicy: 'ALLOW_DUPLICATE',
      staticSummary: 'A customer’s line',
    });
    try {
      return await client.workflow.executeUpdateWithStart(openCall, {
        args: [input.request],
        updateId: input.updateId,
        startWorkflowOperation,
      });
    } catch (error) {
      if (round < CLOSING_RETRIES && lineWasClosing(error)) continue;
      if (error instanceof WorkflowUpdateFailedError)
        throw ApplicationFailure.create({ type: 'line_refused', message: error.message, cause: error });
      throw error;
    }
  }
}

const NOT_FOUND = 5;
const FAILED_PRECONDITION = 9;
const ABORTED = 10;

function lineWasClosing(error: unknown): boolean {
  if (error instanceof WorkflowNotFoundError) return true;
  if (error instanceof WorkflowUpdateFailedError)
    return /completed before|WorkflowUpdate.*abort|AcceptedUpdateCompletedWorkflow/i.test(
      `${error.message} ${error.cause?.message ?? ''}`,
    );
  return isGrpcServiceError(error) && [NOT_FOUND, FAILED_PRECONDITION, ABORTED].includes(error.code);
}
