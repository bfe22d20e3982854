/** Servers that are downloaded or built once for this user, and shared by every checkout, start and test run. */
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, open, readdir, readFile, rename, rm, stat, utimes } from 'node:fs/promises';
import { homedir, hostname } from 'node:os';
import path from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import type { Say } from './terminal.ts';

/** A holder renews its lock; one that has not for this long is dead, or its machine is. */
const LOCK_STALE_MS = 15_000;
const LOCK_RENEW_MS = 3_000;
const LOCK_LOOK_MS = 300;

export function cacheFolder(env: NodeJS.ProcessEnv = process.env): string {
  const own = env['EVERCALL_CACHE'];
  if (own) return path.resolve(own);
  const base = env['XDG_CACHE_HOME'];
  // The XDG specification has relative paths ignored.
  return path.join(base && path.isAbsolute(base) ? base : path.join(homedir(), '.cache'), 'evercall');
}

export interface CachedThing {
  /** Folder name below the cache; carries the version, so that a new release builds anew. */
  name: string;
  /** A file below it that is there when it is complete. */
  proof: string;
  say: Say;
  env?: NodeJS.ProcessEnv;
}

export function cachedFolder(thing: CachedThing): string | undefined {
  const folder = path.join(cacheFolder(thing.env), thing.name);
  return existsSync(path.join(folder, thing.proof)) ? folder : undefined;
}

/**
 * Builds into a folder beside the final one and renames it, so that nobody ever sees half of it. The lock only saves
 * the work of building twice: if it fails to exclude (a stolen lock), the later rename finds the place taken and yields.
 */
export async function buildOnce(thing: CachedThing, build: (folder: string) => Promise<void>): Promise<string> {
  const ready = cachedFolder(thing);
  if (ready) return ready;
  const cache = cacheFolder(thing.env);
  await mkdir(cache, { recursive: true });
  await using lock = await holdLock(path.join(cache, `${thing.name}.lock`), thing);
  const builtMeanwhile = cachedFolder(thing);
  if (builtMeanwhile || !lock) return builtMeanwhile ?? path.join(cache, thing.name);

  await removeLeftovers(cache, thing.name);
  const partial = await mkdtemp(path.join(cache, `${thing.name}.partial-`));
  try {
    await build(partial);
    return await moveIntoPlace(partial, path.join(cache, thing.name), thing);
  } finally {
    await rm(partial, { recursive: true, force: true });
  }
}

async function moveIntoPlace(partial: string, target: string, thing: CachedThing): Promise<string> {
  if (existsSync(target) && !cachedFolder(thing)) await rm(target, { recursive: true, force: true });
  try {
    await rename(partial, target);
  } catch (error) {
    if (!cachedFolder(thing)) throw error;
  }
  return target;
}

async function removeLeftovers(cache: string, name: string): Promise<void> {
  for (const entry of await readdir(cache)) {
    if (entry.startsWith(`${name}.partial-`)) await rm(path.join(cache, entry), { recursive: true, force: true });
  }
}

/** Resolves with the lock, or with `undefined` when the thing was finished by another process meanwhile. */
async function holdLock(file: string, thing: CachedThing): Promise<AsyncDisposable | undefined> {
  for (let told = false; ;) {
    if (cachedFolder(thing)) return undefined;
    const held = await tryLock(file);
    if (held) return held;
    if (await isStale(file)) {
      await rm(file, { force: true });
      continue;
    }
    if (!told) thing.say(`  another process is preparing ${thing.name}; waiting for it`);
    told = true;
    await wait(LOCK_LOOK_MS);
  }
}

async function tryLock(file: string): Promise<AsyncDisposable | undefined> {
  try {
    const handle = await open(file, 'wx');
    await handle.writeFile(JSON.stringify({ host: hostname(), pid: process.pid }));
    await handle.close();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return undefined;
    throw error;
  }
  const renewal = setInterval(() => {
    // A lock removed under us is no reason to fail: the rename at the end decides.
    utimes(file, new Date(), new Date()).catch(() => undefined);
  }, LOCK_RENEW_MS);
  renewal.unref();
  return {
    async [Symbol.asyncDispose]() {
      clearInterval(renewal);
      await rm(file, { force: true });
    },
  };
}

async function isStale(file: string): Promise<boolean> {
  try {
    const { mtimeMs } = await stat(file);
    if (Date.now() - mtimeMs > LOCK_STALE_MS) return true;
    const holder = JSON.parse(await readFile(file, 'utf8')) as { host?: string; pid?: number };
    return holder.host === hostname() && holder.pid !== undefined && !isRunning(holder.pid);
  } catch {
    // Gone, or being written at this moment: the next look will tell.
    return false;
  }
}

export function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
