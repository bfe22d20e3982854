/** The endpoints: contacts are searched, read and created; notes are created, changed, read, and found through their contact. */
import { z } from 'zod';
import { propertiesOf, shown, type CrmObject, type CrmState, type Ids, type Note, type Properties } from './objects.ts';
import { refusal } from './refusal.ts';
import { search, searchSchema } from './search.ts';

export interface Request {
  method: string;
  url: URL;
  body: unknown;
}

export interface Answer {
  status: number;
  body: object;
  created: boolean;
}

interface Desk {
  state: CrmState;
  ids: Ids;
  indexLagMs: number;
  nowMs: number;
}

interface Visit extends Desk {
  request: Request;
  id: string;
}

const NOTE_TO_CONTACT = 202;
const NOTE_LIMIT = 65_536;
const PAGE = 500;

const properties = z.record(z.string(), z.string().nullable());
const contactSchema = z.object({ properties });
const changeSchema = z.object({ properties });
const noteSchema = z.object({
  properties: properties.refine((given) => given['hs_timestamp'] != null, 'hs_timestamp is required'),
  associations: z
    .array(
      z.object({
        to: z.object({ id: z.union([z.string(), z.int().transform(String)]) }),
        types: z.array(z.object({ associationCategory: z.string(), associationTypeId: z.int() })).min(1),
      }),
    )
    .default([]),
});
const batchSchema = z.object({
  properties: z.array(z.string()).default([]),
  inputs: z.array(z.object({ id: z.string() })).max(100),
});

const endpoints: Record<string, (visit: Visit) => Answer> = {
  'POST /crm/v3/objects/contacts/search': findContacts,
  'POST /crm/v3/objects/contacts': createContact,
  'GET /crm/v3/objects/contacts/:id': ({ state, id, request }) => {
    const contact = known(state.contacts, id);
    return ok(shown(contact, propertiesOf(contact), wantedProperties(request)));
  },
  'GET /crm/v3/objects/contacts/:id/associations/notes': notesOfContact,
  'POST /crm/v3/objects/notes': createNote,
  'POST /crm/v3/objects/notes/batch/read': readNotes,
  'GET /crm/v3/objects/notes/:id': ({ state, id, request }) => {
    const note = known(state.notes, id);
    return ok(shown(note, note.properties, wantedProperties(request)));
  },
  'PATCH /crm/v3/objects/notes/:id': changeNote,
};

export function answerTo(request: Request, desk: Desk): Answer {
  const { pathname } = request.url;
  const exact = endpoints[`${request.method} ${pathname}`];
  if (exact !== undefined) return exact({ ...desk, request, id: '' });
  const [, before, id, after] = /^(\/crm\/v3\/objects\/[a-z]+\/)([^/]+)(\/.*)?$/.exec(pathname) ?? [];
  const endpoint = endpoints[`${request.method} ${before ?? ''}:id${after ?? ''}`];
  if (endpoint === undefined || id === undefined) throw refusal(404, 'OBJECT_NOT_FOUND', 'resource not found');
  return endpoint({ ...desk, request, id: decodeURIComponent(id) });
}

const ok = (body: object): Answer => ({ status: 200, body, created: false });
const wantedProperties = ({ url }: Request): string[] =>
  url.searchParams.getAll('properties').flatMap((value) => value.split(','));

function findContacts({ state, request, nowMs, indexLagMs }: Visit): Answer {
  const wish = parse(searchSchema, request.body);
  const indexed = [...state.contacts.values()].filter((contact) => nowMs - contact.createdAtMs >= indexLagMs);
  const found = search(indexed, wish);
  const from = Number(wish.after ?? 0);
  const page = found.slice(from, from + wish.limit);
  const next = from + page.length < found.length ? { paging: { next: { after: String(from + page.length) } } } : {};
  return ok({
    total: found.length,
    results: page.map((contact) => shown(contact, propertiesOf(contact), wish.properties)),
    ...next,
  });
}

function createContact({ state, ids, request, nowMs }: Visit): Answer {
  const given = parse(contactSchema, request.body);
  const email = given.properties['email']?.toLowerCase();
  const same = [...state.contacts.values()].find(
    (contact) => email !== undefined && contact.properties['email']?.toLowerCase() === email,
  );
  if (same !== undefined) throw refusal(409, 'CONFLICT', `Contact already exists. Existing ID: ${same.id}`);
  const contact: CrmObject = { id: ids.next(), properties: given.properties, createdAtMs: nowMs, updatedAtMs: nowMs };
  state.contacts.set(contact.id, contact);
  return { status: 201, body: shown(contact, propertiesOf(contact), Object.keys(given.properties)), created: true };
}

function createNote({ state, ids, request, nowMs }: Visit): Answer {
  const given = parse(noteSchema, request.body);
  refuseLong(given.properties);
  for (const { to, types } of given.associations) {
    known(state.contacts, to.id);
    if (types.some((type) => type.associationTypeId !== NOTE_TO_CONTACT)) {
      throw refusal(400, 'VALIDATION_ERROR', 'One or more association types are not valid between notes and contacts');
    }
  }
  const note: Note = {
    id: ids.next(),
    properties: given.properties,
    createdAtMs: nowMs,
    updatedAtMs: nowMs,
    contactIds: given.associations.map(({ to }) => to.id),
  };
  state.notes.set(note.id, note);
  return { status: 201, body: shown(note, note.properties, Object.keys(given.properties)), created: true };
}

function changeNote({ state, id, request, nowMs }: Visit): Answer {
  const note = known(state.notes, id);
  const given = parse(changeSchema, request.body);
  refuseLong(given.properties);
  Object.assign(note.properties, given.properties);
  note.updatedAtMs = nowMs;
  return ok(shown(note, note.properties, Object.keys(given.properties)));
}

function readNotes({ state, request }: Visit): Answer {
  const wish = parse(batchSchema, request.body);
  const notes = wish.inputs.flatMap(({ id }) => state.notes.get(id) ?? []);
  return ok({ status: 'COMPLETE', results: notes.map((note) => shown(note, note.properties, wish.properties)) });
}

function notesOfContact({ state, id, request }: Visit): Answer {
  known(state.contacts, id);
  const limit = Math.min(Number(request.url.searchParams.get('limit') ?? PAGE), PAGE);
  const after = Number(request.url.searchParams.get('after') ?? 0);
  const all = [...state.notes.values()].filter((note) => note.contactIds.includes(id) && Number(note.id) > after);
  const page = all.slice(0, limit);
  const last = page.at(-1);
  const next = last !== undefined && page.length < all.length ? { paging: { next: { after: last.id } } } : {};
  return ok({ results: page.map((note) => ({ id: note.id, type: 'contact_to_note' })), ...next });
}

function known<Kind>(objects: Map<string, Kind>, id: string): Kind {
  const object = objects.get(id);
  if (object === undefined) throw refusal(404, 'OBJECT_NOT_FOUND', `Object not found: ${id}`);
  return object;
}

function refuseLong(given: Properties): void {
  if ((given['hs_note_body']?.length ?? 0) > NOTE_LIMIT)
    throw refusal(400, 'VALIDATION_ERROR', `hs_note_body is longer than ${NOTE_LIMIT}`);
}

function parse<Out>(schema: z.ZodType<Out>, value: unknown): Out {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw refusal(400, 'VALIDATION_ERROR', `Invalid input: ${issue?.path.join('.') ?? ''} ${issue?.message ?? ''}`);
}
