/** `run.json` in the data folder: who runs where. Tests, the demo and a second start read it. */
import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { isRunning } from './cache.ts';
import { Refusal } from './refusal.ts';

export interface RunFile {
  supervisorPid: number;
  startedAt: string;
  /** True while every process is up. */
  ready: boolean;
  urls: {
    api: string;
    public: string;
    temporalUi: string | null;
    sandbox: string | null;
    softphone: string | null;
  };
  temporalAddress: string;
  mongoUri: string;
  /** By vendor: real or stand-in. */
  vendors: Record<string, string>;
  processes: {
    name: string;
    entry: string;
    pid: number | null;
    port: number | null;
    /** Where its metrics are read. */
    metrics: string | null;
    state: string;
    restarts: number;
  }[];
}

/** The system that runs with this data folder now, if any: what is written may be of one long gone. */
export function runningSystem(dataDir: string): RunFile | undefined {
  const run = readRunFile(dataDir);
  return run && isRunning(run.supervisorPid) && isSupervisor(run.supervisorPid) ? run : undefined;
}

const runFilePath = (dataDir: string): string => path.join(dataDir, 'run.json');

export function readRunFile(dataDir: string): RunFile | undefined {
  try {
    return JSON.parse(readFileSync(runFilePath(dataDir), 'utf8')) as RunFile;
  } catch {
    return undefined;
  }
}

/** The address of MongoDB may carry a password: for its owner's eyes. */
export function writeRunFile(dataDir: string, run: RunFile): void {
  const partial = `${runFilePath(dataDir)}.${String(process.pid)}`;
  writeFileSync(partial, `${JSON.stringify(run, null, 2)}\n`, { mode: 0o600 });
  renameSync(partial, runFilePath(dataDir));
}

/** Two supervisors in one data folder would start two servers on one file. */
export function claimDataFolder(dataDir: string): void {
  const lock = path.join(dataDir, 'supervisor.pid');
  for (let attempt = 0; attempt < 2; attempt += 1) {
    try {
      writeFileSync(lock, String(process.pid), { flag: 'wx' });
      return;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
    const holder = Number(readFileSync(lock, 'utf8'));
    if (holder > 1 && holder !== process.pid && isRunning(holder) && isSupervisor(holder)) {
      throw new Refusal(
        `Evercall already runs with the data folder ${dataDir} (process ${String(holder)}): use that one, end it, or set DATA_DIR to another folder.`,
      );
    }
    writeFileSync(lock, String(process.pid));
    return;
  }
}

/** After a restart of the machine the number may belong to anything; where /proc tells, it is asked. */
function isSupervisor(pid: number): boolean {
  try {
    return readFileSync(`/proc/${String(pid)}/cmdline`, 'utf8').includes('start.mjs');
  } catch {
    return true;
  }
}
