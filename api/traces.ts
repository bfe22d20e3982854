/** Requests about a call as spans of the call's trace. Which call it is turns out on the way: pages, health and the like are never told. */
import type { MiddlewareHandler } from 'hono';
import { routePath } from 'hono/route';
import { inTrace, noteCall, type Unnamed } from '../telemetry/current-trace.ts';
import { newSpanId, traceNowMs, type Tracing } from '../telemetry/tracing.ts';

const NAMES_ITS_CALL = /^\/vonage\/(?:answer|event|briefing)\/([^/]+)/;

export function traceRequests(tracing: Tracing): MiddlewareHandler {
  return (context, next) => {
    const request: Unnamed = { traceId: null, spanId: newSpanId() };
    const startMs = traceNowMs();
    return inTrace(request, async () => {
      const callId = NAMES_ITS_CALL.exec(context.req.path)?.[1];
      if (callId !== undefined) noteCall(callId);
      await next();
      if (request.traceId === null) return;
      const route = routePath(context, -1);
      const { status } = context.res;
      tracing.record({
        name: `${context.req.method} ${route}`,
        kind: 'server',
        trace: { traceId: request.traceId, spanId: request.spanId },
        parentSpanId: request.rootSpanId ?? null,
        startMs,
        endMs: traceNowMs(),
        attributes: {
          'http.request.method': context.req.method,
          'http.route': route,
          'http.response.status_code': status,
        },
        error: status >= 500 ? String(status) : null,
      });
    });
  };
}
