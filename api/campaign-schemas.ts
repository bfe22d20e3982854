/** Campaigns and contacts on the wire. */
import { z } from '@hono/zod-openapi';
import { ENDS_TOO_EARLY, endsAfterItBegins, isZone, TIME_OF_DAY } from '../domain/calling-hours.ts';
import { RETRIED, SHIPPED_RETRY_PLAN, type RetryPlan } from '../domain/campaign-retry.ts';
import type { CampaignSettings } from '../domain/campaign.ts';
import { callRequest } from './call-schemas.ts';

const timeOfDay = z.string().regex(TIME_OF_DAY, 'must be a time like 09:00, at most 24:00');
export const callingWindow = z
  .object({
    days: z
      .array(
        z.union([z.literal(1), z.literal(2), z.literal(3), z.literal(4), z.literal(5), z.literal(6), z.literal(7)]),
      )
      .min(1)
      .openapi({ description: 'Monday is 1', example: [1, 2, 3, 4, 5] }),
    from: timeOfDay.openapi({ example: '09:00' }),
    to: timeOfDay.openapi({ example: '18:00' }),
  })
  .refine(endsAfterItBegins, ENDS_TOO_EARLY)
  .openapi('CallingWindow');
export const windows = z.array(callingWindow).min(1).max(20);

export const zone = z.string().refine(isZone, 'must be a time zone like Europe/Paris');

const retryRule = z.object({
  attempts: z.number().int().min(1).max(20).openapi({ description: 'Attempts that may come out so; 1 = never again' }),
  after_min: z
    .array(z.number().min(0).max(10_080))
    .max(20)
    .openapi({ description: 'Minutes until the next; the last one stays' }),
});
const retry = z
  .object({
    attempts_max: z.number().int().min(1).max(20),
    ...(Object.fromEntries(RETRIED.map((outcome) => [outcome, retryRule.optional()])) as Record<
      (typeof RETRIED)[number],
      z.ZodOptional<typeof retryRule>
    >),
  })
  .partial()
  .openapi('RetryPlan', {
    example: { attempts_max: 4, busy: { attempts: 4, after_min: [5, 15, 60] } },
  });

const voicemail = z
  .discriminatedUnion('do', [
    z.object({ do: z.literal('hang_up') }),
    z.object({ do: z.literal('talk') }),
    z.object({
      do: z.literal('leave_message'),
      message: z.string().min(1).max(1_500).openapi({ example: 'Hello {{first_name}}, this is Contoso.' }),
    }),
  ])
  .openapi('VoicemailRule');

const breaker = z
  .object({
    of: z.number().int().min(3).max(200).openapi({ description: 'So many of the newest attempts are looked at' }),
    share: z.number().min(0.05).max(1).openapi({ description: 'When this share of them failed, the campaign pauses' }),
    probe_after_min: z
      .number()
      .min(1)
      .max(1_440)
      .nullable()
      .openapi({ description: 'Then one contact is tried; null = it waits for a person' }),
  })
  .openapi('CircuitBreaker');

const pace = {
  windows: windows
    .nullable()
    .optional()
    .openapi({ description: 'In the contact’s own zone, within the hours of their country' }),
  concurrency: z.number().int().min(1).max(1_000).optional(),
  attempts_per_minute: z.number().min(0.1).max(10_000).nullable().optional(),
  retry: retry.optional(),
  voicemail: voicemail.optional(),
  breaker: breaker.optional(),
};

export const campaignRequest = callRequest
  .omit({ phone_number: true })
  .extend({
    name: z.string().min(1).max(200).openapi({ example: 'Spring check-up' }),
    greeting: z
      .string()
      .min(1)
      .max(1_000)
      .nullable()
      .optional()
      .openapi({ example: 'Hello {{first_name}}, this is Amelie of Contoso. Do you have a minute?' }),
    ...pace,
  })
  .openapi('CampaignRequest');
export type CampaignRequestBody = z.infer<typeof campaignRequest>;

export const campaignChange = z.object(pace).openapi('CampaignChange');
export type CampaignChangeBody = z.infer<typeof campaignChange>;

const instant = z.string().openapi({ format: 'date-time' });
const counts = z.record(z.string(), z.number());

export const progressResource = z
  .object({
    campaign_id: z.string(),
    status: z.enum(['draft', 'running', 'paused', 'stopping', 'stopped', 'completed']),
    reason: z.string().nullable(),
    contacts: z.number().nullable().openapi({ description: 'null = the store cannot tell at the moment' }),
    by_state: counts.openapi({ description: 'pending, in_flight, needs_zone, needs_hours, done' }),
    by_disposition: counts,
    attempts: z.number(),
    in_flight: z.number(),
    next_due_at: instant.nullable(),
    probe_at: instant.nullable(),
    waiting_for: z.enum(['store', 'workers', 'places', 'configuration']).nullable().openapi({
      description:
        'Nothing goes on without it; it goes on by itself when it is back. places: all calls that campaigns may hold are under way; configuration: they may hold none',
    }),
    asks: z.string().nullable().openapi({ description: 'What the campaign needs from a person' }),
  })
  .openapi('CampaignProgress');

