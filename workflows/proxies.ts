/** Every activity that workflows ask for, each with how long it may take and why. */
import { proxyActivities, type ActivityOptions } from '@temporalio/workflow';
import type { CallbackActivities } from '../activities/callbacks.ts';
import type { CampaignActivities } from '../activities/campaign.ts';
import type { CampaignRecordActivities } from '../activities/campaign-records.ts';
import type { CrmActivities } from '../activities/crm.ts';
import type { DialActivities } from '../activities/dial.ts';
import type { InsightActivities } from '../activities/insights.ts';
import type { LegActivities } from '../activities/legs.ts';
import type { LineActivities } from '../activities/lines.ts';
import type { OptOutActivities } from '../activities/opting-out.ts';
import type { MissedCallActivities } from '../activities/missed-calls.ts';
import type { RetentionActivities } from '../activities/retention.ts';
import type { RuleActivities } from '../activities/rules.ts';
import type { StoreActivities } from '../activities/store.ts';
import type { TextActivities } from '../activities/texts.ts';
import type { ToolActivities } from '../activities/tools.ts';
import type { WritingActivities } from '../activities/writing.ts';
import { INSIGHTS_QUEUE, mediaQueue, type HostId } from '../domain/ids.ts';
import type { MediaActivities } from './call/messages.ts';

type Duration = NonNullable<ActivityOptions['scheduleToStartTimeout']>;

const FOR_EVER: NonNullable<ActivityOptions['retry']> = {
  initialInterval: '1s',
  backoffCoefficient: 2,
  maximumInterval: '30s',
};

/** Above the adapter's own 8 s; one attempt, because the network cannot tell a repeat from a second call. */
export const dialling = (summary: string) =>
  proxyActivities<Pick<DialActivities, 'dial'>>({ startToCloseTimeout: '10s', retry: { maximumAttempts: 1 }, summary });

/** After a doubtful dial somebody may be ringing: an answer is wanted within seconds, and wrong without one. */
export const reconciling = (summary: string) =>
  proxyActivities<Pick<DialActivities, 'findDialled'>>({
    startToCloseTimeout: '10s',
    scheduleToCloseTimeout: '60s',
    retry: { initialInterval: '1s', maximumInterval: '5s' },
    summary,
  });

/** The customer hears nothing meanwhile. Within 2 s of its birth a leg refuses control with 400, hence quick retries; above the adapter's own 8 s. */
export const controllingLegs = (summary: string) =>
  proxyActivities<LegActivities>({
    startToCloseTimeout: '10s',
    scheduleToCloseTimeout: '40s',
    retry: { initialInterval: '700ms', backoffCoefficient: 1.5, maximumInterval: '5s' },
    summary,
  });

/** From memory in the worker; the shipped rules stand in where no worker answers. Below what a caller bears in silence. */
export const readingRules = (summary: string) =>
  proxyActivities<RuleActivities>({ scheduleToCloseTimeout: '3s', startToCloseTimeout: '1s', summary });

/** The adapter's own budget is 800 ms; an inbound greeting waits for neither, a dial for no longer than this. */
export const lookingUp = (summary: string) =>
  proxyActivities<Pick<CrmActivities, 'findCustomer'> & Pick<StoreActivities, 'recallCall' | 'recallCustomer'>>({
    scheduleToCloseTimeout: '2s',
    startToCloseTimeout: '1500ms',
    retry: { maximumAttempts: 1 },
    summary,
  });

/** The store may be away for hours: written as soon as it is back, one save in flight. */
export const saving = (summary: string) =>
  proxyActivities<StoreActivities>({ startToCloseTimeout: '10s', retry: FOR_EVER, summary });

/** The customer waits: three tries within 12 s, then the model hears that it failed. 2 s without a heartbeat = its worker died. */
export const usingTools = (summary: string) =>
  proxyActivities<ToolActivities>({
    startToCloseTimeout: '6s',
    scheduleToCloseTimeout: '12s',
    heartbeatTimeout: '2s',
    retry: { initialInterval: '300ms', maximumAttempts: 3 },
    summary,
  });

/** Temporal itself is asked; the line answers when the call it opens has started. */
export const askingLines = (summary: string) =>
  proxyActivities<LineActivities>({ startToCloseTimeout: '30s', retry: FOR_EVER, summary });

/** Zones and hours lie in the worker's memory, the opt-outs a store away. A promise waits until somebody can tell. */
export const planning = (summary: string) =>
  proxyActivities<Pick<CallbackActivities, 'placeCallback' | 'nextTime'>>({
    startToCloseTimeout: '10s',
    retry: FOR_EVER,
    summary,
  });

/** Above the adapter's own 8 s. A network that takes no messages for a day takes this one no more; a call with it waits for seconds only. */
export const texting = (summary: string, within: '24h' | '30s') =>
  proxyActivities<Pick<CallbackActivities, 'sendReminder'>>({
    startToCloseTimeout: '12s',
    scheduleToCloseTimeout: within,
    retry: { initialInterval: '2s', backoffCoefficient: 2, maximumInterval: '10m' },
    summary,
  });

/** A wish of the customer's is written down however long the store is away; twenty lists and promises are some hundred small writes. */
export const stoppingContacts = (summary: string) =>
  proxyActivities<OptOutActivities>({ startToCloseTimeout: '30s', retry: FOR_EVER, summary });

