/** Reminders on the wire. */
import { z } from '@hono/zod-openapi';
import { recurrenceFrom } from '../domain/recurrence.ts';
import { callRequest } from './call-schemas.ts';
import { windows, zone } from './campaign-schemas.ts';

export const status = z.enum(['pending', 'dialling', 'due', 'done', 'cancelled', 'failed']);
const owner = z.enum(['assistant', 'human', 'customer']);
const channel = z.enum(['call', 'sms', 'both']);
const instant = z.string().openapi({ format: 'date-time' });

export const reminder = z
  .object({
    callback_id: z.string(),
    version: z.number(),
    call_id: z.string().nullable(),
    phone_number: z.string(),
    bot_phone_number: z.string(),
    title: z.string(),
    description: z.string(),
    due_date_time: instant,
    status: status.openapi({ description: 'due: a colleague’s task whose time has come' }),
    owner: owner.optional(),
    channel: channel.optional(),
    zone: z.string().nullable().optional(),
    recurrence: z.string().nullable().optional(),
    occurrence: z.number().optional(),
    reason: z.string().nullable().optional().openapi({ description: 'Why it stands as it does' }),
    attempts: z.array(
      z.object({
        attempt_id: z.string(),
        at: z.string(),
        outcome: z.string().nullable(),
        call_id: z.string().nullable(),
      }),
    ),
    created_at: z.string(),
    updated_at: z.string(),
  })
  .openapi('Reminder');

export const standing = z
  .object({ callback_id: z.string(), status, due_date_time: instant })
  .openapi('ReminderStanding');

const title = z.string().min(1).max(200).openapi({ example: 'Tell about the repair' });
const description = z.string().max(2_000);
const words = z
  .string()
  .min(1)
  .max(400)
  .openapi({ description: 'Said, or sent, to the customer: a sentence in their language that says what it is about' });

export const reminderRequest = callRequest
  .extend({
    title,
    description: description.default(''),
    words: words.optional(),
    due_date_time: z.string().min(1).max(100).openapi({
      example: 'Thursday at ten',
      description:
        'A moment with its offset (2026-11-26T10:00:00+01:00), a time on the customer’s clock (2026-11-26T10:00), or words in `lang`',
    }),
    zone: zone.optional().openapi({ description: 'The customer’s; that of the number where it is left out' }),
    owner: owner.default('assistant').openapi({
      description:
        'assistant: the bot calls. human: a colleague’s task, told by the webhook reminder.due. customer: they are reminded.',
    }),
    channel: channel.default('call').openapi({ description: 'How the customer is reached' }),
    exact: z.boolean().default(false).openapi({
      description: 'The customer asked for exactly this time: it holds against the calling hours',
    }),
    windows: windows
      .optional()
      .openapi({ description: 'When this customer wishes to be rung, within the hours of their country' }),
    recurrence: z
      .string()
      .max(200)
      .superRefine((text, context) => {
        const read = recurrenceFrom(text);
        if (!read.ok) context.addIssue({ code: 'custom', message: read.reason });
      })
      .optional()
      .openapi({
        example: 'FREQ=WEEKLY;BYDAY=MO;COUNT=10',
        description:
          'RFC 5545: FREQ, INTERVAL, BYDAY, BYMONTHDAY, UNTIL, COUNT; on the customer’s clock, across its changes',
      }),
  })
  .openapi('ReminderRequest');
export type ReminderRequestBody = z.infer<typeof reminderRequest>;

export const change = z
  .object({
    due_date_time: z.string().min(1).max(100).openapi({
      example: 'Friday at eleven',
      description: 'As when it was made; the clock is the customer’s, as far as it is known',
    }),
    title: title.optional(),
    description: description.optional(),
    words: words.optional(),
    exact: z.boolean().optional(),
  })
  .openapi('ReminderChange');
