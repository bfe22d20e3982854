/** Configuration as the processes use it: `config.yaml`, overridden by `SECTION__KEY` variables, with secrets from the environment alone. */
import type { RetentionDays } from '../domain/retention.ts';
import { existsSync, readFileSync } from 'node:fs';
import { randomBytes } from 'node:crypto';
import { parse } from 'yaml';
import type { z } from 'zod';
import type { CallingHours } from '../domain/calling-hours.ts';
import { claimSchema } from '../domain/claim.ts';
import type { CountryPhrases } from '../domain/disclosure.ts';
import { asE164, type E164 } from '../domain/ids.ts';
import type { Initiate } from '../domain/initiate.ts';
import { countriesFrom } from './countries.ts';
import { environment, type Environment } from './environment.ts';
import { configFile, type ConfigFile } from './schema.ts';
import { smsFrom, type SmsConfig } from './sms.ts';
import { speechFrom, type SpeechConfig, type SpeechService } from './speech.ts';

export interface LlmTierConfig {
  model: string;
  apiKey: string;
  baseUrl: string | null;
  maxTokens: number;
}

export interface Config {
  http: { port: number; publicUrl: string; apiKeys: string[]; reportLinkSecret: string };
  media: { port: number; publicUrl: string | null; hosts: string[]; tokenSecret: string; drainSec: number };
  temporal: { address: string; namespace: string; uiUrl: string };
  mongo: { uri: string; database: string };
  vonage: {
    apiKey: string;
    apiSecret: string;
    applicationId: string;
    /** PEM text. */
    privateKey: string;
    signatureSecret: string | null;
    number: E164;
    apiUrl: string | null;
  } | null;
  sms: SmsConfig;
  google: {
    speechUrl: string | null;
    ttsUrl: string | null;
    credentialsFile: string | null;
    projectId: string;
    location: string;
    recognitionModel: string | null;
    /** What differs in a second one. */
    second: {
      location: string | null;
      recognitionModel: string | null;
      speechUrl: string | null;
      ttsUrl: string | null;
    };
  };
  speech: SpeechConfig;
  llm: { fast: LlmTierConfig; slow: LlmTierConfig; fallback: LlmTierConfig } | null;
  hubspot: { token: string; baseUrl: string } | null;
  webhookOut: { url: string; secret: string } | null;
  numberKeySecret: string | null;
  /** What a call is about where the request does not say. */
  defaults: Initiate;
  /** By inbound number. */
  numbers: { number: E164; initiate: Initiate }[];
  languages: { code: string; voice: string | null }[];
  dialing: {
    allowedPrefixes: string[];
    defaultCountry: string;
    defaultZone: string;
    ringTimeoutS: number;
    operatorRingTimeoutS: number;
    creationsPerSecond: number;
    /** Of all calls at once, those that campaigns may hold. */
    callsForCampaigns: number;
    hoursByCountry: Record<string, CallingHours>;
    phrasesByCountry: Record<string, CountryPhrases>;
  };
  retentionDays: RetentionDays;
  escalation: { phrases: Record<string, string[]> | null; misunderstandings: number };
  crm: { lookupBudgetMs: number };
  /** Null = this process serves no metrics of its own accord. */
  metricsPort: number | null;
  tracing: { endpoint: string | null; showPersonalData: boolean };
  log: { level: string; showPersonalData: boolean };
  dataDir: string;
  /** Which vendors a stand-in plays: vonage, google, anthropic, hubspot. */
  sandboxed: string[];
  sandboxUrl: string | null;
}

/** Throws one sentence for a person: which key, what is wrong. */
export function loadConfig(env: NodeJS.ProcessEnv = process.env): Config {
  const variables = explain('the environment', environment.safeParse(env));
  return compose(fileFrom(variables.CONFIG_FILE, env), variables);
}

function fileFrom(path: string, env: NodeJS.ProcessEnv): ConfigFile {
  const written: unknown = existsSync(path) ? parse(readFileSync(path, 'utf8')) : {};
  return explain(path, configFile.safeParse(overridden(asObject(written), env)));
}

function explain<Value>(source: string, result: z.ZodSafeParseResult<Value>): Value {
  if (result.success) return result.data;
  const issue = result.error.issues[0];
  throw new Error(`${source}: ${issue?.path.join('.') ?? ''} ${issue?.message ?? 'cannot be read'}`);
}

type Tree = Record<string, unknown>;
const asObject = (value: unknown): Tree =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Tree) : {};

/** `LLM__FAST__ENDPOINT=…` sets llm.fast.endpoint; values read as YAML scalars. */
function overridden(file: Tree, env: NodeJS.ProcessEnv): Tree {
  const tree = structuredClone(file);
  const sections = new Set(Object.keys(configFile.shape));
  for (const [name, text] of Object.entries(env)) {
    const path = name.toLowerCase().split('__');
    const [section] = path;
    const last = path.pop();
    if (
      path.length === 0 ||
      text === undefined ||
      last === undefined ||
      section === undefined ||
      !sections.has(section)
    )
      continue;
    let node = tree;
    for (const key of path) {
      node[key] = asObject(node[key]);
      node = node[key] as Tree;
    }
    node[last] = parse(text) as unknown;
  }
  return tree;
}

