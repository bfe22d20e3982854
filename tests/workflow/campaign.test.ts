/** Campaigns on the time-skipping server: the contacts' record against what the network saw. */
import { randomUUID } from 'node:crypto';
import path from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { TestWorkflowEnvironment } from '@temporalio/testing';
import { bundleWorkflowCode, DefaultLogger, NativeConnection, Worker, type WorkflowBundle } from '@temporalio/worker';
import { pino } from 'pino';
import { createCampaignRecordActivities } from '../../activities/campaign-records.ts';
import { createCampaignActivities } from '../../activities/campaign.ts';
import { createLineActivities } from '../../activities/lines.ts';
import { ANY_TIME } from '../../domain/calling-hours.ts';
import { newProgress } from '../../domain/campaign-contact.ts';
import { SHIPPED_RETRY_PLAN } from '../../domain/campaign-retry.ts';
import type { CampaignSettings } from '../../domain/campaign.ts';
import { asCampaignId, asNumberKey, CALLS_QUEUE, campaignWorkflowId, type CampaignId } from '../../domain/ids.ts';
import type { Disposition } from '../../domain/insight.ts';
import type { ContactDocument } from '../../providers/campaigns.ts';
import { optOutEverywhere } from '../../providers/opting-out.ts';
import { contactsChanged, progress, type CampaignProgress } from '../../workflows/campaign/messages.ts';
import type { campaign } from '../../workflows/campaign/workflow.ts';
import { createMemoryCampaigns, type MemoryCampaigns } from '../kit/memory-campaigns.ts';
import type { QuickNetwork } from '../kit/quick-calls.ts';
import { BOT, INITIATE, jumpingClock, untilTrue } from './house.ts';

let env: TestWorkflowEnvironment;
beforeEach(async () => {
  env = await jumpingClock();
});
afterEach(async () => {
  await env.teardown();
});

let bundle: Promise<WorkflowBundle> | undefined;
const quickBundle = (): Promise<WorkflowBundle> =>
  (bundle ??= bundleWorkflowCode({
    workflowsPath: path.resolve(import.meta.dirname, '../kit/quick-calls.ts'),
    logger: new DefaultLogger('ERROR'),
  }));

const SETTINGS: CampaignSettings = {
  initiate: INITIATE,
  greeting: null,
  botNumber: BOT,
  windows: null,
  concurrency: 25,
  attemptsPerMinute: null,
  retry: SHIPPED_RETRY_PLAN,
  voicemail: { do: 'talk' },
  breaker: { of: 200, share: 1, probeAfterMin: null },
};

type Answer = (to: string) => Disposition;

/** Network, store and call workers of one campaign; the network answers each dial by `answers`. */
class CallCentre implements AsyncDisposable {
  readonly lists: MemoryCampaigns = createMemoryCampaigns();
  readonly rung = new Map<string, number>();
  answers: Answer = () => 'busy';
  readonly campaignId: CampaignId = asCampaignId(randomUUID());
  #running: { worker: Worker; end: Promise<void>; connection: NativeConnection } | null = null;

