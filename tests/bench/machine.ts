/** Where and of what a figure was measured. */
import { execFileSync } from 'node:child_process';
import os from 'node:os';
import path from 'node:path';

export interface Circumstances {
  date: string;
  machine: { cpu: string; cores: number; memoryMb: number; system: string; node: string };
  revision: { commit: string; changed: boolean };
}

export function circumstances(): Circumstances {
  const cpus = os.cpus();
  return {
    date: new Date().toISOString(),
    machine: {
      cpu: cpus[0]?.model ?? 'unknown',
      cores: cpus.length,
      memoryMb: Math.round(os.totalmem() / 2 ** 20),
      system: `${os.type()} ${os.release()}`,
      node: process.version,
    },
    revision: { commit: git('rev-parse', 'HEAD') || 'unknown', changed: git('status', '--porcelain') !== '' },
  };
}

/** Empty where there is no git, or no repository. */
function git(...args: string[]): string {
  try {
    const folder = path.resolve(import.meta.dirname, '../..');
    return execFileSync('git', args, { cwd: folder, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim();
  } catch {
    return '';
  }
}
