/** Everything that is decided before the first process starts: folders, ports, vendors, variables of each process. */
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { firstSpeechServices } from '../config/load.ts';
import { PortBook } from './ports.ts';
import { Refusal } from './refusal.ts';
import { keptSecrets, type LocalSecrets } from './secrets.ts';
import {
  checkCombination,
  chooseVendors,
  fillers,
  sandboxVariables,
  standInVariables,
  type SelfHosted,
  type VendorChoices,
} from './vendors.ts';

const MOST_MEDIA_WORKERS = 32;

export interface Ports {
  api: number;
  /** The first of `mediaWorkers` consecutive ones. */
  media: number;
  sandboxHttp: number;
  sandboxGrpc: number;
  /** Of the workers that have no other door, one after the other. */
  metrics: number;
  /** Absent when the server is someone else's. */
  temporal?: number;
  temporalUi?: number;
  mongo?: number;
}

export interface Plan {
  root: string;
  dataDir: string;
  logDir: string;
  /** Where the entries are looked for; another folder in tests of the supervisor. */
  entryRoot: string;
  ports: Ports;
  mediaWorkers: number;
  vendors: VendorChoices;
  needsSandbox: boolean;
  secrets: LocalSecrets;
  publicUrl: string;
  warnings: string[];
  env: NodeJS.ProcessEnv;
}

export interface PlanOptions {
  root: string;
  entryRoot?: string;
}

/** An empty variable counts as absent, as it does for the application. */
export function withoutBlanks(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(env).filter(([, value]) => value?.trim()));
}

/** From config.yaml; a file that cannot be read is told by the processes themselves, key by key. */
export function selfHostedSpeech(env: NodeJS.ProcessEnv): SelfHosted {
  try {
    const { recognizer, synthesizer } = firstSpeechServices(env);
    return {
      ...(recognizer.service === 'openai' ? { speech: recognizer.url } : {}),
      ...(synthesizer.service === 'openai' ? { synthesis: synthesizer.url } : {}),
    };
  } catch {
    return {};
  }
}

export async function makePlan(rawEnv: NodeJS.ProcessEnv, options: PlanOptions): Promise<Plan> {
  const env = withoutBlanks(rawEnv);
  const vendors = chooseVendors(env, selfHostedSpeech(env));
  const warnings = checkCombination(env, vendors);
  const mediaWorkers = mediaWorkersFrom(env);
  const dataDir = dataFolder(env, options.root);
  const { ports, moved } = await choosePorts(env, mediaWorkers);
  return {
    root: options.root,
    dataDir,
    logDir: path.join(dataDir, 'logs'),
    entryRoot: options.entryRoot ?? options.root,
    ports,
    mediaWorkers,
    vendors,
    needsSandbox: Object.values(vendors).some((choice) => choice.kind === 'stand-in'),
    secrets: keptSecrets(dataDir),
    publicUrl: (env['PUBLIC_URL'] ?? `http://127.0.0.1:${String(ports.api)}`).replace(/\/$/, ''),
    warnings: [...warnings, ...moved],
    env,
  };
}

export function dataFolder(env: NodeJS.ProcessEnv, root: string): string {
  const folder = path.resolve(root, env['DATA_DIR'] ?? '.data');
  try {
    for (const part of ['logs', 'temporal', 'mongo', 'spoken']) mkdirSync(path.join(folder, part), { recursive: true });
  } catch (error) {
    throw new Refusal(
      `The data folder ${folder} cannot be made (${String(error)}): set DATA_DIR to a folder that can be written.`,
    );
  }
  return folder;
}

function mediaWorkersFrom(env: NodeJS.ProcessEnv): number {
  const asked = env['MEDIA_WORKERS'] ?? '2';
  const count = Number(asked);
  if (Number.isInteger(count) && count >= 1 && count <= MOST_MEDIA_WORKERS) return count;
  throw new Refusal(`MEDIA_WORKERS=${asked} is not a number from 1 to ${String(MOST_MEDIA_WORKERS)}.`);
}

