/** `/campaign`: lists that the bot rings. */
import { randomBytes, randomUUID } from 'node:crypto';
import { createRoute, OpenAPIHono, z } from '@hono/zod-openapi';
import type { Env } from 'hono';
import { SHIPPED_RETRY_PLAN } from '../domain/campaign-retry.ts';
import type { CampaignSettings } from '../domain/campaign.ts';
import { isoTime } from '../domain/document.ts';
import { asCampaignId, type CampaignId } from '../domain/ids.ts';
import type { CampaignDocument } from '../providers/campaigns.ts';
import type { CampaignProgress } from '../workflows/campaign/messages.ts';
import { keyGiven } from './access.ts';
import { progressShown } from './campaign-progress.ts';
import {
  breakerFrom,
  campaignChange,
  campaignRequest,
  campaignResource,
  campaignShown,
  changeFrom,
  progressResource,
  retryFrom,
  type CampaignRequestBody,
} from './campaign-schemas.ts';
import { fromStore } from './from-store.ts';
import { idForKey } from './idempotency.ts';
import { initiateOf } from './initiate-body.ts';
import type { ApiPorts } from './ports.ts';
import { notFound, orRefused, ProblemError, problems, refused, validationHook } from './problems.ts';
import { idempotencyKey, idParam, json } from './route-parts.ts';

const CONCURRENCY = 10;
const CONTACT_KEY_BYTES = 32;
const BREAKER: CampaignSettings['breaker'] = { of: 20, share: 0.5, probeAfterMin: 10 };

const create = createRoute({
  method: 'post',
  path: '/campaign',
  summary: 'Make a campaign; it rings nobody before it is started',
  tags: ['Campaigns'],
  request: {
    headers: idempotencyKey('campaign'),
    body: { required: true, content: { 'application/json': { schema: campaignRequest } } },
  },
  responses: { 201: json(campaignResource, 'The campaign, a draft'), ...problems(400, 401, 422, 503) },
});
const list = createRoute({
  method: 'get',
  path: '/campaign',
  summary: 'Campaigns, newest first, 100 at most',
  tags: ['Campaigns'],
  responses: { 200: json(z.array(campaignResource), 'Campaigns'), ...problems(401, 503) },
});
const read = createRoute({
  method: 'get',
  path: '/campaign/{id}',
  summary: 'One campaign',
  tags: ['Campaigns'],
  request: { params: idParam },
  responses: { 200: json(campaignResource, 'The campaign'), ...problems(401, 404, 503) },
});
const change = createRoute({
  method: 'patch',
  path: '/campaign/{id}',
  summary: 'Change windows, pace, retries; also while it runs',
  tags: ['Campaigns'],
  request: {
    params: idParam,
    body: { required: true, content: { 'application/json': { schema: campaignChange } } },
  },
  responses: { 200: json(campaignResource, 'As it stands now'), ...problems(400, 401, 404, 409, 422, 503) },
});
const progress = createRoute({
  method: 'get',
  path: '/campaign/{id}/progress',
  summary: 'How far it is',
  tags: ['Campaigns'],
  request: { params: idParam },
  responses: { 200: json(progressResource, 'Progress'), ...problems(401, 404, 503) },
});
const order = (what: 'start' | 'pause' | 'resume' | 'stop', summary: string) =>
  createRoute({
    method: 'post',
    path: `/campaign/{id}/${what}`,
    summary,
    tags: ['Campaigns'],
    request: { params: idParam },
    responses: { 200: json(progressResource, 'As it stands now'), ...problems(401, 404, 409, 503) },
  });
const idOf = (param: { id: string }): CampaignId => asCampaignId(param.id);
const start = order('start', 'Begin to ring');
const pause = order('pause', 'Ring nobody for now; calls under way go on');
const resume = order('resume', 'Go on, also after the campaign paused by itself');
const stop = order('stop', 'Ring nobody any more');

