/** Pages for people: `/`, `/report…`, `/docs`. */
import { Hono, type Context } from 'hono';
import type { CallDocument } from '../../domain/call-document.ts';
import { e164From } from '../dialling.ts';
import { findCall } from '../calls.ts';
import { checks } from '../health.ts';
import { inTime } from '../in-time.ts';
import type { ApiPorts } from '../ports.ts';
import { invalidField, notFound, unavailable } from '../problems.ts';
import type { ReportLinks } from '../../providers/report-links.ts';
import { homePage } from './home.ts';
import { PAGE_HEADERS, type Html } from './layout.ts';
import { referencePage, type OpenApiDocument } from './reference.ts';
import { reportListPage, reportPage, type ReportFrame } from './report.ts';

const READ_MS = 1_500;
const RECENT = 25;

export interface PageParts {
  ports: ApiPorts;
  links: ReportLinks;
  openApi: () => OpenApiDocument;
}

/** What pages read, and how they are shown. */
function pageTools({ ports, links }: PageParts) {
  const { settings, store } = ports;
  const read = async <Result>(reading: Promise<Result>): Promise<Result | null> => {
    try {
      return await inTime('store', READ_MS, reading);
    } catch (error) {
      ports.log.warn({ err: error }, 'page without what the store has');
      return null;
    }
  };
  return {
    read,
    show: async (context: Context, content: Html): Promise<Response> =>
      context.body(String(await content), 200, PAGE_HEADERS),
    /** Who came by a signed link goes on by signed links. */
    frameOf: (context: Context): ReportFrame => {
      const bySignature = context.req.query('signature') !== undefined;
      return {
        zone: settings.zone,
        withMenu: !bySignature,
        linkTo: (path) => (bySignature ? links.path(path, ports.nowMs()) : path),
      };
    },
    callsOf: async (phoneNumber: string | null): Promise<CallDocument[]> => {
      const calls = await read(store.listCalls({ ...(phoneNumber === null ? {} : { phoneNumber }), limit: 100 }));
      if (calls === null) throw unavailable('The store');
      return calls;
    },
    numberOf: (text: string): string => {
      const number = e164From(text, settings.defaultCountry);
      if (number === null) throw invalidField('phone_number', 'must be a phone number');
      return number;
    },
  };
}

export function pageRoutes(parts: PageParts): Hono {
  const { ports, openApi } = parts;
  const { settings, store } = ports;
  const { read, show, frameOf, callsOf, numberOf } = pageTools(parts);
  const router = new Hono();

  router.get('/', async (context) => {
    const [live, recent, callbacks, tasks, parts] = await Promise.all([
      read(store.listCalls({ inProgress: true, limit: 100 })),
      read(store.listCalls({ inProgress: false, limit: RECENT })),
      read(store.listCallbacks({ status: 'pending', limit: RECENT })),
      read(store.listCallbacks({ status: 'due', limit: RECENT })),
      checks(ports),
    ]);
    return show(context, homePage({ live, recent, callbacks, tasks, checks: parts, settings }));
  });
  router.get('/report', async (context) => {
    const asked = context.req.query('phone_number') ?? '';
    const phoneNumber = asked.trim() === '' ? null : numberOf(asked);
    const title = phoneNumber === null ? 'Reports' : `Calls of ${phoneNumber}`;
    return show(
      context,
      reportListPage({ title, calls: await callsOf(phoneNumber), withSearch: true }, frameOf(context)),
    );
  });
  router.get('/report/call/:id', async (context) =>
    show(context, reportPage(await findCall(ports, context.req.param('id')), frameOf(context))),
  );
  router.get('/report/:phone', async (context) => {
    const phone = numberOf(context.req.param('phone'));
    const calls = await callsOf(phone);
    const [only, ...others] = calls;
    if (only === undefined) throw notFound(`no call with ${phone}`);
    if (others.length === 0) return show(context, reportPage(only, frameOf(context)));
    return show(context, reportListPage({ title: `Calls of ${phone}`, calls, withSearch: false }, frameOf(context)));
  });
  router.get('/docs', (context) => show(context, referencePage(openApi(), settings.publicUrl)));
  return router;
}
