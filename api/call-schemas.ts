/** Calls on the wire, in the shape that users of call-center-ai know. */
import { z } from '@hono/zod-openapi';

const claimField = z
  .object({
    name: z
      .string()
      .regex(/^[a-z][a-z0-9_]{0,63}$/, 'must be lower case letters, digits and underscores, beginning with a letter'),
    type: z.enum(['text', 'datetime', 'email', 'phone_number']),
    description: z.string().max(500).nullable().default(null),
  })
  .openapi('ClaimField', {
    example: { name: 'incident_date_time', type: 'datetime', description: 'When it happened' },
  });

const phone = z.string().min(3).max(32);

export const callRequest = z
  .object({
    phone_number: phone.openapi({
      example: '+447700900123',
      description: 'Whom to ring; E.164, or national in the configured country',
    }),
    bot_company: z.string().min(1).max(200).optional().openapi({ example: 'Contoso' }),
    bot_name: z.string().min(1).max(200).optional().openapi({ example: 'Amélie' }),
    task: z
      .string()
      .min(1)
      .max(4_000)
      .optional()
      .openapi({ example: 'Help the customer with their broken washing machine.' }),
    agent_phone_number: phone.nullable().optional().openapi({
      example: '+447700900777',
      description: 'The operator whom a transfer rings; null = nobody, a callback is booked instead',
    }),
    claim: z
      .array(claimField)
      .max(50)
      .refine((fields) => new Set(fields.map((field) => field.name)).size === fields.length, 'names must differ')
      .optional()
      .openapi({ description: 'Fields to fill; caller_name, caller_email and caller_phone are always asked for' }),
    lang: z.string().min(2).max(11).optional().openapi({ example: 'en-US' }),
    prosody_rate: z.number().min(0.75).max(1.25).optional().openapi({ example: 1 }),
    ring_back_after_min: z
      .number()
      .min(0)
      .max(1_440)
      .optional()
      .openapi({ description: 'Minutes after which an unfinished call that broke off is rung back; 0 = never' }),
  })
  .openapi('CallRequest');

export type CallRequestBody = z.infer<typeof callRequest>;

const instant = z.string().openapi({ format: 'date-time' });
const toolCall = z.object({
  name: z.string(),
  arguments: z.record(z.string(), z.unknown()),
  result: z.string(),
  is_error: z.boolean(),
});
const message = z.object({
  created_at: instant,
  action: z.enum(['call', 'hangup', 'sms', 'talk', 'transfer']),
  persona: z.enum(['human', 'assistant', 'tool', 'operator']),
  content: z.string(),
  style: z.enum(['none', 'cheerful', 'sad']),
  tool_calls: z.array(toolCall),
  interrupted: z.boolean(),
  /** Of a text message. */
  sms: z
    .object({
      message_id: z.string().nullable(),
      ref: z.string().nullable(),
      status: z.enum(['received', 'submitted', 'delivered', 'failed', 'perhaps']),
      detail: z.string().nullable(),
    })
    .optional(),
});
const reminder = z.object({
  created_at: instant,
  title: z.string(),
  description: z.string(),
  due_date_time: instant,
  owner: z.enum(['assistant', 'human', 'customer']),
  callback_id: z.string().nullable(),
});
const leg = z.object({
  leg_id: z.string(),
  role: z.enum(['customer', 'operator', 'media']),
  started_at: instant,
  answered_at: instant.nullable(),
  ended_at: instant.nullable(),
  end_status: z.string().nullable(),
  duration_s: z.number().nullable(),
  price_eur: z.number().nullable(),
});
const milliseconds = z.number().nullable();
const turn = z.object({
  turn_id: z.string(),
  at: instant,
  answered_by: z.enum(['fast', 'slow', 'fallback', 'rules', 'phrase']),
  model: z.string(),
  usage: z.object({ inputTokens: z.number(), outputTokens: z.number(), cacheReadTokens: z.number() }),
  latency: z.object({
    endpointingMs: milliseconds,
    recognizerMs: milliseconds,
    modelFirstTokenMs: milliseconds,
    firstSentenceMs: milliseconds,
    synthesisFirstByteMs: milliseconds,
    commitMs: milliseconds,
    voiceToVoiceMs: milliseconds,
  }),
});

export const callResource = z
  .object({
    call_id: z.string(),
    version: z.number(),
    created_at: instant,
    updated_at: instant,
    closed_at: instant.nullable(),
    in_progress: z.boolean(),
    phase: z.enum(['dialling', 'live', 'texting', 'transferring', 'with_operator', 'resumable', 'closed']),
    direction: z.enum(['inbound', 'outbound']),
    phone_number: z.string(),
    bot_phone_number: z.string(),
    lang: z.string(),
    initiate: z.object({
      bot_company: z.string(),
      bot_name: z.string(),
      task: z.string(),
      agent_phone_number: z.string().nullable(),
      claim: z.array(claimField),
      lang: z.string(),
      prosody_rate: z.number(),
    }),
    claim: z.record(z.string(), z.string()),
    messages: z.array(message),
    reminders: z.array(reminder),
    next: z.object({ action: z.string(), justification: z.string() }).nullable(),
    synthesis: z
      .object({
        short: z.string(),
        long: z.string(),
        satisfaction: z.enum(['terrible', 'low', 'partial', 'high', 'unknow']),
        improvement_suggestions: z.string(),
      })
      .nullable(),
    dialog_state: z.string(),
    scenario: z.string().nullable(),
    intent: z.string().nullable(),
    intent_confidence: z.number().nullable(),
    disposition: z.string().nullable(),
    legs: z.array(leg),
    turns: z.array(turn),
    transfers: z.array(
      z.object({
        requested_at: instant,
        reason: z.string(),
        operator: z.string().nullable(),
        status: z.enum(['RINGING', 'SUCCESS', 'FAIL']),
        detail: z.string().nullable(),
        ended_at: instant.nullable(),
      }),
    ),
    crm: z.object({ customer_id: z.string().nullable(), note_id: z.string().nullable() }),
    missed: z.boolean(),
    report_url: z.string().openapi({ description: 'Signed link to the report; expires' }),
  })
  .openapi('Call');
