/** HubSpot behind the CRM port: plain requests to its v3 objects API. */
import type { Crm, CrmNote } from '../crm.ts';
import { AlreadyThere, createHubspotClient, type HubspotClient } from './client.ts';
import {
  associations,
  bestMatch,
  CONTACT_PROPERTIES,
  contactsFound,
  created,
  customerFrom,
  markerOf,
  nationalDigits,
  noteProperties,
  notesRead,
} from './wire.ts';
import { z } from 'zod';

const NOTE_TO_CONTACT = 202;
const SEARCH_LIMIT = 10;
const PAGE = 500;
/** HubSpot's own limit of a batch read. */
const BATCH = 100;

export function createHubspotCrm(settings: { token: string; baseUrl: string }): Crm {
  const client = createHubspotClient(settings);
  return {
    name: 'hubspot',
    async findCustomer({ phoneNumber }, signal) {
      const { results } = await client.request({
        method: 'POST',
        path: '/crm/v3/objects/contacts/search',
        body: phoneSearch(phoneNumber),
        answer: contactsFound,
        signal,
      });
      const match = bestMatch(results, phoneNumber);
      return match === null ? null : customerFrom(match);
    },
    async createCustomer(customer) {
      return {
        customerId: await createContact(client, customer),
        name: customer.name,
        email: customer.email,
        notes: null,
      };
    },
    async createNote(note) {
      const { id } = await client.request({
        method: 'POST',
        path: '/crm/v3/objects/notes',
        body: { properties: noteProperties(note), associations: [toContact(note)] },
        creates: true,
        answer: created,
      });
      return { noteId: id };
    },
    async updateNote(noteId, note) {
      const path = `/crm/v3/objects/notes/${encodeURIComponent(noteId)}`;
      await client.request({ method: 'PATCH', path, body: { properties: noteProperties(note) }, answer: z.unknown() });
    },
    findNote: (query) => findNote(client, query),
  };
}

/** One search over both spellings: the calculated national digits, and E.164 as we write it ourselves. */
function phoneSearch(e164: string): object {
  const national = nationalDigits(e164);
  const equal = (propertyName: string, value: string): object => ({
    filters: [{ propertyName, operator: 'EQ', value }],
  });
  return {
    filterGroups: [
      equal('hs_searchable_calculated_phone_number', national),
      equal('hs_searchable_calculated_mobile_number', national),
      equal('phone', e164),
      equal('mobilephone', e164),
    ],
    sorts: [{ propertyName: 'lastmodifieddate', direction: 'DESCENDING' }],
    properties: CONTACT_PROPERTIES,
    limit: SEARCH_LIMIT,
  };
}

async function createContact(client: HubspotClient, customer: Parameters<Crm['createCustomer']>[0]): Promise<string> {
  const [firstname, ...rest] = (customer.name ?? '').split(/\s+/).filter((part) => part !== '');
  const properties = {
    phone: customer.phoneNumber,
    ...(firstname === undefined ? {} : { firstname }),
    ...(rest.length === 0 ? {} : { lastname: rest.join(' ') }),
    ...(customer.email === null ? {} : { email: customer.email }),
  };
  try {
    const { id } = await client.request({
      method: 'POST',
      path: '/crm/v3/objects/contacts',
      body: { properties },
      creates: true,
      answer: created,
    });
    return id;
  } catch (error) {
    if (error instanceof AlreadyThere) return error.existingId;
    throw error;
  }
}

function toContact(note: CrmNote): object {
  return {
    to: { id: note.customerId },
    types: [{ associationCategory: 'HUBSPOT_DEFINED', associationTypeId: NOTE_TO_CONTACT }],
  };
}

/** Through the contact's own associations, which are there at once; search lags some seconds behind. */
async function findNote(
  client: HubspotClient,
  { customerId, externalKey }: Parameters<Crm['findNote']>[0],
): Promise<{ noteId: string } | null> {
  const ids = await noteIds(client, customerId);
  const marker = markerOf(externalKey);
  for (let from = 0; from < ids.length; from += BATCH) {
    const { results } = await client.request({
      method: 'POST',
      path: '/crm/v3/objects/notes/batch/read',
      body: { properties: ['hs_note_body'], inputs: ids.slice(from, from + BATCH).map((id) => ({ id })) },
      answer: notesRead,
    });
    const note = results.find((one) => one.properties.hs_note_body?.includes(marker) === true);
    if (note !== undefined) return { noteId: note.id };
  }
  return null;
}

/** Newest first: ids grow, and what is looked for was written just now. */
async function noteIds(client: HubspotClient, customerId: string): Promise<string[]> {
  const ids: string[] = [];
  let after: string | undefined;
  do {
    const page = await client.request({
      method: 'GET',
      path: `/crm/v3/objects/contacts/${encodeURIComponent(customerId)}/associations/notes`,
      query: { limit: String(PAGE), ...(after === undefined ? {} : { after }) },
      answer: associations,
    });
    ids.push(...page.results.map((one) => one.id));
    after = page.paging?.next?.after;
  } while (after !== undefined);
  return [...new Set(ids)].sort((a, b) => b.length - a.length || b.localeCompare(a));
}