export const campaignResource = z
  .object({
    campaign_id: z.string(),
    name: z.string(),
    status: progressResource.shape.status,
    reason: z.string().nullable(),
    created_at: instant,
    updated_at: instant,
    task: z.string(),
    greeting: z.string().nullable(),
    bot_company: z.string(),
    bot_name: z.string(),
    agent_phone_number: z.string().nullable(),
    claim: z.array(z.object({ name: z.string(), type: z.string(), description: z.string().nullable() })),
    lang: z.string(),
    prosody_rate: z.number(),
    windows: windows.nullable(),
    concurrency: z.number(),
    attempts_per_minute: z.number().nullable(),
    retry: z.record(z.string(), z.unknown()),
    voicemail,
    breaker,
  })
  .openapi('Campaign');

export const contactRow = z
  .object({
    phone_number: z.string().min(3).max(32),
    zone: zone.optional(),
    lang: z.string().optional(),
    hours: windows.optional(),
    variables: z.record(z.string(), z.string()).optional(),
    claim: z.record(z.string(), z.string()).optional(),
  })
  .openapi('ContactRow');

export const contactsAdded = z
  .object({
    added: z.number(),
    note: z.string().nullable().openapi({ description: 'What has to be done before they are rung; null = nothing' }),
    merged: z.array(z.object({ row: z.number(), reason: z.string() })),
    rejected: z.array(z.object({ row: z.number(), field: z.string(), reason: z.string() })),
  })
  .openapi('ContactsAdded');

export const contactState = z.enum(['pending', 'in_flight', 'needs_zone', 'needs_hours', 'done']);
const attempt = z.object({
  attempt_id: z.string(),
  call_id: z.string(),
  at: instant,
  outcome: z.string().nullable(),
  ended_at: instant.nullable(),
  opt_out_checked_at: instant,
});
export const contactResource = z
  .object({
    phone_number: z.string(),
    state: contactState,
    disposition: z.string().nullable(),
    zones: z.array(z.string()),
    due_at: instant,
    waits_for: z.string(),
    attempts: z.array(attempt),
    notes: z.array(z.object({ at: instant, what: z.string() })),
    variables: z.record(z.string(), z.string()),
    claim: z
      .record(z.string(), z.string())
      .openapi({ description: 'As known now; in results with what the calls took down' }),
    summary: z.string().nullable(),
  })
  .openapi('Contact');
export type ContactShown = z.infer<typeof contactResource>;

export function retryFrom(given: CampaignRequestBody['retry'], base: RetryPlan = SHIPPED_RETRY_PLAN): RetryPlan {
  const byOutcome = { ...base.byOutcome };
  for (const outcome of RETRIED) {
    const rule = given?.[outcome];
    if (rule !== undefined) byOutcome[outcome] = { attempts: rule.attempts, afterMin: rule.after_min };
  }
  return { attemptsMax: given?.attempts_max ?? base.attemptsMax, byOutcome };
}

export const breakerFrom = (given: z.infer<typeof breaker>): CampaignSettings['breaker'] => ({
  of: given.of,
  share: given.share,
  probeAfterMin: given.probe_after_min,
});

/** The fields that may change while it runs, as the workflow takes them. */
export function changeFrom(given: CampaignChangeBody, base: RetryPlan): Partial<CampaignSettings> {
  return {
    ...(given.windows === undefined ? {} : { windows: given.windows }),
    ...(given.concurrency === undefined ? {} : { concurrency: given.concurrency }),
    ...(given.attempts_per_minute === undefined ? {} : { attemptsPerMinute: given.attempts_per_minute }),
    ...(given.retry === undefined ? {} : { retry: retryFrom(given.retry, base) }),
    ...(given.voicemail === undefined ? {} : { voicemail: given.voicemail }),
    ...(given.breaker === undefined ? {} : { breaker: breakerFrom(given.breaker) }),
  };
}

export function campaignShown(document: {
  campaign_id: string;
  name: string;
  status: z.infer<typeof progressResource>['status'];
  reason: string | null;
  created_at: string;
  updated_at: string;
  settings: CampaignSettings;
}): z.infer<typeof campaignResource> {
  const { settings, campaign_id, name, status, reason, created_at, updated_at } = document;
  const { initiate, retry: plan } = settings;
  return {
    campaign_id,
    name,
    status,
    reason,
    created_at,
    updated_at,
    task: initiate.task,
    greeting: settings.greeting,
    bot_company: initiate.botCompany,
    bot_name: initiate.botName,
    agent_phone_number: initiate.operatorNumber,
    claim: initiate.claim.map((field) => ({ ...field })),
    lang: initiate.language,
    prosody_rate: initiate.speechSpeed,
    windows: settings.windows?.map((window) => ({ ...window, days: [...window.days] })) ?? null,
    concurrency: settings.concurrency,
    attempts_per_minute: settings.attemptsPerMinute,
    retry: {
      attempts_max: plan.attemptsMax,
      ...Object.fromEntries(
        RETRIED.map((outcome) => {
          const { attempts, afterMin } = plan.byOutcome[outcome];
          return [outcome, { attempts, after_min: afterMin }];
        }),
      ),
    },
    voicemail: settings.voicemail,
    breaker: {
      of: settings.breaker.of,
      share: settings.breaker.share,
      probe_after_min: settings.breaker.probeAfterMin,
    },
  };
}
