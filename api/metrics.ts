/** `/metrics` for Prometheus: this process and what comes through its door. */
import type { Context, MiddlewareHandler } from 'hono';
import { routePath } from 'hono/route';
import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';
import type { Errands } from './errands.ts';

export interface ApiMetrics {
  middleware: MiddlewareHandler;
  page: (context: Context) => Promise<Response>;
}

/** The answer webhook's limit is 5 s, the event's 10 s. */
const BUCKETS_S = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

export function createMetrics(errands: Errands): ApiMetrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const registers = [registry];
  const labelNames = ['method', 'route', 'status'];
  const requests = new Counter({
    name: 'evercall_http_requests_total',
    help: 'Requests answered',
    labelNames,
    registers,
  });
  const seconds = new Histogram({
    name: 'evercall_http_request_seconds',
    help: 'Time to answer',
    labelNames: ['method', 'route'],
    buckets: BUCKETS_S,
    registers,
  });
  const waiting = (): number => errands.waiting();
  new Gauge({
    name: 'evercall_errands_waiting',
    help: 'Leg events acknowledged and not told to their workflow yet',
    registers,
    collect() {
      this.set(waiting());
    },
  });
  return {
    middleware: async (context, next) => {
      const beganMs = performance.now();
      await next();
      // The route's pattern: an id in a label would make a series for each call.
      const route = routePath(context, -1);
      requests.inc({ method: context.req.method, route, status: String(context.res.status) });
      seconds.observe({ method: context.req.method, route }, (performance.now() - beganMs) / 1000);
    },
    page: async (context) => context.body(await registry.metrics(), 200, { 'content-type': registry.contentType }),
  };
}
