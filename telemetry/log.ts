import { pino, type Logger } from 'pino';
import { currentTrace } from './current-trace.ts';

export type { Logger } from 'pino';

/** One JSON line an event. Personal data only under `pii`, which is left out unless `LOG_PII=true`. */
export function createLog(name: string, options: { level: string; showPersonalData: boolean }): Logger {
  return pino({
    name,
    level: options.level,
    mixin: traceFields,
    ...(options.showPersonalData ? {} : { redact: { paths: ['pii', '*.pii'], censor: '[personal]' } }),
  });
}

/** Where somebody traces, a line leads to its span. */
function traceFields(): Record<string, string> {
  const trace = currentTrace();
  return trace === null ? {} : { trace_id: trace.traceId, span_id: trace.spanId };
}
