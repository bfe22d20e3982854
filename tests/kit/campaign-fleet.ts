/** A campaign on the real local servers, rung by worker processes that can be killed; afterwards its ledger is held against what rang. */
import { once } from 'node:events';
import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { ChildProcess } from 'node:child_process';
import { Client, Connection, ServiceError } from '@temporalio/client';
import { bundleWorkflowCode, DefaultLogger } from '@temporalio/worker';
import { MongoClient } from 'mongodb';
import { SHIPPED_RETRY_PLAN, type RetryPlan } from '../../domain/campaign-retry.ts';
import type { CampaignSettings } from '../../domain/campaign.ts';
import { asCampaignId, CALLS_QUEUE, campaignWorkflowId, type CampaignId } from '../../domain/ids.ts';
import { TASK_LOST_AFTER } from '../../domain/open-call.ts';
import { killGroup, spawnGuarded } from '../../local/guardian.ts';
import type { ContactDocument } from '../../providers/campaigns.ts';
import { ProviderError } from '../../providers/provider-error.ts';
import { createMongoStore, type MongoStore } from '../../providers/mongodb/store.ts';
import { progress, type CampaignProgress, type pauseCampaign } from '../../workflows/campaign/messages.ts';
import type { campaign } from '../../workflows/campaign/workflow.ts';
import { CAMPAIGN_SETTINGS, contactOf } from './call-centre.ts';
import type { FleetPlan, Ring } from './campaign-rings.ts';
import { localMongo, localTemporal, type MongoHandle, type TemporalHandle } from './servers.ts';

const PAGE = 1_000;
const ADDED_AT_ONCE = 500;
/** gRPC's words for a server that does not answer. */
const DEADLINE_EXCEEDED = 4;
const UNAVAILABLE = 14;
/** To a query: no worker has been done with the workflow's task in time, three times running. */
const FAILED_PRECONDITION = 9;
const TRY_AGAIN_MS = 1_000;
const TRIES_MAX = 60;
const WORKER = path.resolve(import.meta.dirname, 'campaign-worker.ts');

/** The shipped plan with pauses that a test can wait for. */
export const HASTY_PLAN: RetryPlan = {
  ...SHIPPED_RETRY_PLAN,
  byOutcome: Object.fromEntries(
    Object.entries(SHIPPED_RETRY_PLAN.byOutcome).map(([outcome, rule]) => [
      outcome,
      { ...rule, afterMin: rule.afterMin.map(() => 0.02) },
    ]),
  ) as unknown as RetryPlan['byOutcome'],
};

export interface Verdict {
  contacts: number;
  rings: number;
  attempts: number;
  /** Rung more than once for one attempt, or two at a time on one number. */
  doubles: number;
  /** Rings that no contact's record knows, or attempts recorded that never rang. */
  unaccounted: number;
  /** Contacts with more attempts than their plan allows, or not done. */
  amiss: number;
  counts: Record<string, number>;
}

export class CampaignFleet implements AsyncDisposable {
  readonly plan: FleetPlan;
  readonly temporal: TemporalHandle;
  readonly mongo: MongoHandle;
  readonly client: Client;
  readonly store: MongoStore;
  readonly campaignId: CampaignId;
  readonly workers: ChildProcess[] = [];
  readonly #folder: string;
  readonly #connection: Connection;
  readonly #rings: MongoClient;

  private constructor(parts: {
    plan: FleetPlan;
    campaignId: CampaignId;
    folder: string;
    temporal: TemporalHandle;
    mongo: MongoHandle;
    connection: Connection;
  }) {
    this.plan = parts.plan;
    this.campaignId = parts.campaignId;
    this.temporal = parts.temporal;
    this.mongo = parts.mongo;
    this.#folder = parts.folder;
    this.#connection = parts.connection;
    this.client = new Client({ connection: parts.connection });
    this.store = createMongoStore({ uri: this.plan.mongoUri, dbName: this.plan.dbName });
    this.#rings = new MongoClient(this.plan.mongoUri);
  }