export function campaignRoutes(ports: ApiPorts): OpenAPIHono {
  const router = new OpenAPIHono<Env>({ defaultHook: validationHook });
  const { store } = ports;
  const shownProgress: ShownProgress = async (campaignId, live) => {
    try {
      const [document, counts] = await Promise.all([
        findCampaign(ports, campaignId),
        fromStore(ports, store.campaigns.countContacts(campaignId)),
      ]);
      return progressShown(campaignId, { document, counts, live });
    } catch (error) {
      // [CG11] What runs can be told of without the store.
      if (live === null || !(error instanceof ProblemError) || error.problem.status !== 503) throw error;
      return progressShown(campaignId, { document: null, counts: null, live });
    }
  };

  router.openapi(create, async (context) => {
    const body = context.req.valid('json');
    const key = context.req.valid('header')['idempotency-key'];
    const id =
      key === undefined
        ? randomUUID()
        : await idForKey(ports, { key: `campaign:${key}`, client: keyGiven(context) ?? '', body });
    const nowMs = ports.nowMs();
    const contactKey = randomBytes(CONTACT_KEY_BYTES).toString('base64url');
    await fromStore(ports, store.campaigns.keepContactKey({ campaignId: id, key: contactKey }));
    await fromStore(ports, store.campaigns.saveCampaign(newCampaign({ id, body, nowMs }, ports)));
    context.header('location', `/campaign/${id}`);
    return context.json(campaignShown(await findCampaign(ports, asCampaignId(id))), 201);
  });
  router.openapi(list, async (context) =>
    context.json((await fromStore(ports, store.campaigns.listCampaigns())).map(campaignShown), 200),
  );
  router.openapi(read, async (context) =>
    context.json(campaignShown(await findCampaign(ports, idOf(context.req.valid('param')))), 200),
  );
  router.openapi(change, async (context) => {
    const campaignId = idOf(context.req.valid('param'));
    const document = await findCampaign(ports, campaignId);
    const changed = changeFrom(context.req.valid('json'), document.settings.retry);
    const live = document.status === 'draft' ? null : await ports.campaigns.change(campaignId, changed);
    const standing: CampaignDocument = {
      ...document,
      version: document.version + 1,
      settings: live?.settings ?? { ...document.settings, ...changed },
      updated_at: isoTime(ports.nowMs()),
    };
    // A running campaign saves itself.
    if (live === null) await fromStore(ports, store.campaigns.saveCampaign(standing));
    return context.json(campaignShown(standing), 200);
  });
  router.openapi(progress, async (context) => {
    const campaignId = idOf(context.req.valid('param'));
    const live = await ports.campaigns.progress(campaignId).catch((error: unknown) => {
      ports.log.warn({ err: error, campaignId }, 'the campaign was not asked; its contacts tell what they can');
      return null;
    });
    return context.json(await shownProgress(campaignId, live), 200);
  });
  takeOrders(router, ports, shownProgress);
  return router;
}

type ShownProgress = (
  campaignId: CampaignId,
  live: CampaignProgress | null,
) => Promise<z.infer<typeof progressResource>>;

function takeOrders(router: OpenAPIHono, ports: ApiPorts, shownProgress: ShownProgress): void {
  router.openapi(start, async (context) => {
    const campaignId = idOf(context.req.valid('param'));
    const document = await findCampaign(ports, campaignId);
    if (document.status === 'stopped') throw refused('the campaign was stopped: make a new one');
    const { name, version } = document;
    await ports.campaigns.start({
      campaignId,
      name,
      version,
      settings: document.settings,
      createdAtMs: Date.parse(document.created_at),
    });
    return context.json(await shownProgress(campaignId, await ports.campaigns.progress(campaignId)), 200);
  });
  router.openapi(pause, async (context) => {
    const campaignId = idOf(context.req.valid('param'));
    return context.json(
      await shownProgress(
        campaignId,
        await whileItRuns(ports, campaignId, ports.campaigns.pause(campaignId, 'asked through the API')),
      ),
      200,
    );
  });
  router.openapi(resume, async (context) => {
    const campaignId = idOf(context.req.valid('param'));
    return context.json(
      await shownProgress(campaignId, await whileItRuns(ports, campaignId, ports.campaigns.resume(campaignId))),
      200,
    );
  });
  router.openapi(stop, async (context) => {
    const campaignId = idOf(context.req.valid('param'));
    return context.json(
      await shownProgress(campaignId, await whileItRuns(ports, campaignId, ports.campaigns.stop(campaignId))),
      200,
    );
  });
}

const whileItRuns = <Answer>(ports: ApiPorts, campaignId: CampaignId, order: Promise<Answer>): Promise<Answer> =>
  orRefused(order, async () => {
    const { status } = await findCampaign(ports, campaignId);
    return status === 'draft' ? 'the campaign has not been started' : `the campaign is ${status}`;
  });

function newCampaign(
  { id, body, nowMs }: { id: string; body: CampaignRequestBody; nowMs: number },
  { settings }: ApiPorts,
): CampaignDocument {
  return {
    campaign_id: id,
    version: 1,
    name: body.name,
    status: 'draft',
    reason: null,
    settings: {
      initiate: initiateOf(body, settings),
      greeting: body.greeting ?? null,
      botNumber: settings.botNumber,
      windows: body.windows ?? null,
      concurrency: body.concurrency ?? CONCURRENCY,
      attemptsPerMinute: body.attempts_per_minute ?? null,
      retry: body.retry === undefined ? SHIPPED_RETRY_PLAN : retryFrom(body.retry),
      voicemail: body.voicemail ?? { do: 'hang_up' },
      breaker: body.breaker === undefined ? BREAKER : breakerFrom(body.breaker),
    },
    created_at: isoTime(nowMs),
    updated_at: isoTime(nowMs),
  };
}

export async function findCampaign(ports: ApiPorts, campaignId: CampaignId): Promise<CampaignDocument> {
  const document = await fromStore(ports, ports.store.campaigns.findCampaign(campaignId));
  if (document === null) throw notFound(`no campaign ${campaignId}`);
  return document;
}
