/** Where a Temporal server comes from, and how it is started on one machine. */
import { copyFile, chmod, mkdir, readdir, stat } from 'node:fs/promises';
import path from 'node:path';
import { SEARCH_ATTRIBUTES } from '../domain/search-attributes.ts';
import { buildOnce, cachedFolder, type CachedThing } from './cache.ts';
import { Refusal } from './refusal.ts';
import { answersAtAll, FIRST_BYTE_MS, onPath, runTool } from './tools.ts';
import type { Say } from './terminal.ts';

/** The newest that `go install` accepts: later ones carry a replace directive. Server 1.29.1 with UI. */
const CLI_VERSION = '1.5.1';
const GO_PACKAGE = `github.com/temporalio/cli/cmd/temporal@v${CLI_VERSION}`;
const PROGRAM = process.platform === 'win32' ? 'temporal.exe' : 'temporal';
/** Where the SDK asks for the download; asked first, because the SDK's own attempt has no time limit. */
const DOWNLOAD_HOST = 'https://temporal.download/';

/**
 * Without these a turn takes 35-40 ms more on every hop (the queue reader's default is 20 a second per shard, and a
 * development server has one shard), and timers below a second fire after a whole one.
 */
export const DYNAMIC_CONFIG: Readonly<Record<string, string>> = {
  'history.transferProcessorMaxPollRPS': '1000',
  'system.enableActivityEagerExecution': 'true',
  'history.timerProcessorMaxTimeShift': '"20ms"',
};

/**
 * A write-ahead log, synced at checkpoints: a killed server loses nothing, a machine that loses power may lose its last
 * moments. From a start to its first task: 11 ms, against 31 ms with SQLite's default journal (medians of 20, 2 cores).
 */
const SQLITE_PRAGMAS = ['journal_mode=WAL', 'synchronous=NORMAL'] as const;

export interface FoundProgram {
  path: string;
  /** Where it was found, in words for the table. */
  from: string;
}

function cached(say: Say, env: NodeJS.ProcessEnv): CachedThing {
  return { name: `temporal-${CLI_VERSION}`, proof: PROGRAM, say, env };
}

export function temporalIsCached(env: NodeJS.ProcessEnv): boolean {
  return cachedFolder(cached(() => undefined, env)) !== undefined;
}

export async function findTemporal(say: Say, env: NodeJS.ProcessEnv = process.env): Promise<FoundProgram> {
  const installed = onPath('temporal', env);
  if (installed) return { path: installed, from: installed };
  const thing = cached(say, env);
  const ready = cachedFolder(thing);
  if (ready) return { path: path.join(ready, PROGRAM), from: 'cache' };

  say('Temporal: none on PATH and none in the cache.');
  const reasons: string[] = [];
  for (const [way, make] of waysToGet(env)) {
    try {
      say(`  trying ${way}`);
      const folder = await buildOnce(thing, (target) => make(target, say));
      return { path: path.join(folder, PROGRAM), from: way.replace(/ \(.*\)$/, '') };
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      say(`  ${way}: no (${reason})`);
      reasons.push(`${way}: ${reason}`);
    }
  }
  throw new Refusal(
    `No Temporal server can be had here; put \`temporal\` on PATH (https://docs.temporal.io/cli), or install Go 1.23 or later, or set TEMPORAL_ADDRESS to a running one (${reasons.join('; ')}).`,
  );
}

type Make = (target: string, say: Say) => Promise<void>;

function waysToGet(env: NodeJS.ProcessEnv): [string, Make][] {
  const ways: [string, Make][] = [['the download of the Temporal SDK', downloadWithSdk]];
  const go = onPath('go', env);
  if (go) ways.push([`go install (about 3 minutes, once)`, (target, say) => buildWithGo(go, target, say)]);
  return ways;
}

async function downloadWithSdk(target: string, say: Say): Promise<void> {
  if (!(await answersAtAll(DOWNLOAD_HOST))) throw new Error(`${DOWNLOAD_HOST} does not answer`);
  const downloads = path.join(target, 'download');
  await mkdir(downloads, { recursive: true });
  const script = `
    import { TestWorkflowEnvironment } from '@temporalio/testing';
    const env = await TestWorkflowEnvironment.createLocal({ server: { executable: {
      type: 'cached-download', version: 'v${CLI_VERSION}', downloadDir: process.argv[1] } } });
    await env.teardown();`;
  await runTool({
    doing: 'downloading Temporal (about 100 MB)',
    command: process.execPath,
    args: ['--input-type=module', '-e', script, downloads],
    cwd: path.resolve(import.meta.dirname, '..'),
    say,
  });
  const [file] = await filesBySize(downloads);
  if (!file) throw new Error('the download left no file');
  await copyFile(file, path.join(target, PROGRAM));
  await chmod(path.join(target, PROGRAM), 0o755);
}

/** The SDK names the file after itself and its version; it is the one big file there. */
async function filesBySize(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map((entry) => path.join(entry.parentPath, entry.name));
  const sized = await Promise.all(files.map(async (file) => ({ file, size: (await stat(file)).size })));
  return sized.sort((a, b) => b.size - a.size).map(({ file }) => file);
}

async function buildWithGo(go: string, target: string, say: Say): Promise<void> {
  await runTool({
    doing: 'building Temporal with Go',
    command: go,
    args: ['install', '-v', GO_PACKAGE],
    // GOFLAGS from outside (-mod=vendor, say) are meant for other work. CGO is not needed: SQLite is a pure Go one.
    env: { GOBIN: target, GOFLAGS: '', CGO_ENABLED: '0' },
    firstLineMs: 2 * FIRST_BYTE_MS,
    say,
  });
}

export interface TemporalPlace {
  program: string;
  port: number;
  uiPort?: number;
  dbFile: string;
}

export function temporalArguments(place: TemporalPlace): string[] {
  const args = [
    'server',
    'start-dev',
    '--ip',
    '127.0.0.1',
    '--port',
    String(place.port),
    '--db-filename',
    place.dbFile,
  ];
  if (place.uiPort === undefined) args.push('--headless');
  else args.push('--ui-ip', '127.0.0.1', '--ui-port', String(place.uiPort));
  args.push('--log-level', 'warn', '--log-format', 'json');
  for (const pragma of SQLITE_PRAGMAS) args.push('--sqlite-pragma', pragma);
  for (const [name, value] of Object.entries(DYNAMIC_CONFIG)) args.push('--dynamic-config-value', `${name}=${value}`);
  for (const [name, type] of Object.entries(SEARCH_ATTRIBUTES)) args.push('--search-attribute', `${name}=${type}`);
  return args;
}
