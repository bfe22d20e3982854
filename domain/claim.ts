/** The claim: the fields a conversation has to fill, their types, and what is still missing. */

export type ClaimFieldType = 'text' | 'datetime' | 'email' | 'phone_number';

export interface ClaimField {
  name: string;
  type: ClaimFieldType;
  description: string | null;
}

/** Field name → validated value: text as said, datetime as ISO 8601, email lower-cased, phone_number as E.164. */
export type ClaimValues = Record<string, string>;

/** Always asked for, whatever the caller of the API lists. */
export const CALLER_FIELDS: readonly ClaimField[] = [
  { name: 'caller_email', type: 'email', description: 'Email of the caller' },
  { name: 'caller_name', type: 'text', description: 'First and last name of the caller' },
  { name: 'caller_phone', type: 'phone_number', description: 'Phone number of the caller' },
];

/** The schema of a call: the given fields, then the caller's own that were not given. */
export function claimSchema(given: readonly ClaimField[]): ClaimField[] {
  const names = new Set(given.map((field) => field.name));
  return [...given, ...CALLER_FIELDS.filter((field) => !names.has(field.name))];
}

export function missingFields(schema: readonly ClaimField[], values: ClaimValues): ClaimField[] {
  // An own value: a field may be called `constructor`.
  return schema.filter((field) => !Object.hasOwn(values, field.name) || values[field.name] === '');
}

export function claimIsComplete(schema: readonly ClaimField[], values: ClaimValues): boolean {
  return missingFields(schema, values).length === 0;
}
