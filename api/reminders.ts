/** `/reminder`: what has to be done at its time; each is a workflow with a durable timer. */
import { randomUUID } from 'node:crypto';
import { createRoute, OpenAPIHono, z } from '@hono/zod-openapi';
import type { Env } from 'hono';
import { asCallbackId, type CallbackId } from '../domain/ids.ts';
import type { CallbackDocument } from '../providers/store.ts';
import { customerZone } from '../providers/time-zones.ts';
import type { CallbackInput, CallbackView } from '../workflows/callback/messages.ts';
import { keyGiven } from './access.ts';
import { CallDoorError } from './call-door.ts';
import { e164From } from './dialling.ts';
import { fromStore, lastOfPage, READ_MS } from './from-store.ts';
import { idForKey } from './idempotency.ts';
import { dueFrom, momentIn, newReminder } from './new-reminder.ts';
import { refuseOptedOut } from './opting-out.ts';
import type { ApiPorts } from './ports.ts';
import { invalidField, notFound, orRefused, problems, validationHook } from './problems.ts';
import { idempotencyKey, idParam, json } from './route-parts.ts';
import { change, reminder, reminderRequest, standing, status } from './reminder-schemas.ts';

const tags = ['Reminders'];

const create = createRoute({
  method: 'post',
  path: '/reminder',
  summary: 'Promise a call or a text message, or note a colleague’s task',
  tags,
  request: {
    headers: idempotencyKey('reminder'),
    body: { required: true, content: { 'application/json': { schema: reminderRequest } } },
  },
  responses: {
    200: json(standing, 'One of that title was pending for the customer: it is changed'),
    201: json(standing, 'The reminder'),
    ...problems(400, 401, 409, 422, 503),
  },
});
const list = createRoute({
  method: 'get',
  path: '/reminder',
  summary: 'Reminders, soonest due first, 100 at most',
  tags,
  request: {
    query: z.object({
      phone_number: z.string().optional(),
      status: status.optional(),
      after: z.string().optional().openapi({ description: 'The last callback_id of the page before' }),
    }),
  },
  responses: { 200: json(z.array(reminder), 'Reminders'), ...problems(401, 422, 503) },
});
const read = createRoute({
  method: 'get',
  path: '/reminder/{id}',
  summary: 'One reminder, with its attempts',
  tags,
  request: { params: idParam },
  responses: { 200: json(reminder, 'The reminder'), ...problems(401, 404, 503) },
});
const move = createRoute({
  method: 'patch',
  path: '/reminder/{id}',
  summary: 'Reschedule a reminder',
  tags,
  request: { params: idParam, body: { required: true, content: { 'application/json': { schema: change } } } },
  responses: { 200: json(standing, 'As it stands now'), ...problems(400, 401, 404, 409, 422, 503) },
});
const complete = createRoute({
  method: 'post',
  path: '/reminder/{id}/done',
  summary: 'A colleague’s task is done, or a promise kept in another way',
  tags,
  request: { params: idParam },
  responses: { 200: json(standing, 'As it stands now'), ...problems(401, 404, 409, 503) },
});
const cancel = createRoute({
  method: 'delete',
  path: '/reminder/{id}',
  summary: 'Cancel a reminder, and those that would come after it',
  tags,
  request: { params: idParam },
  responses: { 200: json(standing, 'As it stands now'), ...problems(401, 404, 409, 503) },
});

const shown = (view: Pick<CallbackView, 'callbackId' | 'status' | 'dueAtMs'>) => ({
  callback_id: view.callbackId,
  status: view.status,
  due_date_time: new Date(view.dueAtMs).toISOString(),
});

