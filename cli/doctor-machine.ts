/** This machine: runtime, tools, ports, disk, and the doors that are open to the world. */
import { statfs } from 'node:fs/promises';
import { isFree } from '../local/ports.ts';
import { onPath } from '../local/tools.ts';
import { cachedServers } from '../local/cached-servers.ts';
import { isLoopback } from '../local/vendors.ts';
import { ask } from './doctor-http.ts';
import { fail, ok, warn, type Finding } from './doctor-findings.ts';

type Env = NodeJS.ProcessEnv;
const LITTLE_DISK_BYTES = 1_000_000_000;
const SHORT_KEY = 24;

export const PORT_VARIABLES: Readonly<Record<string, number>> = {
  PORT: 8080,
  MEDIA_PORT: 8090,
  SANDBOX_HTTP_PORT: 8095,
  SANDBOX_GRPC_PORT: 8096,
  TEMPORAL_PORT: 7233,
  TEMPORAL_UI_PORT: 8233,
  MONGO_PORT: 27_017,
};

/** Only where nothing of ours runs: our own processes take their ports. */
export async function lookAtPorts(env: Env): Promise<Finding[]> {
  const findings: Finding[] = [];
  const moved: string[] = [];
  for (const [variable, fallback] of Object.entries(PORT_VARIABLES)) {
    const asked = env[variable];
    if (await isFree(Number(asked ?? fallback))) continue;
    if (asked)
      findings.push(fail('ports', `${variable}=${asked} is taken`, 'End what listens there, or choose another port.'));
    else moved.push(`${variable} ${String(fallback)}`);
  }
  if (moved.length > 0) findings.push(ok('ports', `taken, so the next free ones will be used: ${moved.join(', ')}`));
  return findings.length > 0 ? findings : [ok('ports', 'all free')];
}

export async function lookAtTools(env: Env): Promise<Finding[]> {
  const findings: Finding[] = [];
  const cached = await cachedServers(env);
  if (!env['TEMPORAL_ADDRESS']) {
    const way =
      onPath('temporal', env) ??
      (cached.temporal ? 'in the cache' : onPath('go', env) ? 'to be built with Go' : undefined);
    findings.push(
      way
        ? ok('Temporal', way)
        : warn(
            'Temporal',
            'not on PATH, not cached, no Go',
            'It will be downloaded at the first start, which needs open internet.',
          ),
    );
  }
  if (!env['MONGODB_URI']) {
    const way =
      onPath('mongod', env) ??
      (cached.mongo
        ? 'in the cache'
        : onPath('mvn', env) && onPath('javac', env)
          ? 'an embedded one, with Java and Maven'
          : undefined);
    findings.push(
      way
        ? ok('MongoDB', way)
        : warn(
            'MongoDB',
            'not on PATH, not cached, no Java with Maven',
            'It will be downloaded at the first start, which needs open internet.',
          ),
    );
  }
  return findings;
}

export async function lookAtDisk(folder: string): Promise<Finding[]> {
  const { bavail, bsize } = await statfs(folder);
  const free = bavail * bsize;
  const says = `${(free / 1e9).toFixed(1)} GB free for ${folder}`;
  return [
    free < LITTLE_DISK_BYTES ? warn('disk', says, 'Make room, or set DATA_DIR to another disk.') : ok('disk', says),
  ];
}

export function lookAtKeys(env: Env, publicUrl: string): Finding[] {
  const keys = (env['API_KEYS'] ?? '')
    .split(',')
    .map((key) => key.trim())
    .filter(Boolean);
  if (keys.length === 0)
    return isLoopback(publicUrl) ? [ok('API_KEYS', 'none: the api is open to this machine only')] : [];
  if (keys.some((key) => key.length < SHORT_KEY)) {
    return [
      warn('API_KEYS', `a key is shorter than ${String(SHORT_KEY)} characters`, 'Make one with: openssl rand -hex 24'),
    ];
  }
  return [ok('API_KEYS', `${String(keys.length)} set`)];
}

export async function lookAtPublicUrl(publicUrl: string, isRunning: boolean): Promise<Finding[]> {
  const asked = await ask(`${publicUrl}/health/liveness`);
  if (asked.answered && asked.answer.status === 200) return [ok('PUBLIC_URL', `${publicUrl} answers`)];
  const how = asked.answered ? `answered ${String(asked.answer.status)}` : `does not answer: ${asked.why}`;
  if (!isRunning)
    return [
      warn('PUBLIC_URL', `${publicUrl} ${how}`, 'Nothing runs with this data folder: npm start, then look again.'),
    ];
  return [
    fail(
      'PUBLIC_URL',
      `${publicUrl} ${how}`,
      'It must lead to the api (see PORT): look at the tunnel or reverse proxy.',
    ),
  ];
}
