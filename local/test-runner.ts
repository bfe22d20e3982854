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
import { partsNamed, type Check, type Part, type ServerName } from './test-parts.ts';
import { findTimeSkippingServer } from './time-skipping.ts';

const root = path.resolve(import.meta.dirname, '..');
const packages = path.join(root, 'node_modules');
/** Above what the slowest part takes on two busy cores; whatever runs longer hangs. */
const PART_LIMIT_MS = 20 * 60_000;
const SIGNALS: readonly NodeJS.Signals[] = ['SIGINT', 'SIGTERM', 'SIGHUP'];

const finders: Record<ServerName, () => Promise<unknown>> = {
  temporal: () => findTemporal(say),
  mongo: () => findMongo(say),
  'time-skipping': () => findTimeSkippingServer(say),
};

let running: ChildProcess | null = null;

interface ProgramEnd {
  exitCode: number | null;
  output: string;
}

/** Runs one of the packages' programs to its end; `quiet` keeps its output for the case that it fails. */
async function run(program: string, args: readonly string[], quiet: boolean): Promise<ProgramEnd> {
  const child = spawnGuarded(process.execPath, [path.join(packages, program), ...args], {
    cwd: root,
    stdio: quiet ? ['ignore', 'pipe', 'pipe'] : ['ignore', 'inherit', 'inherit'],
    env: { ...process.env, PATH: `${path.join(packages, '.bin')}${path.delimiter}${process.env['PATH'] ?? ''}` },
  });
  running = child;
  const output: Buffer[] = [];
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', (chunk: Buffer) => output.push(chunk));
  const limit = setTimeout(() => {
    say(`  it has run for ${PART_LIMIT_MS / 60_000} minutes and is ended`);
    killGroup(child, 'SIGKILL');
  }, PART_LIMIT_MS);
  try {
    const [code] = (await once(child, 'close')) as [number | null];
    return { exitCode: code, output: Buffer.concat(output).toString() };
  } finally {
    clearTimeout(limit);
    running = null;
  }
}

async function runChecks(checks: readonly Check[]): Promise<Counts> {
  let counts = NO_COUNTS;
  for (const check of checks) {
    const { exitCode, output } = await run(check.program, check.args, true);
    const passed = exitCode === 0;
    counts = sum(counts, { passed: Number(passed), failed: Number(!passed), skipped: 0 });
    if (passed) continue;
    process.stdout.write(`${output.trimEnd()}\n`);
    say(`  ${check.name} failed: ${check.remedy}`);
    break;
  }
  return counts;
}

async function runTests(part: Extract<Part, { kind: 'tests' }>): Promise<Counts> {
  for (const server of part.servers) await finders[server]();
  const folder = await mkdtemp(path.join(tmpdir(), 'evercall-report-'));
  const report = path.join(folder, 'report.json');
  try {
    const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${report}`];
    const workers = part.filesAtOnce > 1 ? ['--fileParallelism', `--maxWorkers=${part.filesAtOnce}`] : [];
    const args = ['run', `${part.folder}/`, `--retry=${part.retries}`, ...workers, ...reporters];
    const { exitCode } = await run('vitest/vitest.mjs', args, false);
    return countPart({ exitCode, report: existsSync(report) ? await readFile(report, 'utf8') : null });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function runPart(part: Part): Promise<Counts> {
  const startedAtMs = Date.now();
  say(`▸ ${part.name}`);
  const counts = part.kind === 'checks' ? await runChecks(part.checks) : await runTests(part);
  say(`  ${part.name}: ${countsLine(counts)} (${((Date.now() - startedAtMs) / 1000).toFixed(1)} s)`);
  return counts;
}

/** True when everything passed. The counts are the last line of all, whatever happens before. */
async function runAll(parts: readonly Part[]): Promise<boolean> {
  let total = NO_COUNTS;
  try {
    for (const [index, part] of parts.entries()) {
      total = sum(total, await runPart(part));
      if (total.failed === 0) continue;
      const left = parts.slice(index + 1).map((later) => later.name);
      if (left.length > 0) say(`  not run: ${left.join(', ')}`);
      break;
    }
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
      if (running === null) process.exit(1);
      killGroup(running, 'SIGKILL');
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
