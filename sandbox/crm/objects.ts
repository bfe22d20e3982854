/** The CRM's contacts and notes, and the properties that it calculates by itself. */
import { parsePhoneNumberFromString } from 'libphonenumber-js/max';

export type Properties = Record<string, string | null>;

export interface CrmObject {
  id: string;
  properties: Properties;
  createdAtMs: number;
  updatedAtMs: number;
}

export interface Note extends CrmObject {
  contactIds: string[];
}

export interface CrmState {
  contacts: Map<string, CrmObject>;
  notes: Map<string, Note>;
  /** Every request since the start or the last `reset`, as `METHOD path`. */
  requests: string[];
  /** Back to the seeded contacts. */
  reset(): void;
}

const SEEDED: { id: string; properties: Properties }[] = [
  {
    id: '501',
    properties: {
      firstname: 'Grace',
      lastname: 'Hopper',
      email: 'grace.hopper@example.com',
      phone: '+1 202-555-0143',
      company: 'Example Compilers',
    },
  },
  {
    id: '502',
    properties: {
      firstname: 'Alan',
      lastname: 'Turing',
      email: 'alan.turing@example.com',
      phone: null,
      mobilephone: '+44 7700 900501',
    },
  },
  {
    id: '503',
    properties: {
      firstname: 'Sophie',
      lastname: 'Germain',
      email: 'sophie.germain@example.com',
      phone: '+33199005014',
      lifecyclestage: 'customer',
    },
  },
];
const FIRST_NEW_ID = 1_001;
/** For numbers that somebody typed without a country. */
const DEFAULT_COUNTRY = 'US';

export interface Ids {
  next(): string;
}

export function createState(): { state: CrmState; ids: Ids } {
  let last = FIRST_NEW_ID - 1;
  const contacts = new Map<string, CrmObject>();
  const notes = new Map<string, Note>();
  const requests: string[] = [];
  const reset = (): void => {
    contacts.clear();
    notes.clear();
    requests.length = 0;
    for (const { id, properties } of SEEDED)
      contacts.set(id, { id, properties: { ...properties }, createdAtMs: 0, updatedAtMs: 0 });
  };
  reset();
  return { state: { contacts, notes, requests, reset }, ids: { next: () => String((last += 1)) } };
}

/** With the calculated ones: the national digits of the numbers, and the moment of the last change. */
export function propertiesOf(contact: CrmObject): Properties {
  return {
    ...contact.properties,
    hs_object_id: contact.id,
    createdate: new Date(contact.createdAtMs).toISOString(),
    lastmodifieddate: new Date(contact.updatedAtMs).toISOString(),
    hs_searchable_calculated_phone_number: nationalDigits(contact.properties['phone']),
    hs_searchable_calculated_mobile_number: nationalDigits(contact.properties['mobilephone']),
  };
}

function nationalDigits(written: string | null | undefined): string | null {
  if (written === null || written === undefined) return null;
  const parsed = parsePhoneNumberFromString(written, DEFAULT_COUNTRY);
  return parsed?.nationalNumber ?? written.replaceAll(/\D/g, '');
}

/** An object as the API shows it: the wanted properties, absent ones as null. */
export function shown(object: CrmObject, properties: Properties, wanted: readonly string[]): object {
  const names = ['createdate', 'hs_object_id', 'lastmodifieddate', ...wanted].filter(
    (name) => name in properties || wanted.includes(name),
  );
  return {
    id: object.id,
    properties: Object.fromEntries(names.map((name) => [name, properties[name] ?? null])),
    createdAt: new Date(object.createdAtMs).toISOString(),
    updatedAt: new Date(object.updatedAtMs).toISOString(),
    archived: false,
  };
}
