/** Who thinks of an answer, spoken or written: the models of the configuration, the rules behind them, and what their prompts need of places. */
import type { Config } from '../config/load.ts';
import { Breaker } from '../media/breaker.ts';
import type { Brain } from '../media/equipment.ts';
import type { PromptSettings } from '../media/memory.ts';
import { createAnthropicLlm } from '../providers/anthropic/llm.ts';
import type { Llm } from '../providers/llm.ts';
import { createRulesLlm } from '../providers/rules/llm.ts';
import { knowPlaces } from '../providers/rules/places.ts';
import { countryOfNumber, customerZone } from '../providers/time-zones.ts';
import { toolsFor } from '../providers/tool-schemas.ts';

/** A slow model is joined by the next tier after 2.5 s, not cut off; this only ends connections that are dead. Below the shipped hard limit of 40 s. */
const PATIENCE = { headerTimeoutMs: 30_000, idleTimeoutMs: 10_000 };

export function brainOf({ llm, languages }: Config, watched: (model: Llm) => Llm = (model) => model): Brain {
  knowPlaces(languages.map(({ code }) => code));
  const behind = { rules: createRulesLlm(), breaker: new Breaker() };
  if (llm === null) return { fast: null, slow: null, fallback: null, ...behind };
  const model = (tier: 'fast' | 'slow' | 'fallback'): Llm =>
    watched(createAnthropicLlm({ ...llm[tier], ...PATIENCE, tier }));
  return { fast: model('fast'), slow: model('slow'), fallback: model('fallback'), ...behind };
}

export function promptSettings({ llm, dialing }: Config): PromptSettings {
  const { defaultZone, defaultCountry } = dialing;
  return {
    tools: toolsFor,
    maxTokens: llm?.fast.maxTokens ?? 400,
    placeOf: (number) => {
      const zone = customerZone(number, Date.now());
      const country = number === null ? null : countryOfNumber(number);
      return { zone: zone ?? defaultZone, zoneUnknown: zone === null, country: country ?? defaultCountry };
    },
  };
}
