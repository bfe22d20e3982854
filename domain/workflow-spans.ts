/** What a workflow tells its worker of itself, for traces. */
import type { TraceContext } from './trace-ids.ts';

export interface WorkflowSpan {
  name: string;
  trace: TraceContext;
  parentSpanId: string | null;
  startMs: number;
  endMs: number;
}

/** In the shape of Temporal's sinks. */
export type TracingSinks = Record<'tracing', { span: (span: WorkflowSpan) => void }>;
