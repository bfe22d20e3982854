/** Children that cannot outlive this process, not even its kill -9: `guardian.mjs` ends them then. */
import { spawn, type ChildProcess, type SpawnOptions } from 'node:child_process';
import { Socket } from 'node:net';
import { fileURLToPath } from 'node:url';

const PROGRAM = fileURLToPath(new URL('guardian.mjs', import.meta.url));
const guarded = new Set<number>();
let guardian: ChildProcess | undefined;

function standGuard(): ChildProcess {
  const child = spawn(process.execPath, [PROGRAM], { detached: true, stdio: ['pipe', 'ignore', 'ignore'] });
  // It must not keep this process alive: it waits for us, not we for it.
  child.unref();
  if (child.stdin instanceof Socket) child.stdin.unref();
  child.stdin.on('error', () => undefined);
  child.once('exit', () => {
    guardian = undefined;
    if (guarded.size > 0) guardian = standGuard();
  });
  for (const pid of guarded) child.stdin.write(`+${String(pid)}\n`);
  return child;
}

/** Like `spawn`, in a process group of its own: Ctrl-C at the terminal reaches only us, so that we can end things in order. */
export function spawnGuarded(command: string, args: readonly string[], options: SpawnOptions): ChildProcess {
  guardian ??= standGuard();
  const child = spawn(command, args, { ...options, detached: true });
  const { pid } = child;
  if (pid === undefined) return child;
  guarded.add(pid);
  guardian.stdin?.write(`+${String(pid)}\n`);
  child.once('exit', () => {
    guarded.delete(pid);
    guardian?.stdin?.write(`-${String(pid)}\n`);
  });
  return child;
}

/** The process with everything it started in its group. */
export function killGroup(child: ChildProcess, signal: NodeJS.Signals): void {
  if (child.pid === undefined) return;
  try {
    process.kill(-child.pid, signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}
