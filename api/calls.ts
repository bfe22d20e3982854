/** `/call`: ring somebody, read calls, act on a live one. */
import { randomUUID } from 'node:crypto';
import { createRoute, OpenAPIHono, z } from '@hono/zod-openapi';
import type { Env } from 'hono';
import type { CallDocument } from '../domain/call-document.ts';
import { asCallId, type CallId, type E164 } from '../domain/ids.ts';
import type { Initiate } from '../domain/initiate.ts';
import { keyGiven } from './access.ts';
import { CallDoorError } from './call-door.ts';
import type { CallFactsBook } from './call-facts.ts';
import { callRequest, callResource } from './call-schemas.ts';
import { diallable, e164From } from './dialling.ts';
import { openedDocument } from './documents.ts';
import { fromStore, lastOfPage, READ_MS } from './from-store.ts';
import { initiateOf } from './initiate-body.ts';
import { idForKey } from './idempotency.ts';
import { refuseOptedOut } from './opting-out.ts';
import type { ApiPorts } from './ports.ts';
import { invalidField, notFound, ProblemError, problems, validationHook } from './problems.ts';
import { idempotencyKey, idParam, json } from './route-parts.ts';
import type { ReportLinks } from '../providers/report-links.ts';

/** Longer than a restart of the workflow workers, below the usual 30 s of HTTP clients. */
const OPEN_MS = 10_000;
const VIEW_MS = 2_000;

const postCall = createRoute({
  method: 'post',
  path: '/call',
  summary: 'Ring a customer',
  tags: ['Calls'],
  request: {
    headers: idempotencyKey('call'),
    body: { required: true, content: { 'application/json': { schema: callRequest } } },
  },
  responses: { 201: json(callResource, 'The call is being placed'), ...problems(400, 401, 409, 422, 503) },
});

const listCalls = createRoute({
  method: 'get',
  path: '/call',
  summary: 'Calls, newest first, 100 at most',
  tags: ['Calls'],
  request: {
    query: z.object({
      phone_number: z.string().optional(),
      in_progress: z.enum(['true', 'false']).optional(),
      after: z.string().optional().openapi({ description: 'The last call_id of the page before' }),
    }),
  },
  responses: { 200: json(z.array(callResource), 'Calls'), ...problems(401, 422, 503) },
});

const getCall = createRoute({
  method: 'get',
  path: '/call/{id}',
  summary: 'One call, by its id or the newest of a phone number',
  tags: ['Calls'],
  request: { params: idParam },
  responses: { 200: json(callResource, 'The call'), ...problems(401, 404, 503) },
});

const accepted = z.object({ call_id: z.string() });
const action = <Body extends z.ZodType>(path: string, summary: string, body: Body) =>
  createRoute({
    method: 'post',
    path,
    summary,
    tags: ['Calls'],
    request: { params: idParam, body: { required: false, content: { 'application/json': { schema: body } } } },
    responses: { 202: json(accepted, 'Under way'), ...problems(400, 401, 404, 409, 422, 503) },
  });

const hangUpRoute = action(
  '/call/{id}/hangup',
  'End a live call',
  z.object({ reason: z.string().max(200).optional() }).optional(),
);
const sayRoute = action(
  '/call/{id}/say',
  'Have the bot say something',
  z.object({ text: z.string().min(1).max(2_000) }),
);
const transferRoute = action(
  '/call/{id}/transfer',
  'Hand the customer over to an operator',
  z.object({ reason: z.string().max(500).optional(), agent_phone_number: z.string().optional() }).optional(),
);

