/** One process's metrics: OpenTelemetry instruments, read as a page by Prometheus. What is counted: docs/metrics.md. */
import type { Meter } from '@opentelemetry/api';
import { PrometheusExporter, PrometheusSerializer } from '@opentelemetry/exporter-prometheus';
import { MeterProvider, type ResourceMetrics } from '@opentelemetry/sdk-metrics';
import { watchProcess } from './process-metrics.ts';

export interface Metrics {
  meter: Meter;
  page(): Promise<string>;
}

export const METRICS_CONTENT_TYPE = 'text/plain; version=0.0.4; charset=utf-8';

/** Prometheus wants the unit in the name; the serialiser leaves it out. */
const UNITS: Readonly<Record<string, string>> = { s: 'seconds', By: 'bytes' };

export function createMetrics(): Metrics {
  const reader = new PrometheusExporter({ preventServerStart: true });
  const serializer = new PrometheusSerializer('', false, undefined, true, true);
  const meter = new MeterProvider({ readers: [reader] }).getMeter('evercall');
  watchProcess(meter);
  return {
    meter,
    async page() {
      const { resourceMetrics } = await reader.collect();
      return serializer.serialize(withUnits(resourceMetrics));
    },
  };
}

function withUnits(collected: ResourceMetrics): ResourceMetrics {
  return {
    ...collected,
    scopeMetrics: collected.scopeMetrics.map(({ scope, metrics }) => ({
      scope,
      metrics: metrics.map((metric) => {
        const unit = UNITS[metric.descriptor.unit];
        if (unit === undefined) return metric;
        return { ...metric, descriptor: { ...metric.descriptor, unit, name: `${metric.descriptor.name}_${unit}` } };
      }),
    })),
  };
}
