/** The workflows over a Temporal client. The connection is lazy: the api answers while Temporal is away. */
import { randomUUID } from 'node:crypto';
import {
  type Client,
  type Connection,
  ServiceError,
  WithStartWorkflowOperation,
  WorkflowExecutionAlreadyStartedError,
  WorkflowNotFoundError,
  WorkflowUpdateFailedError,
  WorkflowUpdateRPCTimeoutOrCancelledError,
} from '@temporalio/client';
import { ApplicationFailure, type UpdateDefinition } from '@temporalio/common';
import {
  callbackWorkflowId,
  callWorkflowId,
  CALLS_QUEUE,
  lineWorkflowId,
  MISSED_CALLS_WORKFLOW_ID,
  type CallId,
  type NumberKey,
} from '../domain/ids.ts';
import { promiseTitled } from '../domain/due.ts';
import { TASK_LOST_AFTER } from '../domain/open-call.ts';
import * as callback from '../workflows/callback/messages.ts';
import * as call from '../workflows/call/messages.ts';
import * as line from '../workflows/line/messages.ts';
import { lookNow, type MissedCallsInput } from '../workflows/missed-calls/messages.ts';
import type { line as lineWorkflow } from '../workflows/line/workflow.ts';
import { CallDoorError, type CallDoor, type OpenCallAsk } from './call-door.ts';

/** A request by a person: longer than a restart of the workflow workers, below the usual 30 s of HTTP clients. */
const REQUEST_MS = 10_000;
/** A signal is stored by the server alone, no worker is needed. */
const SIGNAL_MS = 2_500;
/** gRPC NOT_FOUND. */
const NOT_FOUND = 5;

export interface TemporalAccess {
  client: Client;
  connection: Pick<Connection, 'withDeadline'>;
}

export function createTemporalCallDoor(access: TemporalAccess): CallDoor {
  const { client } = access;
  const within = async <Result>(ms: number, ask: () => Promise<Result>): Promise<Result> => {
    try {
      return await access.connection.withDeadline(Date.now() + ms, ask);
    } catch (error) {
      throw doorError(error);
    }
  };
  const toLine = (key: NumberKey) => client.workflow.getHandle(lineWorkflowId(key));
  const toCall = (callId: CallId) => client.workflow.getHandle(callWorkflowId(callId));
  const update = updating(client, within);
  const told = async (send: () => Promise<void>): Promise<'told' | 'not_found'> => {
    try {
      await within(SIGNAL_MS, send);
      return 'told';
    } catch (error) {
      if (error instanceof CallDoorError && error.kind === 'not_found') return 'not_found';
      throw error;
    }
  };

  return {
    openCall: (ask) => within(ask.withinMs, () => openOnLine(client, ask)),
    admitLeg: (callId, request, withinMs) =>
      within(withinMs, () =>
        toCall(callId).executeUpdate(call.admitLeg, { args: [request], updateId: `admit:${request.leg.legId}` }),
      ),
    legChanged: (callId, event) => told(() => toCall(callId).signal(call.legChanged, event)),
    lineLegChanged: (key: NumberKey, event) => told(() => toLine(key).signal(line.lineLegChanged, event)),
    textReported: (callId, report) => told(() => toCall(callId).signal(call.textReported, report)),
    callView: (callId, withinMs) => within(withinMs, () => toCall(callId).query(call.callView)),
    hangUp: async (callId, reason) => {
      await update(callWorkflowId(callId), call.hangUp, { reason });
    },
    say: (callId, text) => update(callWorkflowId(callId), call.say, { text }),
    transfer: async (callId, request) => {
      await update(callWorkflowId(callId), call.transferCall, request);
    },
    ...promisesDoor(client, within),
    ...openingDoor(client, within),
    ping: async (withinMs) => {
      await within(withinMs, () => client.connection.workflowService.getSystemInfo({}));
    },
  };
}

/** [MC1] From the first time on: who rang before is not looked for. */
async function lookForMissed(client: Client): Promise<void> {
  await client.workflow.signalWithStart('missedCalls', {
    workflowId: MISSED_CALLS_WORKFLOW_ID,
    taskQueue: CALLS_QUEUE,
    args: [{ sinceMs: Date.now() }] satisfies [MissedCallsInput],
    signal: lookNow,
    staticSummary: 'Who rang while we could not answer?',
  });
}

type Within = <Result>(ms: number, ask: () => Promise<Result>) => Promise<Result>;

const updating =
  (client: Client, within: Within) =>
  <Answer, Arg>(workflowId: string, definition: UpdateDefinition<Answer, [Arg]>, arg: Arg): Promise<Answer> =>
    within(REQUEST_MS, () =>
      client.workflow
        .getHandle(workflowId)
        .executeUpdate<Answer, [Arg]>(definition, { args: [arg], updateId: randomUUID() }),
    );

type PromisesDoor = Pick<
  CallDoor,
  'startCallback' | 'pendingCallback' | 'completeCallback' | 'rescheduleCallback' | 'cancelCallback'