const ringBack = (afterMin: number): Pick<Initiate, 'ringBackAfterMin'> =>
  afterMin === 0 ? {} : { ringBackAfterMin: afterMin };

function initiateFrom(file: ConfigFile): Initiate {
  const given = file.conversation.initiate;
  return {
    botCompany: given.bot_company,
    botName: given.bot_name,
    task: given.task,
    operatorNumber: given.agent_phone_number,
    claim: claimSchema(given.claim),
    language: given.lang.default_short_code,
    speechSpeed: given.prosody_rate,
    scenario: null,
    ...ringBack(given.ring_back_after_min),
  };
}

function compose(file: ConfigFile, env: Environment): Config {
  const defaults = initiateFrom(file);
  return {
    ...processesFrom(env),
    vonage: vonageFrom(env),
    google: googleFrom(file, env),
    speech: speechFrom(file, { baseUrl: env.OPENAI_SPEECH_BASE_URL, apiKey: env.OPENAI_SPEECH_API_KEY }),
    sms: smsFrom(file.sms, { authToken: env.TWILIO_AUTH_TOKEN, apiUrl: env.TWILIO_API_URL }),
    llm: llmFrom(file, env),
    hubspot: hubspotFrom(env),
    webhookOut: webhookOutFrom(env),
    defaults,
    numbers: file.numbers.map((entry) => ({ number: asE164(entry.number), initiate: initiateOf(entry, defaults) })),
    languages: file.conversation.initiate.lang.availables.map(({ short_code, voice }) => ({ code: short_code, voice })),
    dialing: {
      allowedPrefixes: file.dialing.allowed_prefixes,
      defaultCountry: file.dialing.default_country,
      defaultZone: file.dialing.default_zone,
      ringTimeoutS: file.dialing.ring_timeout_sec,
      operatorRingTimeoutS: file.dialing.operator_ring_timeout_sec,
      creationsPerSecond: file.dialing.creations_per_second,
      callsForCampaigns: Math.floor(file.dialing.calls_at_once * (1 - file.dialing.reserved_for_inbound)),
      ...countriesFrom(file.dialing.countries),
    },
    retentionDays: file.retention_days,
    escalation: file.escalation,
    crm: { lookupBudgetMs: file.crm.lookup_budget_ms },
    tracing: { endpoint: env.OTEL_EXPORTER_OTLP_ENDPOINT, showPersonalData: env.LOG_PII },
    log: { level: file.monitoring.logging.app_level, showPersonalData: env.LOG_PII },
  };
}

type Processes = Pick<
  Config,
  'http' | 'media' | 'temporal' | 'mongo' | 'numberKeySecret' | 'dataDir' | 'metricsPort' | 'sandboxed' | 'sandboxUrl'
>;

function processesFrom(env: Environment): Processes {
  return {
    http: {
      port: env.PORT,
      publicUrl: (env.PUBLIC_URL ?? `http://127.0.0.1:${env.PORT}`).replace(/\/$/, ''),
      apiKeys: list(env.API_KEYS ?? ''),
      reportLinkSecret: env.REPORT_LINK_SECRET ?? randomBytes(32).toString('hex'),
    },
    media: {
      port: env.MEDIA_PORT,
      publicUrl: env.MEDIA_PUBLIC_URL,
      hosts: list(env.MEDIA_HOSTS),
      tokenSecret: required(
        env.MEDIA_TOKEN_SECRET,
        'MEDIA_TOKEN_SECRET',
        'the same random secret for the api and every worker',
      ),
      drainSec: env.MEDIA_DRAIN_SEC,
    },
    temporal: {
      address: env.TEMPORAL_ADDRESS,
      namespace: env.TEMPORAL_NAMESPACE,
      uiUrl: env.TEMPORAL_UI_URL ?? `http://127.0.0.1:${env.TEMPORAL_UI_PORT}`,
    },
    mongo: { uri: env.MONGODB_URI, database: env.MONGODB_DATABASE },
    numberKeySecret: env.NUMBER_KEY_SECRET,
    dataDir: env.DATA_DIR,
    metricsPort: env.METRICS_PORT,
    sandboxed: list(env.SANDBOXED_VENDORS),
    sandboxUrl: env.SANDBOX_URL,
  };
}

function initiateOf(entry: ConfigFile['numbers'][number], defaults: Initiate): Initiate {
  return {
    botCompany: entry.bot_company ?? defaults.botCompany,
    botName: entry.bot_name ?? defaults.botName,
    task: entry.task ?? defaults.task,
    operatorNumber: entry.agent_phone_number === undefined ? defaults.operatorNumber : entry.agent_phone_number,
    claim: entry.claim === undefined ? defaults.claim : claimSchema(entry.claim),
    language: entry.lang ?? defaults.language,
    speechSpeed: entry.prosody_rate ?? defaults.speechSpeed,
    scenario: entry.scenario ?? null,
    ...ringBack(entry.ring_back_after_min ?? defaults.ringBackAfterMin ?? 0),
  };
}

