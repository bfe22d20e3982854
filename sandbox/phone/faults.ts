/** What the network is to do wrong, on request. All off until a test or a person switches them on. */
import { z } from 'zod';

const statuses = z.array(z.string());

const fields = z.strictObject({
  /** Every event is posted this many times more, with the same token. */
  duplicateWebhooks: z.int().min(0).max(5),
  /** Every event waits this long. */
  delayWebhooksMs: z.int().min(0).max(120_000),
  /** Events wait a random time up to this, each on its own, so that they overtake each other. */
  reorderWebhooksMs: z.int().min(0).max(60_000),
  /** Events with these statuses are never posted; `disconnected` is the one a recovery relies on. */
  loseWebhooks: statuses,
  /** Events with these statuses come again, so much later. */
  repeatLaterMs: z.int().min(0).max(600_000),
  /** Events and answers carry a token made with another secret. */
  forgeSignatures: z.boolean(),
  /** POST /v1/calls: the next so many ring the phone, but the answer is a 500, or never comes. */
  createWithoutAck: z.strictObject({ next: z.int().min(0), how: z.enum(['error', 'silence']) }),
  /** POST /v1/messages and /sms/json: the same for messages. */
  messageWithoutAck: z.strictObject({ next: z.int().min(0), how: z.enum(['error', 'silence']) }),
  /** POST /v1/messages takes so long before the message is accepted. */
  delayMessagesMs: z.int().min(0).max(60_000),
  /** The next so many creations answer 429, whatever the rate. */
  tooManyNext: z.int().min(0),
  /** PUT on a call younger than this answers 400. */
  youngPut400Ms: z.int().min(0).max(10_000),
  /** The next so many PUTs answer 500. */
  putErrorNext: z.int().min(0),
  /** false: no limit on creations. */
  rateLimit: z.boolean(),
  /** false: silence is not sent to the media socket. */
  sendSilence: z.boolean(),
  /** Share of frames towards the bot that are lost, 0 to 1. */
  loseFrames: z.number().min(0).max(1),
  /** White noise added to what the bot hears, root mean square. */
  noise: z.int().min(0).max(5_000),
  /** false: calls from now on keep no recording of what was on the line, as a load test of many needs no gigabytes. */
  keepSound: z.boolean(),
});

export const faultSchema = fields.partial();

export type Faults = z.infer<typeof fields>;

export function noFaults(): Faults {
  return {
    duplicateWebhooks: 0,
    delayWebhooksMs: 0,
    reorderWebhooksMs: 0,
    loseWebhooks: [],
    repeatLaterMs: 0,
    forgeSignatures: false,
    createWithoutAck: { next: 0, how: 'error' },
    messageWithoutAck: { next: 0, how: 'error' },
    delayMessagesMs: 0,
    tooManyNext: 0,
    youngPut400Ms: 0,
    putErrorNext: 0,
    rateLimit: true,
    sendSilence: true,
    loseFrames: 0,
    noise: 0,
    keepSound: true,
  };
}
