/** Callers, lines and vendors of every kind against one leg: see the help below. */
import { parseArgs } from 'node:util';
import { pino } from 'pino';
import { loadVad } from '../../../media/vad.ts';
import { percentile } from '../statistics.ts';
import { LINES, MANNERS, NETWORKS, VENDORS, VOICES } from './choices.ts';
import { trial, type TrialFigures } from './trial.ts';

const HELP = `node tests/bench/voices/run.ts [options]

A leg of the media host with callers, lines and vendors of every kind: real sound and the real voice detector, on a clock of
its own, so that minutes of talk take seconds, a busy machine changes nothing, and the same seed gives the same figures.
One of each is as in the bench unless it is asked for; what is named is tried in turn, "all" is every one.

  --voices usual     ${Object.keys(VOICES).join(' · ')}
  --lines clean      ${Object.keys(LINES).join(' · ')}
  --manners usual    ${Object.keys(MANNERS).join(' · ')}
  --vendors usual    ${Object.keys(VENDORS).join(' · ')}
  --networks even    ${Object.keys(NETWORKS).join(' · ')}
  --cross            each with each; without it one thing is varied at a time
  --turns 24         of each talk
  --interruptions 10 of each talk
  --early off        without early thinking
  --seed 1
  --tell             also what was misheard, cut into or not answered
`;

const { values } = parseArgs({
  options: {
    voices: { type: 'string', default: 'usual' },
    lines: { type: 'string', default: 'clean' },
    manners: { type: 'string', default: 'usual' },
    vendors: { type: 'string', default: 'usual' },
    networks: { type: 'string', default: 'even' },
    cross: { type: 'boolean', default: false },
    turns: { type: 'string', default: '24' },
    interruptions: { type: 'string', default: '10' },
    early: { type: 'string', default: 'on' },
    seed: { type: 'string', default: '1' },
    tell: { type: 'boolean', default: false },
    help: { type: 'boolean', short: 'h', default: false },
  },
});

interface Circumstances {
  voice: keyof typeof VOICES;
  line: keyof typeof LINES;
  manner: keyof typeof MANNERS;
  vendor: keyof typeof VENDORS;
  network: keyof typeof NETWORKS;
}

const USUAL: Circumstances = { voice: 'usual', line: 'clean', manner: 'usual', vendor: 'usual', network: 'even' };

function chosen<Name extends string>(option: string, all: Record<Name, unknown>): Name[] {
  const names = Object.keys(all) as Name[];
  if (option === 'all') return names;
  return option.split(/,(?! )/u).map((text) => {
    const found = names.find((name) => name === text);
    if (found === undefined) throw new Error(`"${text}" is none of ${names.join(', ')}`);
    return found;
  });
}

function circumstances(): Circumstances[] {
  const ways = {
    voice: chosen(values.voices, VOICES),
    line: chosen(values.lines, LINES),
    manner: chosen(values.manners, MANNERS),
    vendor: chosen(values.vendors, VENDORS),
    network: chosen(values.networks, NETWORKS),
  };
  const keys = Object.keys(ways) as (keyof Circumstances)[];
  if (values.cross)
    return keys.reduce<Circumstances[]>(
      (all, key) => all.flatMap((one) => ways[key].map((name): Circumstances => ({ ...one, [key]: name }))),
      [USUAL],
    );
  const varied = keys.flatMap((key) => ways[key].map((name): Circumstances => ({ ...USUAL, [key]: name })));
  return [...new Map(varied.map((one) => [JSON.stringify(one), one])).values()];
}

async function tryOut(about: Circumstances): Promise<TrialFigures[]> {
  const { variants, ...voice } = VOICES[about.voice] as { variants: readonly string[]; rate?: number };
  const talks: TrialFigures[] = [];
  const each = (count: string): number => Math.max(1, Math.round(Number(count) / variants.length));
  for (const [index, variant] of variants.entries())
    talks.push(
      await trial({
        voice: { variant, rate: voice.rate ?? 1 },
        line: LINES[about.line],
        delays: VENDORS[about.vendor],
        framesAtOnce: NETWORKS[about.network],
        vad,
        seed: Number(values.seed) + index,
        early: values.early !== 'off',
        phrases: rotated(MANNERS[about.manner], index * each(values.turns)),
        turns: each(values.turns),
        interruptions: each(values.interruptions),
      }),
    );
  return talks;
}

const rotated = <One>(list: readonly One[], by: number): One[] => [
  ...list.slice(by % list.length),
  ...list.slice(0, by % list.length),
];

function tell(about: Circumstances, talks: TrialFigures[]): void {
  const all = <One>(of: (talk: TrialFigures) => One[]): One[] => talks.flatMap(of);
  const name = (Object.keys(about) as (keyof Circumstances)[])
    .filter((key) => USUAL[key] !== about[key])
    .map((key) => about[key])
    .join(' + ');
  const cells = [
    (name === '' ? 'as in the bench' : name).padEnd(34),
    figures(all((talk) => talk.voiceToVoiceMs)).padEnd(24),
    figures(all((talk) => talk.overMs)).padEnd(20),
    figures(all((talk) => talk.bargeInStopMs)).padEnd(20),
    `${String(all((talk) => talk.gapMs).length)} (${String(Math.max(0, ...all((talk) => talk.gapMs)))})`.padEnd(12),
    [
      all((talk) => talk.unanswered),
      all((talk) => talk.cutIns),
      all((talk) => talk.misheard),
      all((talk) => talk.outOfNothing),
    ]
      .map((list) => String(list.length))
      .join('/')
      .padEnd(12),
    (talks.reduce((sum, talk) => sum + talk.modelAsked, 0) / talks.reduce((sum, talk) => sum + talk.turns, 0)).toFixed(
      2,
    ),
  ];
  process.stdout.write(`${cells.join('')}\n`);
  if (!values.tell) return;
  for (const kind of ['unanswered', 'cutIns', 'misheard', 'outOfNothing'] as const)
    for (const text of all((talk) => talk[kind])) process.stdout.write(`      ${kind}: ${text}\n`);
}

const figures = (samples: number[]): string =>
  samples.length === 0
    ? '–'
    : `${[percentile(samples, 0.5), percentile(samples, 0.95), Math.max(...samples)].map((ms) => String(Math.round(ms ?? 0))).join('/')} (${String(samples.length)})`;

if (values.help) {
  process.stdout.write(HELP);
  process.exit(0);
}
const vad = await loadVad(pino({ level: 'warn' }));
process.stdout.write(
  `${'circumstances'.padEnd(34)}${'voice-to-voice'.padEnd(24)}${'over what must be'.padEnd(20)}${'barge-in stop'.padEnd(20)}${'gaps'.padEnd(12)}${'un/cut/mis/0'.padEnd(12)}asks a turn\n`,
);
for (const about of circumstances()) tell(about, await tryOut(about));
process.exit(0);
