/** Real servers for tests: started, killed, restarted on the same port and data; gone with the test run, however it ends. */
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { ConnectionPlugin } from '@temporalio/client';
import { TestWorkflowEnvironment } from '@temporalio/testing';
import { killGroup, spawnGuarded } from '../../local/guardian.ts';
import { findMongo, mongoCommand } from '../../local/mongo.ts';
import { anyFreePort } from '../../local/ports.ts';
import { mongoProbe, temporalProbe } from '../../local/probes.ts';
import { findTemporal, temporalArguments } from '../../local/temporal.ts';
import { say } from '../../local/terminal.ts';
import { findTimeSkippingServer } from '../../local/time-skipping.ts';
import { untilTrue } from '../../local/waiting.ts';

const READY_MS = 60_000;
const STOP_MS = 5_000;
const KEPT_LINES = 20;

/** The server whose clock jumps over timers. One clock for the whole environment; no list, no schedules there. */
export async function timeSkippingEnvironment(): Promise<TestWorkflowEnvironment> {
  return await TestWorkflowEnvironment.createTimeSkipping({
    server: { executable: await findTimeSkippingServer(say) },
    plugins: [withoutPings],
  });
}

const NEVER_MS = 2 ** 31 - 1;

/** That server cuts a connection which asks often whether it lives, and with it the `sleep` that goes over it: then its clock stands still. */
const withoutPings: ConnectionPlugin = {
  name: 'without-pings',
  configureConnection: (options) => ({
    ...options,
    channelArgs: { ...options.channelArgs, 'grpc.keepalive_time_ms': NEVER_MS },
  }),
};

export interface ServerOptions {
  /** Unset: a folder of its own, removed at `stop`. */
  dataDir?: string;
  /** Unset: any free one, the same after each restart. */
  port?: number;
}

interface Recipe {
  command: string;
  args: string[];
  isReady: () => Promise<boolean>;
}

export class ServerHandle implements AsyncDisposable {
  readonly port: number;
  readonly dataDir: string;
  readonly #recipe: Recipe;
  readonly #ownsData: boolean;
  #child: ChildProcess | undefined;

  constructor(place: { port: number; dataDir: string; ownsData: boolean }, recipe: Recipe) {
    this.port = place.port;
    this.dataDir = place.dataDir;
    this.#ownsData = place.ownsData;
    this.#recipe = recipe;
  }

  get pid(): number | undefined {
    return this.#child?.pid;
  }

  async start(): Promise<void> {
    const child = spawnGuarded(this.#recipe.command, this.#recipe.args, { stdio: ['ignore', 'pipe', 'pipe'] });
    this.#child = child;
    const lines: string[] = [];
    for (const stream of [child.stdout, child.stderr]) {
      stream?.on('data', (chunk: Buffer) => {
        lines.push(chunk.toString());
        if (lines.length > KEPT_LINES) lines.shift();
      });
    }
    const ended = once(child, 'exit').then(() => false);
    const up = await Promise.race([untilTrue(this.#recipe.isReady, READY_MS), ended]);
    if (!up) {
      killGroup(child, 'SIGKILL');
      throw new Error(`${this.#recipe.command} did not come up: ${lines.join('')}`);
    }
  }

  /** SIGKILL, and gone when this resolves. */
  async kill(): Promise<void> {
    const child = this.#child;
    this.#child = undefined;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const ended = once(child, 'exit');
    killGroup(child, 'SIGKILL');
    await ended;
  }

  /** On the same port with the same data. */
  async restart(): Promise<void> {
    await this.kill();
    await this.start();
  }

  async stop(): Promise<void> {
    const child = this.#child;
    if (child && child.exitCode === null && child.signalCode === null) {
      const ended = once(child, 'exit');
      child.kill('SIGTERM');
      const forced = setTimeout(() => {
        killGroup(child, 'SIGKILL');
      }, STOP_MS);
      await ended;
      clearTimeout(forced);
    }
    this.#child = undefined;
    if (this.#ownsData) rmSync(this.dataDir, { recursive: true, force: true });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
  }
}

async function placeFor(options: ServerOptions): Promise<{ port: number; dataDir: string; ownsData: boolean }> {
  const ownsData = options.dataDir === undefined;
  const dataDir = options.dataDir ?? mkdtempSync(path.join(tmpdir(), 'evercall-test-'));
  mkdirSync(dataDir, { recursive: true });
  return { port: options.port ?? (await anyFreePort()), dataDir, ownsData };
}

export class TemporalHandle extends ServerHandle {
  get address(): string {
    return `127.0.0.1:${String(this.port)}`;
  }
}

/** A development server as `npm start` runs it, without the UI; it is up when this resolves. */
export async function localTemporal(
  options: ServerOptions & { dynamicConfig?: string[] } = {},
): Promise<TemporalHandle> {
  const place = await placeFor(options);
  const { path: program } = await findTemporal(say);
  const handle = new TemporalHandle(place, {
    command: program,
    args: [
      ...temporalArguments({ program, port: place.port, dbFile: path.join(place.dataDir, 'temporal.db') }),
      ...(options.dynamicConfig ?? []).flatMap((value) => ['--dynamic-config-value', value]),
    ],
    isReady: temporalProbe(`127.0.0.1:${String(place.port)}`, 'default'),
  });
  await handle.start();
  return handle;
}

export class MongoHandle extends ServerHandle {
  readonly uri: string;

  constructor(place: { port: number; dataDir: string; ownsData: boolean }, recipe: Recipe & { uri: string }) {
    super(place, recipe);
    this.uri = recipe.uri;
  }
}

/** The same MongoDB as `npm start` finds; it is up when this resolves. */
export async function localMongo(options: ServerOptions = {}): Promise<MongoHandle> {
  const place = await placeFor(options);
  const { command, args, uri } = mongoCommand(await findMongo(say), { port: place.port, dataFolder: place.dataDir });
  const handle = new MongoHandle(place, { command, args, uri, isReady: mongoProbe(uri) });
  await handle.start();
  return handle;
}
