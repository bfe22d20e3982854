/** `npm test [part…]`: every check there is, cheapest first; stops at the first part that fails and ends with the counts. */
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { ChildProcess } from 'node:child_process';
import { killGroup, spawnGuarded } from './guardian.ts';
import { findMongo } from './mongo.ts';
import { findTemporal } from './temporal.ts';
import { say, tolerateClosedTerminal } from './terminal.ts';
import { countPart, countsLine, NO_COUNTS, sum, type Counts } from './test-counts.ts';
import { partsNamed, stagesOf, type ChecksPart, type Part, type ServerName, type TestsPart } from './test-parts.ts';
import { findTimeSkippingServer } from './time-skipping.ts';

const root = path.resolve(import.meta.dirname, '..');
const packages = path.join(root, 'node_modules');
/** Above what any of them takes on two busy cores. */
const CHECK_LIMIT_MINUTES = 20;
const SIGNALS: readonly NodeJS.Signals[] = ['SIGINT', 'SIGTERM', 'SIGHUP'];

const finders: Record<ServerName, () => Promise<unknown>> = {
  temporal: () => findTemporal(say),
  mongo: () => findMongo(say),
  'time-skipping': () => findTimeSkippingServer(say),
};

/** Of those that touch nothing but the processor. */
const APART_AT_ONCE = 2;

const running = new Set<ChildProcess>();

interface ProgramEnd {
  exitCode: number | null;
  output: string;
}

/** Runs one of the packages' programs to its end; `quiet` keeps its output until then, since others run beside it. */
async function run(
  program: string,
  args: readonly string[],
  { quiet, limitMinutes }: { quiet: boolean; limitMinutes: number },
): Promise<ProgramEnd> {
  const child = spawnGuarded(process.execPath, [path.join(packages, program), ...args], {
    cwd: root,
    stdio: quiet ? ['ignore', 'pipe', 'pipe'] : ['ignore', 'inherit', 'inherit'],
    env: { ...process.env, PATH: `${path.join(packages, '.bin')}${path.delimiter}${process.env['PATH'] ?? ''}` },
  });
  running.add(child);
  const output: Buffer[] = [];
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', (chunk: Buffer) => output.push(chunk));
  const limit = setTimeout(() => {
    say(`  it has run for ${limitMinutes} minutes and is ended`);
    killGroup(child, 'SIGKILL');
  }, limitMinutes * 60_000);
  try {
    const [code] = (await once(child, 'close')) as [number | null];
    return { exitCode: code, output: Buffer.concat(output).toString() };
  } finally {
    clearTimeout(limit);
    running.delete(child);
  }
}

async function runChecks(part: ChecksPart): Promise<Counts> {
  const startedAtMs = Date.now();
  let counts = NO_COUNTS;
  let told = '';
  for (const check of part.checks) {
    const { exitCode, output } = await run(check.program, check.args, {
      quiet: true,
      limitMinutes: CHECK_LIMIT_MINUTES,
    });
    const passed = exitCode === 0;
    counts = sum(counts, { passed: Number(passed), failed: Number(!passed), skipped: 0 });
    if (passed) continue;
    told = `${output.trimEnd()}\n  ${check.name} failed: ${check.remedy}\n`;
    break;
  }
  // In one piece: others run beside it.
  process.stdout.write(told);
  tellCounts(part, counts, startedAtMs);
  return counts;
}

async function runTests(part: TestsPart, quiet: boolean): Promise<Counts> {
  const startedAtMs = Date.now();
  const folder = await mkdtemp(path.join(tmpdir(), 'evercall-report-'));
  const report = path.join(folder, 'report.json');
  try {
    const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${report}`];
    const workers = part.filesAtOnce > 1 ? ['--fileParallelism', `--maxWorkers=${part.filesAtOnce}`] : [];
    const isolation = part.isolated ? [] : ['--no-isolate'];
    const args = ['run', `${part.folder}/`, `--retry=${part.retries}`, ...workers, ...isolation, ...reporters];
    const end = await run('vitest/vitest.mjs', args, { quiet, limitMinutes: part.limitMinutes });
    const counts = countPart({
      exitCode: end.exitCode,
      report: existsSync(report) ? await readFile(report, 'utf8') : null,
    });
    process.stdout.write(end.output);
    tellCounts(part, counts, startedAtMs);
    return counts;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

const tellCounts = (part: Part, counts: Counts, startedAtMs: number): void => {
  say(`  ${part.name}: ${countsLine(counts)} (${((Date.now() - startedAtMs) / 1000).toFixed(1)} s)`);
};

type Count = (counts: Counts) => void;

/** Several side by side; after a failure none is begun any more. Returns what the rest is. */
async function runParts(parts: readonly Part[], goesOn: () => boolean, count: Count): Promise<Part[]> {
  const { apart, alone } = stagesOf(parts);
  if (apart.length > 0) say(`▸ ${apart.map(({ name }) => name).join(', ')}`);
  const quiet = apart.length > 1;
  const next = (): Part | undefined => (goesOn() ? apart.shift() : undefined);
  const lane = async (): Promise<void> => {
    for (let part = next(); part !== undefined; part = next())
      count(part.kind === 'checks' ? await runChecks(part) : await runTests(part, quiet));
  };
  await Promise.all(Array.from({ length: APART_AT_ONCE }, lane));
  for (let part = alone.at(0); goesOn() && part !== undefined; part = alone.at(0)) {
    say(`▸ ${part.name}`);
    for (const server of part.servers) await finders[server]();
    count(await runTests(part, false));
    alone.shift();
  }
  return [...apart, ...alone];
}

/** True when everything passed. The counts are the last line of all, whatever happens before. */
async function runAll(parts: readonly Part[]): Promise<boolean> {
  let total = NO_COUNTS;
  const goesOn = (): boolean => total.failed === 0;
  const count = (counts: Counts): void => {
    total = sum(total, counts);
  };
  try {
    const left = await runParts(parts, goesOn, count);
    if (left.length > 0) say(`  not run: ${left.map((part) => part.name).join(', ')}`);
  } catch (error) {
    say(`  ${error instanceof Error ? error.message : String(error)}`);
    total = sum(total, { passed: 0, failed: 1, skipped: 0 });
  }
  process.stdout.write(`${countsLine(total)}\n`);
  return total.failed === 0;
}

/** A part that is ended fails, so the counts are still told; while a server is being found there is nothing to count. */
function endOnSignals(): void {
  for (const signal of SIGNALS) {
    process.once(signal, () => {
      if (running.size === 0) process.exit(1);
      for (const child of running) killGroup(child, 'SIGKILL');
    });
  }
}

async function main(): Promise<void> {
  tolerateClosedTerminal();
  endOnSignals();
  let parts: Part[];
  try {
    parts = partsNamed(process.argv.slice(2));
  } catch (error) {
    say(`evercall: ${String(error instanceof Error ? error.message : error)}`);
    process.exitCode = 2;
    return;
  }
  const passed = await runAll(parts);
  // Explicit: a test server that was not ended must not hold the line open.
  process.exit(passed ? 0 : 1);
}

await main();
