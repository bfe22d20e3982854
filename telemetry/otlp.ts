/** Spans to a collector by OTLP over HTTP, in batches. Loaded only where an endpoint is set. */
import {
  ROOT_CONTEXT,
  SpanKind as Kind,
  SpanStatusCode,
  trace as api,
  TraceFlags,
  type HrTime,
} from '@opentelemetry/api';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { resourceFromAttributes } from '@opentelemetry/resources';
import { BatchSpanProcessor, TracerProvider } from '@opentelemetry/sdk-trace';
import type { TraceContext } from '../domain/trace-ids.ts';
import type { SpanAttributes, SpanKind, SpanRecord, Tracing } from './tracing.ts';

const KINDS = {
  internal: Kind.INTERNAL,
  server: Kind.SERVER,
  client: Kind.CLIENT,
  producer: Kind.PRODUCER,
  consumer: Kind.CONSUMER,
} as const satisfies Record<SpanKind, Kind>;

const BATCH_EVERY_MS = 1_000;
/** A process that leaves waits no longer for a collector. */
const LAST_BATCH_MS = 1_000;

/** Headers, compression and the like come from the OTEL_EXPORTER_OTLP_… variables, which the exporter reads itself. */
export function exportByOtlp(service: string, settings: { endpoint: string; showPersonalData: boolean }): Tracing {
  let next: TraceContext = { traceId: '', spanId: '' };
  const exporter = new OTLPTraceExporter({ url: `${settings.endpoint.replace(/\/$/, '')}/v1/traces` });
  const provider = new TracerProvider({
    resource: resourceFromAttributes({ 'service.name': `evercall-${service}` }),
    spanProcessors: [new BatchSpanProcessor({ exporter, scheduledDelayMillis: BATCH_EVERY_MS })],
    // Ids are chosen before the span is made: headers carry them while it runs.
    idGenerator: { generateTraceId: () => next.traceId, generateSpanId: () => next.spanId },
  });
  const tracer = provider.getTracer('evercall');
  return {
    record(span) {
      next = span.trace;
      const options = {
        kind: KINDS[span.kind],
        startTime: hrTime(span.startMs),
        attributes: settings.showPersonalData ? span.attributes : withoutPersonalData(span.attributes),
      };
      const made = tracer.startSpan(span.name, options, parentOf(span));
      if (span.error !== null) made.setStatus({ code: SpanStatusCode.ERROR, message: span.error });
      made.end(hrTime(Math.max(span.startMs, span.endMs)));
    },
    async close() {
      const late = new Promise<void>((resolve) => setTimeout(resolve, LAST_BATCH_MS).unref());
      await Promise.race([provider.shutdown().catch(() => undefined), late]);
    },
  };
}

function parentOf({ trace, parentSpanId }: SpanRecord) {
  if (parentSpanId === null) return ROOT_CONTEXT;
  return api.setSpanContext(ROOT_CONTEXT, {
    traceId: trace.traceId,
    spanId: parentSpanId,
    traceFlags: TraceFlags.SAMPLED,
    isRemote: true,
  });
}

/** Of a plain number the library guesses whether it counts from 1970 or from the process's start. */
function hrTime(ms: number): HrTime {
  const seconds = Math.floor(ms / 1_000);
  return [seconds, Math.round((ms - seconds * 1_000) * 1e6)];
}

function withoutPersonalData(attributes: SpanAttributes): SpanAttributes {
  return Object.fromEntries(Object.entries(attributes).filter(([key]) => !key.startsWith('pii.')));
}
