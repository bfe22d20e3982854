/** The Temporal test server whose clock jumps, for workflow tests. */
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { chmod, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { buildOnce, cachedFolder, type CachedThing } from './cache.ts';
import { copyWithDependencies, missingJavaTools } from './maven.ts';
import { anyFreePort } from './ports.ts';
import { temporalProbe } from './probes.ts';
import { Refusal } from './refusal.ts';
import { walkThrough } from './server-walk.ts';
import { answersAtAll } from './tools.ts';
import type { Say } from './terminal.ts';
import { untilTrue } from './waiting.ts';

const ARTIFACT = { groupId: 'io.temporal', artifactId: 'temporal-test-server', version: '1.38.0' };
const SCRIPT = 'temporal-test-server';

/** Beside the server: the classes that it loads at its start and in every test, as Java keeps them. */
const CLASSES = 'classes.jsa';
/** Beside the classes, once they are all there. */
const WALKED = 'walked';
const STARTS_WITHIN_MS = 30_000;

/**
 * The SDK starts `<path> <port>`; the folder is found from the script, because it is moved after it was built. The
 * watch beside it ends the server of a test run that was killed: nobody else would.
 */
const script = `#!/bin/sh
here=$(cd "$(dirname "$0")" && pwd)
me=$$
( while kill -0 $PPID && kill -0 $me; do sleep 1; done; kill -9 $me ) </dev/null >/dev/null 2>&1 &
exec java "\${CLASSES:--XX:SharedArchiveFile=$here-classes/${CLASSES}}" -XX:TieredStopAtLevel=1 -XX:+UseSerialGC -cp "$here/lib/*" io.temporal.testserver.TestServer "$@"
`;

export type TestServerExecutable = { type: 'existing-path'; path: string } | { type: 'cached-download' };

export async function findTimeSkippingServer(
  say: Say,
  env: NodeJS.ProcessEnv = process.env,
): Promise<TestServerExecutable> {
  const digest = createHash('sha256').update(script).digest('hex').slice(0, 8);
  const thing: CachedThing = { name: `${ARTIFACT.artifactId}-${ARTIFACT.version}-${digest}`, proof: SCRIPT, say, env };
  const ready = cachedFolder(thing);
  const missing = missingJavaTools(env);
  if (ready === undefined && missing === undefined)
    say('Time-skipping Temporal test server: fetching it with Maven (once)');
  const folder =
    ready ??
    (missing === undefined
      ? await buildOnce(thing, async (target) => {
          await copyWithDependencies(ARTIFACT, target, say);
          await writeFile(path.join(target, SCRIPT), script);
          await chmod(path.join(target, SCRIPT), 0o755);
        })
      : undefined);
  if (folder !== undefined) {
    await keepClasses(path.join(folder, SCRIPT), { ...thing, name: `${thing.name}-classes`, proof: WALKED });
    return { type: 'existing-path', path: path.join(folder, SCRIPT) };
  }
  if (await answersAtAll('https://temporal.download/')) return { type: 'cached-download' };
  throw new Refusal(
    `The time-skipping Temporal server for workflow tests cannot be had (${missing}, and temporal.download does not answer): install Java 17 and Maven.`,
  );
}

/** Once a machine. To start and to open a first call takes 1.1 s of a core with them, 1.9 s with those of the start alone; most workflow tests have a server of their own. */
async function keepClasses(program: string, thing: CachedThing): Promise<void> {
  if (cachedFolder(thing)) return;
  await buildOnce(thing, async (target) => {
    const address = `127.0.0.1:${String(await anyFreePort())}`;
    const env = { ...process.env, CLASSES: `-XX:ArchiveClassesAtExit=${path.join(target, CLASSES)}` };
    const server = spawn(program, [address.split(':')[1] ?? ''], { env, stdio: 'ignore' });
    const ended = once(server, 'exit');
    await untilTrue(temporalProbe(address, 'default'), STARTS_WITHIN_MS);
    await walkThrough(address).catch((error: unknown) => {
      thing.say(`  (the test server was not walked through to its end: ${String(error)})`);
    });
    server.kill('SIGTERM');
    await ended;
    if (existsSync(path.join(target, CLASSES))) await writeFile(path.join(target, WALKED), '');
  });
  if (!cachedFolder(thing))
    thing.say('  (Java kept no classes of the test server: it starts as fast as it can without)');
}
