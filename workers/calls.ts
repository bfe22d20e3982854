/** The process that runs workflows and the activities that any worker may do. Several may run; each takes what it can. */
import { Client } from '@temporalio/client';
import { Worker } from '@temporalio/worker';
import { createCallbackActivities } from '../activities/callbacks.ts';
import { createCampaignActivities } from '../activities/campaign.ts';
import { createCampaignRecordActivities } from '../activities/campaign-records.ts';
import { closingGoneCalls } from '../activities/campaign-room.ts';
import { createCrmActivities } from '../activities/crm.ts';
import { createDialActivities } from '../activities/dial.ts';
import { createLegActivities } from '../activities/legs.ts';
import { createLineActivities, openLineCall } from '../activities/lines.ts';
import { createMissedCallActivities } from '../activities/missed-calls.ts';
import { createOptOutActivities } from '../activities/opting-out.ts';
import { createRetentionActivities } from '../activities/retention.ts';
import { createRuleActivities } from '../activities/rules.ts';
import { callRuns, campaignStatus, dispositionOf } from '../activities/running-workflows.ts';
import { createStoreActivities } from '../activities/store.ts';
import { createTextActivities } from '../activities/texts.ts';
import { createToolActivities } from '../activities/tools.ts';
import { createWritingActivities } from '../activities/writing.ts';
import { loadConfig, type Config } from '../config/load.ts';
import { CALLS_QUEUE } from '../domain/ids.ts';
import { NO_PLACE_FOR_CAMPAIGNS } from '../domain/pacing.ts';
import type { CreationLedger } from '../providers/campaigns.ts';
import { createFlagReader } from '../providers/flag-reader.ts';
import { createHubspotCrm } from '../providers/hubspot/crm.ts';
import { createReportLinks } from '../providers/report-links.ts';
import { noKnowledge } from '../providers/knowledge.ts';
import { createMediaDirectory } from '../providers/media-directory-http.ts';
import { mintMediaToken } from '../providers/media-token.ts';
import { createMongoStore } from '../providers/mongodb/store.ts';
import { erasedNumberKeys, numberKeys } from '../providers/number-key.ts';
import type { Telephony } from '../providers/telephony.ts';
import { createVonageTelephony } from '../providers/vonage/telephony.ts';
import { createLog } from '../telemetry/log.ts';
import { tracedActivities, tracedClient, workflowSpans } from '../telemetry/temporal-tracing.ts';
import { startTracing } from '../telemetry/tracing.ts';
import { currentSpanId } from '../telemetry/current-trace.ts';
import { checkOpenWorkflows } from './open-workflows.ts';
import { scheduleRetention } from './retention.ts';
import { connectToTemporal, runUntilStopped, serveMetrics, speakThrough } from './run.ts';
import { smsFrom } from './sms.ts';
import { workflowBundle } from './workflow-bundle.ts';
import { writingFrom } from './writing.ts';

/** Activities wait for networks, not for the processor. */
const ACTIVITIES_AT_ONCE = 400;
const WORKFLOW_TASKS_AT_ONCE = 100;
/** About 1.5 MB each; a call stays in memory while it is live. */
const CACHED_WORKFLOWS = 1_000;
/** A killed worker's workflows wait for it no longer than this before another replays them; the usual ten seconds are long on the phone. */
const CACHE_LOST_AFTER = '2s';
/** Longer than any shared activity but those that retry for ever; the supervisor kills later than this. */
const GRACE = '4s';

const config = loadConfig();
const log = createLog('calls', config.log);
speakThrough(log);
await serveMetrics(config, log);
const tracing = await startTracing('calls', config.tracing);

const { vonage } = config;
if (vonage === null)
  throw new Error(
    'VONAGE_APPLICATION_ID and VONAGE_PRIVATE_KEY are not set: the network that calls go through (npm start puts a stand-in there)',
  );
const [connection, bundle] = await Promise.all([
  connectToTemporal(config.temporal, log),
  workflowBundle(config.dataDir, log),
]);
const store = createMongoStore({
  uri: config.mongo.uri,
  dbName: config.mongo.database,
  erasedKeys: erasedNumberKeys([config.numberKeySecret, config.media.tokenSecret]),
});
const flags = createFlagReader(store, (error) => {
  log.warn({ err: error }, 'flags not read; the last known ones stay');
});

const asker = new Client({ connection, namespace: config.temporal.namespace });
await checkOpenWorkflows(asker, { bundle, log });
await scheduleRetention(asker, { days: config.retentionDays, zone: config.dialing.defaultZone }, log);

const worker = await Worker.create({
  connection,
  namespace: config.temporal.namespace,
  taskQueue: CALLS_QUEUE,
  workflowBundle: bundle,
  sinks: workflowSpans(tracing),
  ...(tracing === null ? {} : { interceptors: { activity: [tracedActivities(tracing)] } }),
  activities: activities(config, vonage),
  maxConcurrentActivityTaskExecutions: ACTIVITIES_AT_ONCE,
  maxConcurrentWorkflowTaskExecutions: WORKFLOW_TASKS_AT_ONCE,
  maxCachedWorkflows: CACHED_WORKFLOWS,
  stickyQueueScheduleToStartTimeout: CACHE_LOST_AFTER,
  shutdownGraceTime: GRACE,
  shutdownForceTime: '6s',
});

