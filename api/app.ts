/** The HTTP door, built from ports. `main.ts` composes and listens. */
import { OpenAPIHono } from '@hono/zod-openapi';
import { bodyLimit } from 'hono/body-limit';
import { HTTPException } from 'hono/http-exception';
import { accessGuard } from './access.ts';
import { createBotPlans } from './bot-plans.ts';
import { CallFactsBook } from './call-facts.ts';
import { callRoutes } from './calls.ts';
import { campaignContactRoutes } from './campaign-contacts.ts';
import { campaignRoutes } from './campaigns.ts';
import { customerRoutes } from './customers.ts';
import { createErrands, type Errands } from './errands.ts';
import { fallbackNccoRoutes } from './fallback-ncco.ts';
import { featureRoutes } from './features.ts';
import { healthRoutes } from './health.ts';
import { createMetrics } from './metrics.ts';
import type { OpenApiDocument } from './pages/reference.ts';
import { pageRoutes } from './pages/routes.ts';
import { problemOf, problemResponse } from './problems.ts';
import type { ApiPorts } from './ports.ts';
import { optOutRoutes } from './opt-out.ts';
import { reminderRoutes } from './reminders.ts';
import { createReportLinks } from '../providers/report-links.ts';
import { textRoutes } from './texts.ts';
import { traceRequests } from './traces.ts';
import { webhookRoutes } from './webhooks.ts';

/** A signed webhook older than this is not taken; its answer is remembered as long. */
export const WEBHOOK_MAX_AGE_MS = 5 * 60_000;

const INFO = {
  title: 'Evercall',
  version: '1',
  description:
    'Calls, callbacks and switches of the call centre. With API_KEYS set, send Authorization: Bearer with one of them. Errors are RFC 9457 problems.',
};
/** A webhook or request is a few kilobytes. */
const BODY_MAX_BYTES = 256 * 1024;

/** 100,000 contacts with some variables each. */
const LIST_MAX_BYTES = 32 * 1024 * 1024;

const limitedTo = (bytes: number) =>
  bodyLimit({
    maxSize: bytes,
    onError: () => problemResponse({ status: 413, title: 'Too large', detail: `at most ${bytes} bytes` }),
  });

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
  const metrics = createMetrics(errands);
  const app = new OpenAPIHono();
  const openApi = () =>
    app.getOpenAPI31Document({ openapi: '3.1.0', info: { ...INFO }, servers: [{ url: settings.publicUrl }] });

  if (ports.tracing != null) app.use(traceRequests(ports.tracing));
  app.use(metrics.middleware);
  app.use(accessGuard({ apiKeys: settings.apiKeys, webhooksSigned: settings.webhooksSigned, links, nowMs }));
  const [small, list] = [limitedTo(BODY_MAX_BYTES), limitedTo(LIST_MAX_BYTES)];
  app.use((context, next) =>
    /^\/campaign\/[^/]+\/contacts$/.test(context.req.path) ? list(context, next) : small(context, next),
  );
  app.openAPIRegistry.registerComponent('securitySchemes', 'key', { type: 'http', scheme: 'bearer' });
  app.route('/', callRoutes(ports, { links, facts }));
  app.route('/', fallbackNccoRoutes(ports));
  app.route('/', featureRoutes(ports));
  app.route('/', reminderRoutes(ports));
  app.route('/', campaignRoutes(ports));
  app.route('/', campaignContactRoutes(ports));
  app.route('/', optOutRoutes({ ports, errands }));
  app.route('/', customerRoutes(ports));
  app.route('/', textRoutes({ ports, plans, facts, errands }, { memoryMs: WEBHOOK_MAX_AGE_MS }));
  app.route('/vonage', webhookRoutes({ ports, plans, facts, errands }, { memoryMs: WEBHOOK_MAX_AGE_MS }));
  app.route('/health', healthRoutes(ports));
  app.route('/', pageRoutes({ ports, links, openApi: () => openApi() as unknown as OpenApiDocument }));
  app.get('/openapi.json', (context) => context.json(openApi()));
  app.get('/metrics', (context) => metrics.page(context));
  app.notFound((context) =>
    problemResponse({
      status: 404,
      title: 'Not found',
      detail: `${context.req.method} ${context.req.path} is not served here`,
    }),
  );
  app.onError((error) => {
    const known = problemOf(error);
    if (known !== null) return problemResponse(known);
    if (error instanceof HTTPException)
      return problemResponse({ status: error.status, title: 'Request not valid', detail: error.message });
    log.error({ err: error }, 'request failed');
    return problemResponse({ status: 500, title: 'Something failed on our side', detail: 'the log has the reason' });
  });
  return { fetch: (request) => app.fetch(request), errands, stop: () => errands.stop() };
}
