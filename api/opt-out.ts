/** `/opt-out`: whoever does not want to be called. Takes effect at once, in every campaign and for every promise. */
import { createRoute, OpenAPIHono, z } from '@hono/zod-openapi';
import type { Env } from 'hono';
import { numberIn } from './dialling.ts';
import { fromStore, READ_MS } from './from-store.ts';
import { optOutNow, type OptOutParts } from './opting-out.ts';
import { notFound, problems, validationHook } from './problems.ts';
import { json, phoneParam } from './route-parts.ts';

const optOut = z
  .object({
    phone_number: z.string(),
    source: z.enum(['api', 'call', 'sms', 'do_not_call_list']),
    reason: z.string().nullable(),
    at: z.string().openapi({ format: 'date-time' }),
  })
  .openapi('OptOut');
const request = z
  .object({
    phone_number: z.string().min(3).max(32).openapi({ example: '+447700900123' }),
    reason: z.string().max(500).optional(),
    source: z.enum(['api', 'do_not_call_list']).optional(),
  })
  .openapi('OptOutRequest');
const done = z
  .object({
    phone_number: z.string(),
    stopped_contacts: z.number(),
    campaigns: z.array(z.string()),
    stopped_reminders: z.number().openapi({ description: 'Promised calls and messages; colleagues’ tasks stay' }),
  })
  .openapi('OptedOut');

const add = createRoute({
  method: 'post',
  path: '/opt-out',
  summary: 'Never call this number again',
  tags: ['Opt-out'],
  request: { body: { required: true, content: { 'application/json': { schema: request } } } },
  responses: { 200: json(done, 'In force; repeating it changes nothing'), ...problems(400, 401, 422, 503) },
});
const remove = createRoute({
  method: 'delete',
  path: '/opt-out/{phone}',
  summary: 'The customer may be called again',
  tags: ['Opt-out'],
  request: { params: phoneParam },
  responses: { 204: { description: 'In force; contacts that were stopped stay so' }, ...problems(401, 404, 422, 503) },
});
const list = createRoute({
  method: 'get',
  path: '/opt-out',
  summary: 'Numbers that are not called, 100 at a time',
  tags: ['Opt-out'],
  request: {
    query: z.object({ after: z.string().optional().openapi({ description: 'The last number of the page before' }) }),
  },
  responses: { 200: json(z.array(optOut), 'Opt-outs'), ...problems(401, 422, 503) },
});

export function optOutRoutes(parts: OptOutParts): OpenAPIHono {
  const { ports } = parts;
  const router = new OpenAPIHono<Env>({ defaultHook: validationHook });
  const { optOuts } = ports.store;
  const numberOf = (text: string) => numberIn('phone_number', text, ports.settings);

  router.openapi(add, async (context) => {
    const body = context.req.valid('json');
    const number = numberOf(body.phone_number);
    const stopped = await fromStore(ports, ports.store.openCallbacksOf(number), READ_MS);
    const wish = { number, source: body.source ?? 'api', reason: body.reason ?? null };
    const { stopped: contacts, campaignIds } = await optOutNow(parts, wish);
    return context.json(
      {
        phone_number: number,
        stopped_contacts: contacts,
        campaigns: campaignIds,
        stopped_reminders: stopped.filter(({ owner }) => owner !== 'human').length,
      },
      200,
    );
  });
  router.openapi(remove, async (context) => {
    const number = numberOf(context.req.valid('param').phone);
    if (!(await fromStore(ports, optOuts.removeOptOut(number), READ_MS))) throw notFound(`${number} has not opted out`);
    return context.body(null, 204);
  });
  router.openapi(list, async (context) => {
    const { after } = context.req.valid('query');
    const query = { limit: 100, ...(after === undefined ? {} : { after: numberOf(after) }) };
    return context.json(await fromStore(ports, optOuts.listOptOuts(query), READ_MS), 200);
  });
  return router;
}
