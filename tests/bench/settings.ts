/** What the bench is asked for. */
import { parseArgs } from 'node:util';
import { SCENARIOS, VOICES, type Scenario } from './callers.ts';
import { DELAYS, type Delays, type Surroundings } from './delays.ts';

const { settledInterimAfterMs, ...CHANGEABLE } = DELAYS;

export const HELP = `npm run bench -- [options]

Brings the whole system up on free ports with a data folder of its own, lets a fleet of simulated callers talk to it over
the phone network's own protocol, vendors answering with fixed delays, and measures at the phone.

  --calls 1,10         calls at a time, one round each
  --seconds 60         length of each round, warm-up apart; three times that for a single call
  --scenario talk      talk: turns and a listener's "mhm" · barge-in: the caller speaks into every second reply ·
                       claim: the rule-based brain and its tools; several by comma, one round each
  --early on|off|both  early thinking; both = a comparison, on against off
  --flag name=value    a switch of /feature, for all rounds; may be repeated
  --pair name=a,b      compares two values of a switch, or with env:NAME=a,b of a variable: rounds a b b a on one machine
                       minute, told as a ratio
  --repeat 2           each round so often
  --env NAME=value     a variable for the system; may be repeated
  --max [most]         the largest number of calls at which voice-to-voice p95 stays within 1.5 times that of one call,
                       up to 200 or as given
  --replay [turns]     how long a call of 200 turns takes to replay
  --json FILE          machine, revision, settings, figures and every sample
  --chart              draws docs/images/bench-*.svg from the figures
  --from FILE          draws and tells from an earlier --json instead of measuring
  --profile            processor profiles of every Node process, into the folder .data/profiles
  --seed 1             other callers
  --voices f2,m3       the callers' voices: espeak's variants (f1-f5, m1-m8, croak, whisper, klatt, belinda …)
  --delays name=ms     other delays of the vendors, by comma: ${Object.keys(CHANGEABLE).join(', ')}
                       (interimEveryMs=0: no interims)
  --noise 0            of the line, root mean square; up to 200 the stand-in recogniser hears the pauses in it
                       (more of each, against one leg on a clock of its own: node tests/bench/voices/run.ts --help)
  --help

A figure is worth what its machine was: leave it alone meanwhile. The table says how late the measuring process itself
was ("meter"); where that nears the figures, measure again.
`;

/** One way to run the system; a comparison has two. */
export interface Side {
  name: string;
  flags: Record<string, boolean | number>;
  env: Record<string, string>;
}

export interface BenchSettings {
  calls: number[];
  seconds: number;
  scenarios: Scenario[];
  sides: Side[];
  repeat: number;
  max: number | null;
  replayTurns: number | null;
  json: string | null;
  chart: boolean;
  from: string | null;
  profile: boolean;
  seed: number;
  around: Surroundings;
  help: boolean;
}

const MOST_CALLS = 500;