  async up(): Promise<void> {
    const { client } = env;
    const ringOnce: QuickNetwork['ringOnce'] = async ({ number }) => {
      if (this.lists.optedOut.has(number)) throw new Error('an opted-out number was rung');
      this.rung.set(number, (this.rung.get(number) ?? 0) + 1);
      const answer = this.answers(number);
      await wait(10);
      return { disposition: answer, tells: true };
    };
    // A connection of its own: two workers of one queue cannot share one.
    const connection = await NativeConnection.connect({ address: env.address });
    const worker = await Worker.create({
      connection,
      taskQueue: CALLS_QUEUE,
      workflowBundle: await quickBundle(),
      maxCachedWorkflows: 400,
      activities: {
        ringOnce,
        ...createLineActivities({ client }),
        ...createCampaignRecordActivities({ client, campaigns: this.lists.campaigns }),
        ...createCampaignActivities({
          client,
          campaigns: this.lists.campaigns,
          optOuts: this.lists.optOuts,
          creations: { note: () => Promise.resolve(), take: () => Promise.resolve(0) },
          numberKey: (number) => asNumberKey(`${number}-${this.campaignId}`),
          resumeWithinMs: () => 0,
          callsForCampaigns: 1_000,
          hoursByCountry: { default: ANY_TIME, US: ANY_TIME },
          phrasesByCountry: {},
          log: pino({ level: 'silent' }),
        }),
      },
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
    const nowMs = await env.currentTimeMs();
    await this.lists.campaigns.addContacts(
      numbers.map((number) => contactOf(this.campaignId, number, { nowMs, more })),
    );
  }

  async start(settings: Partial<CampaignSettings> = {}): Promise<void> {
    await env.client.workflow.start<typeof campaign>('campaign', {
      workflowId: campaignWorkflowId(this.campaignId),
      taskQueue: CALLS_QUEUE,
      args: [
        {
          campaignId: this.campaignId,
          name: 'Test',
          version: 1,
          createdAtMs: await env.currentTimeMs(),
          settings: { ...SETTINGS, ...settings },
        },
      ],
    });
  }

  get handle() {
    return env.client.workflow.getHandle(campaignWorkflowId(this.campaignId));
  }

  get contacts(): ContactDocument[] {
    return [...this.lists.contacts.values()].filter(({ campaign_id }) => campaign_id === this.campaignId);
  }

  contact(number: string): ContactDocument {
    const found = this.contacts.find(({ phone_number }) => phone_number === number);
    if (found === undefined) throw new Error(`no contact ${number}`);
    return found;
  }
}

function contactOf(
  campaignId: CampaignId,
  number: string,
  { nowMs, more }: { nowMs: number; more: Partial<ContactDocument> },
): ContactDocument {
  return {
    ...newProgress({ country: 'US', zones: ['Etc/UTC'], hours: null, dueAtMs: nowMs }),
    campaign_id: campaignId,
    contact_id: number,
    phone_number: number,
    language: null,
    variables: {},
    claim: {},
    ...more,
  };
}

const numbers = (count: number): string[] =>
  Array.from({ length: count }, (_, index) => `+1555${String(2_000_000 + index)}`);

test('[OO1] [OO3] an opt-out stops calls that wait in twenty campaigns, and nobody is rung for it again', async () => {
  const lists = createMemoryCampaigns();
  const [number = '', other = ''] = numbers(2);
  for (let index = 0; index < 20; index += 1)
    await lists.campaigns.addContacts(
      [number, other].map((each) => contactOf(asCampaignId(`c${index}`), each, { nowMs: 0, more: {} })),
    );
  const wish = { phone_number: number, source: 'api' as const, reason: null, at: '2026-01-01T00:00:00.000Z' };
  const done = await optOutEverywhere(lists, wish);
  expect(done).toMatchObject({ isNew: true, stopped: 20 });
  expect(done.campaignIds).toHaveLength(20);
  expect(await optOutEverywhere(lists, wish)).toMatchObject({ isNew: false, stopped: 0 });

  await using centre = new CallCentre();
  await lists.optOuts.addOptOut(wish);
  centre.lists.optedOut.set(number, wish);
  await centre.up();
  await centre.list([number, other]);
  centre.answers = () => 'rejected';
  await centre.start();
  expect(((await centre.handle.result()) as CampaignProgress).status).toBe('completed');
  expect([...centre.rung.keys()]).toEqual([other]);
  expect(centre.contact(number)).toMatchObject({ state: 'done', disposition: 'opted_out', attempts: [] });
}, 60_000);

test('[CH3] an unknown zone is not rung: the campaign asks, and goes on when it is given', async () => {
  await using centre = new CallCentre();
  centre.answers = () => 'rejected';
  await centre.up();
  const [number = ''] = numbers(1);
  await centre.list([number], { zones: ['America/New_York', 'America/Los_Angeles'] });
  await centre.start();
  await untilTrue(async () => (await centre.handle.query(progress)).needsZone === 1);
  expect(centre.rung.size).toBe(0);
  const contact = centre.contact(number);
  expect(contact.state).toBe('needs_zone');
  await centre.lists.campaigns.changeContact({
    ...contact,
    revision: contact.revision + 1,
    zones: ['America/New_York'],
    state: 'pending',
  });
  await centre.handle.signal(contactsChanged);
  expect(((await centre.handle.result()) as CampaignProgress).status).toBe('completed');
  expect(centre.rung.get(number)).toBe(1);
}, 60_000);
