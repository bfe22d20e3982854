/** What the test server does in every test, done once: Java then keeps the classes of all of it. */
import { randomUUID } from 'node:crypto';
import { Connection } from '@temporalio/client';
import { msToTs } from '@temporalio/common/lib/time.js';
import proto from '@temporalio/proto';
import type { temporal } from '@temporalio/proto';

type Message = temporal.api.protocol.v1.IMessage;
type Command = temporal.api.command.v1.ICommand;

const { CommandType, IndexedValueType, UpdateWorkflowExecutionLifecycleStage, WorkflowIdConflictPolicy } =
  proto.temporal.api.enums.v1;
const { Acceptance, Response } = proto.temporal.api.update.v1;

const NAMESPACE = 'default';
const QUEUE = { name: 'walk' };
const WITHIN_MS = 20_000;
const WAITS_MS = 30_000;

/** A workflow by its update, an activity, a timer, a signal; and a jump of the clock. */
export async function walkThrough(address: string): Promise<void> {
  const connection = await Connection.connect({ address });
  try {
    await connection.withDeadline(Date.now() + WITHIN_MS, () => walk(connection));
  } finally {
    await connection.close();
  }
}

async function walk({ workflowService, operatorService, testService }: Connection): Promise<void> {
  const workflowExecution = { workflowId: randomUUID() };
  const ours = { namespace: NAMESPACE, identity: 'walk' };
  const nextTask = () => workflowService.pollWorkflowTaskQueue({ ...ours, taskQueue: QUEUE });
  const searchAttributes = { Walk: IndexedValueType.INDEXED_VALUE_TYPE_KEYWORD };
  await operatorService.addSearchAttributes({ namespace: NAMESPACE, searchAttributes });

  const opened = workflowService.executeMultiOperation({
    namespace: NAMESPACE,
    operations: opening(workflowExecution),
  });
  const { taskToken, messages } = await nextTask();
  const answers = messages.flatMap(answersTo);
  const agreed: Command[] = answers.map(({ id }) => ({
    commandType: CommandType.COMMAND_TYPE_PROTOCOL_MESSAGE,
    protocolMessageCommandAttributes: { messageId: id ?? null },
  }));
  await workflowService.respondWorkflowTaskCompleted({
    ...ours,
    taskToken,
    messages: answers,
    commands: [...agreed, ...work()],
  });
  await opened;

  const activity = await workflowService.pollActivityTaskQueue({ ...ours, taskQueue: QUEUE });
  await workflowService.recordActivityTaskHeartbeat({ ...ours, taskToken: activity.taskToken });
  await workflowService.respondActivityTaskCompleted({ ...ours, taskToken: activity.taskToken });
  await workflowService.respondWorkflowTaskCompleted({ ...ours, taskToken: (await nextTask()).taskToken });
  await workflowService.signalWorkflowExecution({ ...ours, workflowExecution, signalName: 'walk' });
  const completed: Command = {
    commandType: CommandType.COMMAND_TYPE_COMPLETE_WORKFLOW_EXECUTION,
    completeWorkflowExecutionCommandAttributes: {},
  };
  const { taskToken: last } = await nextTask();
  await workflowService.respondWorkflowTaskCompleted({ ...ours, taskToken: last, commands: [completed] });
  await testService?.unlockTimeSkippingWithSleep({ duration: msToTs(WAITS_MS) });
  await workflowService.describeWorkflowExecution({ namespace: NAMESPACE, execution: workflowExecution });
  await workflowService.getWorkflowExecutionHistory({ namespace: NAMESPACE, execution: workflowExecution });
}

function opening({
  workflowId,
}: {
  workflowId: string;
}): temporal.api.workflowservice.v1.ExecuteMultiOperationRequest.IOperation[] {
  const startWorkflow = {
    namespace: NAMESPACE,
    workflowId,
    workflowType: { name: 'walk' },
    taskQueue: QUEUE,
    requestId: randomUUID(),
    workflowIdConflictPolicy: WorkflowIdConflictPolicy.WORKFLOW_ID_CONFLICT_POLICY_USE_EXISTING,
  };
  const updateWorkflow = {
    namespace: NAMESPACE,
    workflowExecution: { workflowId },
    request: { meta: { updateId: randomUUID(), identity: 'walk' }, input: { name: 'walk' } },
    waitPolicy: {
      lifecycleStage: UpdateWorkflowExecutionLifecycleStage.UPDATE_WORKFLOW_EXECUTION_LIFECYCLE_STAGE_COMPLETED,
    },
  };
  return [{ startWorkflow }, { updateWorkflow }];
}

/** Accepted, and done. */
function answersTo({ id, protocolInstanceId }: Message): Message[] {
  const accepted = Acceptance.encode({ acceptedRequestMessageId: id ?? null }).finish();
  const done = Response.encode({
    meta: { updateId: protocolInstanceId ?? null, identity: 'walk' },
    outcome: { success: { payloads: [] } },
  }).finish();
  return [
    { id: `${id}/accept`, protocolInstanceId: protocolInstanceId ?? null, body: packed('Acceptance', accepted) },
    { id: `${id}/complete`, protocolInstanceId: protocolInstanceId ?? null, body: packed('Response', done) },
  ];
}

const packed = (name: string, value: Uint8Array) => ({
  type_url: `type.googleapis.com/temporal.api.update.v1.${name}`,
  value,
});

function work(): Command[] {
  const waits = msToTs(WAITS_MS);
  return [
    {
      commandType: CommandType.COMMAND_TYPE_SCHEDULE_ACTIVITY_TASK,
      scheduleActivityTaskCommandAttributes: {
        activityId: '1',
        activityType: { name: 'walk' },
        taskQueue: QUEUE,
        startToCloseTimeout: waits,
        heartbeatTimeout: waits,
      },
    },
    {
      commandType: CommandType.COMMAND_TYPE_START_TIMER,
      startTimerCommandAttributes: { timerId: '2', startToFireTimeout: waits },
    },
  ];
}
