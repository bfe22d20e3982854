/** The parts of the test run, in the order of their cost. */

export type ServerName = 'temporal' | 'mongo' | 'time-skipping';

export interface Check {
  name: string;
  /** Path below node_modules, started with this process's own Node whatever the machine has. */
  program: string;
  args: string[];
  remedy: string;
}

export interface ChecksPart {
  kind: 'checks';
  name: string;
  checks: Check[];
}

export interface TestsPart {
  kind: 'tests';
  name: string;
  folder: string;
  /** Found or built before its tests begin, so that no test pays for it. */
  servers: ServerName[];
  /** Files at once: more than the cores where they mostly wait, for a clock or for somebody to finish speaking. */
  filesAtOnce: number;
  /** Each file in a process of its own; where nothing is touched, files follow each other in one: half of the processor time. */
  isolated: boolean;
  /** Where sound, or a server's own patience, runs in real time a busy machine can spoil a test: further tries, of which the runner tells. */
  retries: number;
  /** Takes long: runs only when it is asked for by name. */
  onlyByName: boolean;
  /** Far above what it takes on two busy cores; whatever runs longer hangs. */
  limitMinutes: number;
}

export type Part = ChecksPart | TestsPart;

const CODE_FOLDERS = [
  'activities',
  'api',
  'cli',
  'config',
  'domain',
  'local',
  'media',
  'providers',
  'sandbox',
  'telemetry',
  'tests',
  'workers',
  'workflows',
];

const prettier: Check = {
  name: 'prettier',
  program: 'prettier/bin/prettier.cjs',
  args: ['--check', '--cache', '--cache-strategy', 'content', '--log-level', 'warn', '.'],
  remedy: 'npm run format',
};
const eslint: Check = {
  name: 'eslint',
  program: 'eslint/bin/eslint.js',
  args: ['--max-warnings', '0', '.'],
  remedy: 'the rules and their reasons stand in eslint.config.mjs',
};
const tsc: Check = {
  name: 'tsc',
  program: 'typescript/bin/tsc',
  args: ['--noEmit', '--pretty', 'false', '--incremental', '--tsBuildInfoFile', 'node_modules/.cache/tsc.tsbuildinfo'],
  remedy: 'the compiler settings stand in tsconfig.json',
};
const dependencyCruiser: Check = {
  name: 'dependency-cruiser',
  program: 'dependency-cruiser/bin/dependency-cruiser.mjs',
  args: ['--config', '.dependency-cruiser.cjs', '--output-type', 'err-long', ...CODE_FOLDERS],
  remedy: 'each rule says what to do instead',
};
const knip: Check = {
  name: 'knip',
  program: 'knip/bin/knip.js',
  args: ['--no-progress', '--no-config-hints'],
  remedy: 'remove what nobody uses, or name its entry in knip.json',
};

const tests = (
  name: string,
  servers: ServerName[],
  { filesAtOnce = 2, isolated = true, retries = 0, onlyByName = false, limitMinutes = 45 } = {},
): Part => ({
  kind: 'tests',
  name,
  folder: `tests/${name}`,
  servers,
  filesAtOnce,
  isolated,
  retries,
  onlyByName,
  limitMinutes,
});

export const PARTS: readonly Part[] = [
  { kind: 'checks', name: 'form', checks: [prettier] },
  { kind: 'checks', name: 'lint', checks: [eslint] },
  { kind: 'checks', name: 'types', checks: [tsc] },
  { kind: 'checks', name: 'borders', checks: [dependencyCruiser, knip] },
  tests('unit', [], { isolated: false }),
  tests('replay', []),
  tests('workflow', ['time-skipping', 'temporal'], { filesAtOnce: 3, retries: 2 }),
  tests('contract', ['temporal', 'mongo'], { filesAtOnce: 3, retries: 1 }),
  tests('e2e', ['temporal', 'mongo'], { filesAtOnce: 3, retries: 2 }),
  tests('chaos', ['temporal', 'mongo'], { filesAtOnce: 2, retries: 2 }),
  tests('long', ['time-skipping', 'temporal', 'mongo'], { filesAtOnce: 1, onlyByName: true, limitMinutes: 240 }),
];

/** The parts asked for, in the usual order; all but the longest when none is named. Throws a sentence about a word that is none. */
export function partsNamed(words: readonly string[]): Part[] {
  const names = PARTS.map((part) => part.name);
  const unknown = words.find((word) => !names.includes(word));
  if (unknown !== undefined) throw new Error(`there is no part "${unknown}"; parts: ${names.join(', ')}`);
  const byDefault = (part: Part): boolean => part.kind === 'checks' || !part.onlyByName;
  return PARTS.filter((part) => (words.length === 0 ? byDefault(part) : words.includes(part.name)));
}

/** What touches nothing but the processor runs two at a time; what has servers and clocks has the machine to itself, one after the other. */
export function stagesOf(parts: readonly Part[]): { apart: Part[]; alone: TestsPart[] } {
  const alone = parts.filter((part) => part.kind === 'tests').filter((part) => part.servers.length > 0);
  return { apart: parts.filter((part) => part.kind === 'checks' || part.servers.length === 0), alone };
}
