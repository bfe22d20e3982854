/** Traces through Temporal: what clients ask and workers do, and what workflows tell of themselves. The workflow's half: workflows/tracing.ts. */
import type { WorkflowClientInterceptor } from '@temporalio/client';
import { defaultPayloadConverter, type Headers } from '@temporalio/common';
import type { ActivityInterceptorsFactory, InjectedSinks } from '@temporalio/worker';
import { callIdOfWorkflow, callTrace, contextFrom, traceparent, type TraceContext } from '../domain/trace-ids.ts';
import type { TracingSinks } from '../domain/workflow-spans.ts';
import { currentTrace, noteCall } from './current-trace.ts';
import { inSpan, type SpanAttributes, type Tracing } from './tracing.ts';

const HEADER = 'traceparent';

export function tracedClient(tracing: Tracing): WorkflowClientInterceptor {
  const asked = async <Result>(
    what: { name: string; workflowId: string; args: readonly unknown[] },
    go: (headers: Headers) => Promise<Result>,
  ): Promise<Result> => {
    const parent = parentOf(what);
    if (parent === null) return await go({});
    const attributes = workflowNamed(what.workflowId);
    return await inSpan(tracing, { name: what.name, kind: 'client', parent, attributes }, (trace) =>
      go({ [HEADER]: defaultPayloadConverter.toPayload(traceparent(trace)) }),
    );
  };
  return {
    startWithDetails: (input, next) =>
      asked(
        { name: `start ${input.workflowType}`, workflowId: input.options.workflowId, args: input.options.args },
        (headers) => next({ ...input, headers: { ...input.headers, ...headers } }),
      ),
    startUpdate: (input, next) =>
      asked(
        {
          name: `update ${input.updateName}`,
          workflowId: input.workflowExecution.workflowId,
          args: input.args,
        },
        (headers) => next({ ...input, headers: { ...input.headers, ...headers } }),
      ),
    startUpdateWithStart: (input, next) =>
      asked(
        {
          name: `update ${input.updateName}`,
          workflowId: input.workflowStartOptions.workflowId,
          args: input.updateArgs,
        },
        (headers) =>
          next({
            ...input,
            workflowStartHeaders: { ...input.workflowStartHeaders, ...headers },
            updateHeaders: { ...input.updateHeaders, ...headers },
          }),
      ),
    signal: (input, next) =>
      asked(
        { name: `signal ${input.signalName}`, workflowId: input.workflowExecution.workflowId, args: input.args },
        (headers) => next({ ...input, headers: { ...input.headers, ...headers } }),
      ),
  };
}

/** What runs now, or else the call. */
function parentOf(what: { workflowId: string; args: readonly unknown[] }): TraceContext | null {
  const callId = callIdOfWorkflow(what.workflowId) ?? proposedCall(what.args[0]);
  if (callId !== null) noteCall(callId);
  return currentTrace() ?? (callId === null ? null : callTrace(callId));
}

/** A line's id holds a customer's number. */
function workflowNamed(workflowId: string): SpanAttributes {
  return { [workflowId.startsWith('line:') ? 'pii.temporal.workflow_id' : 'temporal.workflow_id']: workflowId };
}

function proposedCall(arg: unknown): string | null {
  const id = typeof arg === 'object' && arg !== null && 'proposedCallId' in arg ? arg.proposedCallId : null;
  return typeof id === 'string' ? id : null;
}

export function tracedActivities(tracing: Tracing): ActivityInterceptorsFactory {
  return ({ info }) => ({
    inbound: {
      async execute(input, next) {
        const workflowId = info.workflowExecution?.workflowId ?? '';
        const callId = callIdOfWorkflow(workflowId);
        const parent = headerOf(input.headers) ?? (callId === null ? null : callTrace(callId));
        if (parent === null) return await next(input);
        const attributes = {
          ...workflowNamed(workflowId),
          'temporal.attempt': info.attempt,
          'messaging.destination.name': info.taskQueue,
        };
        return await inSpan(
          tracing,
          { name: `activity ${info.activityType}`, kind: 'consumer', parent, attributes },
          () => next(input),
        );
      },
    },
  });
}

function headerOf(headers: Headers): TraceContext | null {
  const payload = headers[HEADER];
  return payload === undefined ? null : contextFrom(defaultPayloadConverter.fromPayload(payload));
}

/** Given to every worker that runs workflows: one started while others trace meets their headers. */
export function workflowSpans(tracing: Tracing | null): InjectedSinks<TracingSinks> {
  return {
    tracing: {
      span: {
        fn: ({ workflowId }, span) => {
          tracing?.record({
            ...span,
            kind: 'internal',
            attributes: workflowNamed(workflowId),
            error: null,
          });
        },
        // A replay has told of it before.
        callDuringReplay: false,
      },
    },
  };
}