/** Above the model's own hard limit; nobody hangs on a line. Without a heartbeat for ten seconds its worker is dead. */
export const writing = (summary: string) =>
  proxyActivities<WritingActivities>({
    startToCloseTimeout: '70s',
    heartbeatTimeout: '10s',
    retry: FOR_EVER,
    summary,
  });

/** An answer that comes after a quarter of an hour answers nothing any more. */
export const sendingTexts = (summary: string) =>
  proxyActivities<TextActivities>({
    startToCloseTimeout: '30s',
    scheduleToCloseTimeout: '15m',
    retry: { initialInterval: '1s', backoffCoefficient: 2, maximumInterval: '1m' },
    summary,
  });

/** The first are over within seconds, so that a campaign can say what it waits for while the second go on. */
export type Patience = 'a few tries' | 'for ever';
const RETRIES: Record<Patience, NonNullable<ActivityOptions['retry']>> = {
  'a few tries': { initialInterval: '500ms', backoffCoefficient: 2, maximumAttempts: 4 },
  'for ever': FOR_EVER,
};

/** At night, and nobody waits: a store that is away for long leaves it to the next night. */
export const erasingOld = (summary: string) =>
  proxyActivities<RetentionActivities>({
    startToCloseTimeout: '60s',
    scheduleToCloseTimeout: '12h',
    retry: { initialInterval: '5s', backoffCoefficient: 2, maximumInterval: '5m' },
    summary,
  });

/** Begins attempts for two seconds, each with a look at the store and at a line; repeated, it begins none twice. A dead worker is missed after five. */
export const ringingContacts = (summary: string, patience: Patience) =>
  proxyActivities<CampaignActivities>({
    startToCloseTimeout: '2m',
    heartbeatTimeout: '5s',
    retry: RETRIES[patience],
    summary,
  });

/** Pages of the network's list, and a question or four about each leg on them. It waits for network, store and server, however long. */
export const lookingForMissed = (summary: string) =>
  proxyActivities<MissedCallActivities>({
    startToCloseTimeout: '10m',
    heartbeatTimeout: '60s',
    retry: FOR_EVER,
    summary,
  });

/** The contacts' own record: a campaign does nothing more until it is written. */
export const keepingContacts = (summary: string, patience: Patience) =>
  proxyActivities<CampaignRecordActivities>({
    startToCloseTimeout: '60s',
    heartbeatTimeout: '10s',
    retry: RETRIES[patience],
    summary,
  });

/** Somebody waits for the answer whether a line is free; without one it is taken for busy. */
export const lookingAtCalls = (summary: string) =>
  proxyActivities<Pick<LineActivities, 'callRuns'>>({
    startToCloseTimeout: '5s',
    scheduleToCloseTimeout: '15s',
    retry: { initialInterval: '1s', maximumAttempts: 3 },
    summary,
  });

/**
 * On the host that holds the socket, once: a second try would speak twice. 3 s unclaimed = the host is gone; 2 s without a
 * heartbeat = it died. Three minutes is longer than any reply (40 s hard limit for the model, then the speech itself).
 */
export const speaking = (hostId: HostId, summary: string, claimedWithin: Duration = '3s') =>
  proxyActivities<Pick<MediaActivities, 'answerTurn'>>({
    taskQueue: mediaQueue(hostId),
    scheduleToStartTimeout: claimedWithin,
    startToCloseTimeout: '3m',
    heartbeatTimeout: '2s',
    retry: { maximumAttempts: 1 },
    summary,
  });

/** As long as a leg may live (the network ends it after two hours); the heartbeat is the second way to hear of a dead host. */
export const carrying = (hostId: HostId, summary: string, claimedWithin: Duration = '5s') =>
  proxyActivities<Pick<MediaActivities, 'carryLeg'>>({
    taskQueue: mediaQueue(hostId),
    scheduleToStartTimeout: claimedWithin,
    startToCloseTimeout: '3h',
    heartbeatTimeout: '5s',
    retry: { maximumAttempts: 1 },
    summary,
  });

/** Nice to have before the phone is picked up, worthless after: below any ring time. */
export const preparing = (hostId: HostId, summary: string) =>
  proxyActivities<Pick<MediaActivities, 'prepareGreeting'>>({
    taskQueue: mediaQueue(hostId),
    scheduleToCloseTimeout: '10s',
    retry: { maximumAttempts: 1 },
    summary,
  });

/** Slow model: a minute an answer; ten tries, then the rules write it. */
export const understanding = (summary: string) =>
  proxyActivities<Pick<InsightActivities, 'synthesise' | 'decideNext'>>({
    taskQueue: INSIGHTS_QUEUE,
    startToCloseTimeout: '90s',
    retry: { initialInterval: '2s', backoffCoefficient: 2, maximumInterval: '10m', maximumAttempts: 10 },
    summary,
  });

/** Other people's systems: retried for a day, then given up and said so in the workflow's details. */
export const reporting = (summary: string) =>
  proxyActivities<Omit<CrmActivities, 'findCustomer'> & Pick<InsightActivities, 'ruleInsight' | 'postWebhook'>>({
    taskQueue: INSIGHTS_QUEUE,
    startToCloseTimeout: '30s',
    scheduleToCloseTimeout: '24h',
    retry: { initialInterval: '2s', backoffCoefficient: 2, maximumInterval: '10m' },
    summary,
  });
