/** The media process: sockets, speech and model of the calls it carries, and a task queue that nobody else has. */
import { randomUUID } from 'node:crypto';
import type { AddressInfo } from 'node:net';
import { Client, Connection } from '@temporalio/client';
import { createTurnActivities } from '../activities/turn.ts';
import { initiateFor, loadConfig, type Config } from '../config/load.ts';
import { asHostId, mediaQueue, type HostId } from '../domain/ids.ts';
import { phraseWordings } from '../domain/phrases.ts';
import { createCallLink } from '../media/call-link.ts';
import { createDoor } from '../media/door.ts';
import { MediaHost } from '../media/host.ts';
import { tracedLeg, tracedPacer } from '../media/leg-trace.ts';
import { observedLlm } from '../media/observed.ts';
import { createPacer } from '../media/pacer.ts';
import { loadVad } from '../media/vad.ts';
import { createVoice } from '../media/voice.ts';
import { createFlagReader } from '../providers/flag-reader.ts';
import { createMongoStore } from '../providers/mongodb/store.ts';
import { numberKeys } from '../providers/number-key.ts';
import { createLog, type Logger } from '../telemetry/log.ts';
import { createMediaMeter } from '../telemetry/media-meter.ts';
import { createMetrics } from '../telemetry/metrics.ts';
import { metricsHandler } from '../telemetry/metrics-door.ts';
import { tracedActivities, tracedClient } from '../telemetry/temporal-tracing.ts';
import { startTracing } from '../telemetry/tracing.ts';
import { brainOf, promptSettings } from './brain.ts';
import { collectSeldom } from './heap.ts';
import { startPolling } from './polling.ts';
import { speakThrough } from './run.ts';
import { speechOf } from './speech.ts';

/** Two activities a call (its leg, its turn), 100 calls a process at most by the bench, and some to spare. */
const ACTIVITIES_AT_ONCE = 250;
/** Activities of legs that have just been closed report within milliseconds. */
const SHUTDOWN_GRACE_MS = 2_000;
/** Customers switch languages rarely; the first calls after a start come first. */
const OTHER_LANGUAGES_AFTER_MS = 20_000;
const PREPARED_AGAIN_AFTER_MS = 20_000;

collectSeldom();
const config = loadConfig();
const hostId = asHostId(randomUUID());
const log = createLog('media', config.log).child({ hostId });

speakThrough(log);
// One call's fault must not end the others that this process carries.
process.on('unhandledRejection', (error) => {
  log.error({ err: error }, 'a promise has failed unheard');
});

const store = createMongoStore({ uri: config.mongo.uri, dbName: config.mongo.database });
const flags = createFlagReader(store, (error) => {
  log.warn({ err: error }, 'flags cannot be read; the last known ones stay');
});
const metrics = createMetrics();
const meter = createMediaMeter(metrics.meter, () => host.liveCalls);
const tracing = await startTracing('media', config.tracing);
const watch = { meter, tracing };
const beats = createPacer();
const pacer = tracing === null ? beats : tracedPacer(beats);
const speech = speechOf(config, { pacer, log, watch });
// Each vendor's voices are its own matter: no name is asked for across them.
const voice = createVoice(speech.synthesizer, new Map());
const connection = Connection.lazy({ address: config.temporal.address });

const host = new MediaHost({
  hostId,
  pacer,
  vad: await loadVad(log),
  recognizer: speech.recognizer,
  voice,
  brain: brainOf(config, (model) => observedLlm(model, watch)),
  prompt: promptSettings(config),
  link: createCallLink({
    client: new Client({
      connection,
      namespace: config.temporal.namespace,
      ...(tracing === null ? {} : { interceptors: { workflow: [tracedClient(tracing)] } }),
    }),
    connection,
    numberKey: numberKeys(config.numberKeySecret),
    initiateFor: (number) => initiateFor(config, number),
    resumeWithinMs: () => flags.current().callback_timeout_hour * 3_600_000,
    log,
  }),
  flags: () => flags.current(),
  initiateFor: (number) => (number === null ? config.defaults : initiateFor(config, number)),
  log,
  meter,
  ...(tracing === null ? {} : { tracing }),
});

