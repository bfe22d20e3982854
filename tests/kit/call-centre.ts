/** A campaign on a clock that jumps: the real workflow and its real activities, lists in memory, and lines that a script answers. */
import { randomUUID } from 'node:crypto';
import path from 'node:path';
import type { TestWorkflowEnvironment } from '@temporalio/testing';
import { bundleWorkflowCode, DefaultLogger, NativeConnection, Worker, type WorkflowBundle } from '@temporalio/worker';
import { pino } from 'pino';
import { createCampaignRecordActivities } from '../../activities/campaign-records.ts';
import { createCampaignActivities, type CampaignDeps } from '../../activities/campaign.ts';
import type { OpenLineInput } from '../../activities/lines.ts';
import { ANY_TIME } from '../../domain/calling-hours.ts';
import { newProgress } from '../../domain/campaign-contact.ts';
import { SHIPPED_RETRY_PLAN } from '../../domain/campaign-retry.ts';
import { attemptOutcomeOf, type AttemptResult, type CampaignSettings } from '../../domain/campaign.ts';
import {
  asCampaignId,
  asE164,
  asNumberKey,
  CALLS_QUEUE,
  campaignWorkflowId,
  type CallId,
  type CampaignId,
} from '../../domain/ids.ts';
import type { Disposition } from '../../domain/insight.ts';
import { ProviderError } from '../../providers/provider-error.ts';
import type { ContactDocument } from '../../providers/campaigns.ts';
import { attemptEnded, progress, type CampaignProgress } from '../../workflows/campaign/messages.ts';
import type { OpenCallOutcome } from '../../workflows/line/messages.ts';
import type { campaign } from '../../workflows/campaign/workflow.ts';
import { createMemoryCampaigns, type MemoryCampaigns } from './memory-campaigns.ts';

export const CAMPAIGN_SETTINGS: CampaignSettings = {
  initiate: {
    botCompany: 'Contoso',
    botName: 'Amelie',
    task: 'Help with orders',
    operatorNumber: null,
    claim: [],
    language: 'en-US',
    speechSpeed: 1,
    scenario: null,
  },
  greeting: null,
  botNumber: asE164('+15550100999'),
  windows: null,
  concurrency: 25,
  attemptsPerMinute: null,
  retry: SHIPPED_RETRY_PLAN,
  voicemail: { do: 'talk' },
  breaker: { of: 200, share: 1, probeAfterMin: null },
};

/** Nothing keeps a campaign from ringing. */
export const UNHINDERED = {
  creations: { note: () => Promise.resolve(), take: () => Promise.resolve(0) },
  closeGoneCalls: () => Promise.resolve(0),
  callsForCampaigns: 1_000,
  hoursByCountry: { default: ANY_TIME, US: ANY_TIME },
  phrasesByCountry: {},
  log: pino({ level: 'silent' }),
} satisfies Partial<CampaignDeps>;

let bundle: Promise<WorkflowBundle> | undefined;
const campaignBundle = (): Promise<WorkflowBundle> =>
  (bundle ??= bundleWorkflowCode({
    workflowsPath: path.resolve(import.meta.dirname, '../../workflows/campaign/workflow.ts'),
    logger: new DefaultLogger('ERROR'),
  }));

