/** `/reminder`: promised callbacks, which are workflows with a durable timer each. */
import { createRoute, OpenAPIHono, z } from '@hono/zod-openapi';
import type { Env } from 'hono';
import { asCallbackId } from '../domain/ids.ts';
import { e164From } from './dialling.ts';
import { inTime } from './in-time.ts';
import type { ApiPorts } from './ports.ts';
import { invalidField, problems, unavailable, validationHook } from './problems.ts';

const READ_MS = 1_500;

const status = z.enum(['pending', 'dialling', 'done', 'cancelled', 'failed']);
const reminder = z
  .object({
    callback_id: z.string(),
    version: z.number(),
    call_id: z.string().nullable(),
    phone_number: z.string(),
    bot_phone_number: z.string(),
    title: z.string(),
    description: z.string(),
    due_date_time: z.string().openapi({ format: 'date-time' }),
    status,
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
const standing = z.object({ callback_id: z.string(), status, due_date_time: z.string() }).openapi('ReminderStanding');
const change = z
  .object({
    due_date_time: z.iso.datetime({
      offset: true,
      error: 'must be a time with its zone, like 2026-03-01T10:00:00+01:00',
    }),
    title: z.string().min(1).max(200).optional(),
    description: z.string().max(2_000).optional(),
  })
  .openapi('ReminderChange');
const id = z.object({
  id: z
    .string()
    .min(1)
    .max(128)
    .openapi({ param: { name: 'id', in: 'path' } }),
});
const json = <Schema extends z.ZodType>(schema: Schema, description: string) => ({
  description,
  content: { 'application/json': { schema } },
});

const list = createRoute({
  method: 'get',
  path: '/reminder',
  summary: 'Promised callbacks, next due first',
  tags: ['Reminders'],
  request: { query: z.object({ phone_number: z.string().optional(), status: status.optional() }) },
  responses: { 200: json(z.array(reminder), 'Callbacks'), ...problems(401, 422, 503) },
});
const move = createRoute({
  method: 'patch',
  path: '/reminder/{id}',
  summary: 'Reschedule a callback',
  tags: ['Reminders'],
  request: { params: id, body: { required: true, content: { 'application/json': { schema: change } } } },
  responses: { 200: json(standing, 'As it stands now'), ...problems(400, 401, 404, 409, 422, 503) },
});
const cancel = createRoute({
  method: 'delete',
  path: '/reminder/{id}',
  summary: 'Cancel a callback',
  tags: ['Reminders'],
  request: { params: id },
  responses: { 200: json(standing, 'As it stands now'), ...problems(401, 404, 409, 503) },
});

export function reminderRoutes(ports: ApiPorts): OpenAPIHono {
  const router = new OpenAPIHono<Env>({ defaultHook: validationHook });
  const shown = (view: { callbackId: string; status: z.infer<typeof status>; dueAtMs: number }) => ({
    callback_id: view.callbackId,
    status: view.status,
    due_date_time: new Date(view.dueAtMs).toISOString(),
  });

  router.openapi(list, async (context) => {
    const asked = context.req.valid('query');
    const phoneNumber =
      asked.phone_number === undefined ? undefined : e164From(asked.phone_number, ports.settings.defaultCountry);
    if (phoneNumber === null) throw invalidField('phone_number', 'must be a phone number');
    const query = {
      ...(phoneNumber === undefined ? {} : { phoneNumber }),
      ...(asked.status === undefined ? {} : { status: asked.status }),
      limit: 100,
    };
    try {
      return context.json(await inTime('store', READ_MS, ports.store.listCallbacks(query)), 200);
    } catch (error) {
      ports.log.warn({ err: error }, 'callbacks not read');
      throw unavailable('The store');
    }
  });
  router.openapi(move, async (context) => {
    const { due_date_time, title, description } = context.req.valid('json');
    const dueAtMs = Date.parse(due_date_time);
    if (dueAtMs <= ports.nowMs()) throw invalidField('due_date_time', 'must lie ahead');
    const changed = {
      dueAtMs,
      ...(title === undefined ? {} : { title }),
      ...(description === undefined ? {} : { description }),
    };
    return context.json(
      shown(await ports.calls.rescheduleCallback(asCallbackId(context.req.valid('param').id), changed)),
      200,
    );
  });
  router.openapi(cancel, async (context) => {
    const view = await ports.calls.cancelCallback(asCallbackId(context.req.valid('param').id), 'asked through the API');
    return context.json(shown(view), 200);
  });
  return router;
}
