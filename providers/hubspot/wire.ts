/** HubSpot's shapes, and how a note and a phone number are written in them. */
import { z } from 'zod';
import { parsePhoneNumberFromString } from 'libphonenumber-js/max';
import type { CrmCustomer, CrmNote } from '../crm.ts';

const text = z
  .string()
  .nullish()
  .transform((value) => (value === undefined || value === null || value.trim() === '' ? null : value.trim()));

export const contact = z.object({
  id: z.string(),
  properties: z.object({
    firstname: text,
    lastname: text,
    email: text,
    phone: text,
    mobilephone: text,
    company: text,
    jobtitle: text,
    lifecyclestage: text,
    lastmodifieddate: text,
  }),
});
export type Contact = z.infer<typeof contact>;
export const CONTACT_PROPERTIES = Object.keys(contact.shape.properties.shape);

export const contactsFound = z.object({ results: z.array(contact) });
export const created = z.object({ id: z.string() });
export const associations = z.object({
  results: z.array(z.object({ id: z.string() })),
  paging: z.object({ next: z.object({ after: z.string() }).optional() }).optional(),
});
export const notesRead = z.object({
  results: z.array(z.object({ id: z.string(), properties: z.object({ hs_note_body: z.string().nullish() }) })),
});

export function customerFrom({ id, properties }: Contact): CrmCustomer {
  const name = [properties.firstname, properties.lastname].filter((part) => part !== null).join(' ');
  const known = [
    properties.company === null ? null : `Company: ${properties.company}`,
    properties.jobtitle === null ? null : `Job title: ${properties.jobtitle}`,
    properties.lifecyclestage === null ? null : `Stage: ${properties.lifecyclestage}`,
  ].filter((line) => line !== null);
  return {
    customerId: id,
    name: name === '' ? null : name,
    email: properties.email,
    notes: known.length === 0 ? null : known.join('. '),
  };
}

/** HubSpot's calculated properties hold the number without its country: `7700900123`. */
export function nationalDigits(e164: string): string {
  return parsePhoneNumberFromString(e164)?.nationalNumber ?? e164.replace('+', '');
}

/**
 * Two countries may share the digits of a national number, so a contact whose own numbers are written internationally must
 * have this very one. Of the rest: whoever has the number as such, then whoever was changed last.
 */
export function bestMatch(contacts: readonly Contact[], e164: string): Contact | null {
  const [best] = contacts
    .flatMap((one) => rated(one, e164))
    .sort((a, b) => b.rank - a.rank || b.changedAtMs - a.changedAtMs);
  return best?.contact ?? null;
}

interface Rated {
  contact: Contact;
  rank: number;
  changedAtMs: number;
}

function rated(one: Contact, e164: string): Rated[] {
  const digits = e164.replace('+', '');
  const written = [one.properties.phone, one.properties.mobilephone]
    .filter((value) => value !== null)
    .map(internationalDigits);
  const exact = written.includes(digits);
  const elsewhere = !exact && written.length > 0 && written.every((other) => other !== null);
  if (elsewhere) return [];
  const changedAtMs = Date.parse(one.properties.lastmodifieddate ?? '');
  return [{ contact: one, rank: exact ? 1 : 0, changedAtMs: Number.isNaN(changedAtMs) ? 0 : changedAtMs }];
}

/** Digits of a number written with its country; null = written nationally. */
function internationalDigits(written: string): string | null {
  const compact = written.replaceAll(/[^\d+]/g, '');
  if (compact.startsWith('+')) return compact.slice(1);
  return compact.startsWith('00') ? compact.slice(2) : null;
}

/** HubSpot refuses longer ones. */
const NOTE_LIMIT = 65_536;

/** Closed by its bracket, so that one key is never found in a longer one. */
export const markerOf = (externalKey: string): string => `[evercall:${escaped(externalKey)}]`;

/** The longest that one character becomes when escaped: `&quot;`. */
const LONGEST_ESCAPE = 6;

/** A note's body is HTML; what customers say is not. The marker stands last and is never cut off. */
export function noteBody({ text: words, externalKey }: CrmNote): string {
  const marker = `<p>${markerOf(externalKey)}</p>`;
  const room = NOTE_LIMIT - marker.length;
  const whole = html(words);
  return `${whole.length <= room ? whole : html(words.slice(0, Math.floor(room / LONGEST_ESCAPE)))}${marker}`;
}

const html = (plain: string): string => escaped(plain).replaceAll('\n', '<br>');

function escaped(plain: string): string {
  return plain.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}

export function noteProperties(note: CrmNote): { hs_timestamp: string; hs_note_body: string } {
  return { hs_timestamp: new Date(note.atMs).toISOString(), hs_note_body: noteBody(note) };
}
