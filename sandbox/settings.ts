/** The sandbox's environment, parsed once. */
import { z } from 'zod';

const empty = (value: unknown): unknown => (value === '' ? undefined : value);
const optional = z.preprocess(empty, z.string().optional());
const port = (fallback: number): z.ZodType<number> =>
  z.preprocess(empty, z.coerce.number().int().min(0).max(65_535).default(fallback));

const schema = z.object({
  SANDBOX_HTTP_PORT: port(8095),
  SANDBOX_GRPC_PORT: port(8096),
  SANDBOX_ANSWER_URL: z.preprocess(empty, z.url().default('http://127.0.0.1:8080/vonage/answer')),
  SANDBOX_EVENT_URL: z.preprocess(empty, z.url().default('http://127.0.0.1:8080/vonage/event')),
  SANDBOX_FALLBACK_URL: z.preprocess(empty, z.url().optional()),
  /** Vonage's own default is GET; POST lets the signature cover the payload. */
  SANDBOX_ANSWER_METHOD: z.preprocess(empty, z.enum(['GET', 'POST']).default('POST')),
  /** Beside the event URL unless given: where a customer's SMS and the delivery reports go. */
  SANDBOX_SMS_INBOUND_URL: optional,
  SANDBOX_SMS_STATUS_URL: optional,
  SANDBOX_TWILIO_ACCOUNT_SID: optional,
  TWILIO_AUTH_TOKEN: optional,
  VONAGE_SIGNATURE_SECRET: optional,
  VONAGE_API_KEY: optional,
  VONAGE_API_SECRET: optional,
  VONAGE_APPLICATION_ID: optional,
  VONAGE_PRIVATE_KEY: optional,
  VONAGE_NUMBER: optional,
});

export interface SandboxSettings {
  httpPort: number;
  grpcPort: number;
  answer: { url: string; method: 'GET' | 'POST' };
  eventUrl: string;
  fallbackUrl: string | undefined;
  smsInboundUrl: string;
  smsStatusUrl: string | undefined;
  smsApiInboundUrl: string;
  twilio: { accountSid: string; authToken: string | undefined; inboundUrl: string };
  signatureSecret: string | undefined;
  apiKey: string;
  apiSecret: string | undefined;
  applicationId: string;
  privateKey: string | undefined;
  /** E.164 without plus. */
  number: string;
}

export function settingsFrom(env: NodeJS.ProcessEnv): SandboxSettings {
  const parsed = schema.safeParse(env);
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    throw new Error(`the sandbox's environment: ${issue?.path.join('.') ?? ''} ${issue?.message ?? ''}`);
  }
  const given = parsed.data;
  return {
    httpPort: given.SANDBOX_HTTP_PORT,
    grpcPort: given.SANDBOX_GRPC_PORT,
    answer: { url: given.SANDBOX_ANSWER_URL, method: given.SANDBOX_ANSWER_METHOD },
    eventUrl: given.SANDBOX_EVENT_URL,
    fallbackUrl: given.SANDBOX_FALLBACK_URL,
    smsInboundUrl: given.SANDBOX_SMS_INBOUND_URL ?? new URL('sms', given.SANDBOX_EVENT_URL).href,
    smsStatusUrl: given.SANDBOX_SMS_STATUS_URL,
    smsApiInboundUrl: new URL('sms-api', given.SANDBOX_EVENT_URL).href,
    twilio: {
      accountSid: given.SANDBOX_TWILIO_ACCOUNT_SID ?? 'ACsandbox',
      authToken: given.TWILIO_AUTH_TOKEN,
      inboundUrl: new URL('/twilio/sms', given.SANDBOX_EVENT_URL).href,
    },
    signatureSecret: given.VONAGE_SIGNATURE_SECRET,
    apiKey: given.VONAGE_API_KEY ?? 'sandbox0',
    apiSecret: given.VONAGE_API_SECRET,
    applicationId: given.VONAGE_APPLICATION_ID ?? '00000000-0000-4000-8000-000000000000',
    privateKey: given.VONAGE_PRIVATE_KEY,
    number: (given.VONAGE_NUMBER ?? '442079460000').replace('+', ''),
  };
}
