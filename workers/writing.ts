/** Who answers text messages: the models of the conversation and the rules behind them, without a leg. */
import type { WritingDeps } from '../activities/writing.ts';
import type { Config } from '../config/load.ts';
import type { FlagValues } from '../domain/flags.ts';
import { thinkersOf } from '../media/equipment.ts';
import { createPacer } from '../media/pacer.ts';
import type { Logger } from '../telemetry/log.ts';
import { brainOf, promptSettings } from './brain.ts';

export function writingFrom(config: Config, flags: () => FlagValues, log: Logger): WritingDeps {
  const brain = brainOf(config);
  const pacer = createPacer();
  return {
    thinking: () => ({ ...thinkersOf(brain, flags()), pacer, log }),
    prompt: promptSettings(config),
    hardMs: () => flags().answer_hard_timeout_sec * 1_000,
  };
}
