/** What the network is to say while this door is away: a file to be kept somewhere else, made here where numbers and languages are known. */
import { createRoute, OpenAPIHono, z } from '@hono/zod-openapi';
import type { Env } from 'hono';
import { phrase } from '../domain/phrases.ts';
import type { CallPlan } from '../providers/telephony.ts';
import { initiateFor, type ApiPorts } from './ports.ts';
import { problems, validationHook } from './problems.ts';
import { json } from './route-parts.ts';

const file = createRoute({
  method: 'get',
  path: '/fallback-ncco',
  summary: 'The apology for a static host, to be named as the fallback address',
  tags: ['Calls'],
  request: {
    query: z.object({
      number: z.string().optional().openapi({
        description: 'One number of ours, in its language alone; without it all languages that we answer in',
      }),
    }),
  },
  responses: { 200: json(z.array(z.looseObject({ action: z.string() })), 'An NCCO'), ...problems(401, 422) },
});

export function fallbackNccoRoutes(ports: ApiPorts): OpenAPIHono {
  const router = new OpenAPIHono<Env>({ defaultHook: validationHook });
  router.openapi(file, (context) => {
    const { number } = context.req.valid('query');
    return context.json(ports.phone.reply(apologies(ports, number)) as { action: string }[], 200);
  });
  return router;
}

/** [MC5] A static file does not know which number was called: it says it in each language that one of them has. */
function apologies({ settings }: ApiPorts, number: string | undefined): CallPlan {
  const asked =
    number === undefined
      ? [settings.botNumber, ...settings.numbers.map((each) => each.number)]
      : [number.startsWith('+') ? number : `+${number.trim()}`];
  const languages = [...new Set(asked.map((each) => initiateFor(settings, each).language))];
  return languages.map((language) => ({ do: 'say', text: phrase('missed_call_apology', language), language }));
}