export function reminderRoutes(ports: ApiPorts): OpenAPIHono {
  const router = new OpenAPIHono<Env>({ defaultHook: validationHook });
  const idOf = (param: { id: string }): CallbackId => asCallbackId(param.id);

  router.openapi(create, async (context) => {
    const body = context.req.valid('json');
    const key = context.req.valid('header')['idempotency-key'];
    const callbackId =
      key === undefined
        ? randomUUID()
        : await idForKey(ports, { key: `reminder:${key}`, client: keyGiven(context) ?? '', body });
    const begun = newReminder(ports, { id: callbackId, body });
    if (begun.owner !== 'human') await refuseOptedOut(ports, begun.customerNumber);
    const moved = await movedOf(ports, begun);
    if (moved !== null) return context.json(shown(moved), 200);
    const view = await ports.calls.startCallback(begun);
    context.header('location', `/reminder/${callbackId}`);
    return context.json(shown(view), 201);
  });
  router.openapi(list, async (context) => {
    const asked = context.req.valid('query');
    const phoneNumber =
      asked.phone_number === undefined ? undefined : e164From(asked.phone_number, ports.settings.defaultCountry);
    if (phoneNumber === null) throw invalidField('phone_number', 'must be a phone number');
    const { after } = asked;
    const query = {
      ...(phoneNumber === undefined ? {} : { phoneNumber }),
      ...(asked.status === undefined ? {} : { status: asked.status }),
      ...(after === undefined
        ? {}
        : { after: await lastOfPage(ports, `reminder ${after}`, ports.store.findCallback(after)) }),
      limit: 100,
    };
    return context.json(await fromStore(ports, ports.store.listCallbacks(query), READ_MS), 200);
  });
  router.openapi(read, async (context) =>
    context.json(await findReminder(ports, idOf(context.req.valid('param'))), 200),
  );
  router.openapi(move, async (context) => {
    const { due_date_time, title, description, words, exact } = context.req.valid('json');
    const callbackId = idOf(context.req.valid('param'));
    const dueAtMs = await newTimeOf(ports, callbackId, due_date_time);
    if (dueAtMs <= ports.nowMs()) throw invalidField('due_date_time', 'must lie ahead');
    const changed = {
      dueAtMs,
      ...(title === undefined ? {} : { title }),
      ...(description === undefined ? {} : { description }),
      ...(words === undefined ? {} : { words }),
      ...(exact === undefined ? {} : { exact }),
    };
    return context.json(
      shown(await whilePending(ports, callbackId, ports.calls.rescheduleCallback(callbackId, changed))),
      200,
    );
  });
  takeEndings(router, ports);
  return router;
}

/** [CB23] A moment needs no look at the reminder; what is said in words goes by its clock. */
async function newTimeOf(ports: ApiPorts, callbackId: CallbackId, text: string): Promise<number> {
  const { language } = ports.settings.defaults;
  const nowMs = ports.nowMs();
  const momentMs = momentIn(text);
  if (momentMs !== null) return momentMs;
  const { zone, phone_number } = await findReminder(ports, callbackId);
  return dueFrom(text, { zone: zone ?? customerZone(phone_number, nowMs), language, nowMs });
}

/** [CB23] */
const whilePending = <Answer>(ports: ApiPorts, callbackId: CallbackId, order: Promise<Answer>): Promise<Answer> =>
  orRefused(order, async () => `the reminder is ${(await findReminder(ports, callbackId)).status}`);

function takeEndings(router: OpenAPIHono, ports: ApiPorts): void {
  router.openapi(complete, async (context) => {
    const callbackId = asCallbackId(context.req.valid('param').id);
    const done = ports.calls.completeCallback(callbackId, 'said so through the API');
    return context.json(shown(await whilePending(ports, callbackId, done)), 200);
  });
  router.openapi(cancel, async (context) => {
    const callbackId = asCallbackId(context.req.valid('param').id);
    const cancelled = ports.calls.cancelCallback(callbackId, 'asked through the API');
    return context.json(shown(await whilePending(ports, callbackId, cancelled)), 200);
  });
}

/** [CB16] [CB25] The title is the key, whoever noted it first, and all of the request holds. The same request again does not meet itself. */
async function movedOf(ports: ApiPorts, begun: CallbackInput): Promise<CallbackView | null> {
  const standing = await ports.calls.pendingCallback(begun.numberKey, begun.title);
  if (standing === null || standing === begun.callbackId) return null;
  const { dueAtMs, title, description, words = null, exact = false } = begun;
  const { owner = 'assistant', channel = 'call', zone = null, hours = null, rule = null, initiate } = begun;
  const given = { owner, channel, zone, hours, rule, initiate };
  return await ports.calls
    .rescheduleCallback(standing, { dueAtMs, title, description, words, exact, given, anew: true })
    .catch((error: unknown) => {
      // It has been kept this moment.
      if (error instanceof CallDoorError && error.kind !== 'away') return null;
      throw error;
    });
}

async function findReminder(ports: ApiPorts, callbackId: CallbackId): Promise<CallbackDocument> {
  const document = await fromStore(ports, ports.store.findCallback(callbackId), READ_MS);
  if (document === null) throw notFound(`no reminder ${callbackId}`);
  return document;
}
