/** What is started on one machine, as process descriptions, in the three groups in which they come up and go down. */
import path from 'node:path';
import { CALLS_QUEUE, INSIGHTS_QUEUE } from '../domain/ids.ts';
import type { ProcessSpec } from './kept-process.ts';
import { findMongo, mongoCommand, DATABASE } from './mongo.ts';
import { sandboxEnvironment, sandboxUrl, sharedVariables, temporalAddress, type Plan } from './plan.ts';
import { mongoProbe, pollerProbe, portProbe, temporalProbe } from './probes.ts';
import { findTemporal, temporalArguments } from './temporal.ts';
import type { Say } from './terminal.ts';

export interface Processes {
  servers: ProcessSpec[];
  standIns: ProcessSpec[];
  app: ProcessSpec[];
  mongoUri: string;
  /** Where the servers come from, in words. */
  origins: { temporal: string; mongo: string };
}

export async function describeProcesses(plan: Plan, say: Say): Promise<Processes> {
  const [temporal, mongo] = await Promise.all([describeTemporal(plan, say), describeMongo(plan, say)]);
  const shared = sharedVariables(plan, mongo.uri);
  return {
    servers: [...(temporal.spec ? [temporal.spec] : []), ...(mongo.spec ? [mongo.spec] : [])],
    standIns: plan.needsSandbox ? [describeSandbox(plan, shared)] : [],
    app: describeApp(plan, shared),
    mongoUri: mongo.uri,
    origins: { temporal: temporal.from, mongo: mongo.from },
  };
}

async function describeTemporal(plan: Plan, say: Say): Promise<{ spec?: ProcessSpec; from: string }> {
  const port = plan.ports.temporal;
  if (port === undefined) return { from: 'TEMPORAL_ADDRESS' };
  const program = await findTemporal(say, plan.env);
  const spec: ProcessSpec = {
    name: 'temporal',
    entry: 'temporal',
    command: program.path,
    args: temporalArguments({
      program: program.path,
      port,
      ...(plan.ports.temporalUi === undefined ? {} : { uiPort: plan.ports.temporalUi }),
      dbFile: path.join(plan.dataDir, 'temporal', 'temporal.db'),
    }),
    cwd: plan.root,
    env: process.env,
    logFile: path.join(plan.logDir, 'temporal.log'),
    port,
    isReady: temporalProbe(temporalAddress(plan), plan.env['TEMPORAL_NAMESPACE'] ?? 'default'),
    speaks: false,
  };
  return { spec, from: program.from };
}

async function describeMongo(plan: Plan, say: Say): Promise<{ spec?: ProcessSpec; uri: string; from: string }> {
  const given = plan.env['MONGODB_URI'];
  const port = plan.ports.mongo;
  if (given || port === undefined) return { uri: given ?? `mongodb://127.0.0.1/${DATABASE}`, from: 'MONGODB_URI' };
  const server = await findMongo(say, plan.env);
  const { command, args, uri } = mongoCommand(server, { port, dataFolder: path.join(plan.dataDir, 'mongo') });
  const spec: ProcessSpec = {
    name: 'mongo',
    entry: 'mongo',
    command,
    args,
    cwd: plan.root,
    env: process.env,
    logFile: path.join(plan.logDir, 'mongo.log'),
    port,
    isReady: mongoProbe(uri),
    speaks: false,
  };
  return { spec, uri, from: server.from };
}

interface NodeProcess {
  name: string;
  entry: string;
  env: NodeJS.ProcessEnv;
  port?: number;
  metricsPort?: number;
}

function nodeProcess(plan: Plan, { name, entry, env, port, metricsPort = port }: NodeProcess): ProcessSpec {
  return {
    name,
    entry,
    command: process.execPath,
    args: ['--disable-warning=ExperimentalWarning', entry],
    cwd: plan.entryRoot,
    env,
    logFile: path.join(plan.logDir, `${name}.log`),
    ...(port === undefined ? {} : { port, isReady: portProbe(port) }),
    ...(metricsPort === undefined ? {} : { metricsUrl: `http://127.0.0.1:${String(metricsPort)}/metrics` }),
    speaks: true,
  };
}

function describeSandbox(plan: Plan, shared: NodeJS.ProcessEnv): ProcessSpec {
  const env = sandboxEnvironment(plan, shared);
  const { metricsUrl: _, ...spec } = nodeProcess(plan, {
    name: 'sandbox',
    entry: 'sandbox/main.ts',
    env,
    port: plan.ports.sandboxHttp,
  });
  const probes = [portProbe(plan.ports.sandboxHttp), portProbe(plan.ports.sandboxGrpc)];
  return { ...spec, isReady: async () => (await Promise.all(probes.map((probe) => probe()))).every(Boolean) };
}

function describeApp(plan: Plan, shared: NodeJS.ProcessEnv): ProcessSpec[] {
  const media = Array.from({ length: plan.mediaWorkers }, (_, index) => {
    const port = plan.ports.media + index;
    return nodeProcess(plan, {
      name: `media-${String(index + 1)}`,
      entry: 'workers/media.ts',
      env: { ...shared, MEDIA_PORT: String(port), ...ownMediaAddress(shared, index + 1) },
      port,
    });
  });
  const mediaFirst = { ...shared, MEDIA_PORT: String(plan.ports.media) };
  const worker = (name: string, metricsPort: number): ProcessSpec =>
    nodeProcess(plan, {
      name,
      entry: `workers/${name}.ts`,
      env: { ...mediaFirst, METRICS_PORT: String(metricsPort) },
      metricsPort,
    });
  return [
    ...media,
    polling(plan, worker('calls', plan.ports.metrics), CALLS_QUEUE),
    polling(plan, worker('insights', plan.ports.metrics + 1), INSIGHTS_QUEUE),
    nodeProcess(plan, { name: 'api', entry: 'api/main.ts', env: mediaFirst, port: plan.ports.api }),
  ];
}

/** Other entries than ours poll nothing. */
function polling(plan: Plan, spec: ProcessSpec, queue: string): ProcessSpec {
  if (plan.entryRoot !== plan.root) return spec;
  return { ...spec, isReady: pollerProbe(temporalAddress(plan), plan.env['TEMPORAL_NAMESPACE'] ?? 'default', queue) };
}

/** A call's sound must reach the process that holds the call: behind a proxy each worker has an address of its own. */
function ownMediaAddress(shared: NodeJS.ProcessEnv, worker: number): NodeJS.ProcessEnv {
  const pattern = shared['MEDIA_PUBLIC_URL'];
  return pattern === undefined ? {} : { MEDIA_PUBLIC_URL: pattern.replaceAll('{worker}', String(worker)) };
}

export function softphoneUrl(plan: Plan): string {
  return `${sandboxUrl(plan)}/phone`;
}
