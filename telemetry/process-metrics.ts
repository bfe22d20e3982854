/** Processor, memory and event loop of this process, under the names that Prometheus users know. */
import { monitorEventLoopDelay, performance } from 'node:perf_hooks';
import type { Meter } from '@opentelemetry/api';

/** A frame's length: a loop that is late by more is heard. */
const LOOP_RESOLUTION_MS = 20;
const NS_PER_S = 1e9;
const US_PER_S = 1e6;

export function watchProcess(meter: Meter): void {
  const loop = monitorEventLoopDelay({ resolution: LOOP_RESOLUTION_MS });
  loop.enable();
  meter
    .createObservableCounter('process.cpu', { description: 'Processor time, user and system', unit: 's' })
    .addCallback((result) => {
      const { user, system } = process.cpuUsage();
      result.observe((user + system) / US_PER_S);
    });
  meter
    .createObservableGauge('process.resident.memory', { description: 'Resident memory', unit: 'By' })
    .addCallback((result) => {
      result.observe(process.memoryUsage.rss());
    });
  meter
    .createObservableGauge('process.start.time', { description: 'Start, seconds since 1970', unit: 's' })
    .addCallback((result) => {
      result.observe(performance.timeOrigin / 1_000);
    });
  meter
    .createObservableGauge('nodejs.eventloop.delay', {
      description: 'How late the event loop was since the last look; a timer’s own 20 ms are part of it',
      unit: 's',
    })
    .addCallback((result) => {
      for (const quantile of [50, 99, 100])
        result.observe(loop.percentile(quantile) / NS_PER_S, { quantile: String(quantile / 100) });
      loop.reset();
    });
}
