/** The process for work after a call: the slow model, the CRM, outgoing webhooks. Away for hours, it delays nobody. */
import { Worker } from '@temporalio/worker';
import { createCrmActivities } from '../activities/crm.ts';
import { createInsightActivities } from '../activities/insights.ts';
import { loadConfig } from '../config/load.ts';
import { INSIGHTS_QUEUE } from '../domain/ids.ts';
import { createAnthropicStructured } from '../providers/anthropic/structured.ts';
import { createHubspotCrm } from '../providers/hubspot/crm.ts';
import { createReportLinks } from '../providers/report-links.ts';
import { createWebhookOut } from '../providers/webhook-out.ts';
import { createLog } from '../telemetry/log.ts';
import { tracedActivities } from '../telemetry/temporal-tracing.ts';
import { startTracing } from '../telemetry/tracing.ts';
import { connectToTemporal, runUntilStopped, serveMetrics, speakThrough } from './run.ts';

/** Slow model answers, each up to 90 s; more at once would meet the vendor's rate limit first. */
const ACTIVITIES_AT_ONCE = 20;

/** Below the activity's own 90 s, so that its failure says why. */
const ANSWER_MS = 80_000;

const config = loadConfig();
const log = createLog('insights', config.log);
speakThrough(log);
await serveMetrics(config, log);
const tracing = await startTracing('insights', config.tracing);

const { llm, hubspot, webhookOut } = config;
const connection = await connectToTemporal(config.temporal, log);
const worker = await Worker.create({
  connection,
  namespace: config.temporal.namespace,
  taskQueue: INSIGHTS_QUEUE,
  activities: {
    ...createInsightActivities({
      slow: llm === null ? null : createAnthropicStructured({ ...llm.slow, headerTimeoutMs: ANSWER_MS }),
      webhookOut: webhookOut === null ? null : createWebhookOut(webhookOut),
    }),
    ...createCrmActivities({
      crm: hubspot === null ? null : createHubspotCrm(hubspot),
      lookupBudgetMs: config.crm.lookupBudgetMs,
      links: createReportLinks(config.http.publicUrl, config.http.reportLinkSecret),
    }),
  },
  ...(tracing === null ? {} : { interceptors: { activity: [tracedActivities(tracing)] } }),
  maxConcurrentActivityTaskExecutions: ACTIVITIES_AT_ONCE,
  shutdownGraceTime: '4s',
  shutdownForceTime: '6s',
});

await runUntilStopped({
  name: 'insights worker',
  workers: [worker],
  log,
  close: async () => {
    await Promise.allSettled([connection.close(), tracing?.close()]);
  },
});
