/** `config.yaml` as people write it. Names as users of call-center-ai know them, where it has one. */
import { z } from 'zod';
import { ENDS_TOO_EARLY, endsAfterItBegins, TIME_OF_DAY } from '../domain/calling-hours.ts';
import { secondGoogle, speechSections } from './speech.ts';

const e164 = z.string().regex(/^\+[1-9]\d{6,14}$/, 'must be a number in E.164 form, like +447700900123');
const languageTag = z.string().regex(/^[a-z]{2,3}-[A-Z]{2}$/, 'must be a language like en-US');

const claimField = z.strictObject({
  name: z.string().regex(/^[a-z][a-z0-9_]{0,63}$/, 'must be lower case letters, digits and underscores'),
  type: z.enum(['text', 'datetime', 'email', 'phone_number']),
  description: z.string().max(500).nullable().default(null),
});

const language = z.strictObject({
  short_code: languageTag,
  /** Google's voice name; null = the language's default. */
  voice: z.string().nullable().default(null),
  pronunciations_en: z.array(z.string()).default([]),
});

const initiate = z.strictObject({
  agent_phone_number: e164.nullable().default(null),
  bot_company: z.string().min(1).default('Contoso'),
  bot_name: z.string().min(1).default('Amelie'),
  task: z.string().min(1).default('Help the customer with their request, and record it completely.'),
  claim: z.array(claimField).default([]),
  lang: z
    .strictObject({
      default_short_code: languageTag.default('en-US'),
      availables: z
        .array(language)
        .min(1)
        .default([
          { short_code: 'en-US', voice: null, pronunciations_en: ['English', 'USA'] },
          { short_code: 'fr-FR', voice: null, pronunciations_en: ['French', 'France'] },
          { short_code: 'de-DE', voice: null, pronunciations_en: ['German', 'Germany'] },
          { short_code: 'es-ES', voice: null, pronunciations_en: ['Spanish', 'Spain'] },
          { short_code: 'ru-RU', voice: null, pronunciations_en: ['Russian', 'Russia'] },
        ]),
    })
    .prefault({}),
  prosody_rate: z.number().min(0.75).max(1.25).default(1),
  /** Minutes after which a call that broke off is rung back; 0 = never. */
  ring_back_after_min: z.number().min(0).max(1_440).default(0),
});

const inboundNumber = z.strictObject({
  number: e164,
  bot_company: z.string().min(1).optional(),
  bot_name: z.string().min(1).optional(),
  task: z.string().min(1).optional(),
  agent_phone_number: e164.nullable().optional(),
  claim: z.array(claimField).optional(),
  lang: languageTag.optional(),
  prosody_rate: z.number().min(0.75).max(1.25).optional(),
  ring_back_after_min: z.number().min(0).max(1_440).optional(),
  scenario: z.string().optional(),
});

const sentences = z.record(z.string().regex(/^[a-z]{2}$/), z.string());
const timeOfDay = z.string().regex(TIME_OF_DAY, 'must be a time like 09:00, at most 24:00');
const country = z.strictObject({
  /** When customers may be rung, in their own zone; Monday is 1. */
  calling_hours: z
    .array(
      z
        .strictObject({
          days: z.array(z.union([1, 2, 3, 4, 5, 6, 7].map((day) => z.literal(day)))).min(1),
          from: timeOfDay,
          to: timeOfDay,
        })
        .refine(endsAfterItBegins, ENDS_TOO_EARLY),
    )
    .nullable()
    .default(null),
  /** Language (two letters) → sentence said with the greeting of a campaign's call. */
  ai_disclosure: sentences.nullable().default(null),
  consent: sentences.nullable().default(null),
});

const days = z.number().int().min(1).max(36_500).nullable().default(null);

const llmTier = (
  model: string,
): z.ZodPrefault<
  z.ZodObject<
    {
      model: z.ZodDefault<z.ZodString>;
      endpoint: z.ZodDefault<z.ZodNullable<z.ZodString>>;
      max_tokens: z.ZodDefault<z.ZodNumber>;
    },
    z.core.$strict
  >
> =>
  z
    .strictObject({
      model: z.string().min(1).default(model),
      /** Base address without /v1; null = ANTHROPIC_BASE_URL or the vendor's own. */
      endpoint: z.string().nullable().default(null),
      max_tokens: z.number().int().min(16).max(8_192).default(400),
    })
    .prefault({});

export const configFile = z.strictObject({
  conversation: z.strictObject({ initiate: initiate.prefault({}) }).prefault({}),
  /** Inbound numbers; what an entry leaves out comes from conversation.initiate. */
  numbers: z.array(inboundNumber).default([]),
  llm: z
    .strictObject({
      fast: llmTier('claude-haiku-5-5'),
      slow: llmTier('claude-opus-5-5'),
      fallback: llmTier('claude-sonnet-5-5'),
    })
    .prefault({}),
  google: z
    .strictObject({
      project_id: z.string().default('evercall'),
      location: z.string().default('global'),
      /** null = chosen by language. */
      recognition_model: z.string().nullable().default(null),
      second: secondGoogle,
    })
    .prefault({}),
  ...speechSections,
  dialing: z
    .strictObject({
      /** Numbers, operators' included, must begin with one of these. */
      allowed_prefixes: z.array(z.string().regex(/^\+\d*$/)).default(['+']),
      /** For numbers said or written without a country. */
      default_country: z.string().length(2).default('US'),
      ring_timeout_sec: z.number().int().min(1).max(120).default(45),
      operator_ring_timeout_sec: z.number().int().min(1).max(120).default(25),
      /** Zone of a customer whose number does not tell it. */
      default_zone: z.string().default('Etc/UTC'),
      /** The network's own limit on new legs for the account, connects to the bot included. */
      creations_per_second: z.number().min(0.1).max(1_000).default(3),
      /** Calls at once that this installation carries, and the share of them kept free for who rings in. */
      calls_at_once: z.number().int().min(1).max(100_000).default(100),
      reserved_for_inbound: z.number().min(0).max(1).default(0.2),
      /** By ISO 3166, `default` for the rest; what an entry leaves out is as shipped. */
      countries: z.record(z.string().regex(/^([A-Z]{2}|default)$/), country).default({}),
    })
    .prefault({}),
  /** Days after its last change that what is over is kept; null = for ever. Opt-outs are never erased by age. */
  retention_days: z
    .strictObject({ calls: days, reminders: days, campaign_contacts: days, erasures: days })
    .prefault({}),
  escalation: z
    .strictObject({
      /** Language (two letters) → phrases that bring a human; null = the shipped ones. */
      phrases: z.record(z.string(), z.array(z.string())).nullable().default(null),
      misunderstandings: z.number().int().min(1).max(5).default(2),
    })
    .prefault({}),
  sms: z
    .strictObject({
      /** vonage_messages falls back to the SMS API where that helps. */
      mode: z.enum(['vonage_messages', 'vonage_sms', 'twilio']).default('vonage_messages'),
      /** Its secret is TWILIO_AUTH_TOKEN. */
      twilio: z
        .strictObject({ account_sid: z.string().min(1), phone_number: e164 })
        .nullable()
        .default(null),
    })
    .prefault({}),
  crm: z.strictObject({ lookup_budget_ms: z.number().int().min(0).max(5_000).default(800) }).prefault({}),
  monitoring: z
    .strictObject({
      logging: z
        .strictObject({ app_level: z.enum(['trace', 'debug', 'info', 'warn', 'error']).default('info') })
        .prefault({}),
    })
    .prefault({}),
});

export type ConfigFile = z.infer<typeof configFile>;
