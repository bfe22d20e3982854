/** `/campaign/{id}/contacts` and `/results`: whom a campaign rings, and what came of it. */
import { createRoute, OpenAPIHono, z } from '@hono/zod-openapi';
import type { Env } from 'hono';
import { changed, withNote } from '../domain/campaign-contact.ts';
import { asCampaignId, type CampaignId } from '../domain/ids.ts';
import type { ContactDocument } from '../providers/campaigns.ts';
import { findCampaign } from './campaigns.ts';
import { csvStream, jsonStream, resultPages, withClaims } from './campaign-results.ts';
import { contactResource, contactRow, contactsAdded, contactState, zone } from './campaign-schemas.ts';
import { contactIdOf, csvRows, overlaid, readRows, type ReadRows } from './contact-rows.ts';
import { numberIn } from './dialling.ts';
import { fromStore } from './from-store.ts';
import type { ApiPorts } from './ports.ts';
import { invalidField, notFound, ProblemError, problems, refused, validationHook } from './problems.ts';
import { idParam, json, phoneParam } from './route-parts.ts';

/** Contacts go to the store in such pieces. */
const WRITTEN_AT_ONCE = 1_000;
const WRITE_MS = 20_000;
/** Of a row's problems; a file that is wrong throughout is not told line by line. */
const REJECTED_SHOWN = 1_000;

const csvText = { 'text/csv': { schema: z.string() } };

const add = createRoute({
  method: 'post',
  path: '/campaign/{id}/contacts',
  summary: 'Add contacts, as CSV or JSON; good rows are taken, each bad one is told',
  description:
    'CSV columns: phone_number; zone, lang, hours (10:00-12:00) where given; claim.<field> = known before the call; every other column is a variable. A number twice is one contact.',
  tags: ['Campaigns'],
  request: {
    params: idParam,
    body: {
      required: true,
      content: {
        'application/json': { schema: z.object({ contacts: z.array(contactRow).max(100_000) }).openapi('ContactRows') },
        ...csvText,
      },
    },
  },
  responses: { 200: json(contactsAdded, 'What was taken and what was not'), ...problems(400, 401, 404, 409, 422, 503) },
});
const list = createRoute({
  method: 'get',
  path: '/campaign/{id}/contacts',
  summary: 'Contacts, 100 at a time',
  tags: ['Campaigns'],
  request: {
    params: idParam,
    query: z.object({
      state: contactState.optional(),
      after: z.string().optional().openapi({ description: 'The last phone_number of the page before' }),
    }),
  },
  responses: { 200: json(z.array(contactResource), 'Contacts'), ...problems(401, 404, 422, 503) },
});
const setZone = createRoute({
  method: 'patch',
  path: '/campaign/{id}/contacts/{phone}',
  summary: 'Say in which zone a contact lives',
  tags: ['Campaigns'],
  request: {
    params: idParam.extend(phoneParam.shape),
    body: { required: true, content: { 'application/json': { schema: z.object({ zone }).openapi('ContactZone') } } },
  },
  responses: { 200: json(contactResource, 'The contact'), ...problems(400, 401, 404, 409, 422, 503) },
});
const results = createRoute({
  method: 'get',
  path: '/campaign/{id}/results',
  summary: 'Every contact with its attempts, disposition and claim',
  tags: ['Campaigns'],
  request: {
    params: idParam,
    query: z.object({ format: z.enum(['json', 'csv']).optional().openapi({ description: 'Or by Accept: text/csv' }) }),
  },
  responses: {
    200: { description: 'Results', content: { 'application/json': { schema: z.array(contactResource) }, ...csvText } },
    ...problems(401, 404, 503),
  },
});

export function campaignContactRoutes(ports: ApiPorts): OpenAPIHono {
  const router = new OpenAPIHono<Env>({ defaultHook: validationHook });
  const { campaigns } = ports.store;
  const idOf = (param: { id: string }): CampaignId => asCampaignId(param.id);
  const contactIdFrom = async (campaignId: CampaignId, given: { field: string; text: string }) => {
    const number = numberIn(given.field, given.text, ports.settings);
    return contactIdOf(number, await fromStore(ports, campaigns.contactKey(campaignId)));
  };

  // Read by hand: a body that is checked as a whole could not tell good rows from bad ones.
  router.openAPIRegistry.registerPath(add);
  router.post('/campaign/:id/contacts', async (context) => {
    const campaignId = asCampaignId(context.req.param('id'));
    const read = await readUpload(ports, campaignId, context.req.raw);
    const merged = [...read.merged, ...(await writeContacts(ports, read))];
    const added = read.contacts.length - (merged.length - read.merged.length);
    const note = read.contacts.length === 0 ? null : await tellCampaign(ports, campaignId);
    return context.json({ added, note, merged, rejected: read.rejected.slice(0, REJECTED_SHOWN) }, 200);
  });
  router.openapi(list, async (context) => {
    const campaignId = idOf(context.req.valid('param'));
    await findCampaign(ports, campaignId);
    const { state, after } = context.req.valid('query');
    const query = {
      campaignId,
      limit: 100,
      ...(state === undefined ? {} : { state }),
      ...(after === undefined ? {} : { after: await contactIdFrom(campaignId, { field: 'after', text: after }) }),
    };
    const contacts = await fromStore(ports, campaigns.listContacts(query));
    return context.json(await fromStore(ports, withClaims(campaigns, contacts)), 200);
  });
  router.openapi(setZone, async (context) => {
    const { phone, id } = context.req.valid('param');
    const campaignId = asCampaignId(id);
    const contactId = await contactIdFrom(campaignId, { field: 'phone', text: phone });
    const contact = await withZone(ports, { campaignId, contactId }, context.req.valid('json').zone);
    await ports.campaigns.contactsChanged(campaignId);
    const [shown] = await fromStore(ports, withClaims(campaigns, [contact]));
    if (shown === undefined) throw notFound(`no contact ${phone}`);
    return context.json(shown, 200);
  });
  router.openAPIRegistry.registerPath(results);
  router.get('/campaign/:id/results', async (context) => {
    const { campaign_id, settings } = await findCampaign(ports, asCampaignId(context.req.param('id')));
    const csv =
      context.req.query('format') === 'csv' ||
      (context.req.query('format') === undefined && /\btext\/csv\b/.test(context.req.header('accept') ?? ''));
    if (!csv)
      return context.body(jsonStream(resultPages(campaigns, campaign_id)), 200, { 'content-type': 'application/json' });
    const stream = await csvStream(campaigns, { campaignId: campaign_id, claim: settings.initiate.claim });
    return context.body(stream, 200, {
      'content-type': 'text/csv; charset=utf-8',
      'content-disposition': `attachment; filename="campaign-${campaign_id}.csv"`,
    });
  });
  return router;
}

