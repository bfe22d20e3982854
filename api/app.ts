/** The HTTP door, built from ports. `main.ts` composes and listens. */
import { OpenAPIHono } from '@hono/zod-openapi';
import { HTTPException } from 'hono/http-exception';
import { accessGuard } from './access.ts';
import { createBotPlans } from './bot-plans.ts';
import { CallFactsBook } from './call-facts.ts';
import { callRoutes } from './calls.ts';
import { createErrands, type Errands } from './errands.ts';
import { problemOf, problemResponse } from './problems.ts';
import type { ApiPorts } from './ports.ts';
import { createReportLinks } from './report-links.ts';
import { webhookRoutes } from './webhooks.ts';

/** A signed webhook older than this is not taken; its answer is remembered as long. */
export const WEBHOOK_MAX_AGE_MS = 5 * 60_000;

export interface ApiApp {
  fetch: (request: Request) => Response | Promise<Response>;
  errands: Errands;
  stop(): void;
}

export function createApiApp(ports: ApiPorts): ApiApp {
  const { settings, log, nowMs } = ports;
  const links = createReportLinks(settings.publicUrl, settings.reportLinkSecret);
  const facts = new CallFactsBook(ports);
  const errands = createErrands({ log, nowMs });
  const plans = createBotPlans(ports);
  const app = new OpenAPIHono();

  app.use(accessGuard({ apiKeys: settings.apiKeys, webhooksSigned: settings.webhooksSigned, links, nowMs }));
  app.route('/', callRoutes(ports, { links, facts }));
  app.route('/vonage', webhookRoutes({ ports, plans, facts, errands }, { memoryMs: WEBHOOK_MAX_AGE_MS }));
  app.notFound((context) => problemResponse({ status: 404, title: 'Not found', detail: `${context.req.method} ${context.req.path} is not served here` }));
  app.onError((error) => {
    const known = problemOf(error);
    if (known !== null) return problemResponse(known);
    if (error instanceof HTTPException) return problemResponse({ status: error.status as 400, title: 'Request not valid', detail: error.message });
    log.error({ err: error }, 'request failed');
    return problemResponse({ status: 500, title: 'Something failed on our side', detail: 'the log has the reason' });
  });
  return { fetch: (request) => app.fetch(request), errands, stop: () => errands.stop() };
}