async function choosePorts(env: NodeJS.ProcessEnv, mediaWorkers: number): Promise<{ ports: Ports; moved: string[] }> {
  const book = new PortBook(env);
  const ports: Ports = {
    api: await book.take({ variable: 'PORT', fallback: 8080 }),
    media: await book.take({ variable: 'MEDIA_PORT', fallback: 8090, count: mediaWorkers }),
    sandboxHttp: await book.take({ variable: 'SANDBOX_HTTP_PORT', fallback: 8095 }),
    sandboxGrpc: await book.take({ variable: 'SANDBOX_GRPC_PORT', fallback: 8096 }),
    metrics: await book.take({ variable: 'METRICS_PORT', fallback: 9464, count: 2 }),
  };
  if (!env['TEMPORAL_ADDRESS']) {
    ports.temporal = await book.take({ variable: 'TEMPORAL_PORT', fallback: 7233 });
    ports.temporalUi = await book.take({ variable: 'TEMPORAL_UI_PORT', fallback: 8233 });
  }
  if (!env['MONGODB_URI']) ports.mongo = await book.take({ variable: 'MONGO_PORT', fallback: 27_017 });
  return { ports, moved: book.moved };
}

export function temporalAddress(plan: Plan): string {
  return plan.env['TEMPORAL_ADDRESS'] ?? `127.0.0.1:${String(plan.ports.temporal)}`;
}

export function temporalUiUrl(plan: Plan): string | undefined {
  if (plan.env['TEMPORAL_UI_URL']) return plan.env['TEMPORAL_UI_URL'];
  return plan.ports.temporalUi === undefined ? undefined : `http://127.0.0.1:${String(plan.ports.temporalUi)}`;
}

export function sandboxUrl(plan: Plan): string {
  return `http://127.0.0.1:${String(plan.ports.sandboxHttp)}`;
}

/** What every process of the application is given; `mongoUri` is known once the server was found. */
export function sharedVariables(plan: Plan, mongoUri: string): NodeJS.ProcessEnv {
  const { env, ports, secrets } = plan;
  const place = standInPlace(plan);
  const uiUrl = temporalUiUrl(plan);
  return {
    ...fillers(env, secrets),
    MEDIA_TOKEN_SECRET: secrets.mediaTokenSecret,
    REPORT_LINK_SECRET: secrets.reportLinkSecret,
    ...env,
    ...missingOnly(env, standInVariables(plan.vendors, place, secrets)),
    DATA_DIR: plan.dataDir,
    PORT: String(ports.api),
    MEDIA_HOSTS: env['MEDIA_HOSTS'] ?? mediaHosts(plan).join(','),
    TEMPORAL_ADDRESS: temporalAddress(plan),
    ...(uiUrl === undefined ? {} : { TEMPORAL_UI_URL: uiUrl, TEMPORAL_UI_PORT: new URL(uiUrl).port || '8233' }),
    MONGODB_URI: mongoUri,
    ...(plan.needsSandbox ? { SANDBOX_URL: sandboxUrl(plan) } : {}),
    SANDBOXED_VENDORS: sandboxedVendors(plan.vendors).join(','),
    // Google's client probes a cloud's metadata server otherwise, which is a wait on some networks.
    ...(env['GOOGLE_APPLICATION_CREDENTIALS'] ? {} : { METADATA_SERVER_DETECTION: 'none' }),
  };
}

/** By the names the configuration uses: one vendor may be behind two of ours. */
export function sandboxedVendors(vendors: VendorChoices): string[] {
  const isStandIn = (vendor: keyof VendorChoices): boolean => vendors[vendor].kind === 'stand-in';
  return [
    ...(isStandIn('vonage') ? ['vonage'] : []),
    ...(isStandIn('speech') || isStandIn('synthesis') ? ['google'] : []),
    ...(isStandIn('model') ? ['anthropic'] : []),
    ...(isStandIn('crm') ? ['hubspot'] : []),
  ];
}

export function sandboxEnvironment(plan: Plan, shared: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  // A file on another server is asked while the api is dead: its address may be given.
  const fallback = plan.env['SANDBOX_FALLBACK_URL'];
  return {
    ...shared,
    ...sandboxVariables(standInPlace(plan)),
    ...(fallback === undefined ? {} : { SANDBOX_FALLBACK_URL: fallback }),
  };
}

export function mediaHosts(plan: Plan): string[] {
  return Array.from(
    { length: plan.mediaWorkers },
    (_, index) => `http://127.0.0.1:${String(plan.ports.media + index)}`,
  );
}

function standInPlace(plan: Plan) {
  return {
    httpPort: plan.ports.sandboxHttp,
    grpcPort: plan.ports.sandboxGrpc,
    apiPort: plan.ports.api,
    spokenFolder: path.join(plan.dataDir, 'spoken'),
  };
}

/** A number or secret that the person gave is kept in the sandbox too; addresses come from the choice alone. */
function missingOnly(env: NodeJS.ProcessEnv, variables: Record<string, string>): Record<string, string> {
  return Object.fromEntries(Object.entries(variables).filter(([name]) => !env[name]));
}