async function readUpload(ports: ApiPorts, campaignId: CampaignId, request: Request): Promise<ReadRows> {
  const { settings } = await openCampaign(ports, campaignId);
  const rules = {
    campaignId,
    contactKey: await fromStore(ports, ports.store.campaigns.contactKey(campaignId)),
    claim: settings.initiate.claim,
    defaultCountry: ports.settings.defaultCountry,
    allowedPrefixes: ports.settings.allowedPrefixes,
    nowMs: ports.nowMs(),
  };
  const type = request.headers.get('content-type') ?? '';
  if (type.startsWith('text/csv')) return await readRows(csvRows(await request.text()), rules);
  if (!type.startsWith('application/json'))
    throw new ProblemError({
      status: 415,
      title: 'Not readable',
      detail: 'contacts come as text/csv or application/json',
    });
  const body: unknown = await request.json().catch(() => null);
  const contacts = z.object({ contacts: z.array(z.unknown()) }).safeParse(body);
  if (!contacts.success) throw invalidField('contacts', 'must be a list');
  return await readRows(
    contacts.data.contacts.map((value, index) => ({ row: index + 1, value })),
    rules,
  );
}

/** [CG15] Null = they are rung when their turn comes. */
async function tellCampaign(ports: ApiPorts, campaignId: CampaignId): Promise<string | null> {
  if ((await ports.campaigns.contactsChanged(campaignId)) === 'told') return null;
  const { status } = await findCampaign(ports, campaignId);
  return `the campaign ${status === 'draft' ? 'has not been started' : 'has ended'}: who is on its list and not done with is rung once it is started`;
}

async function openCampaign(ports: ApiPorts, campaignId: CampaignId) {
  const document = await findCampaign(ports, campaignId);
  if (document.status === 'stopping' || document.status === 'stopped')
    throw refused(`the campaign is ${document.status}: it rings nobody any more`);
  return document;
}

/** What was on the list before gets what the new row says more; the answer tells those rows. */
async function writeContacts(ports: ApiPorts, read: ReadRows): Promise<{ row: number; reason: string }[]> {
  const { campaigns } = ports.store;
  const merged: { row: number; reason: string }[] = [];
  for (let from = 0; from < read.contacts.length; from += WRITTEN_AT_ONCE) {
    const piece = read.contacts.slice(from, from + WRITTEN_AT_ONCE);
    const { standing } = await fromStore(ports, campaigns.addContacts(piece), WRITE_MS);
    const known = new Set(standing);
    for (const [index, contact] of piece.entries()) {
      if (!known.has(contact.contact_id)) continue;
      const over = await fromStore(ports, mergeInto(ports, contact));
      const reason = over ?? 'what the row says more was added';
      merged.push({ row: read.rows[from + index] ?? 0, reason: `on the list already: ${reason}` });
    }
  }
  return merged;
}

/** Null = done; else why not. */
async function mergeInto({ store }: ApiPorts, later: ContactDocument): Promise<string | null> {
  for (;;) {
    const standing = await store.campaigns.findContact(later.campaign_id, later.contact_id);
    if (standing === null) return 'taken off it meanwhile';
    if (standing.state === 'in_flight') return 'being called now';
    const neverCallable = standing.disposition === 'never_callable';
    if (standing.state === 'done' && !neverCallable)
      return `done with, as ${(standing.disposition ?? 'done').replaceAll('_', ' ')}`;
    const both = overlaid(standing, later);
    const freed =
      standing.state === 'needs_hours' || neverCallable || (standing.state === 'needs_zone' && both.zones.length === 1);
    const next = changed(both, freed ? { state: 'pending', disposition: null, due_at_ms: later.due_at_ms } : {});
    if (await store.campaigns.changeContact(next)) return null;
  }
}

async function withZone(
  ports: ApiPorts,
  { campaignId, contactId }: { campaignId: string; contactId: string },
  zoneGiven: string,
): Promise<ContactDocument> {
  for (;;) {
    const contact = await fromStore(ports, ports.store.campaigns.findContact(campaignId, contactId));
    if (contact === null) throw notFound('no such contact in this campaign');
    if (contact.state === 'done') throw refused('the contact is done with');
    const nowMs = ports.nowMs();
    const waiting = contact.state !== 'in_flight' && (contact.state !== 'pending' || contact.waits_for === 'window');
    const next = changed(
      { ...contact, zone_given: true as const },
      {
        zones: [zoneGiven],
        notes: withNote(contact, nowMs, `zone given: ${zoneGiven}`),
        ...(waiting ? { state: 'pending' as const, due_at_ms: nowMs, waits_for: 'turn' as const } : {}),
      },
    );
    if (await fromStore(ports, ports.store.campaigns.changeContact(next))) return next;
  }
}