>;

function promisesDoor(client: Client, within: Within): PromisesDoor {
  const update = updating(client, within);
  return {
    startCallback: (input) => within(REQUEST_MS, () => startCallback(client, input)),
    pendingCallback: async (key, title) => {
      const view = within(SIGNAL_MS, () => client.workflow.getHandle(lineWorkflowId(key)).query(line.lineView));
      return promiseTitled(await promisesOn(view), title)?.callbackId ?? null;
    },
    completeCallback: (callbackId, reason) =>
      update(callbackWorkflowId(callbackId), callback.completeCallback, { reason }),
    rescheduleCallback: (callbackId, change) => update(callbackWorkflowId(callbackId), callback.reschedule, change),
    cancelCallback: (callbackId, reason) => update(callbackWorkflowId(callbackId), callback.cancelCallback, { reason }),
  };
}

/** What is told to whichever workflow stands; where none does, one is opened for it. */
function openingDoor(client: Client, within: Within): Pick<CallDoor, 'optedOut' | 'optedIn' | 'lookForMissed'> {
  return {
    lookForMissed: () => within(SIGNAL_MS, () => lookForMissed(client)),
    optedOut: async (customer, wish) => {
      const told = { ...ofLine(customer), signal: line.optedOut, signalArgs: [wish] as [typeof wish] };
      await within(SIGNAL_MS, () => client.workflow.signalWithStart<typeof lineWorkflow, [typeof wish]>('line', told));
    },
    optedIn: async (customer, reply) => {
      const told = { ...ofLine(customer), signal: line.optedIn, signalArgs: [{ reply }] as [{ reply: typeof reply }] };
      await within(SIGNAL_MS, () =>
        client.workflow.signalWithStart<typeof lineWorkflow, [{ reply: typeof reply }]>('line', told),
      );
    },
  };
}

/** No line is open where nobody is on it and nothing is promised. */
async function promisesOn(view: Promise<line.LineView>): Promise<line.LineView['promises']> {
  try {
    return (await view).promises;
  } catch (error) {
    if (error instanceof CallDoorError && error.kind === 'not_found') return [];
    throw error;
  }
}

async function startCallback(client: Client, input: callback.CallbackInput): Promise<callback.CallbackView> {
  const { callbackId, numberKey, botNumber, dueAtMs } = input;
  const view: callback.CallbackView = { callbackId, status: 'pending', dueAtMs, attempts: [] };
  try {
    await client.workflow.start('callback', {
      workflowId: callbackWorkflowId(callbackId),
      taskQueue: CALLS_QUEUE,
      args: [input],
      workflowIdReusePolicy: 'REJECT_DUPLICATE',
      typedSearchAttributes: callback.callbackAttributes({ numberKey, botNumber, dueAtMs }),
      staticSummary: `Promised through the API: ${input.title}`,
    });
    return view;
  } catch (error) {
    if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
    return await client.workflow.getHandle(callbackWorkflowId(callbackId)).query(callback.callbackView);
  }
}

const ofLine = (customer: line.LineInput) =>
  ({
    workflowId: lineWorkflowId(customer.numberKey),
    taskQueue: CALLS_QUEUE,
    args: [customer] as [line.LineInput],
    // A line closes itself when nothing is live or pending, and opens again with the next call.
    workflowIdReusePolicy: 'ALLOW_DUPLICATE',
    workflowTaskTimeout: TASK_LOST_AFTER,
    staticSummary: 'One customer’s thread of calls',
  }) as const;

function openOnLine(client: Client, ask: OpenCallAsk): Promise<line.OpenCallOutcome> {
  const startWorkflowOperation = new WithStartWorkflowOperation('line', {
    ...ofLine({ numberKey: ask.numberKey, customerNumber: ask.customerNumber }),
    workflowIdConflictPolicy: 'USE_EXISTING',
  });
  return client.workflow.executeUpdateWithStart(line.openCall, {
    args: [ask.request],
    updateId: ask.updateId,
    startWorkflowOperation,
  });
}

export function doorError(error: unknown): CallDoorError {
  if (error instanceof CallDoorError) return error;
  const message = error instanceof Error ? error.message : String(error);
  if (error instanceof WorkflowNotFoundError)
    return new CallDoorError('not_found', 'that workflow has ended or never was', error);
  if (error instanceof WorkflowUpdateRPCTimeoutOrCancelledError)
    return new CallDoorError('away', 'no answer in time', error);
  if (error instanceof WorkflowUpdateFailedError) {
    const { cause } = error;
    return new CallDoorError('refused', cause instanceof ApplicationFailure ? cause.message : message, error);
  }
  if (error instanceof ServiceError && codeOf(error.cause) === NOT_FOUND)
    return new CallDoorError('not_found', message, error);
  return new CallDoorError('away', message, error);
}

const codeOf = (cause: unknown): unknown =>
  typeof cause === 'object' && cause !== null && 'code' in cause ? cause.code : undefined;