/** Numbers by a small generator, so that a failing seed can be run again. */
export function chance(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

export const phoneNumbers = (count: number): string[] =>
  Array.from({ length: count }, (_, index) => `+1555${String(2_000_000 + index)}`);

export class CallCentre implements AsyncDisposable {
  readonly env: TestWorkflowEnvironment;
  readonly campaignId: CampaignId = asCampaignId(randomUUID());
  readonly lists: MemoryCampaigns;
  /** By number: how often it rang. */
  readonly rung = new Map<string, number>();
  answers: (to: string) => Disposition = () => 'busy';
  /** Numbers with whom the line is taken already. */
  readonly onTheLine = new Set<string>();
  /** Calls tell the campaign how they ended. */
  tells = true;
  loses: () => boolean = () => false;
  storeAway = false;
  /** The account's budget, and calls at once less the share of who rings in; both as they are when it comes up. */
  creations: CampaignDeps['creations'] = UNHINDERED.creations;
  callsForCampaigns = UNHINDERED.callsForCampaigns;
  hours: CampaignDeps['hoursByCountry'] = UNHINDERED.hoursByCountry;
  readonly #opened = new Map<string, OpenCallOutcome>();
  readonly #ended = new Map<CallId, Disposition>();
  #running: { worker: Worker; end: Promise<void>; connection: NativeConnection } | null = null;

  constructor(env: TestWorkflowEnvironment) {
    this.env = env;
    this.lists = createMemoryCampaigns(() => {
      if (this.storeAway) throw new ProviderError('mongodb', 'unreachable', { message: 'away' });
    });
  }

  async up(): Promise<void> {
    // A connection of its own: two workers of one queue cannot share one.
    const connection = await NativeConnection.connect({ address: this.env.address });
    const worker = await Worker.create({
      connection,
      taskQueue: CALLS_QUEUE,
      workflowBundle: await campaignBundle(),
      activities: this.#activities(),
    });
    this.#running = { worker, end: worker.run(), connection };
  }

  async down(): Promise<void> {
    const running = this.#running;
    this.#running = null;
    running?.worker.shutdown();
    await running?.end;
    await running?.connection.close();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.down();
  }

  async list(numbers: string[], more: Partial<ContactDocument> = {}): Promise<void> {
    const dueAtMs = await this.env.currentTimeMs();
    await this.lists.campaigns.addContacts(
      numbers.map((number) => contactOf(this.campaignId, number, { dueAtMs, ...more })),
    );
  }

  async start(settings: Partial<CampaignSettings> = {}): Promise<void> {
    await this.env.client.workflow.start<typeof campaign>('campaign', {
      workflowId: campaignWorkflowId(this.campaignId),
      taskQueue: CALLS_QUEUE,
      args: [
        {
          campaignId: this.campaignId,
          name: 'Test',
          version: 1,
          createdAtMs: await this.env.currentTimeMs(),
          settings: { ...CAMPAIGN_SETTINGS, ...settings },
        },
      ],
    });
  }

  get handle() {
    return this.env.client.workflow.getHandle(campaignWorkflowId(this.campaignId));
  }

  async over(): Promise<CampaignProgress> {
    return (await this.handle.result()) as CampaignProgress;
  }

  async progress(): Promise<CampaignProgress> {
    return await this.handle.query(progress);
  }

  get rings(): number {
    return [...this.rung.values()].reduce((sum, each) => sum + each, 0);
  }

  get contacts(): ContactDocument[] {
    return [...this.lists.contacts.values()].filter(({ campaign_id }) => campaign_id === this.campaignId);
  }

  contact(number: string): ContactDocument {
    const found = this.contacts.find(({ phone_number }) => phone_number === number);
    if (found === undefined) throw new Error(`no contact ${number}`);
    return found;
  }

  #activities(): object {
    const { campaigns, optOuts } = this.lists;
    return this.#losing({
      ...createCampaignRecordActivities({
        campaigns,
        dispositionOf: (callId) => Promise.resolve(this.#ended.get(callId) ?? null),
      }),
      ...createCampaignActivities({
        ...UNHINDERED,
        openLine: (ask) => this.#ring(ask),
        statusOf: async () => (await this.progress()).status,
        nowMs: () => this.env.currentTimeMs(),
        campaigns,
        optOuts,
        creations: this.creations,
        numberKey: (number) => asNumberKey(number),
        resumeWithinMs: () => 0,
        callsForCampaigns: this.callsForCampaigns,
        hoursByCountry: this.hours,
      }),
    });
  }

  /** A line under its own promise: the same attempt asked for again gets the first answer. The end is told before the clock can jump over it. */
  async #ring({ line, request, updateId }: OpenLineInput): Promise<OpenCallOutcome> {
    const before = this.#opened.get(updateId);
    if (before !== undefined) return before;
    const number = line.customerNumber ?? '';
    const callId = request.proposedCallId;
    if (this.lists.optedOut.has(number)) throw new Error('an opted-out number was rung');
    const outcome: OpenCallOutcome = { outcome: this.onTheLine.has(number) ? 'busy' : 'new', callId };
    this.#opened.set(updateId, outcome);
    if (outcome.outcome === 'busy' || request.campaign === undefined) return outcome;
    this.rung.set(number, (this.rung.get(number) ?? 0) + 1);
    const disposition = this.answers(number);
    this.#ended.set(callId, disposition);
    const { contactId, attemptId } = request.campaign;
    const endedAtMs = await this.env.currentTimeMs();
    const result: AttemptResult = { contactId, attemptId, outcome: attemptOutcomeOf(disposition), endedAtMs };
    if (this.tells) await this.handle.signal(attemptEnded, result);
    return outcome;
  }

  /** The effect stays, its acknowledgement is lost: as if the worker had died in that moment. */
  #losing(activities: object): object {
    const lossy = Object.entries(activities).map(([name, run]) => [
      name,
      async (input: unknown) => {
        const result: unknown = await (run as (input: unknown) => Promise<unknown>)(input);
        if (this.loses()) throw new Error('the acknowledgement was lost');
        return result;
      },
    ]);
    return Object.fromEntries(lossy) as object;
  }
}

export function contactOf(
  campaignId: CampaignId,
  number: string,
  { dueAtMs = 0, ...more }: Partial<ContactDocument> & { dueAtMs?: number },
): ContactDocument {
  return {
    ...newProgress({ country: 'US', zones: ['Etc/UTC'], hours: null, dueAtMs }),
    campaign_id: campaignId,
    contact_id: number,
    phone_number: number,
    language: null,
    variables: {},
    claim: {},
    ...more,
  };
}