  /** `contactsInMemory`: for one worker that is not killed. `freshRunAt`: so many events are a long history; the server's own figure is 4,096. */
  static async open({
    contactsInMemory,
    freshRunAt,
    ...wishes
  }: Partial<Pick<FleetPlan, 'seed' | 'outcomes' | 'ringMs' | 'creationsPerSecond'>> & {
    contactsInMemory?: number;
    freshRunAt?: number | undefined;
  } = {}): Promise<CampaignFleet> {
    const folder = mkdtempSync(path.join(tmpdir(), 'evercall-fleet-'));
    const bundlePath = path.join(folder, 'bundle.js');
    const [temporal, mongo, { code }] = await Promise.all([
      localTemporal(
        freshRunAt === undefined ? {} : { dynamicConfig: [`limit.historyCount.suggestContinueAsNew=${freshRunAt}`] },
      ),
      localMongo(),
      bundleWorkflowCode({
        workflowsPath: path.resolve(import.meta.dirname, 'quick-calls.ts'),
        logger: new DefaultLogger('ERROR'),
      }),
    ]);
    writeFileSync(bundlePath, code);
    const campaignId = asCampaignId(randomUUID());
    const plan: FleetPlan = {
      seed: 1,
      outcomes: 'by chance',
      ringMs: 0,
      creationsPerSecond: 1_000,
      ...wishes,
      inMemory: contactsInMemory === undefined ? null : { campaignId, contacts: contactsInMemory },
      address: temporal.address,
      mongoUri: mongo.uri,
      dbName: 'fleet',
      bundlePath,
    };
    const connection = await Connection.connect({ address: temporal.address });
    const fleet = new CampaignFleet({ plan, campaignId, folder, temporal, mongo, connection });
    await fleet.store.ensureIndexes();
    return fleet;
  }

  startWorker(): void {
    const env = { ...process.env, FLEET_PLAN: JSON.stringify(this.plan) };
    this.workers.push(spawnGuarded(process.execPath, [WORKER], { env, stdio: ['ignore', 'ignore', 'inherit'] }));
  }

  /** SIGKILL, and another in its place. */
  async killWorker(index: number): Promise<void> {
    const [worker] = this.workers.splice(index, 1);
    if (worker !== undefined) await ended(worker);
    this.startWorker();
  }

  async list(numbers: string[]): Promise<void> {
    const dueAtMs = Date.now();
    for (let from = 0; from < numbers.length; from += ADDED_AT_ONCE)
      await whileAway(() =>
        this.store.campaigns.addContacts(
          numbers.slice(from, from + ADDED_AT_ONCE).map((number) => contactOf(this.campaignId, number, { dueAtMs })),
        ),
      );
  }

  async start(settings: Partial<CampaignSettings> = {}): Promise<void> {
    await this.client.workflow.start<typeof campaign>('campaign', {
      workflowId: campaignWorkflowId(this.campaignId),
      taskQueue: CALLS_QUEUE,
      workflowTaskTimeout: TASK_LOST_AFTER,
      args: [
        {
          campaignId: this.campaignId,
          name: 'Fleet',
          version: 1,
          createdAtMs: Date.now(),
          settings: { ...CAMPAIGN_SETTINGS, retry: HASTY_PLAN, ...settings },
        },
      ],
    });
  }

  get handle() {
    return this.client.workflow.getHandle(campaignWorkflowId(this.campaignId));
  }

  async over(): Promise<CampaignProgress> {
    return await whileAway(async () => (await this.handle.result()) as CampaignProgress);
  }

  async progress(): Promise<CampaignProgress> {
    return await whileAway(() => this.handle.query(progress));
  }

  async description(): Promise<{ historyLength: number }> {
    return await whileAway(() => this.handle.describe());
  }

  /** Asked twice, it is done once. */
  async ask(what: typeof pauseCampaign, reason: string): Promise<void> {
    await whileAway(() => this.handle.executeUpdate(what, { args: [{ reason }] }));
  }

  async rings(): Promise<number> {
    return await this.#ringsIn().estimatedDocumentCount();
  }

