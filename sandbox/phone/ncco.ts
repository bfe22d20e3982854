/** The actions of an NCCO as Vonage takes them. Unknown fields are let pass, wrong ones refused. */
import { z } from 'zod';

const eventUrl = z.tuple([z.url()]).optional();
const eventMethod = z.enum(['GET', 'POST']).default('POST');
const level = z.coerce.number().min(-1).max(1).default(0);
const events = { eventUrl, eventMethod };

const talk = z.object({
  action: z.literal('talk'),
  text: z.string().min(1).max(1500),
  language: z.string().default('en-US'),
  style: z.coerce.number().int().default(0),
  premium: z.boolean().default(false),
  level,
  loop: z.coerce.number().int().min(0).default(1),
  bargeIn: z.boolean().default(false),
});

const stream = z.object({
  action: z.literal('stream'),
  streamUrl: z.tuple([z.url()]),
  level,
  loop: z.coerce.number().int().min(0).default(1),
  bargeIn: z.boolean().default(false),
});

const input = z.object({
  action: z.literal('input'),
  type: z.array(z.enum(['dtmf', 'speech'])).min(1),
  dtmf: z
    .object({
      timeOut: z.coerce.number().min(0).max(10).default(3),
      maxDigits: z.coerce.number().int().min(1).max(20).default(4),
      submitOnHash: z.boolean().default(false),
    })
    .default({ timeOut: 3, maxDigits: 4, submitOnHash: false }),
  speech: z
    .object({
      endOnSilence: z.coerce.number().min(0.4).max(10).default(2),
      startTimeout: z.coerce.number().min(1).max(60).default(10),
      maxDuration: z.coerce.number().min(1).max(60).default(60),
      language: z.string().default('en-US'),
    })
    .default({ endOnSilence: 2, startTimeout: 10, maxDuration: 60, language: 'en-US' }),
  mode: z.enum(['synchronous', 'asynchronous']).default('synchronous'),
  ...events,
});

const headers = z.record(z.string(), z.unknown()).default({});

export const endpointSchema = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('phone'),
    number: z.string().regex(/^[1-9]\d{4,14}$/u, 'E.164 without plus'),
    dtmfAnswer: z.string().optional(),
    onAnswer: z.object({ url: z.url(), ringbackTone: z.url().optional() }).optional(),
  }),
  z.object({
    type: z.literal('sip'),
    uri: z.string().regex(/^sips?:/u),
    headers,
    standardHeaders: z.record(z.string(), z.string()).optional(),
    standard_headers: z.record(z.string(), z.string()).optional(),
  }),
  z.object({
    type: z.literal('websocket'),
    uri: z.string().regex(/^wss?:\/\//u),
    // Without it Vonage falls to 16 kHz, and so do we.
    'content-type': z
      .enum(['audio/l16;rate=8000', 'audio/l16;rate=16000', 'audio/l16;rate=24000'])
      .default('audio/l16;rate=16000'),
    headers: headers.refine((value) => JSON.stringify(value).length <= 512, 'headers above 512 bytes'),
    authorization: z.object({ type: z.enum(['vonage', 'custom']), value: z.string().max(8191).optional() }).optional(),
  }),
  z.object({ type: z.literal('app'), user: z.string().min(1) }),
  z.object({ type: z.literal('vbc'), extension: z.string().min(1) }),
]);

const connect = z.object({
  action: z.literal('connect'),
  endpoint: z.tuple([endpointSchema]),
  from: z.string().optional(),
  randomFromNumber: z.boolean().default(false),
  eventType: z.literal('synchronous').optional(),
  timeout: z.coerce.number().min(1).max(120).default(60),
  limit: z.coerce.number().min(1).max(7200).default(7200),
  machineDetection: z.enum(['continue', 'hangup']).optional(),
  advancedMachineDetection: z.record(z.string(), z.unknown()).optional(),
  ringbackTone: z.url().optional(),
  ...events,
});

const record = z.object({
  action: z.literal('record'),
  format: z.enum(['mp3', 'wav', 'ogg']).optional(),
  split: z.literal('conversation').optional(),
  channels: z.coerce.number().int().min(1).max(32).default(1),
  endOnSilence: z.coerce.number().min(3).max(10).optional(),
  endOnKey: z
    .string()
    .regex(/^[\d*#]$/u)
    .optional(),
  timeOut: z.coerce.number().min(3).max(7200).optional(),
  beepStart: z.coerce.boolean().default(false),
  ...events,
});

const rights = {
  mute: z.boolean().optional(),
  canSpeak: z.array(z.string()).optional(),
  canHear: z.array(z.string()).optional(),
};

const conversation = z
  .object({
    action: z.literal('conversation'),
    name: z.string().min(1),
    musicOnHoldUrl: z.tuple([z.url()]).optional(),
    startOnEnter: z.boolean().default(true),
    endOnExit: z.boolean().default(false),
    record: z.boolean().default(false),
    ...rights,
    ...events,
  })
  .refine((action) => action.mute === undefined || action.canSpeak === undefined, 'mute does not go with canSpeak');

const notify = z.object({
  action: z.literal('notify'),
  payload: z.record(z.string(), z.unknown()),
  eventUrl: z.tuple([z.url()]),
  eventMethod,
});
const wait = z.object({ action: z.literal('wait'), timeout: z.coerce.number().min(0.1).max(7200).default(10) });
const transfer = z.object({ action: z.literal('transfer'), conversationId: z.string().min(1), ...rights });

export const nccoSchema = z.array(
  z.discriminatedUnion('action', [talk, stream, input, connect, record, conversation, notify, wait, transfer]),
);

export type Ncco = z.infer<typeof nccoSchema>;
export type Action = Ncco[number];
export type ActionOf<Kind extends Action['action']> = Extract<Action, { action: Kind }>;
export type Endpoint = z.infer<typeof endpointSchema>;
export type EndpointOf<Kind extends Endpoint['type']> = Extract<Endpoint, { type: Kind }>;

export function parseNcco(value: unknown): { ncco: Ncco } | { reason: string } {
  const result = nccoSchema.safeParse(value);
  if (!result.success) {
    const issue = result.error.issues[0];
    return { reason: `Invalid NCCO: ${issue?.path.join('.') ?? ''} ${issue?.message ?? ''}`.trim() };
  }
  // An utterance that may be cut short needs something that listens for the cutting.
  const deaf = result.data.some(
    (action, i) =>
      (action.action === 'talk' || action.action === 'stream') &&
      action.bargeIn &&
      !result.data.slice(i + 1).some((later) => later.action === 'input'),
  );
  return deaf ? { reason: 'Invalid NCCO: bargeIn needs an input action later in the list' } : { ncco: result.data };
}
