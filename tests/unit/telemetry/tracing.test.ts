import { expect, test } from 'vitest';
import { callIdOfWorkflow, callTrace, contextFrom, spanIdFrom, traceparent } from '../../../domain/trace-ids.ts';
import { currentTrace, inTrace, noteCall } from '../../../telemetry/current-trace.ts';
import { exportByOtlp } from '../../../telemetry/otlp.ts';
import { inSpan, startTracing, type SpanRecord, type Tracing } from '../../../telemetry/tracing.ts';
import { ProviderError } from '../../../providers/provider-error.ts';
import { startTraceCollector } from '../../kit/trace-collector.ts';

const CALL = '2e4c6a80-0000-4000-8000-00000000000';

test('[TX5] a call’s trace is the same wherever it is asked for, and another for each call', () => {
  const ids = Array.from({ length: 1_000 }, (_, index) => callTrace(`${CALL}${index}`));
  expect(callTrace(`${CALL}1`)).toEqual(ids[1]);
  expect(new Set(ids.map(({ traceId }) => traceId)).size).toBe(1_000);
  expect(new Set(ids.map(({ spanId }) => spanId)).size).toBe(1_000);
  for (const { traceId, spanId } of ids) {
    expect(traceId).toMatch(/^[0-9a-f]{32}$/);
    expect(new Set(traceId.match(/.{8}/g)).size).toBe(4);
    expect(spanId).toMatch(/^[0-9a-f]{16}$/);
  }
  expect(spanIdFrom('turn-1')).not.toBe(spanIdFrom('turn-2'));
});

test.each([
  [`call:${CALL}`, CALL],
  [`wrap-up:${CALL}:2`, CALL],
  ['line:+447700900111', null],
  ['callback:c-1', null],
])('[TX5] the workflow %s is about the call %s', (workflowId, callId) => {
  expect(callIdOfWorkflow(workflowId)).toBe(callId);
});

test('[TX5] what is handed on is read again; anything else is none', () => {
  const trace = callTrace(CALL);
  expect(contextFrom(traceparent(trace))).toEqual(trace);
  expect(contextFrom('00-xyz-1-01')).toBeNull();
  expect(contextFrom(undefined)).toBeNull();
});

test('[TX1] a request takes the trace of the first call that it is about', () => {
  inTrace({ traceId: null, spanId: '00000000000000aa' }, () => {
    expect(currentTrace()).toBeNull();
    noteCall(`${CALL}1`);
    noteCall(`${CALL}2`);
    expect(currentTrace()).toEqual({ traceId: callTrace(`${CALL}1`).traceId, spanId: '00000000000000aa' });
  });
  expect(currentTrace()).toBeNull();
});

test('[TX4] what fails is marked by its kind, never by its words', async () => {
  const spans: SpanRecord[] = [];
  const tracing: Tracing = { record: (span) => spans.push(span), close: () => Promise.resolve() };
  const failing = inSpan(tracing, { name: 'a', kind: 'client', parent: callTrace(CALL), attributes: {} }, () =>
    Promise.reject(new ProviderError('model', 'rate_limit', { message: 'my number is +447700900111' })),
  );
  await expect(failing).rejects.toThrow('+447700900111');
  expect(spans.map(({ error }) => error)).toEqual(['ProviderError: rate_limit']);
});

test.each([
  [false, { stage: 1 }],
  [true, { stage: 1, 'pii.said': 'Anna' }],
])('[TX4] personal data is sent only when it is to be shown: %s', async (showPersonalData, expected) => {
  await using collector = await startTraceCollector();
  const tracing = exportByOtlp('test', { endpoint: collector.endpoint, showPersonalData });
  const trace = { ...callTrace(CALL), spanId: spanIdFrom('own') };
  const attributes = { stage: 1, 'pii.said': 'Anna' };
  const times = { startMs: 1_700_000_000_000.25, endMs: 1_700_000_000_100.5 };
  tracing.record({
    name: 'a',
    kind: 'internal',
    trace,
    parentSpanId: callTrace(CALL).spanId,
    ...times,
    attributes,
    error: null,
  });
  await tracing.close();
  expect(collector.spans).toEqual([
    {
      service: 'evercall-test',
      name: 'a',
      ...trace,
      parentSpanId: callTrace(CALL).spanId,
      ...times,
      attributes: expected,
    },
  ]);
});

test('[TX6] nobody traces where no endpoint is set', async () => {
  expect(await startTracing('test', { endpoint: null, showPersonalData: true })).toBeNull();
});
