/** What every leg of a media host works with; the process that composes it names the vendors. */
import type { FlagValues } from '../domain/flags.ts';
import type { HostId } from '../domain/ids.ts';
import type { Initiate } from '../domain/initiate.ts';
import type { Llm } from '../providers/llm.ts';
import type { Recognizer } from '../providers/stt.ts';
import type { Logger } from '../telemetry/log.ts';
import type { MediaMeter } from '../telemetry/media-meter.ts';
import type { Tracing } from '../telemetry/tracing.ts';
import type { Breaker } from './breaker.ts';
import type { CallLink } from './call-link.ts';
import type { PromptSettings } from './memory.ts';
import type { Pacer } from './pacer.ts';
import type { VadModel } from './vad.ts';
import type { Voice } from './voice.ts';

export interface Brain {
  fast: Llm | null;
  slow: Llm | null;
  fallback: Llm | null;
  rules: Llm;
  breaker: Breaker;
}

export interface Equipment {
  hostId: HostId;
  pacer: Pacer;
  vad: VadModel;
  recognizer: Recognizer;
  voice: Voice;
  brain: Brain;
  prompt: PromptSettings;
  link: CallLink;
  flags: () => FlagValues;
  /** What a call on this number of ours is about, where the call itself cannot be asked. */
  initiateFor: (botNumber: string | null) => Initiate;
  log: Logger;
  /** Absent where nobody counts. */
  meter?: MediaMeter;
  /** Absent where nobody traces. */
  tracing?: Tracing;
}

/** Who answers: models in the order in which they are asked, and the rules behind them. */
export function thinkersOf(brain: Brain, flags: FlagValues): Pick<Brain, 'rules' | 'breaker'> & { models: Llm[] } {
  return { models: modelsOf(brain, flags), rules: brain.rules, breaker: brain.breaker };
}

function modelsOf(brain: Brain, flags: FlagValues): Llm[] {
  const first = flags.slow_llm_for_chat ? (brain.slow ?? brain.fast) : brain.fast;
  return [first, brain.fallback].filter((model) => model !== null);
}
