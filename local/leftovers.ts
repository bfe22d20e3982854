/** Processes of an earlier run whose supervisor and guardian were both killed at once: they hold its ports and files. */
import { execFileSync } from 'node:child_process';
import { isRunning } from './cache.ts';
import { readRunFile } from './run-file.ts';
import type { Say } from './terminal.ts';

/** Numbers are given out again: a process counts as ours only by what it runs and by having lost its parent. */
function runsStill(pid: number, marks: string[]): boolean {
  if (!isRunning(pid)) return false;
  const [parent, args] = describe(pid);
  return marks.some((mark) => args.includes(mark)) && !describe(parent)[1].includes('start.mjs');
}

function describe(pid: number): [parent: number, args: string] {
  try {
    const line = execFileSync('ps', ['-o', 'ppid=,args=', '-p', String(pid)], { encoding: 'utf8' }).trim();
    const at = line.indexOf(' ');
    return [Number(line.slice(0, at)), line.slice(at + 1)];
  } catch {
    // `ps` ends with 1 when there is no such process.
    return [0, ''];
  }
}

export function endLeftovers(dataDir: string, say: Say): void {
  for (const kept of readRunFile(dataDir)?.processes ?? []) {
    if (kept.pid === null || !runsStill(kept.pid, [dataDir, ...(kept.entry.includes('/') ? [kept.entry] : [])]))
      continue;
    say(`Ending ${kept.name} (process ${String(kept.pid)}), left over from an earlier run`);
    try {
      process.kill(-kept.pid, 'SIGKILL');
    } catch {
      // It ended in this moment, or does not lead a group of its own and so was never ours.
    }
  }
}
