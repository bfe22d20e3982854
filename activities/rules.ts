/** What configuration and live flags say about a call. Served from this process's memory: no store is asked. */
import type { CallRules } from '../domain/dialog.ts';
import type { FlagValues } from '../domain/flags.ts';

export interface RuleDeps {
  flags: { current(): FlagValues };
  fromConfig: Pick<CallRules, 'ringTimeoutS' | 'operatorRingTimeoutS' | 'misunderstandingsMax' | 'escalationPhrases'>;
}

export type RuleActivities = ReturnType<typeof createRuleActivities>;

export function createRuleActivities({ flags, fromConfig }: RuleDeps) {
  return {
    readRules(): Promise<CallRules> {
      const values = flags.current();
      return Promise.resolve({
        ...fromConfig,
        silencesMax: values.recognition_retry_max,
        resumeWithinMs: values.callback_timeout_hour * 3_600_000,
      });
    },
  };
}