const door = createDoor(host, {
  tokenSecret: config.media.tokenSecret,
  publicUrl: () => publicUrl(config, hostId),
  metrics: metricsHandler(metrics, config.http),
  ...(tracing === null ? {} : { aroundLeg: tracedLeg(tracing) }),
});
// As the api: without keys nobody from outside is let in; a tunnel to a real network ends on this machine.
const hostname = config.http.apiKeys.length === 0 ? '127.0.0.1' : '0.0.0.0';
await new Promise<void>((resolve, reject) => {
  door.once('error', reject);
  door.listen(config.media.port, hostname, resolve);
});
log.info(
  { hostname, port: portOf(), publicUrl: publicUrl(config, hostId), vad: host.equipment.vad.name },
  'media host is up',
);

const polling = startPolling({
  address: config.temporal.address,
  namespace: config.temporal.namespace,
  log,
  options: {
    taskQueue: mediaQueue(hostId),
    activities: createTurnActivities({ host, store, log }),
    ...(tracing === null ? {} : { interceptors: { activity: [tracedActivities(tracing)] } }),
    maxConcurrentActivityTaskExecutions: ACTIVITIES_AT_ONCE,
    shutdownGraceTime: SHUTDOWN_GRACE_MS,
  },
});
void warmUp(host, log);

for (const signal of ['SIGTERM', 'SIGINT'] as const) {
  process.once(signal, () => {
    void leave(signal);
  });
}

async function leave(signal: string): Promise<void> {
  log.info({ signal, liveCalls: host.liveCalls }, 'leaving: no new legs');
  await host.drain(config.media.drainSec * 1_000);
  const gone = polling.stop().then(() => Promise.all([store.close(), speech.close(), tracing?.close()]));
  await Promise.race([gone, new Promise((resolve) => setTimeout(resolve, SHUTDOWN_GRACE_MS + 1_000))]);
  process.exit(0);
}

function publicUrl({ media }: Config, id: HostId): string {
  return (media.publicUrl ?? `ws://127.0.0.1:${String(portOf())}/media`).replaceAll('{hostId}', id);
}

function portOf(): number {
  return (door.address() as AddressInfo).port;
}

/** The words that every call may need at once, the greetings of our own numbers, and what must be said when nothing can be synthesised. */
async function warmUp(to: MediaHost, logger: Logger): Promise<void> {
  const matters = [config.defaults, ...config.numbers.map((entry) => entry.initiate)];
  for (const { language, speechSpeed, botCompany, botName } of matters) {
    const variables = { company: botCompany, botName };
    const [greeting] = phraseWordings('greeting', language, variables);
    const [moment] = phraseWordings('one_moment', language);
    const texts = [greeting, ...phraseWordings('waiting', language), moment, ...wordsInTrouble(language)];
    await prepareAll(to, texts, { language, speechSpeed, logger });
  }
  setTimeout(() => {
    void (async () => {
      for (const { code: language } of config.languages)
        await prepareAll(to, wordsInTrouble(language), { language, speechSpeed: config.defaults.speechSpeed, logger });
    })();
  }, OTHER_LANGUAGES_AFTER_MS).unref();
}

function wordsInTrouble(language: string): string[] {
  return [...phraseWordings('technical_trouble', language), ...phraseWordings('no_voice', language)];
}

/** A voice that is away when we start comes back some time, and its absence is what these words are for. */
async function prepareAll(
  to: MediaHost,
  texts: (string | undefined)[],
  { language, speechSpeed, logger }: { language: string; speechSpeed: number; logger: Logger },
): Promise<void> {
  let left = texts.filter((text) => text !== undefined);
  while (left.length > 0) {
    const failed: string[] = [];
    for (const text of left) {
      await to.prepare({ callId: null, text, language, speechSpeed }).catch((error: unknown) => {
        logger.warn({ err: error, language }, 'a stock phrase could not be synthesised ahead');
        failed.push(text);
      });
    }
    left = failed;
    if (left.length > 0) await new Promise((resolve) => setTimeout(resolve, PREPARED_AGAIN_AFTER_MS).unref());
  }
}
