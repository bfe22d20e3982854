/** Finding and running the toolchains that servers are built with. */
import { accessSync, constants, statSync } from 'node:fs';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { spawnGuarded } from './guardian.ts';
import type { Say } from './terminal.ts';

/** What a download may take to its first sign of life before the next way is tried: an offline machine must not wait long. */
export const FIRST_BYTE_MS = 10_000;
const HEARTBEAT_MS = 10_000;
const KEPT_LINES = 12;

export function onPath(program: string, env: NodeJS.ProcessEnv = process.env): string | undefined {
  const suffixes = process.platform === 'win32' ? ['.exe', '.cmd', '.bat'] : [''];
  for (const folder of (env['PATH'] ?? '').split(path.delimiter).filter(Boolean)) {
    for (const suffix of suffixes) {
      const file = path.join(folder, program + suffix);
      if (isExecutableFile(file)) return file;
    }
  }
  return undefined;
}

function isExecutableFile(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return statSync(file).isFile();
  } catch {
    return false;
  }
}

/** Does the host answer at all, whatever it says? */
export async function answersAtAll(url: string): Promise<boolean> {
  try {
    const reply = await fetch(url, { method: 'HEAD', redirect: 'manual', signal: AbortSignal.timeout(FIRST_BYTE_MS) });
    await reply.body?.cancel();
    return true;
  } catch {
    return false;
  }
}

export interface ToolRun {
  /** What is being done, for progress lines and the failure's sentence. */
  doing: string;
  command: string;
  args: string[];
  cwd?: string;
  env?: NodeJS.ProcessEnv;
  /** No line of output within this time counts as "cannot be had"; unset for tools that are rightly silent. */
  firstLineMs?: number;
  say: Say;
}

/** Runs a tool to its end, saying every few seconds what it is at. Rejects with the last lines it wrote. */
export async function runTool(run: ToolRun): Promise<void> {
  const child = spawnGuarded(run.command, run.args, {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, ...run.env },
    ...(run.cwd === undefined ? {} : { cwd: run.cwd }),
  });
  const last: string[] = [];
  let lines = 0;
  let silent = false;
  const startedAtMs = Date.now();
  const hear = (line: string): void => {
    if (!line.trim()) return;
    lines += 1;
    last.push(line.trim());
    if (last.length > KEPT_LINES) last.shift();
  };
  for (const stream of [child.stdout, child.stderr]) if (stream) createInterface({ input: stream }).on('line', hear);
  const heartbeat = setInterval(() => {
    const seconds = Math.round((Date.now() - startedAtMs) / 1000);
    run.say(`  … ${run.doing} (${String(seconds)} s): ${(last.at(-1) ?? '').slice(0, 90)}`);
  }, HEARTBEAT_MS);
  const silence = setTimeout(() => {
    if (lines > 0 || run.firstLineMs === undefined) return;
    silent = true;
    child.kill('SIGKILL');
  }, run.firstLineMs ?? 0);
  try {
    await new Promise<void>((resolve, reject) => {
      child.once('error', reject);
      child.once('close', (code) => {
        if (code === 0) resolve();
        else if (silent) reject(new Error(`nothing came within ${String((run.firstLineMs ?? 0) / 1000)} s`));
        else reject(new Error(last.slice(-3).join(' | ') || `ended with code ${String(code)}`));
      });
    });
  } finally {
    clearInterval(heartbeat);
    clearTimeout(silence);
  }
}
