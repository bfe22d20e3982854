/** One process that is kept alive: started, its log written, started again when it dies, ended when told. */
import type { ChildProcess } from 'node:child_process';
import { createWriteStream, existsSync, renameSync, statSync, type WriteStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { setTimeout as wait } from 'node:timers/promises';
import { killGroup, spawnGuarded } from './guardian.ts';
import { importantPart } from './log-lines.ts';
import { judgeDeath } from './restarting.ts';
import type { Say } from './terminal.ts';

const READY_LOOK_MS = 100;
/** A Node stack trace with what stands above it. */
const LAST_LINES = 16;
/** The exit is known before the last of the output has been read. */
const OUTPUT_DRAIN_MS = 100;
/** A new start begins a new file beyond this, keeping one old one. */
const LOG_LIMIT_BYTES = 20_000_000;
/** The same warning from a busy process is shown once in this time. */
const REPEAT_MS = 30_000;

export interface ProcessSpec {
  name: string;
  /** What names it in the process list. */
  entry: string;
  command: string;
  args: string[];
  cwd: string;
  env: NodeJS.ProcessEnv;
  logFile: string;
  port?: number;
  metricsUrl?: string;
  /** Unset: it counts as up as soon as it runs. */
  isReady?: (pid: number) => Promise<boolean>;
  /** Lines of its log are shown to the person; a server's own warnings are not. */
  speaks: boolean;
}

export type ProcessState = 'starting' | 'ready' | 'restarting' | 'stopping' | 'stopped';

export class KeptProcess {
  readonly spec: ProcessSpec;
  state: ProcessState = 'stopped';
  restarts = 0;
  readonly #say: Say;
  readonly #onChange: () => void;
  readonly #log: WriteStream;
  readonly #lastLines: string[] = [];
  readonly #shown = new Map<string, number>();
  readonly #becameReady = Promise.withResolvers<undefined>();
  #child: ChildProcess | undefined;
  #startedAtMs = 0;
  #quickDeaths = 0;
  #everReady = false;
  #stopping = false;

  constructor(spec: ProcessSpec, say: Say, onChange: () => void) {
    this.spec = spec;
    this.#say = say;
    this.#onChange = onChange;
    if (existsSync(spec.logFile) && statSync(spec.logFile).size > LOG_LIMIT_BYTES) {
      renameSync(spec.logFile, `${spec.logFile}.1`);
    }
    this.#log = createWriteStream(spec.logFile, { flags: 'a' });
    this.#log.on('error', (error) => {
      this.#say(`${spec.name}: its log cannot be written (${error.message})`);
    });
    this.#becameReady.promise.catch(() => undefined);
  }

  get pid(): number | undefined {
    return this.#child?.pid;
  }

  start(): void {
    if (this.#stopping) return;
    this.#startedAtMs = Date.now();
    this.#move('starting');
    const { command, args, cwd, env } = this.spec;
    const child = spawnGuarded(command, args, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] });
    this.#child = child;
    this.#log.write(
      `${JSON.stringify({ at: new Date().toISOString(), msg: 'started by the supervisor', pid: child.pid })}\n`,
    );
    for (const stream of [child.stdout, child.stderr]) {
      if (stream) createInterface({ input: stream }).on('line', (line) => this.#hear(line));
    }
    child.once('error', (error) => {
      this.#hear(`cannot be started: ${error.message}`);
      // Without a process there is no exit event either.
      if (child.pid === undefined) this.#onDeath(child, null);
    });
    child.once('exit', (_code, signal) => this.#onDeath(child, signal));
    void this.#watchReadiness(child);
  }

  /** Resolves when it is ready for the first time, rejects when it is caught in a loop before. */
  get firstReady(): Promise<undefined> {
    return this.#becameReady.promise;
  }

  async stop(graceMs: number): Promise<void> {
    this.#stopping = true;
    const child = this.#child;
    this.#becameReady.reject(new Error(`${this.spec.name} was stopped`));
    if (child?.pid !== undefined && child.exitCode === null && child.signalCode === null) {
      this.#move('stopping');
      const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
      child.kill('SIGTERM');
      const forced = setTimeout(() => killGroup(child, 'SIGKILL'), graceMs);
      await ended;
      clearTimeout(forced);
      // What it started itself and left behind.
      killGroup(child, 'SIGKILL');
    }
    this.#move('stopped');
    await new Promise<void>((resolve) => this.#log.end(() => resolve()));
  }

  #move(state: ProcessState): void {
    this.state = state;
    this.#onChange();
  }

  #hear(line: string): void {
    this.#log.write(`${line}\n`);
    this.#lastLines.push(line);
    if (this.#lastLines.length > LAST_LINES) this.#lastLines.shift();
    const part = this.spec.speaks ? importantPart(line) : undefined;
    if (part === undefined) return;
    const now = Date.now();
    if (now - (this.#shown.get(part) ?? 0) < REPEAT_MS) return;
    if (this.#shown.size > 500) this.#shown.clear();
    this.#shown.set(part, now);
    this.#say(`[${this.spec.name}] ${part}`);
  }

  async #watchReadiness(child: ChildProcess): Promise<void> {
    const isStarting = (): boolean => this.#child === child && this.state === 'starting';
    while (isStarting()) {
      if (await (this.spec.isReady?.(child.pid ?? 0) ?? Promise.resolve(true))) {
        if (!isStarting()) return;
        this.#everReady = true;
        this.#becameReady.resolve(undefined);
        this.#move('ready');
        return;
      }
      await wait(READY_LOOK_MS);
    }
  }

  #onDeath(child: ChildProcess, signal: NodeJS.Signals | null): void {
    if (this.#child !== child) return;
    const wasReady = this.state === 'ready';
    this.#child = undefined;
    if (this.#stopping) return;
    const livedMs = Date.now() - this.#startedAtMs;
    const verdict = judgeDeath({ livedMs, wasReady, signal }, this.#quickDeaths);
    this.#quickDeaths = verdict.quickDeaths;
    this.restarts += 1;
    const how = signal ?? `code ${String(child.exitCode)}`;
    if (verdict.isLoop) setTimeout(() => this.#tellOfLoop(how, verdict.delayMs), OUTPUT_DRAIN_MS);
    else this.#say(`[${this.spec.name}] ended (${how}); starting it again`);
    this.#move('restarting');
    setTimeout(() => this.start(), verdict.delayMs);
  }

  #tellOfLoop(how: string, delayMs: number): void {
    this.#say(
      `[${this.spec.name}] keeps ending (${how}); next try in ${String(delayMs / 1000)} s. Its last lines (all in ${this.spec.logFile}):`,
    );
    for (const line of this.#lastLines) this.#say(`    ${line.slice(0, 300)}`);
    if (!this.#everReady) {
      this.#becameReady.reject(new Error(`${this.spec.name} does not start: ${this.#lastLines.slice(-3).join(' | ')}`));
    }
  }
}
