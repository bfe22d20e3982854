/** The recorded histories once more, as if somebody had traced what was asked of them. */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { historyFromJSON } from '@temporalio/common/lib/proto-utils.js';
import { DefaultLogger, Runtime, Worker } from '@temporalio/worker';
import { beforeAll, expect, test } from 'vitest';
import { callTrace, traceparent } from '../../domain/trace-ids.ts';
import { workflowSpans } from '../../telemetry/temporal-tracing.ts';
import type { SpanRecord } from '../../telemetry/tracing.ts';
import { workflowBundle } from '../kit/workflow-bundle.ts';

const folder = path.resolve(import.meta.dirname, 'histories');
const files = readdirSync(folder).filter((name) => name.endsWith('.json'));
const base64 = (text: string): string => Buffer.from(text).toString('base64');
const HEADER = {
  fields: {
    traceparent: {
      metadata: { encoding: base64('json/plain') },
      data: base64(JSON.stringify(traceparent(callTrace('c-1')))),
    },
  },
};

interface Event {
  workflowExecutionStartedEventAttributes?: { header?: unknown };
  workflowExecutionSignaledEventAttributes?: { header?: unknown };
  workflowExecutionUpdateAcceptedEventAttributes?: { acceptedRequest?: { input?: { header?: unknown } } };
}

beforeAll(() => {
  Runtime.install({ logger: new DefaultLogger('ERROR', () => undefined) });
});

test.each(files)('[TX3] %s replays with traces in its headers, and tells of nothing twice', async (file) => {
  const { workflowId, history } = JSON.parse(readFileSync(path.join(folder, file), 'utf8')) as {
    workflowId: string;
    history: { events: Event[] };
  };
  let given = 0;
  for (const event of history.events) {
    for (const asked of [
      event.workflowExecutionStartedEventAttributes,
      event.workflowExecutionSignaledEventAttributes,
      event.workflowExecutionUpdateAcceptedEventAttributes?.acceptedRequest?.input,
    ]) {
      if (asked === undefined) continue;
      asked.header = HEADER;
      given += 1;
    }
  }
  const told: SpanRecord[] = [];
  const sinks = workflowSpans({ record: (span) => told.push(span), close: () => Promise.resolve() });
  await Worker.runReplayHistory(
    { workflowBundle: await workflowBundle(), sinks },
    historyFromJSON(history),
    workflowId,
  );
  expect(given).toBeGreaterThan(0);
  expect(told).toEqual([]);
});
