import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { homedir, hostname, tmpdir } from 'node:os';
import path from 'node:path';
import { setImmediate as soon } from 'node:timers/promises';
import { beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import { buildOnce, cacheFolder, type CachedThing } from '../../../local/cache.ts';

describe('where servers are kept', () => {
  test.each([
    [{ EVERCALL_CACHE: '/somewhere' }, '/somewhere'],
    [{ XDG_CACHE_HOME: '/caches' }, '/caches/evercall'],
    [{ XDG_CACHE_HOME: 'relative' }, path.join(homedir(), '.cache/evercall')],
    [{}, path.join(homedir(), '.cache/evercall')],
  ])('[BT23] %j', (env, expected) => {
    expect(cacheFolder(env)).toBe(expected);
  });
});

describe('building a server', () => {
  let cache: string;
  let thing: CachedThing;
  beforeEach(() => {
    cache = mkdtempSync(path.join(tmpdir(), 'evercall-cache-'));
    onTestFinished(() => {
      rmSync(cache, { recursive: true });
    });
    thing = { name: 'server-1', proof: 'program', say: () => undefined, env: { EVERCALL_CACHE: cache } };
  });

  const build = async (folder: string): Promise<void> => {
    await soon();
    writeFileSync(path.join(folder, 'program'), 'x');
  };

  test('[BT23] two at once build it once, and both get it', async () => {
    let builds = 0;
    const counted = async (folder: string): Promise<void> => {
      builds += 1;
      await build(folder);
    };
    const both = await Promise.all([buildOnce(thing, counted), buildOnce(thing, counted)]);
    expect(both).toEqual([path.join(cache, 'server-1'), path.join(cache, 'server-1')]);
    expect(builds).toBe(1);
    expect(readdirSync(cache)).toEqual(['server-1']);
  });

  test('[BT23] a failed build leaves nothing, and the next one may succeed', async () => {
    const broken = async (folder: string): Promise<void> => {
      await build(folder);
      throw new Error('the download broke off');
    };
    await expect(buildOnce(thing, broken)).rejects.toThrow('the download broke off');
    expect(readdirSync(cache)).toEqual([]);
    await buildOnce(thing, build);
    expect(existsSync(path.join(cache, 'server-1', 'program'))).toBe(true);
  });

  test('[BT23] what a dead process held and left half done is taken over', async () => {
    const deadPid = 2 ** 22 + 1;
    writeFileSync(path.join(cache, 'server-1.lock'), JSON.stringify({ host: hostname(), pid: deadPid }));
    mkdirSync(path.join(cache, 'server-1.partial-abc'));
    mkdirSync(path.join(cache, 'server-1'));
    await buildOnce(thing, build);
    expect(readdirSync(cache)).toEqual(['server-1']);
    expect(existsSync(path.join(cache, 'server-1', 'program'))).toBe(true);
  });
});
