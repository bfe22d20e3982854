/** The live switches: names and shipped values as users of call-center-ai know them, typed and bounded. */

export type FlagValue = boolean | number;

interface FlagSpec<Value extends FlagValue> {
  default: Value;
  /** Inclusive; numbers only. */
  min?: number;
  max?: number;
  whole?: boolean;
  what: string;
}

const number = (spec: FlagSpec<number>): FlagSpec<number> => spec;
const bool = (spec: FlagSpec<boolean>): FlagSpec<boolean> => spec;

export const FLAGS = {
  answer_hard_timeout_sec: number({
    default: 40,
    min: 1,
    max: 120,
    what: 'seconds until the bot gives up an answer and says so; 15 keeps lines snappy',
  }),
  answer_soft_timeout_sec: number({
    default: 15,
    min: 0,
    max: 60,
    what: 'seconds until a waiting phrase; 4 keeps lines snappy, 0 = no phrase',
  }),
  callback_timeout_hour: number({
    default: 3,
    min: 0,
    max: 720,
    what: 'hours for which an unfinished call can be resumed; 0 = never',
  }),
  early_thinking: bool({
    default: true,
    what: 'let the model begin at the first pause; costs tokens for replies that are dropped, saves about half a second',
  }),
  phone_silence_timeout_sec: number({
    default: 20,
    min: 1,
    max: 300,
    what: 'seconds of silence until the bot asks whether anybody is there',
  }),
  recognition_retry_max: number({
    default: 3,
    min: 1,
    max: 10,
    whole: true,
    what: 'silences in a row until the bot ends the call',
  }),
  recognition_stt_complete_timeout_ms: number({
    default: 100,
    min: 0,
    max: 5_000,
    whole: true,
    what: 'wait for the recogniser’s own final after the turn has ended',
  }),
  recording_enabled: bool({ default: false, what: 'record calls' }),
  slow_llm_for_chat: bool({ default: false, what: 'use the slow model tier in conversation' }),
  vad_cutoff_timeout_ms: number({
    default: 250,
    min: 0,
    max: 5_000,
    whole: true,
    what: 'silence that ends a settled, finished sentence; speech that interrupts the bot',
  }),
  vad_silence_timeout_ms: number({
    default: 500,
    min: 0,
    max: 5_000,
    whole: true,
    what: 'silence that ends any turn (the ceiling)',
  }),
  vad_threshold: number({
    default: 0.5,
    min: 0.1,
    max: 1,
    what: 'speech probability above which sound counts as speech',
  }),
} as const;

export type FlagName = keyof typeof FLAGS;
export type FlagValues = { [Name in FlagName]: (typeof FLAGS)[Name]['default'] extends boolean ? boolean : number };

export const FLAG_NAMES = Object.keys(FLAGS) as FlagName[];

export function defaultFlags(): FlagValues {
  return Object.fromEntries(FLAG_NAMES.map((name) => [name, FLAGS[name].default])) as FlagValues;
}

/** Why the value cannot be taken, in a sentence; null = it can. */
export function flagProblem(name: FlagName, value: unknown): string | null {
  const spec: FlagSpec<boolean> | FlagSpec<number> = FLAGS[name];
  if (typeof spec.default === 'boolean') return typeof value === 'boolean' ? null : `${name} must be true or false`;
  if (typeof value !== 'number' || !Number.isFinite(value)) return `${name} must be a number`;
  if (spec.whole === true && !Number.isInteger(value)) return `${name} must be a whole number`;
  if (spec.min !== undefined && value < spec.min) return `${name} must be at least ${spec.min}`;
  if (spec.max !== undefined && value > spec.max) return `${name} must be at most ${spec.max}`;
  return null;
}

/** Stored values over the defaults; a stored value that does not fit is left out. Zero and false are values. */
export function flagsFrom(stored: Readonly<Record<string, unknown>>): FlagValues {
  const values: Record<string, FlagValue> = { ...defaultFlags() };
  for (const name of FLAG_NAMES) {
    const value = stored[name];
    if (value !== undefined && flagProblem(name, value) === null) values[name] = value as FlagValue;
  }
  return values as FlagValues;
}
