/** What comes through the api's door, for `/metrics`. */
import type { Context, MiddlewareHandler } from 'hono';
import { routePath } from 'hono/route';
import { createMetrics as createProcessMetrics, METRICS_CONTENT_TYPE } from '../telemetry/metrics.ts';
import type { Errands } from './errands.ts';

export interface ApiMetrics {
  middleware: MiddlewareHandler;
  page: (context: Context) => Promise<Response>;
}

/** The answer webhook's limit is 5 s, the event's 10 s. */
const BUCKETS_S = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

export function createMetrics(errands: Errands): ApiMetrics {
  const metrics = createProcessMetrics();
  const { meter } = metrics;
  const requests = meter.createCounter('evercall.http.requests', { description: 'Requests answered' });
  const seconds = meter.createHistogram('evercall.http.request', {
    description: 'Time to answer',
    unit: 's',
    advice: { explicitBucketBoundaries: BUCKETS_S },
  });
  meter
    .createObservableGauge('evercall.errands.waiting', {
      description: 'Leg events acknowledged and not told to their workflow yet',
    })
    .addCallback((result) => {
      result.observe(errands.waiting());
    });
  return {
    middleware: async (context, next) => {
      const beganMs = performance.now();
      await next();
      // The route's pattern: an id in a label would make a series for each call.
      const route = routePath(context, -1);
      const { method } = context.req;
      requests.add(1, { method, route, status: String(context.res.status) });
      seconds.record((performance.now() - beganMs) / 1_000, { method, route });
    },
    page: async (context) => context.body(await metrics.page(), 200, { 'content-type': METRICS_CONTENT_TYPE }),
  };
}
