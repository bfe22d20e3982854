/** The Temporal test server whose clock jumps, for workflow tests. */
import { createHash } from 'node:crypto';
import { chmod, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { buildOnce, cachedFolder, type CachedThing } from './cache.ts';
import { copyWithDependencies, missingJavaTools } from './maven.ts';
import { Refusal } from './refusal.ts';
import { answersAtAll } from './tools.ts';
import type { Say } from './terminal.ts';

const ARTIFACT = { groupId: 'io.temporal', artifactId: 'temporal-test-server', version: '1.38.0' };
const SCRIPT = 'temporal-test-server';

/**
 * The SDK starts `<path> <port>`; the folder is found from the script, because it is moved after it was built. The
 * watch beside it ends the server of a test run that was killed: nobody else would.
 */
const script = `#!/bin/sh
here=$(cd "$(dirname "$0")" && pwd)
me=$$
( while kill -0 $PPID && kill -0 $me; do sleep 1; done; kill -9 $me ) </dev/null >/dev/null 2>&1 &
exec java -XX:TieredStopAtLevel=1 -XX:+UseSerialGC -cp "$here/lib/*" io.temporal.testserver.TestServer "$@"
`;

export type TestServerExecutable = { type: 'existing-path'; path: string } | { type: 'cached-download' };

export async function findTimeSkippingServer(
  say: Say,
  env: NodeJS.ProcessEnv = process.env,
): Promise<TestServerExecutable> {
  const digest = createHash('sha256').update(script).digest('hex').slice(0, 8);
  const thing: CachedThing = { name: `${ARTIFACT.artifactId}-${ARTIFACT.version}-${digest}`, proof: SCRIPT, say, env };
  const ready = cachedFolder(thing);
  if (ready) return { type: 'existing-path', path: path.join(ready, SCRIPT) };
  const missing = missingJavaTools(env);
  if (missing === undefined) {
    say('Time-skipping Temporal test server: fetching it with Maven (once)');
    const folder = await buildOnce(thing, async (target) => {
      await copyWithDependencies(ARTIFACT, target, say);
      await writeFile(path.join(target, SCRIPT), script);
      await chmod(path.join(target, SCRIPT), 0o755);
    });
    return { type: 'existing-path', path: path.join(folder, SCRIPT) };
  }
  if (await answersAtAll('https://temporal.download/')) return { type: 'cached-download' };
  throw new Refusal(
    `The time-skipping Temporal server for workflow tests cannot be had (${missing}, and temporal.download does not answer): install Java 17 and Maven.`,
  );
}
