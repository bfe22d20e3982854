/** A MongoDB for this file's tests alone, so that it can be killed and started again. */
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { killGroup, spawnGuarded } from '../../local/guardian.ts';
import { findMongo, mongoCommand } from '../../local/mongo.ts';
import { accepts, anyFreePort } from '../../local/ports.ts';
import { setTimeout as wait } from 'node:timers/promises';

export interface RestartableMongo extends AsyncDisposable {
  uri: string;
  start(): Promise<void>;
  /** kill -9: nothing acknowledged may be lost. */
  kill(): Promise<void>;
}

export async function restartableMongo(): Promise<RestartableMongo> {
  const found = await findMongo(() => undefined);
  const dataFolder = await mkdtemp(path.join(tmpdir(), 'evercall-store-'));
  const port = await anyFreePort();
  const { command, args, uri } = mongoCommand(found, { port, dataFolder });
  let child: ReturnType<typeof spawnGuarded> | null = null;
  const kill = async (): Promise<void> => {
    if (child === null) return;
    const ended = once(child, 'exit');
    killGroup(child, 'SIGKILL');
    await ended;
    child = null;
  };
  return {
    uri,
    async start() {
      child = spawnGuarded(command, args, { stdio: 'ignore' });
      while (!(await accepts(port))) {
        if (child.exitCode !== null) throw new Error(`MongoDB ended with code ${String(child.exitCode)}`);
        await wait(50);
      }
    },
    kill,
    async [Symbol.asyncDispose]() {
      await kill();
      await rm(dataFolder, { recursive: true, force: true });
    },
  };
}
