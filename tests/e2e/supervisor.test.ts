/** `start.mjs` with real servers and tiny programs in the places of the application. */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import { isRunning } from '../../local/cache.ts';
import { readRunFile, type RunFile } from '../../local/run-file.ts';
import { untilTrue } from '../../local/waiting.ts';
import { writeFakeEntries } from '../kit/fake-entries.ts';

const ROOT = path.resolve(import.meta.dirname, '../..');
const UP_MS = 120_000;
const GONE_MS = 30_000;

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'evercall-supervisor-'));
});

interface Started {
  child: ChildProcess;
  output: () => string;
}

function launch(env: Record<string, string> = {}, program = process.execPath, before = ['start.mjs']): Started {
  const data = path.join(folder, 'data');
  const chunks: string[] = [];
  const child = spawn(program, [...before, '--entries', path.join(folder, 'entries')], {
    cwd: ROOT,
    env: { PATH: process.env['PATH'], HOME: process.env['HOME'], DATA_DIR: data, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk: Buffer) => chunks.push(chunk.toString()));
  onTestFinished(async () => {
    for (const pid of pidsOf(readRunFile(data))) if (isRunning(pid)) process.kill(pid, 'SIGTERM');
    if (child.exitCode === null && child.signalCode === null) {
      child.kill('SIGTERM');
      await once(child, 'exit');
    }
    rmSync(folder, { recursive: true, force: true });
  });
  return { child, output: () => chunks.join('') };
}

function pidsOf(run: RunFile | undefined): number[] {
  if (!run) return [];
  return [run.supervisorPid, ...run.processes.flatMap((kept) => (kept.pid === null ? [] : [kept.pid]))];
}

function current(): RunFile {
  const run = readRunFile(path.join(folder, 'data'));
  if (!run) throw new Error('no run.json');
  return run;
}

async function up(started: Started): Promise<RunFile> {
  const isUp = await untilTrue(() => Promise.resolve(started.output().includes('Up after')), UP_MS);
  if (!isUp) throw new Error(`not up: ${started.output()}`);
  return current();
}

const named = (run: RunFile, name: string) => run.processes.find((kept) => kept.name === name);
const allGone = (pids: number[]) => untilTrue(() => Promise.resolve(!pids.some(isRunning)), GONE_MS);

describe('the supervisor', { timeout: 180_000 }, () => {
  test('[BT15] starts again what was killed, touches nothing else, and ends all in order with code 0', async () => {
    writeFakeEntries(path.join(folder, 'entries'));
    const started = launch();
    const before = await up(started);
    expect(before.processes.map((kept) => kept.name)).toEqual([
      'temporal',
      'mongo',
      'sandbox',
      'media-1',
      'media-2',
      'calls',
      'insights',
      'api',
    ]);

    expect(started.output()).toMatch(/curl .*\/call /);

    process.kill(named(before, 'media-1')?.pid ?? 0, 'SIGKILL');
    process.kill(named(before, 'mongo')?.pid ?? 0, 'SIGKILL');
    const back = () => ['media-1', 'mongo'].every((name) => named(current(), name)?.restarts === 1 && current().ready);
    expect(await untilTrue(() => Promise.resolve(back()), UP_MS)).toBe(true);
    const after = current();
    expect(named(after, 'media-1')?.pid).not.toBe(named(before, 'media-1')?.pid);
    expect(named(after, 'media-1')?.port).toBe(named(before, 'media-1')?.port);
    expect(named(after, 'api')?.pid).toBe(named(before, 'api')?.pid);

    started.child.kill('SIGINT');
    const [code] = (await once(started.child, 'exit')) as [number];
    expect(code).toBe(0);
    expect(await allGone(pidsOf(after))).toBe(true);
    const endings = readFileSync(path.join(folder, 'data', 'endings'), 'utf8')
      .trim()
      .split('\n');
    expect(endings.slice(0, 5)).toEqual(Array.from({ length: 5 }, () => 'temporal answered'));
  });

  test('[BT16] killed with -9 it leaves nothing behind, and the next start finds its ports free', async () => {
    writeFakeEntries(path.join(folder, 'entries'));
    const first = await up(launch());
    process.kill(first.supervisorPid, 'SIGKILL');
    expect(await allGone(pidsOf(first))).toBe(true);

    const second = await up(launch({ PORT: new URL(first.urls.api).port }));
    expect(second.urls.api).toBe(first.urls.api);
  });

  test('[BT17] ends when npm alone is killed', async () => {
    writeFakeEntries(path.join(folder, 'entries'));
    const npmLike = ['-c', `"${process.execPath}" start.mjs "$@" & wait`, 'npm'];
    const started = launch({ npm_lifecycle_event: 'start' }, 'sh', npmLike);
    const run = await up(started);
    started.child.kill('SIGKILL');
    expect(await allGone(pidsOf(run))).toBe(true);
  });

  test('[BT8] names a process that keeps ending, with its last words, and keeps the others', async () => {
    writeFakeEntries(path.join(folder, 'entries'), {
      'workers/insights.ts': 'throw new Error("no model configured");',
    });
    const started = launch();
    const told = () => started.output().includes('keeps ending') && started.output().includes('no model configured');
    expect(await untilTrue(() => Promise.resolve(told()), UP_MS)).toBe(true);
    expect(named(current(), 'calls')?.restarts).toBe(0);
  });
});

describe('what is refused, in one sentence and before anything starts', () => {
  const refusal = async (env: Record<string, string>): Promise<string> => {
    writeFakeEntries(path.join(folder, 'entries'));
    const started = launch(env);
    const [code] = (await once(started.child, 'close')) as [number];
    expect(code).toBe(1);
    expect(existsSync(path.join(folder, 'data', 'run.json'))).toBe(false);
    return started.output();
  };

  test('[BT7] a port that was asked for and is taken', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    onTestFinished(() => {
      server.close();
    });
    const { port } = server.address() as { port: number };
    expect(await refusal({ PORT: String(port) })).toMatch(/PORT=\d+\) is taken by another process/);
  });

  test('[BT5] a public address without keys', async () => {
    expect(await refusal({ PUBLIC_URL: 'https://calls.example.com' })).toContain(
      'API_KEYS and VONAGE_SIGNATURE_SECRET',
    );
  });

  test('[BT3] real calls that the stand-in could not understand', async () => {
    expect(await refusal({ VONAGE_APPLICATION_ID: 'a', VONAGE_PRIVATE_KEY: 'p' })).toContain('speech is a stand-in');
  });
});

test('[BT18] two at once in one data folder: the second is refused', { timeout: 180_000 }, async () => {
  writeFakeEntries(path.join(folder, 'entries'));
  await up(launch());
  const second = launch();
  const [code] = (await once(second.child, 'close')) as [number];
  expect(code).toBe(1);
  expect(second.output()).toContain('already runs with the data folder');
});
