/** Spans of this process. With OTEL_EXPORTER_OTLP_ENDPOINT unset none of the tracing library is even loaded. */
import { randomBytes } from 'node:crypto';
import type { TraceContext } from '../domain/trace-ids.ts';
import { inTrace } from './current-trace.ts';

export type SpanKind = 'internal' | 'server' | 'client' | 'producer' | 'consumer';
/** Personal data only under `pii.…`: such keys are left out unless LOG_PII=true. */
export type SpanAttributes = Record<string, string | number | boolean>;

export interface SpanRecord {
  name: string;
  kind: SpanKind;
  trace: TraceContext;
  parentSpanId: string | null;
  startMs: number;
  endMs: number;
  attributes: SpanAttributes;
  /** Null = it went well. */
  error: string | null;
}

export interface Tracing {
  record(span: SpanRecord): void;
  /** Sends what is still here. */
  close(): Promise<void>;
}

export interface TracingSettings {
  endpoint: string | null;
  showPersonalData: boolean;
}

/** Null = nobody asked for traces. */
export async function startTracing(service: string, settings: TracingSettings): Promise<Tracing | null> {
  if (settings.endpoint === null) return null;
  const { exportByOtlp } = await import('./otlp.ts');
  return exportByOtlp(service, { endpoint: settings.endpoint, showPersonalData: settings.showPersonalData });
}

export const newSpanId = (): string => randomBytes(8).toString('hex');
/** Finer than Date.now(), and never jumping. */
export const traceNowMs = (): number => performance.timeOrigin + performance.now();

export interface SpanStart {
  name: string;
  kind: SpanKind;
  parent: TraceContext;
  attributes: SpanAttributes;
}

/** Runs `work` as a span; `trace` is its own. What fails is marked by the kind of its failure, never by its words. */
export async function inSpan<Result>(
  tracing: Tracing,
  start: SpanStart,
  work: (trace: TraceContext) => Promise<Result>,
): Promise<Result> {
  const trace = { traceId: start.parent.traceId, spanId: newSpanId() };
  const startMs = traceNowMs();
  const end = (error: string | null): void => {
    const { name, kind, attributes, parent } = start;
    const times = { startMs, endMs: traceNowMs() };
    tracing.record({ name, kind, attributes, trace, parentSpanId: parent.spanId, ...times, error });
  };
  try {
    const result = await inTrace(trace, () => work(trace));
    end(null);
    return result;
  } catch (error) {
    end(failureName(error));
    throw error;
  }
}

/** A message may quote what a customer said. */
export function failureName(error: unknown): string {
  if (!(error instanceof Error)) return 'failure';
  return 'kind' in error && typeof error.kind === 'string' ? `${error.name}: ${error.kind}` : error.name;
}
