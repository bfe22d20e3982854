/** A leg as a span, around everything that it does. */
import { callTrace, spanIdFrom } from '../domain/trace-ids.ts';
import type { MediaToken } from '../providers/media-token.ts';
import { boundToTrace, inTrace } from '../telemetry/current-trace.ts';
import { traceNowMs, type Tracing } from '../telemetry/tracing.ts';
import type { Pacer } from './pacer.ts';
import type { Session } from './session.ts';

export type AroundLeg = (token: MediaToken, begin: () => Session) => Session;

/** Everything the leg does, its timers included, happens within its span. */
export function tracedLeg(tracing: Tracing): AroundLeg {
  return (token, begin) => {
    const root = callTrace(token.callId);
    const trace = { traceId: root.traceId, spanId: spanIdFrom(token.connectId) };
    const startMs = traceNowMs();
    const session = inTrace(trace, begin);
    void session.ended.then((end) => {
      tracing.record({
        name: 'media leg',
        kind: 'server',
        trace,
        parentSpanId: token.parentSpan ?? root.spanId,
        startMs,
        endMs: traceNowMs(),
        attributes: { 'evercall.call_id': session.callId, 'evercall.leg.ended_by': end },
        error: null,
      });
    });
    return session;
  };
}

/** The beat is shared by all legs; each listener goes on in the span in which it was told. */
export function tracedPacer(pacer: Pacer): Pacer {
  return {
    nowMs: () => pacer.nowMs(),
    each: (onBeat) => pacer.each(boundToTrace(onBeat)),
    after: (delayMs, then) => pacer.after(delayMs, boundToTrace(then)),
  };
}
