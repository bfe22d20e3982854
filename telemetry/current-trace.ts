/** In which span this code runs. Costs nothing where nobody traces: no store, no look-up beyond a null. */
import { AsyncLocalStorage } from 'node:async_hooks';
import { callTrace, type TraceContext } from '../domain/trace-ids.ts';

/** Of a request whose call is not known yet. */
export interface Unnamed {
  traceId: string | null;
  spanId: string;
  /** Of the call, once it is known. */
  rootSpanId?: string;
}

const current = new AsyncLocalStorage<Unnamed>();

export function currentTrace(): TraceContext | null {
  const store = current.getStore();
  return store === undefined || store.traceId === null ? null : { traceId: store.traceId, spanId: store.spanId };
}

export const inTrace = <Result>(trace: Unnamed, work: () => Result): Result => current.run(trace, work);

/** What runs now is about this call. The first call named counts. */
export function noteCall(callId: string): void {
  const store = current.getStore();
  if (store === undefined || store.traceId !== null) return;
  const { traceId, spanId } = callTrace(callId);
  store.traceId = traceId;
  store.rootSpanId = spanId;
}

/** The span at hand, also while its trace is not known. */
export const currentSpanId = (): string | null => current.getStore()?.spanId ?? null;

/** For timers and listeners shared by many: runs `callback` in the span that is current now. */
export const boundToTrace = <Args extends unknown[]>(callback: (...args: Args) => void): ((...args: Args) => void) =>
  AsyncLocalStorage.bind(callback);
