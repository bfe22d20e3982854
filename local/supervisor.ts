/** Brings the processes up in order, keeps them, and takes them down in the reverse order. */
import { KeptProcess, type ProcessSpec } from './kept-process.ts';
import { softphoneUrl, type Processes } from './processes.ts';
import { sandboxUrl, temporalAddress, temporalUiUrl, type Plan } from './plan.ts';
import { writeRunFile, type RunFile } from './run-file.ts';
import type { Say } from './terminal.ts';

/** Longer than what the processes give themselves: a media worker drains its calls for 3 s and closes within 3 more. */
const APP_GRACE_MS = 7_000;
const SERVER_GRACE_MS = 5_000;
/** When whoever started us is gone nobody waits for a tidy end: everything must be away within two seconds. */
const HURRIED_APP_MS = 700;
const HURRIED_SERVER_MS = 500;

/** A first start on a slow machine: the servers write their schemas. */
const SERVERS_READY_MS = 90_000;
const APP_READY_MS = 60_000;

export class Supervisor {
  readonly #plan: Plan;
  readonly #processes: Processes;
  readonly #say: Say;
  readonly #startedAt = new Date().toISOString();
  readonly #servers: KeptProcess[];
  readonly #standIns: KeptProcess[];
  readonly #app: KeptProcess[];

  constructor(plan: Plan, processes: Processes, say: Say) {
    this.#plan = plan;
    this.#processes = processes;
    this.#say = say;
    const keep = (specs: ProcessSpec[]): KeptProcess[] =>
      specs.map((spec) => new KeptProcess(spec, say, () => this.#record()));
    this.#servers = keep(processes.servers);
    this.#standIns = keep(processes.standIns);
    this.#app = keep(processes.app);
  }

  async startServers(): Promise<void> {
    const first = [...this.#servers, ...this.#standIns];
    for (const kept of first) kept.start();
    await within(SERVERS_READY_MS, first, 'the servers');
  }

  async startApp(): Promise<void> {
    // The calls worker looks at open workflows with its code before it polls, and tells which would not go on.
    for (const kept of this.#app) kept.start();
    await within(APP_READY_MS, this.#app, 'the application');
  }

  async stop(hurried: boolean): Promise<void> {
    const appMs = hurried ? HURRIED_APP_MS : APP_GRACE_MS;
    const serverMs = hurried ? HURRIED_SERVER_MS : SERVER_GRACE_MS;
    await Promise.all(this.#app.map((kept) => kept.stop(appMs)));
    await Promise.all([...this.#standIns, ...this.#servers].map((kept) => kept.stop(serverMs)));
  }

  runFile(): RunFile {
    const plan = this.#plan;
    const all = [...this.#servers, ...this.#standIns, ...this.#app];
    return {
      supervisorPid: process.pid,
      startedAt: this.#startedAt,
      ready: all.every((kept) => kept.state === 'ready'),
      urls: {
        api: `http://127.0.0.1:${String(plan.ports.api)}`,
        public: plan.publicUrl,
        temporalUi: temporalUiUrl(plan) ?? null,
        sandbox: plan.needsSandbox ? sandboxUrl(plan) : null,
        softphone: plan.vendors.vonage.kind === 'stand-in' ? softphoneUrl(plan) : null,
      },
      temporalAddress: temporalAddress(plan),
      mongoUri: this.#processes.mongoUri,
      vendors: Object.fromEntries(Object.entries(plan.vendors).map(([vendor, choice]) => [vendor, choice.kind])),
      processes: all.map((kept) => ({
        name: kept.spec.name,
        entry: kept.spec.entry,
        pid: kept.pid ?? null,
        port: kept.spec.port ?? null,
        metrics: kept.spec.metricsUrl ?? null,
        state: kept.state,
        restarts: kept.restarts,
      })),
    };
  }

  #record(): void {
    try {
      writeRunFile(this.#plan.dataDir, this.runFile());
    } catch (error) {
      this.#say(`run.json cannot be written: ${String(error)}`);
    }
  }
}

async function within(limitMs: number, all: KeptProcess[], what: string): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      const waiting = all.filter((kept) => kept.state !== 'ready').map((kept) => kept.spec.name);
      reject(new Error(`${what}: not up after ${String(limitMs / 1000)} s: ${waiting.join(', ')}`));
    }, limitMs);
  });
  try {
    await Promise.race([Promise.all(all.map((kept) => kept.firstReady)), late]);
  } finally {
    clearTimeout(timer);
  }
}
