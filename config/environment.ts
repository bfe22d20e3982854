/** The environment, parsed once: addresses and secrets. An empty value counts as absent. */
import { z } from 'zod';

const present = (text: string | undefined): string | undefined =>
  text === undefined || text.trim() === '' ? undefined : text;
const optional = z.preprocess((value) => present(value as string | undefined) ?? null, z.string().nullable());
const withDefault = (value: string): z.ZodType<string> =>
  z.preprocess((text) => present(text as string | undefined) ?? value, z.string());
const port = (value: number): z.ZodType<number> =>
  z.preprocess(
    (text) => present(text as string | undefined) ?? String(value),
    z.coerce.number().int().min(0).max(65_535),
  );
const optionalPort = z.preprocess(
  (text) => present(text as string | undefined) ?? null,
  z.coerce.number().int().min(1).max(65_535).nullable(),
);
const whole = (value: number): z.ZodType<number> =>
  z.preprocess((text) => present(text as string | undefined) ?? String(value), z.coerce.number().int().min(0));
const truth = z
  .preprocess((text) => present(text as string | undefined) ?? 'false', z.enum(['true', 'false']))
  .transform((text) => text === 'true');

export const environment = z.object({
  PORT: port(8080),
  PUBLIC_URL: optional,
  API_KEYS: optional,
  DATA_DIR: withDefault('.data'),
  CONFIG_FILE: withDefault('config.yaml'),
  LOG_PII: truth,

  MEDIA_PORT: port(8090),
  MEDIA_PUBLIC_URL: optional,
  MEDIA_HOSTS: withDefault('http://127.0.0.1:8090'),
  MEDIA_TOKEN_SECRET: optional,
  MEDIA_DRAIN_SEC: whole(3),
  /** Of a worker that has no other door; absent = its metrics are not served. */
  METRICS_PORT: optionalPort,
  /** Base address of a collector that takes OTLP over HTTP; absent = no traces. */
  OTEL_EXPORTER_OTLP_ENDPOINT: optional,
  REPORT_LINK_SECRET: optional,
  NUMBER_KEY_SECRET: optional,

  TEMPORAL_ADDRESS: withDefault('127.0.0.1:7233'),
  TEMPORAL_NAMESPACE: withDefault('default'),
  TEMPORAL_UI_PORT: port(8233),
  TEMPORAL_UI_URL: optional,
  MONGODB_URI: withDefault('mongodb://127.0.0.1:27017'),
  MONGODB_DATABASE: withDefault('evercall'),

  VONAGE_API_KEY: optional,
  VONAGE_API_SECRET: optional,
  VONAGE_APPLICATION_ID: optional,
  VONAGE_PRIVATE_KEY: optional,
  VONAGE_SIGNATURE_SECRET: optional,
  VONAGE_NUMBER: optional,
  VONAGE_API_URL: optional,

  TWILIO_AUTH_TOKEN: optional,
  TWILIO_API_URL: optional,

  ANTHROPIC_API_KEY: optional,
  ANTHROPIC_BASE_URL: optional,

  GOOGLE_SPEECH_API_URL: optional,
  GOOGLE_TTS_API_URL: optional,
  GOOGLE_APPLICATION_CREDENTIALS: optional,
  GOOGLE_CLOUD_PROJECT: optional,

  OPENAI_SPEECH_BASE_URL: optional,
  OPENAI_SPEECH_API_KEY: optional,

  HUBSPOT_TOKEN: optional,
  HUBSPOT_BASE_URL: optional,
  WEBHOOK_OUT_URL: optional,
  WEBHOOK_OUT_SECRET: optional,

  /** Set by the local supervisor: vendors that a stand-in plays, comma separated. */
  SANDBOXED_VENDORS: withDefault(''),
  SANDBOX_URL: optional,
});

export type Environment = z.infer<typeof environment>;
