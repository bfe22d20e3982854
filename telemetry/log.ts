import { pino, type Logger } from 'pino';

export type { Logger } from 'pino';

/** One JSON line an event. Personal data only under `pii`, which is left out unless `LOG_PII=true`. */
export function createLog(name: string, options: { level: string; showPersonalData: boolean }): Logger {
  return pino({
    name,
    level: options.level,
    ...(options.showPersonalData ? {} : { redact: { paths: ['pii', '*.pii'], censor: '[personal]' } }),
  });
}