  async contacts(): Promise<ContactDocument[]> {
    const all: ContactDocument[] = [];
    for (;;) {
      const after = all.at(-1)?.contact_id;
      const page = await this.store.campaigns.listContacts({
        campaignId: this.campaignId,
        limit: PAGE,
        ...(after === undefined ? {} : { after }),
      });
      all.push(...page);
      if (page.length < PAGE) return all;
    }
  }

  /** The contacts' record against the network's. */
  async verdict(plan: RetryPlan = HASTY_PLAN): Promise<Verdict> {
    const [contacts, rings] = await Promise.all([this.contacts(), this.#ringsIn().find().toArray()]);
    return judge(contacts, rings, plan);
  }

  #ringsIn() {
    return this.#rings.db(this.plan.dbName).collection<Ring>('rings');
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(this.workers.splice(0).map((worker) => ended(worker)));
    await Promise.allSettled([this.store.close(), this.#rings.close(), this.#connection.close()]);
    await Promise.all([this.temporal.stop(), this.mongo.stop()]);
    rmSync(this.#folder, { recursive: true, force: true });
  }
}

/** Each server keeps one file: on a machine that is full they may not answer for a while. */
async function whileAway<Result>(ask: () => Promise<Result>): Promise<Result> {
  for (let tries = 0; ; tries += 1) {
    try {
      return await ask();
    } catch (error) {
      if (tries >= TRIES_MAX || !isAway(error)) throw error;
      await pause(TRY_AGAIN_MS);
    }
  }
}

function isAway(error: unknown): boolean {
  if (error instanceof ProviderError) return true;
  const code = error instanceof ServiceError ? (error.cause as { code?: unknown } | undefined)?.code : null;
  return code === UNAVAILABLE || code === DEADLINE_EXCEEDED || code === FAILED_PRECONDITION;
}

async function ended(worker: ChildProcess): Promise<void> {
  if (worker.exitCode !== null || worker.signalCode !== null) return;
  const exit = once(worker, 'exit');
  killGroup(worker, 'SIGKILL');
  await exit;
}

function judge(contacts: readonly ContactDocument[], rings: readonly Ring[], plan: RetryPlan): Verdict {
  const made = contacts.flatMap(({ attempts }) => attempts.filter(({ outcome }) => outcome !== 'line_busy'));
  const recorded = new Set(made.map(({ call_id }) => call_id));
  const rung = new Set<string>(rings.map(({ callId }) => callId));
  const counts: Record<string, number> = {};
  for (const { outcome } of contacts.flatMap(({ attempts }) => attempts))
    counts[outcome ?? 'none'] = (counts[outcome ?? 'none'] ?? 0) + 1;
  return {
    contacts: contacts.length,
    rings: rings.length,
    attempts: made.length,
    doubles: rings.length - rung.size + atOnce(rings),
    unaccounted:
      [...rung].filter((callId) => !recorded.has(callId)).length + [...recorded].filter((id) => !rung.has(id)).length,
    amiss: contacts.filter((contact) => !isAsPlanned(contact, plan)).length,
    counts,
  };
}

/** Rings of a number that began before the one before was over. */
function atOnce(rings: readonly Ring[]): number {
  const untilMs = new Map<string, number>();
  let overlaps = 0;
  for (const ring of rings.toSorted((one, other) => one.atMs - other.atMs)) {
    if (ring.atMs < (untilMs.get(ring.number) ?? 0)) overlaps += 1;
    untilMs.set(ring.number, Math.max(ring.untilMs, untilMs.get(ring.number) ?? 0));
  }
  return overlaps;
}

function isAsPlanned({ state, attempts }: ContactDocument, plan: RetryPlan): boolean {
  const made = attempts.filter(({ outcome }) => outcome !== 'line_busy');
  return (
    state === 'done' &&
    made.length <= plan.attemptsMax &&
    made.every(({ outcome }) => outcome !== null) &&
    Object.entries(plan.byOutcome).every(
      ([outcome, rule]) => made.filter((each) => each.outcome === outcome).length <= rule.attempts,
    )
  );
}
