/**
 * Names of traces and spans that every process can work out for itself: a call's trace from the call's id. Nothing has to be carried for a late
 * webhook or a reconnected socket to belong to its call, and a replay names the same spans again. Form: W3C Trace Context.
 */

export interface TraceContext {
  /** 32 hex digits. */
  traceId: string;
  /** 16 hex digits. */
  spanId: string;
}

const FNV_PRIME = 0x01000193;
const FNV_OFFSET = 0x811c9dc5;
const TRACEPARENT = /^00-([0-9a-f]{32})-([0-9a-f]{16})-[0-9a-f]{2}$/;

/** The whole call, its root span. */
export function callTrace(callId: string): TraceContext {
  return { traceId: hex(`call:${callId}`, 4), spanId: spanIdFrom(`call:${callId}`) };
}

export const spanIdFrom = (text: string): string => hex(`span:${text}`, 2);

/** By the workflow's id; null where it belongs to no call. */
export function callIdOfWorkflow(workflowId: string): string | null {
  return /^(?:call|wrap-up):([^:]+)/.exec(workflowId)?.[1] ?? null;
}

export const traceparent = ({ traceId, spanId }: TraceContext): string => `00-${traceId}-${spanId}-01`;

export function contextFrom(text: unknown): TraceContext | null {
  const [, traceId, spanId] = (typeof text === 'string' ? TRACEPARENT.exec(text) : null) ?? [];
  return traceId === undefined || spanId === undefined ? null : { traceId, spanId };
}

/** FNV-1a, each word from another beginning: workflows have no other hash, and secrecy is not wanted. */
function hex(text: string, words: number): string {
  return Array.from({ length: words }, (_, word) => {
    let hash = FNV_OFFSET;
    for (const char of `${String(word)}:${text}`) {
      hash = Math.imul(hash ^ (char.codePointAt(0) ?? 0), FNV_PRIME);
    }
    // Ids differ in their last characters: those must reach every bit.
    hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
    hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
    return ((hash ^ (hash >>> 16)) >>> 0).toString(16).padStart(8, '0');
  }).join('');
}
