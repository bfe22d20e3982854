/** Another way for a text message, where the first has surely not taken it and the second may. */
import type { Logger } from '../telemetry/log.ts';
import { ProviderError, type ProviderErrorKind } from './provider-error.ts';
import type { Sms } from './sms.ts';

/**
 * Another host and another kind of credentials help against these. A limit, an empty account or a text that is refused are the same there; what
 * is in doubt may have been sent, and is sent by nobody else.
 */
const HELPS: ReadonlySet<ProviderErrorKind> = new Set(['unreachable', 'credentials', 'not_found']);

/** [SM3] */
export function withFallback(first: Sms, second: Sms, log: Logger): Sms {
  return {
    async send(message) {
      try {
        return await first.send(message);
      } catch (error) {
        if (!(error instanceof ProviderError) || !HELPS.has(error.kind)) throw error;
        log.warn({ err: error, kind: error.kind }, 'a text message goes another way');
        return await second.send(message);
      }
    },
  };
}
