/**
 * Hands a trace on through workflows: from the header of what was asked to the headers of what the workflow asks in turn. Own work and not
 * @temporalio/interceptors-opentelemetry, whose spans take their ids from the workflow's own random numbers: the same history would draw other
 * ids with tracing than without. Nothing here awaits, so the order of commands stays as it is, and without a header nothing happens at all.
 */
import { defaultPayloadConverter, type Headers } from '@temporalio/common';
import { AsyncLocalStorage, proxySinks, workflowInfo, type WorkflowInterceptors } from '@temporalio/workflow';
import {
  callIdOfWorkflow,
  callTrace,
  contextFrom,
  spanIdFrom,
  traceparent,
  type TraceContext,
} from '../domain/trace-ids.ts';
import type { TracingSinks, WorkflowSpan } from '../domain/workflow-spans.ts';

const HEADER = 'traceparent';

export const interceptors = (): WorkflowInterceptors => {
  const here = new AsyncLocalStorage<TraceContext>();
  const { tracing } = proxySinks<TracingSinks>();
  let base: TraceContext | null = null;
  const handed = <Input extends { headers: Headers }>(input: Input): Input => {
    const trace = here.getStore() ?? base;
    if (trace === null) return input;
    return { ...input, headers: { ...input.headers, [HEADER]: defaultPayloadConverter.toPayload(traceparent(trace)) } };
  };
  const handled = <Result>(about: { name: string; id: string; given: TraceContext }, next: () => Promise<Result>) => {
    const { name, id, given } = about;
    const trace = { traceId: given.traceId, spanId: spanIdFrom(`${workflowInfo().runId}:${id}`) };
    const startMs = Date.now();
    const end = (): void => {
      tracing.span({ name, trace, parentSpanId: given.spanId, startMs, endMs: Date.now() });
    };
    const result = here.run(trace, next);
    result.then(end, end);
    return result;
  };
  return {
    inbound: [
      {
        execute(input, next) {
          const given = headerOf(input.headers);
          if (given === null) return next(input);
          const begun = beginning(given);
          base = begun.trace;
          if (workflowInfo().continuedFromExecutionRunId === undefined) tracing.span(begun);
          return here.run(begun.trace, () => next(input));
        },
        handleUpdate(input, next) {
          const given = headerOf(input.headers);
          if (given === null) return next(input);
          return handled({ name: `handle ${input.name}`, id: input.updateId, given }, () => next(input));
        },
        handleSignal(input, next) {
          const given = headerOf(input.headers);
          if (given === null) return next(input);
          return handled({ name: `handle ${input.signalName}`, id: given.spanId, given }, () => next(input));
        },
      },
    ],
    outbound: [
      {
        scheduleActivity: (input, next) => next(handed(input)),
        startChildWorkflowExecution: (input, next) => next(handed(input)),
        signalWorkflow: (input, next) => next(handed(input)),
        continueAsNew: (input, next) => next(handed(input)),
      },
    ],
  };
};

/** A call's workflow is the root of the call's trace; it tells of itself at once, since it may stay open for hours. */
function beginning(given: TraceContext): WorkflowSpan {
  const { workflowId, workflowType, firstExecutionRunId, startTime } = workflowInfo();
  const callId = callIdOfWorkflow(workflowId);
  const root = callId === null ? null : callTrace(callId);
  const name = `workflow ${workflowType}`;
  const times = { startMs: startTime.getTime(), endMs: Date.now() };
  if (root !== null && workflowType === 'call') return { name, trace: root, parentSpanId: null, ...times };
  const parent = root === null || root.traceId === given.traceId ? given : root;
  const trace = { traceId: parent.traceId, spanId: spanIdFrom(firstExecutionRunId) };
  return { name, trace, parentSpanId: parent.spanId, ...times };
}

function headerOf(headers: Headers): TraceContext | null {
  const payload = headers[HEADER];
  return payload === undefined ? null : contextFrom(defaultPayloadConverter.fromPayload(payload));
}
