/** `/customer/{phone}`: what is kept of a customer, and its erasure by request. */
import { createRoute, OpenAPIHono, z } from '@hono/zod-openapi';
import type { Env } from 'hono';
import { numberIn } from './dialling.ts';
import { eraseCustomer } from './erasing.ts';
import { fromStore } from './from-store.ts';
import type { ApiPorts } from './ports.ts';
import { problems, validationHook } from './problems.ts';
import { json, phoneParam } from './route-parts.ts';

const READ_MS = 5_000;
const tags = ['Customers'];

const customer = z
  .object({
    phone_number: z.string(),
    opted_out: z.boolean(),
    calls: z.array(
      z.object({
        call_id: z.string(),
        created_at: z.string(),
        direction: z.string(),
        phase: z.string(),
        disposition: z.string().nullable(),
        legs: z.number(),
        crm_customer_id: z.string().nullable(),
      }),
    ),
    reminders: z.array(
      z.object({ callback_id: z.string(), title: z.string(), status: z.string(), due_date_time: z.string() }),
    ),
    contacts: z.array(z.object({ campaign_id: z.string(), state: z.string(), disposition: z.string().nullable() })),
  })
  .openapi('Customer');
const erasure = z
  .object({
    erased: z.object({
      calls: z.number(),
      reminders: z.number(),
      campaign_contacts: z.number(),
      text_reports: z.number(),
      intents: z.number(),
      idempotency_keys: z.number(),
      workflow_histories: z.number(),
    }),
    do_not_call: z
      .boolean()
      .openapi({ description: 'The number is not rung any more; it is kept as a keyed hash alone' }),
    not_erased: z.array(z.object({ where: z.string(), what: z.string() })),
  })
  .openapi('Erasure');

const read = createRoute({
  method: 'get',
  path: '/customer/{phone}',
  summary: 'Everything that is kept under a number',
  tags,
  request: { params: phoneParam },
  responses: {
    200: json(customer, 'Calls, promises, places on lists, and whether they may be called'),
    ...problems(401, 422, 503),
  },
});
const erase = createRoute({
  method: 'delete',
  path: '/customer/{phone}',
  summary: 'Forget a customer',
  tags,
  request: {
    params: phoneParam,
    query: z.object({
      do_not_call: z
        .enum(['true', 'false'])
        .default('true')
        .openapi({ description: 'false: who has not opted out may be called again, from a new list for instance' }),
    }),
  },
  responses: {
    200: json(erasure, 'What was erased; repeating it finds nothing more'),
    ...problems(401, 409, 422, 503),
  },
});

export function customerRoutes(ports: ApiPorts): OpenAPIHono {
  const router = new OpenAPIHono<Env>({ defaultHook: validationHook });
  const { store } = ports;
  const numberOf = (text: string) => numberIn('phone', text, ports.settings);

  router.openapi(read, async (context) => {
    const number = numberOf(context.req.valid('param').phone);
    const kept = Promise.all([store.customers.recordsOf(number), store.optOuts.isOptedOut(number)]);
    const [records, opted_out] = await fromStore(ports, kept, READ_MS);
    return context.json({ phone_number: number, opted_out, ...records }, 200);
  });
  router.openapi(erase, async (context) => {
    const number = numberOf(context.req.valid('param').phone);
    const asked = context.req.valid('query').do_not_call === 'true';
    const done = await eraseCustomer(ports, { number, doNotCall: asked });
    const do_not_call = asked || (await store.optOuts.isOptedOut(number));
    return context.json({ ...done, do_not_call }, 200);
  });
  return router;
}