function googleFrom(file: ConfigFile, env: Environment): Config['google'] {
  return {
    speechUrl: env.GOOGLE_SPEECH_API_URL,
    ttsUrl: env.GOOGLE_TTS_API_URL,
    credentialsFile: env.GOOGLE_APPLICATION_CREDENTIALS,
    projectId: env.GOOGLE_CLOUD_PROJECT ?? file.google.project_id,
    location: file.google.location,
    recognitionModel: file.google.recognition_model,
    second: {
      location: file.google.second.location,
      recognitionModel: file.google.second.recognition_model,
      speechUrl: file.google.second.speech_url,
      ttsUrl: file.google.second.tts_url,
    },
  };
}

export interface FirstSpeechServices {
  recognizer: { service: SpeechService; url: string | null };
  synthesizer: { service: SpeechService; url: string | null };
}

/** Who is asked first, for those who only decide what to start; no secret is needed to know it. */
export function firstSpeechServices(env: NodeJS.ProcessEnv): FirstSpeechServices {
  const variables = explain('the environment', environment.safeParse(env));
  const file = fileFrom(variables.CONFIG_FILE, env);
  const first = (names: SpeechService[]): SpeechService => names[0] ?? 'google';
  return {
    recognizer: { service: first(file.speech.recognizer), url: file.stt.url ?? variables.OPENAI_SPEECH_BASE_URL },
    synthesizer: { service: first(file.speech.synthesizer), url: file.tts.url ?? variables.OPENAI_SPEECH_BASE_URL },
  };
}

/** A token makes HubSpot real; an address alone may be a stand-in that asks for none. */
function hubspotFrom(env: Environment): Config['hubspot'] {
  if (env.HUBSPOT_TOKEN === null && env.HUBSPOT_BASE_URL === null) return null;
  return { token: env.HUBSPOT_TOKEN ?? 'none', baseUrl: env.HUBSPOT_BASE_URL ?? 'https://api.hubapi.com' };
}

const list = (text: string): string[] =>
  text
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '');

function required(value: string | null, name: string, what: string): string {
  if (value === null) throw new Error(`${name} is not set: ${what} (npm start sets it by itself)`);
  return value;
}

/** Credentials make Vonage real; an address alone may be a stand-in that asks for none. */
function vonageFrom(env: Environment): Config['vonage'] {
  if (env.VONAGE_APPLICATION_ID === null || env.VONAGE_PRIVATE_KEY === null) return null;
  return {
    apiKey: env.VONAGE_API_KEY ?? '',
    apiSecret: env.VONAGE_API_SECRET ?? '',
    applicationId: env.VONAGE_APPLICATION_ID,
    privateKey: pem(env.VONAGE_PRIVATE_KEY),
    signatureSecret: env.VONAGE_SIGNATURE_SECRET,
    number: e164From(required(env.VONAGE_NUMBER, 'VONAGE_NUMBER', 'the number that calls show')),
    apiUrl: env.VONAGE_API_URL?.replace(/\/$/, '') ?? null,
  };
}

/** PEM text (also with `\n` written out) or the path of a file that holds it. */
function pem(value: string): string {
  if (value.includes('-----BEGIN')) return value.replaceAll('\\n', '\n');
  if (!existsSync(value)) throw new Error(`VONAGE_PRIVATE_KEY is neither PEM text nor the path of a file`);
  return readFileSync(value, 'utf8');
}

/** Vonage writes numbers without a plus. */
const e164From = (text: string): E164 => asE164(text.startsWith('+') ? text : `+${text}`);

function llmFrom(file: ConfigFile, env: Environment): Config['llm'] {
  const apiKey = env.ANTHROPIC_API_KEY ?? (env.ANTHROPIC_BASE_URL === null ? null : 'none');
  if (apiKey === null) return null;
  const tier = (given: ConfigFile['llm']['fast']): LlmTierConfig => ({
    model: given.model,
    apiKey,
    baseUrl: given.endpoint ?? env.ANTHROPIC_BASE_URL,
    maxTokens: given.max_tokens,
  });
  return {
    fast: tier(file.llm.fast),
    slow: tier({ ...file.llm.slow, max_tokens: Math.max(file.llm.slow.max_tokens, 2_000) }),
    fallback: tier(file.llm.fallback),
  };
}

function webhookOutFrom(env: Environment): Config['webhookOut'] {
  if (env.WEBHOOK_OUT_URL === null) return null;
  return {
    url: env.WEBHOOK_OUT_URL,
    secret: required(env.WEBHOOK_OUT_SECRET, 'WEBHOOK_OUT_SECRET', 'it signs what WEBHOOK_OUT_URL receives'),
  };
}

/** What a call to or from this number of ours is about. */
export function initiateFor(config: Config, number: string): Initiate {
  return config.numbers.find((entry) => entry.number === number)?.initiate ?? config.defaults;
}
