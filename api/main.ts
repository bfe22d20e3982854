/** The api's process: the HTTP door composed with its vendors. Comes up and answers whether or not Temporal and MongoDB do. */
import { serve } from '@hono/node-server';
import { loadConfig, type Config } from '../config/load.ts';
import { createFlagReader } from '../providers/flag-reader.ts';
import { createMediaDirectory } from '../providers/media-directory-http.ts';
import { mintMediaToken } from '../providers/media-token.ts';
import { createMongoStore } from '../providers/mongodb/store.ts';
import { erasedNumberKeys, numberKeys } from '../providers/number-key.ts';
import { createTwilioDoor } from '../providers/twilio/door.ts';
import { createVonageDoor } from '../providers/vonage/door.ts';
import { createVonageSmsApiDoor } from '../providers/vonage/sms-api-door.ts';
import { createVonageMessagesDoor } from '../providers/vonage/sms-door.ts';
import { currentSpanId, noteCall } from '../telemetry/current-trace.ts';
import { createLog } from '../telemetry/log.ts';
import { tracedClient } from '../telemetry/temporal-tracing.ts';
import { startTracing } from '../telemetry/tracing.ts';
import { exposureProblem } from './access.ts';
import { createApiApp, WEBHOOK_MAX_AGE_MS } from './app.ts';
import type { ApiPorts, ApiSettings, VendorState } from './ports.ts';
import { createTemporalCallDoor } from './temporal-call-door.ts';
import { createTemporalCampaignDoor } from './temporal-campaign-door.ts';
import { createTemporalHistoryDoor } from './temporal-history-door.ts';
import { temporalClient } from './temporal-client.ts';

/** Longer than any request here takes; the supervisor kills after more than this. */
const CLOSE_MS = 5_000;

const config = loadConfig();
const log = createLog('api', config.log);
const exposed = exposureProblem({
  publicUrl: config.http.publicUrl,
  apiKeys: config.http.apiKeys,
  signatureSecret: config.vonage?.signatureSecret ?? null,
});
if (exposed !== null) throw new Error(exposed);

const tracing = await startTracing('api', config.tracing);
const temporal = temporalClient(config.temporal, tracing === null ? [] : [tracedClient(tracing)]);
const store = createMongoStore({
  uri: config.mongo.uri,
  dbName: config.mongo.database,
  erasedKeys: erasedNumberKeys([config.numberKeySecret, config.media.tokenSecret]),
});
const flags = createFlagReader(store, (error) => log.warn({ err: error }, 'flags not read; the last known ones stay'));
const settings = settingsFrom(config);
const ports: ApiPorts = {
  calls: createTemporalCallDoor(temporal),
  campaigns: createTemporalCampaignDoor(temporal),
  histories: createTemporalHistoryDoor(temporal),
  creations: store.creations({
    name: config.vonage?.applicationId ?? '',
    limit: { perSecond: config.dialing.creationsPerSecond },
    nowMs: Date.now,
  }),
  store,
  phone: createVonageDoor({ signatureSecret: config.vonage?.signatureSecret ?? null, maxAgeMs: WEBHOOK_MAX_AGE_MS }),
  texts: textDoors(config),
  media: createMediaDirectory(config.media.hosts),
  flags,
  nowMs: Date.now,
  log,
  mintMediaToken: (callId, usableForMs) => {
    noteCall(callId);
    return mintMediaToken(
      config.media.tokenSecret,
      { callId, usableForMs, parentSpan: tracing === null ? null : currentSpanId() },
      Date.now(),
    );
  },
  numberKey: numberKeys(config.numberKeySecret),
  settings,
  tracing,
};
const app = createApiApp(ports);
if (!settings.webhooksSigned)
  log.warn('VONAGE_SIGNATURE_SECRET is not set: webhooks are taken unsigned, from this machine only');
void app.errands.run('create the store’s indexes', () => store.ensureIndexes());
void app.errands.run('look for missed calls', () => ports.calls.lookForMissed());

const hostname = config.http.apiKeys.length === 0 ? '127.0.0.1' : '0.0.0.0';
const server = serve({ fetch: app.fetch, port: config.http.port, hostname }, ({ port }) =>
  log.info({ hostname, port, publicUrl: config.http.publicUrl }, 'api listening'),
);

/** A number's messages come by the API that its owner has chosen for it at Vonage, whichever we send by. */
function textDoors({ vonage, sms }: Config): ApiPorts['texts'] {
  const signed = { signatureSecret: vonage?.signatureSecret ?? null, maxAgeMs: WEBHOOK_MAX_AGE_MS };
  const doors = [
    { path: '/vonage/sms', door: createVonageMessagesDoor(signed) },
    { path: '/vonage/sms-api', door: createVonageSmsApiDoor(signed) },
  ];
  return sms.twilio === null ? doors : [...doors, { path: '/twilio/sms', door: createTwilioDoor(sms.twilio) }];
}

function settingsFrom({ http, vonage, dialing, ...rest }: Config): ApiSettings {
  if (vonage === null)
    throw new Error(
      'VONAGE_APPLICATION_ID and VONAGE_PRIVATE_KEY are not set: the network that calls go through (npm start puts a stand-in there)',
    );
  return {
    publicUrl: http.publicUrl,
    apiKeys: http.apiKeys,
    webhooksSigned: vonage.signatureSecret !== null,
    reportLinkSecret: http.reportLinkSecret,
    allowedPrefixes: dialing.allowedPrefixes,
    defaultCountry: dialing.defaultCountry,
    creationsPerSecond: dialing.creationsPerSecond,
    hoursByCountry: dialing.hoursByCountry,
    zone: dialing.defaultZone,
    botNumber: vonage.number,
    defaults: rest.defaults,
    numbers: rest.numbers,
    languages: rest.languages.map(({ code }) => code),
    links: {
      temporalUi: rest.temporal.uiUrl,
      softphone: rest.sandboxed.includes('vonage') && rest.sandboxUrl !== null ? `${rest.sandboxUrl}/phone` : null,
    },
    vendors: vendorStates(config),
  };
}

function vendorStates({ vonage, google, llm, hubspot, sandboxed }: Config): VendorState[] {
  const googleSet = google.credentialsFile !== null || (google.speechUrl !== null && google.ttsUrl !== null);
  const state = (name: string, set: boolean, needed: boolean): VendorState => ({
    name,
    is: sandboxed.includes(name) ? 'stand-in' : set ? 'real' : 'absent',
    needed,
  });
  return [
    state('vonage', vonage !== null, true),
    state('google', googleSet, true),
    state('anthropic', llm !== null, false),
    state('hubspot', hubspot !== null, false),
  ];
}

async function stop(): Promise<void> {
  app.stop();
  flags.stop();
  const late = setTimeout(() => process.exit(1), CLOSE_MS);
  late.unref();
  await new Promise((resolve) => server.close(resolve));
  await Promise.allSettled([temporal.connection.close(), store.close(), tracing?.close()]);
}
for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => void stop());
