/** Which port each process gets: one that was asked for, or else the default or the next free one. */
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { isRunning } from './cache.ts';
import { Refusal } from './refusal.ts';

const HIGHEST_PORT = 65_535;
const PROBE_MS = 500;

export type IsFree = (port: number) => Promise<boolean>;

/** Free on loopback, and nobody answers there (on macOS a listener on all addresses does not stop one on loopback). */
export const isFree: IsFree = async (port) => (await canListen(port)) && !(await accepts(port));

function canListen(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => {
      resolve(false);
    });
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
  });
}

/**
 * Free, and ours from now on: seconds pass before the process that it is meant for listens, and another start on this
 * machine (a test run, say) must not be given it meanwhile. A claim ends with the process that made it.
 */
export const claimPort: IsFree = async (port) => (await isFree(port)) && writeClaim(port);

function writeClaim(port: number): boolean {
  const folder = path.join(tmpdir(), `evercall-ports-${String(process.getuid?.() ?? 0)}`);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const file = path.join(folder, String(port));
  for (let attempt = 0; attempt < 2; attempt += 1) {
    try {
      writeFileSync(file, String(process.pid), { flag: 'wx' });
      return true;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
    const holder = holderOf(file);
    if (holder === process.pid) return true;
    if (holder === undefined || isRunning(holder)) return false;
    rmSync(file, { force: true });
  }
  return false;
}

/** `undefined` while it is being written. */
function holderOf(file: string): number | undefined {
  try {
    return Number(readFileSync(file, 'utf8')) || undefined;
  } catch {
    return undefined;
  }
}

export function accepts(port: number, host = '127.0.0.1'): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ port, host, timeout: PROBE_MS });
    const answer = (open: boolean) => (): void => {
      socket.destroy();
      resolve(open);
    };
    socket.once('connect', answer(true)).once('error', answer(false)).once('timeout', answer(false));
  });
}

/** A port that the system has free at this moment. */
export function anyFreePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => {
        if (address !== null && typeof address === 'object') resolve(address.port);
        else reject(new Error('the system gave no port'));
      });
    });
  });
}

export interface PortWish {
  variable: string;
  fallback: number;
  /** Consecutive ports wanted. */
  count?: number;
}

/** Gives out ports one after the other, never the same twice. */
export class PortBook {
  readonly #given = new Set<number>();
  readonly #env: NodeJS.ProcessEnv;
  readonly #isFree: IsFree;
  /** Ports that are not at their default, in words. */
  readonly moved: string[] = [];

  constructor(env: NodeJS.ProcessEnv, free: IsFree = claimPort) {
    this.#env = env;
    this.#isFree = free;
  }

  async take(wish: PortWish): Promise<number> {
    const count = wish.count ?? 1;
    const asked = this.#env[wish.variable];
    const first = asked ? await this.#asAsked(wish.variable, asked, count) : await this.#nextFree(wish.fallback, count);
    for (let offset = 0; offset < count; offset += 1) this.#given.add(first + offset);
    if (!asked && first !== wish.fallback) {
      this.moved.push(`${wish.variable}: ${String(wish.fallback)} is taken, using ${String(first)}`);
    }
    return first;
  }

  async #asAsked(variable: string, asked: string, count: number): Promise<number> {
    const port = Number(asked);
    if (!Number.isInteger(port) || port < 1 || port + count - 1 > HIGHEST_PORT) {
      throw new Refusal(`${variable}=${asked} is not a port: give a number from 1 to ${String(HIGHEST_PORT)}.`);
    }
    const taken = await this.#firstTaken(port, count);
    if (taken !== undefined) {
      throw new Refusal(
        `Port ${String(taken)} (${variable}=${asked}) is taken by another process: end that one, or set ${variable} to a free port.`,
      );
    }
    return port;
  }

  async #nextFree(from: number, count: number): Promise<number> {
    for (let port = from; port + count - 1 <= HIGHEST_PORT; port += 1) {
      if ((await this.#firstTaken(port, count)) === undefined) return port;
    }
    throw new Refusal(`No free port from ${String(from)} upwards: end something that listens.`);
  }

  async #firstTaken(first: number, count: number): Promise<number | undefined> {
    for (let port = first; port < first + count; port += 1) {
      if (this.#given.has(port) || !(await this.#isFree(port))) return port;
    }
    return undefined;
  }
}