export function callRoutes(
  ports: ApiPorts,
  { links, facts }: { links: ReportLinks; facts: CallFactsBook },
): OpenAPIHono {
  const router = new OpenAPIHono<Env>({ defaultHook: validationHook });
  const { settings } = ports;
  const shown = (document: CallDocument) => ({
    ...document,
    report_url: links.sign(`/report/call/${document.call_id}`, ports.nowMs()),
  });

  router.openapi(postCall, async (context) => {
    const body = context.req.valid('json');
    const key = context.req.valid('header')['idempotency-key'] ?? null;
    const number = diallable('phone_number', body.phone_number, settings);
    const initiate = initiateOf(body, settings);
    const callId =
      key === null
        ? asCallId(randomUUID())
        : asCallId(await idForKey(ports, { key, client: keyGiven(context) ?? '', body }));
    await refuseOptedOut(ports, number);
    const document = await ring(ports, { callId, number, initiate });
    facts.noteDocument(document);
    context.header('location', `/call/${document.call_id}`);
    return context.json(shown(document), 201);
  });

  router.openapi(listCalls, async (context) => {
    const { phone_number, in_progress, after } = context.req.valid('query');
    const phoneNumber = phone_number === undefined ? undefined : e164From(phone_number, settings.defaultCountry);
    if (phoneNumber === null) throw invalidField('phone_number', 'must be a phone number');
    const query = {
      ...(phoneNumber === undefined ? {} : { phoneNumber }),
      ...(in_progress === undefined ? {} : { inProgress: in_progress === 'true' }),
      ...(after === undefined ? {} : { after: await lastOfPage(ports, `call ${after}`, ports.store.findCall(after)) }),
      limit: 100,
    };
    return context.json((await fromStore(ports, ports.store.listCalls(query), READ_MS)).map(shown), 200);
  });

  router.openapi(getCall, async (context) =>
    context.json(shown(await findCall(ports, context.req.valid('param').id)), 200),
  );

  router.openapi(hangUpRoute, async (context) => {
    const callId = asCallId(context.req.valid('param').id);
    await ports.calls.hangUp(callId, context.req.valid('json')?.reason ?? 'asked through the API');
    return context.json({ call_id: callId }, 202);
  });
  router.openapi(sayRoute, async (context) => {
    const callId = asCallId(context.req.valid('param').id);
    await ports.calls.say(callId, context.req.valid('json').text);
    return context.json({ call_id: callId }, 202);
  });
  router.openapi(transferRoute, async (context) => {
    const callId = asCallId(context.req.valid('param').id);
    const body = context.req.valid('json');
    const operator = body?.agent_phone_number;
    const operatorNumber = operator === undefined ? null : diallable('agent_phone_number', operator, settings);
    await ports.calls.transfer(callId, { reason: body?.reason ?? 'asked through the API', operatorNumber });
    return context.json({ call_id: callId }, 202);
  });
  return router;
}

async function ring(
  ports: ApiPorts,
  asked: { callId: CallId; number: E164; initiate: Initiate },
): Promise<CallDocument> {
  const { callId, number, initiate } = asked;
  const { settings } = ports;
  const outcome = await ports.calls.openCall({
    numberKey: ports.numberKey(number),
    customerNumber: number,
    request: {
      direction: 'outbound',
      proposedCallId: callId,
      botNumber: settings.botNumber,
      initiate,
      leg: null,
      callback: null,
      resumeWithinMs: ports.flags.current().callback_timeout_hour * 3_600_000,
    },
    updateId: `api:${callId}`,
    withinMs: OPEN_MS,
  });
  if (outcome.outcome === 'busy') {
    const detail = `the customer is on the line already, in call ${outcome.callId}`;
    throw new ProblemError({ status: 409, title: 'Somebody is on that line', detail, call_id: outcome.callId });
  }
  const opened = openedDocument({
    callId: outcome.callId,
    direction: 'outbound',
    customerNumber: number,
    botNumber: settings.botNumber,
    initiate,
    atMs: ports.nowMs(),
  });
  // The workflow's own view where it is there already: a repeated request, a resumed conversation.
  const view = await ports.calls.callView(outcome.callId, VIEW_MS).catch(() => null);
  return view?.document ?? opened;
}

const CALL_ID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** By id: the store, else the workflow itself. By number: the newest of its calls. */
export async function findCall(ports: ApiPorts, idOrPhone: string): Promise<CallDocument> {
  const number = CALL_ID.test(idOrPhone) ? null : e164From(idOrPhone, ports.settings.defaultCountry);
  if (number !== null) {
    const [newest] = await fromStore(ports, ports.store.listCalls({ phoneNumber: number, limit: 1 }), READ_MS);
    if (newest === undefined) throw notFound(`no call with ${idOrPhone}`);
    return newest;
  }
  const read = await fromStore(ports, ports.store.findCall(idOrPhone), READ_MS).catch(
    (error: unknown) => error as ProblemError,
  );
  if (read !== null && !(read instanceof Error)) return read;
  try {
    return (await ports.calls.callView(asCallId(idOrPhone), VIEW_MS)).document;
  } catch (error) {
    if (read instanceof Error) throw read;
    if (error instanceof CallDoorError && error.kind === 'not_found') throw notFound(`no call ${idOrPhone}`);
    throw error;
  }
}
