/** `/opt-out`: whoever does not want to be called. Takes effect at once, in every campaign. */
import { createRoute, OpenAPIHono, z } from '@hono/zod-openapi';
import type { Env } from 'hono';
import { asCampaignId } from '../domain/ids.ts';
import { optOutEverywhere } from '../providers/opting-out.ts';
import { e164From } from './dialling.ts';
import { inTime } from './in-time.ts';
import type { ApiPorts } from './ports.ts';
import { invalidField, notFound, problems, unavailable, validationHook } from './problems.ts';
import { json, phoneParam } from './route-parts.ts';

const WRITE_MS = 10_000;
const READ_MS = 1_500;

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
  .object({ phone_number: z.string(), stopped_contacts: z.number(), campaigns: z.array(z.string()) })
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

export function optOutRoutes(ports: ApiPorts): OpenAPIHono {
  const router = new OpenAPIHono<Env>({ defaultHook: validationHook });
  const { optOuts } = ports.store;
  const numberOf = (text: string): string => {
    const number = e164From(text, ports.settings.defaultCountry);
    if (number === null) throw invalidField('phone_number', 'must be a phone number in E.164 form, like +447700900123');
    return number;
  };
  const stored = async <Result>(withinMs: number, work: Promise<Result>): Promise<Result> => {
    try {
      return await inTime('store', withinMs, work);
    } catch (error) {
      ports.log.warn({ err: error }, 'opt-outs not reached');
      throw unavailable('The store');
    }
  };

  router.openapi(add, async (context) => {
    const body = context.req.valid('json');
    const wish = {
      phone_number: numberOf(body.phone_number),
      source: body.source ?? ('api' as const),
      reason: body.reason ?? null,
      at: new Date(ports.nowMs()).toISOString(),
    };
    const { stopped, campaignIds } = await stored(WRITE_MS, optOutEverywhere(ports.store, wish));
    // They would find out by themselves at the next look at their lists; nobody waits for that.
    for (const id of campaignIds)
      void ports.campaigns
        .contactsChanged(asCampaignId(id))
        .catch((error: unknown) => ports.log.info({ err: error, campaignId: id }, 'campaign not told of an opt-out'));
    return context.json({ phone_number: wish.phone_number, stopped_contacts: stopped, campaigns: campaignIds }, 200);
  });
  router.openapi(remove, async (context) => {
    const number = numberOf(context.req.valid('param').phone);
    if (!(await stored(READ_MS, optOuts.removeOptOut(number)))) throw notFound(`${number} has not opted out`);
    return context.body(null, 204);
  });
  router.openapi(list, async (context) => {
    const { after } = context.req.valid('query');
    const query = { limit: 100, ...(after === undefined ? {} : { after: numberOf(after) }) };
    return context.json(await stored(READ_MS, optOuts.listOptOuts(query)), 200);
  });
  return router;
}
