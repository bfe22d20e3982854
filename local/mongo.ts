/** Where a MongoDB comes from, and how it is started on one machine. */
import { createHash } from 'node:crypto';
import { copyFile, mkdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { buildOnce, cachedFolder, type CachedThing } from './cache.ts';
import { copyWithDependencies, missingJavaTools } from './maven.ts';
import { Refusal } from './refusal.ts';
import { answersAtAll, onPath, runTool } from './tools.ts';
import type { Say } from './terminal.ts';

const DOWNLOADED_VERSION = '8.0.4';
const DOWNLOAD_HOST = 'https://fastdl.mongodb.org/';
const ARTIFACT = { groupId: 'de.bwaldvogel', artifactId: 'mongo-java-server-h2-backend', version: '1.47.0' };
const JAVA_SOURCE = path.join(import.meta.dirname, 'mongo-java', 'EvercallMongo.java');
const JAVA_MAIN = 'EvercallMongo';
export const DATABASE = 'evercall';

export type FoundMongo =
  { kind: 'mongod'; program: string; from: string } | { kind: 'embedded'; folder: string; from: string };

async function cachedThings(say: Say, env: NodeJS.ProcessEnv): Promise<Record<'download' | 'embedded', CachedThing>> {
  return {
    download: { name: `mongod-${DOWNLOADED_VERSION}`, proof: 'mongod', say, env },
    embedded: { name: await embeddedName(), proof: `${JAVA_MAIN}.class`, say, env },
  };
}

export async function mongoIsCached(env: NodeJS.ProcessEnv): Promise<boolean> {
  const things = await cachedThings(() => undefined, env);
  return Object.values(things).some((thing) => cachedFolder(thing) !== undefined);
}

export async function findMongo(say: Say, env: NodeJS.ProcessEnv = process.env): Promise<FoundMongo> {
  const installed = onPath('mongod', env);
  if (installed) return { kind: 'mongod', program: installed, from: installed };
  const { download, embedded } = await cachedThings(say, env);
  for (const thing of [download, embedded]) {
    const folder = cachedFolder(thing);
    if (folder) return found(thing === download, folder, 'cache');
  }

  say('MongoDB: none on PATH and none in the cache.');
  const reasons: string[] = [];
  const ways: [string, CachedThing, (folder: string, say: Say) => Promise<void>][] = [
    ['the download of mongod', download, downloadMongod],
    ['an embedded server from Maven (about half a minute, once)', embedded, buildEmbedded],
  ];
  for (const [way, thing, make] of ways) {
    try {
      say(`  trying ${way}`);
      return found(
        thing === download,
        await buildOnce(thing, (target) => make(target, say)),
        way.replace(/ \(.*\)$/, ''),
      );
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      say(`  ${way}: no (${reason})`);
      reasons.push(`${way}: ${reason}`);
    }
  }
  throw new Refusal(
    `No MongoDB can be had here; put \`mongod\` on PATH, or install Java 17 and Maven, or set MONGODB_URI to a running one (${reasons.join('; ')}).`,
  );
}

function found(isMongod: boolean, folder: string, from: string): FoundMongo {
  if (isMongod) return { kind: 'mongod', program: path.join(folder, 'mongod'), from };
  return { kind: 'embedded', folder, from: from.startsWith('an embedded') ? from : `embedded server, ${from}` };
}

async function downloadMongod(target: string): Promise<void> {
  if (!(await answersAtAll(DOWNLOAD_HOST))) throw new Error(`${DOWNLOAD_HOST} does not answer`);
  const downloadDir = path.join(target, 'download');
  await mkdir(downloadDir, { recursive: true });
  const { MongoBinary } = await import('mongodb-memory-server-core');
  const program = await MongoBinary.getPath({ version: DOWNLOADED_VERSION, downloadDir });
  await copyFile(program, path.join(target, 'mongod'));
}

/** A changed source must not be served by classes compiled from the old one. */
async function embeddedName(): Promise<string> {
  const digest = createHash('sha256')
    .update(await readFile(JAVA_SOURCE))
    .digest('hex')
    .slice(0, 8);
  return `mongo-java-${ARTIFACT.version}-${digest}`;
}

async function buildEmbedded(target: string, say: Say): Promise<void> {
  const missing = missingJavaTools() ?? (onPath('javac') ? undefined : 'javac not on PATH');
  if (missing) throw new Error(missing);
  await copyWithDependencies(ARTIFACT, target, say);
  await runTool({
    doing: 'compiling the embedded MongoDB',
    command: 'javac',
    args: ['-cp', path.join(target, 'lib', '*'), '-d', target, JAVA_SOURCE],
    say,
  });
}

export interface MongoPlace {
  port: number;
  dataFolder: string;
}

export interface MongoCommand {
  command: string;
  args: string[];
  uri: string;
}

export function mongoCommand(server: FoundMongo, place: MongoPlace): MongoCommand {
  const uri = `mongodb://127.0.0.1:${String(place.port)}/${DATABASE}`;
  if (server.kind === 'mongod') {
    // Its journal reaches the disk every 100 ms only: what is acknowledged must have been waited for.
    return {
      command: server.program,
      args: ['--dbpath', place.dataFolder, '--port', String(place.port), '--bind_ip', '127.0.0.1', '--quiet'],
      uri: `${uri}?journal=true`,
    };
  }
  const classpath = [server.folder, path.join(server.folder, 'lib', '*')].join(path.delimiter);
  return {
    command: 'java',
    // The first compiler only: up a second sooner. The heap grows with the data, to that of a list of some 100,000 contacts.
    args: [
      '-Xmx1g',
      '-XX:+UseSerialGC',
      '-XX:TieredStopAtLevel=1',
      '-cp',
      classpath,
      JAVA_MAIN,
      String(place.port),
      path.join(place.dataFolder, 'embedded.mv.db'),
    ],
    uri,
  };
}
