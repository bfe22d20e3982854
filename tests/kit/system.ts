/** The whole system as `npm start` brings it up, on free ports and with a data folder of its own. */
import { spawn, type ChildProcess } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { readRunFile, type RunFile } from '../../local/run-file.ts';
import { bundleInto } from './workflow-bundle.ts';

const root = path.resolve(import.meta.dirname, '../..');
const SETTINGS = {
  CONFIG_FILE: path.join(root, 'tests/kit/config.test.yaml'),
  // A start compiles the same sources in eight processes: a sixth of its processor time.
  NODE_COMPILE_CACHE: path.join(root, 'tests/.work/compiled'),
};
/** Some start at once, on machines that may be half as fast as one expects. */
const UP_WITHIN_MS = 180_000;
const DOWN_WITHIN_MS = 40_000;
/** What is awaited takes a few seconds of a conversation; a busy machine takes its time. */
const COMES_WITHIN_MS = 60_000;

/** What a test may do with a system that others use too. */
export interface RunningSystem {
  readonly dataDir: string;
  run(): RunFile;
  /** With the first of `API_KEYS`, where the system was started with some. */
  api(path: string, init?: RequestInit): Promise<Response>;
  sandbox(path: string, init?: RequestInit): Promise<Response>;
  /** What the processes wrote, for a failed test's message. */
  logs(name: string, lines?: number): string;
}

export interface System extends RunningSystem {
  /** SIGKILL by the name in the supervisor's table; returns the pid that died. */
  kill(name: string): number;
  /** SIGSTOP by name: it neither answers nor dies. Returns what lets it go on. */
  freeze(name: string): () => void;
  stop(): Promise<void>;
  /** Ends everything but keeps the data, and starts again on it; `whileDown` happens in between. */
  restart(whileDown?: () => Promise<void>): Promise<void>;
}

/** The system that runs with that data folder, whoever started it. */
export function runningSystem(dataDir: string, env: NodeJS.ProcessEnv = {}): RunningSystem {
  const run = (): RunFile => {
    const file = readRunFile(dataDir);
    if (file === undefined) throw new Error(`no run.json in ${dataDir}`);
    return file;
  };
  return {
    dataDir,
    run,
    api: (target, init) => fetch(new URL(target, run().urls.api), withKey(env, init)),
    sandbox: (target, init) => fetch(new URL(target, run().urls.sandbox ?? 'http://none.invalid'), init),
    logs: (name, lines = 30) => tail(path.join(dataDir, 'logs', `${name}.log`), lines),
  };
}

export async function startSystem(env: NodeJS.ProcessEnv = {}): Promise<System> {
  mkdirSync(path.join(root, 'tests/.work'), { recursive: true });
  const dataDir = mkdtempSync(path.join(root, 'tests/.work/system-'));
  await bundleInto(dataDir);
  let child = await bringUp(dataDir, env);
  const running = runningSystem(dataDir, env);
  return {
    ...running,
    kill(name) {
      const pid = pidOf(running.run(), name);
      process.kill(pid, 'SIGKILL');
      return pid;
    },
    freeze(name) {
      const pid = pidOf(running.run(), name);
      process.kill(pid, 'SIGSTOP');
      return () => {
        process.kill(pid, 'SIGCONT');
      };
    },
    async stop() {
      await bringDown(child);
      if (process.env['KEEP_TEST_DATA'] === undefined) rmSync(dataDir, { recursive: true, force: true });
    },
    async restart(whileDown) {
      await bringDown(child);
      await whileDown?.();
      child = await bringUp(dataDir, env);
    },
  };
}

function withKey(env: NodeJS.ProcessEnv, init: RequestInit = {}): RequestInit {
  const key = env['API_KEYS']?.split(',')[0];
  if (key === undefined) return init;
  const headers = new Headers(init.headers);
  if (!headers.has('authorization')) headers.set('authorization', `Bearer ${key}`);
  return { ...init, headers };
}

function pidOf({ processes }: RunFile, name: string): number {
  const pid = processes.find((entry) => entry.name === name)?.pid;
  if (pid === undefined || pid === null) throw new Error(`${name} does not run: ${JSON.stringify(processes)}`);
  return pid;
}

async function bringUp(dataDir: string, env: NodeJS.ProcessEnv): Promise<ChildProcess> {
  const child = spawn(process.execPath, [path.join(root, 'start.mjs')], {
    cwd: root,
    env: { ...process.env, ...SETTINGS, ...env, DATA_DIR: dataDir },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr])
    stream?.on('data', (chunk: Buffer) => (output += chunk.toString()));
  const deadline = Date.now() + UP_WITHIN_MS;
  while (Date.now() < deadline) {
    if (child.exitCode !== null) throw new Error(`npm start ended with ${String(child.exitCode)}:\n${output}`);
    const file = readRunFile(dataDir);
    if (file?.supervisorPid !== undefined && file.ready && isOf(file, child)) return child;
    await delay(100);
  }
  child.kill('SIGTERM');
  throw new Error(`the system was not up within ${String(UP_WITHIN_MS)} ms:\n${output}`);
}

/** A data folder that ran before holds the earlier table until the new one is written. */
const isOf = (file: RunFile, child: ChildProcess): boolean => file.supervisorPid === child.pid;

async function bringDown(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null) return;
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  child.kill('SIGTERM');
  const late = delay(DOWN_WITHIN_MS, 'late' as const, { ref: false });
  if ((await Promise.race([ended, late])) === 'late') {
    child.kill('SIGKILL');
    throw new Error(`the supervisor did not end within ${String(DOWN_WITHIN_MS)} ms of SIGTERM`);
  }
}

function tail(file: string, lines: number): string {
  try {
    return readFileSync(file, 'utf8').split('\n').slice(-lines).join('\n');
  } catch {
    return `(no ${file})`;
  }
}

/** Each look costs a door, the store and a list of calls, on the cores on which the calls run. */
const LOOKS_EVERY_MS = 250;

/** Asks until `ready` says yes; the last answer is in the error. */
export async function until<Value>(
  what: string,
  ask: () => Promise<Value>,
  options: { ready: (value: Value) => boolean; withinMs?: number; everyMs?: number },
): Promise<Value> {
  const deadline = Date.now() + (options.withinMs ?? COMES_WITHIN_MS);
  let last: unknown = 'nothing yet';
  while (Date.now() < deadline) {
    try {
      const value = await ask();
      if (options.ready(value)) return value;
      last = value;
    } catch (error) {
      last = error;
    }
    await delay(options.everyMs ?? LOOKS_EVERY_MS);
  }
  throw new Error(
    `${what} did not come about: ${last instanceof Error ? last.message : JSON.stringify(last)?.slice(0, 4_000)}`,
  );
}
