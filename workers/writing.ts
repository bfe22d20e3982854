/** Who answers text messages: the models of the conversation and the rules behind them, without a leg. */
import type { WritingDeps } from '../activities/writing.ts';
import type { Config } from '../config/load.ts';
import type { FlagValues } from '../domain/flags.ts';
import { Breaker } from '../media/breaker.ts';
import { thinkersOf } from '../media/equipment.ts';
import { createPacer } from '../media/pacer.ts';
import { createAnthropicLlm } from '../providers/anthropic/llm.ts';
import { createRulesLlm } from '../providers/rules/llm.ts';
import { countryOfNumber, customerZone } from '../providers/time-zones.ts';
import { toolsFor } from '../providers/tool-schemas.ts';
import type { Logger } from '../telemetry/log.ts';

/** As on the phone: these only end connections that are dead. */
const PATIENCE = { headerTimeoutMs: 30_000, idleTimeoutMs: 10_000 };

export function writingFrom({ llm, dialing }: Config, flags: () => FlagValues, log: Logger): WritingDeps {
  const { defaultZone, defaultCountry } = dialing;
  const brain = {
    fast: llm === null ? null : createAnthropicLlm({ ...llm.fast, ...PATIENCE, tier: 'fast' }),
    slow: llm === null ? null : createAnthropicLlm({ ...llm.slow, ...PATIENCE, tier: 'slow' }),
    fallback: llm === null ? null : createAnthropicLlm({ ...llm.fallback, ...PATIENCE, tier: 'fallback' }),
    rules: createRulesLlm(),
    breaker: new Breaker(),
  };
  const pacer = createPacer();
  return {
    thinking: () => ({ ...thinkersOf(brain, flags()), pacer, log }),
    prompt: {
      tools: toolsFor,
      maxTokens: llm?.fast.maxTokens ?? 400,
      placeOf: (number) => {
        const zone = customerZone(number, Date.now());
        const country = number === null ? null : countryOfNumber(number);
        return { zone: zone ?? defaultZone, zoneUnknown: zone === null, country: country ?? defaultCountry };
      },
    },
    hardMs: () => flags().answer_hard_timeout_sec * 1_000,
  };
}