if (config.dialing.callsForCampaigns === 0) log.warn(NO_PLACE_FOR_CAMPAIGNS);

await runUntilStopped({
  name: 'calls worker',
  workers: [worker],
  log,
  close: async () => {
    flags.stop();
    await Promise.allSettled([store.close(), connection.close(), tracing?.close()]);
  },
});

function activities(
  { http, media, dialing, escalation, crm, hubspot, temporal, numberKeySecret }: Config,
  account: NonNullable<Config['vonage']>,
) {
  const telephony = createVonageTelephony(account);
  const client = new Client({
    connection,
    namespace: temporal.namespace,
    ...(tracing === null ? {} : { interceptors: { workflow: [tracedClient(tracing)] } }),
  });
  const network = {
    telephony,
    publicUrl: http.publicUrl,
    allowedPrefixes: dialing.allowedPrefixes,
    optOuts: store.optOuts,
    creations: store.creations({
      name: account.applicationId,
      limit: { perSecond: dialing.creationsPerSecond },
      nowMs: Date.now,
    }),
  };
  const texts = { sms: smsFrom(config, log), intents: store.intents, log };
  return {
    ...createDialActivities(network),
    ...createLegActivities({
      ...network,
      directory: createMediaDirectory(media.hosts),
      mintMediaToken: (callId, usableForMs) =>
        mintMediaToken(media.tokenSecret, { callId, usableForMs, parentSpan: currentSpanId() }, Date.now()),
    }),
    ...createStoreActivities({ store }),
    ...createCallbackActivities({
      ...texts,
      optOuts: store.optOuts,
      hoursByCountry: dialing.hoursByCountry,
      defaultZone: dialing.defaultZone,
    }),
    ...createTextActivities(texts),
    ...createWritingActivities(writingFrom(config, () => flags.current(), log)),
    ...createToolActivities({
      ...texts,
      knowledge: noKnowledge,
      zone: dialing.defaultZone,
      country: dialing.defaultCountry,
    }),
    ...createRuleActivities({ flags, fromConfig: rulesFrom({ dialing, escalation }) }),
    ...createLineActivities({ client }),
    ...createOptOutActivities({ client, store }),
    ...createRetentionActivities(store),
    ...missedCallActivities(client, telephony),
    ...campaignActivities({ client, creations: network.creations }, { dialing, numberKeySecret }),
    ...createCrmActivities({
      crm: hubspot === null ? null : createHubspotCrm(hubspot),
      lookupBudgetMs: crm.lookupBudgetMs,
      links: createReportLinks(http.publicUrl, http.reportLinkSecret),
    }),
  };
}

function rulesFrom({ dialing, escalation }: Pick<Config, 'dialing' | 'escalation'>) {
  return {
    ringTimeoutS: dialing.ringTimeoutS,
    operatorRingTimeoutS: dialing.operatorRingTimeoutS,
    misunderstandingsMax: escalation.misunderstandings,
    escalationPhrases: escalation.phrases,
  };
}

function missedCallActivities(client: Client, telephony: Telephony) {
  return createMissedCallActivities({
    ...{ client, telephony, store, log },
    numberKey: numberKeys(config.numberKeySecret),
    initiateOf: (number) => initiateOfOurs(config, number),
    resumeWithinMs: () => flags.current().callback_timeout_hour * 3_600_000,
    allowedPrefixes: config.dialing.allowedPrefixes,
    nowMs: Date.now,
  });
}

/** What a call to that number is about; null = it is none of ours. */
function initiateOfOurs({ numbers, vonage: ours, defaults }: Config, number: string) {
  return numbers.find((entry) => entry.number === number)?.initiate ?? (number === ours?.number ? defaults : null);
}

function campaignActivities(
  { client, creations }: { client: Client; creations: CreationLedger },
  { dialing, numberKeySecret }: Pick<Config, 'dialing' | 'numberKeySecret'>,
) {
  const { campaigns, optOuts } = store;
  return {
    ...createCampaignActivities({
      openLine: (ask) => openLineCall(client, ask),
      statusOf: (campaignId) => campaignStatus(client, campaignId),
      nowMs: Date.now,
      campaigns,
      optOuts,
      creations,
      closeGoneCalls: closingGoneCalls({ store, campaigns, callRuns: (callId) => callRuns(client, callId) }),
      numberKey: numberKeys(numberKeySecret),
      resumeWithinMs: () => flags.current().callback_timeout_hour * 3_600_000,
      callsForCampaigns: dialing.callsForCampaigns,
      hoursByCountry: dialing.hoursByCountry,
      phrasesByCountry: dialing.phrasesByCountry,
      log,
    }),
    ...createCampaignRecordActivities({ dispositionOf: (callId) => dispositionOf(client, callId), campaigns }),
  };
}
