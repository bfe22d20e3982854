/** What each process of the system has cost: processor time and memory, from Linux's /proc; elsewhere nothing is told. */
import { readdirSync, readFileSync } from 'node:fs';
import type { RunFile } from '../../local/run-file.ts';

export interface ProcessCost {
  cpuMs: number;
  rssMb: number;
}

/** Linux counts processor time in hundredths of a second, whatever the kernel was built with. */
const TICK_MS = 10;
const PAGE_BYTES = 4_096;

export type Costs = Record<string, ProcessCost>;

/** By the name in the supervisor's table, children included. */
export function costsOf(run: { processes: Pick<RunFile['processes'][number], 'name' | 'pid'>[] }): Costs {
  const children = childrenByParent();
  const costs: Costs = {};
  for (const { name, pid } of run.processes) {
    if (pid === null) continue;
    const pids = withDescendants(pid, children);
    costs[name] = {
      cpuMs: sum(pids.map(cpuMsOf)),
      rssMb: Math.round(sum(pids.map(rssMbOf))),
    };
  }
  return costs;
}

/** The time used between two looks, the memory at the second. */
export function costBetween(before: Costs, after: Costs): Costs {
  return Object.fromEntries(
    Object.entries(after).map(([name, { cpuMs, rssMb }]) => [
      name,
      { cpuMs: cpuMs - (before[name]?.cpuMs ?? 0), rssMb },
    ]),
  );
}

function statOf(pid: number): string[] {
  try {
    const text = readFileSync(`/proc/${String(pid)}/stat`, 'utf8');
    // The name may hold blanks and brackets.
    return text.slice(text.lastIndexOf(')') + 2).split(' ');
  } catch {
    return [];
  }
}

function cpuMsOf(pid: number): number {
  const stat = statOf(pid);
  return (Number(stat[11] ?? 0) + Number(stat[12] ?? 0)) * TICK_MS;
}

const rssMbOf = (pid: number): number => (Number(statOf(pid)[21] ?? 0) * PAGE_BYTES) / 2 ** 20;

function childrenByParent(): Map<number, number[]> {
  const children = new Map<number, number[]>();
  let entries: string[];
  try {
    entries = readdirSync('/proc');
  } catch {
    return children;
  }
  for (const entry of entries) {
    if (!/^\d+$/u.test(entry)) continue;
    const parent = Number(statOf(Number(entry))[1] ?? -1);
    children.set(parent, [...(children.get(parent) ?? []), Number(entry)]);
  }
  return children;
}

function withDescendants(pid: number, children: ReadonlyMap<number, number[]>): number[] {
  return [pid, ...(children.get(pid) ?? []).flatMap((child) => withDescendants(child, children))];
}

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