/** [QT14] Throws a sentence for what cannot be. */
export function benchSettings(args: string[]): BenchSettings {
  const { values } = parseArgs({
    args: withDefaults(args),
    options: {
      calls: { type: 'string', default: '1,10' },
      seconds: { type: 'string', default: '60' },
      scenario: { type: 'string', default: 'talk' },
      early: { type: 'string' },
      flag: { type: 'string', multiple: true, default: [] },
      pair: { type: 'string' },
      repeat: { type: 'string', default: '1' },
      env: { type: 'string', multiple: true, default: [] },
      max: { type: 'string' },
      replay: { type: 'string' },
      json: { type: 'string' },
      chart: { type: 'boolean', default: false },
      from: { type: 'string' },
      profile: { type: 'boolean', default: false },
      seed: { type: 'string', default: '1' },
      voices: { type: 'string', default: VOICES.join(',') },
      delays: { type: 'string' },
      noise: { type: 'string', default: '0' },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  return {
    calls: values.calls === '' ? [] : values.calls.split(',').map((text) => whole('--calls', text, MOST_CALLS)),
    seconds: whole('--seconds', values.seconds, 3_600),
    scenarios: values.scenario.split(',').map(scenarioOf),
    sides: sidesOf(values),
    repeat: whole('--repeat', values.repeat, 100),
    max: values.max === undefined ? null : whole('--max', values.max, MOST_CALLS),
    replayTurns: values.replay === undefined ? null : whole('--replay', values.replay, 2_000),
    json: values.json ?? null,
    chart: values.chart,
    from: values.from ?? null,
    profile: values.profile,
    seed: whole('--seed', values.seed, 2 ** 31),
    around: {
      voices: values.voices.split(','),
      delays: delaysOf(values.delays),
      noise: values.noise === '0' ? 0 : whole('--noise', values.noise, 5_000),
    },
    help: values.help,
  };
}

function delaysOf(text: string | undefined): Delays {
  const changes = text === undefined ? [] : text.split(',').map((each) => named('--delays', each));
  for (const [name, value] of changes) {
    if (!(name in CHANGEABLE)) throw new Error(`no delay "${name}"; there are ${Object.keys(CHANGEABLE).join(', ')}`);
    if (value !== '0') whole(`--delays ${name}`, value, 60_000);
  }
  return {
    settledInterimAfterMs,
    ...CHANGEABLE,
    ...Object.fromEntries(changes.map(([name, value]) => [name, Number(value)])),
  };
}

/** `--max` and `--replay` may stand alone. */
function withDefaults(args: string[]): string[] {
  const alone: Record<string, string> = { '--max': '200', '--replay': '200' };
  return args.flatMap((arg, index) => {
    const fallback = alone[arg];
    const next = args[index + 1];
    return fallback !== undefined && (next === undefined || next.startsWith('--')) ? [arg, fallback] : [arg];
  });
}

function sidesOf(values: {
  early?: string | undefined;
  pair?: string | undefined;
  flag: string[];
  env: string[];
}): Side[] {
  const common = {
    flags: Object.fromEntries(
      values.flag.map((text) => named('--flag', text)).map(([name, value]) => [name, flagValue(value)]),
    ),
    env: Object.fromEntries(values.env.map((text) => named('--env', text))),
  };
  const pair = pairOf(values);
  if (pair === null) return [{ name: 'as it is', ...common }];
  return pair.sides.map((value) => ({
    name: `${pair.name}=${value}`,
    flags: pair.isEnv ? common.flags : { ...common.flags, [pair.name]: flagValue(value) },
    env: pair.isEnv ? { ...common.env, [pair.name]: value } : common.env,
  }));
}

function pairOf({ early, pair }: { early?: string | undefined; pair?: string | undefined }): {
  name: string;
  isEnv: boolean;
  sides: string[];
} | null {
  if (early !== undefined && pair !== undefined) throw new Error('--early and --pair both make two sides: give one');
  if (early === 'both') return { name: 'early_thinking', isEnv: false, sides: ['on', 'off'] };
  if (early === 'on' || early === 'off') return { name: 'early_thinking', isEnv: false, sides: [early] };
  if (early !== undefined) throw new Error(`--early ${early}: on, off or both`);
  if (pair === undefined) return null;
  const [name, value] = named('--pair', pair);
  const sides = value.split(',');
  if (sides.length !== 2) throw new Error(`--pair ${pair}: two values, as in early_thinking=on,off`);
  const isEnv = name.startsWith('env:');
  return { name: isEnv ? name.slice(4) : name, isEnv, sides };
}

function named(option: string, text: string): [string, string] {
  const at = text.indexOf('=');
  if (at < 1) throw new Error(`${option} ${text}: write name=value`);
  return [text.slice(0, at), text.slice(at + 1)];
}

function flagValue(text: string): boolean | number {
  if (text === 'on' || text === 'true') return true;
  if (text === 'off' || text === 'false') return false;
  const value = Number(text);
  if (text === '' || !Number.isFinite(value))
    throw new Error(`"${text}" is no value for a switch: on, off or a number`);
  return value;
}

function scenarioOf(text: string): Scenario {
  const found = SCENARIOS.find((one) => one === text);
  if (found === undefined) throw new Error(`no scenario "${text}"; there are ${SCENARIOS.join(', ')}`);
  return found;
}

function whole(option: string, text: string, most: number): number {
  const value = Number(text);
  if (Number.isInteger(value) && value >= 1 && value <= most) return value;
  throw new Error(`${option} ${text}: whole numbers from 1 to ${String(most)}`);
}
