/** `POST /crm/v3/objects/contacts/search`: groups of filters, any of which must match whole. */
import { z } from 'zod';
import { propertiesOf, type CrmObject, type Properties } from './objects.ts';

const filter = z.object({
  propertyName: z.string().min(1),
  operator: z.enum(['EQ', 'NEQ', 'HAS_PROPERTY', 'NOT_HAS_PROPERTY', 'IN', 'CONTAINS_TOKEN']),
  value: z.string().optional(),
  values: z.array(z.string()).optional(),
});

/** HubSpot's own limits: 5 groups, 6 filters in each, 200 results. */
export const searchSchema = z.object({
  filterGroups: z
    .array(z.object({ filters: z.array(filter).min(1).max(6) }))
    .max(5)
    .default([]),
  sorts: z
    .array(z.object({ propertyName: z.string(), direction: z.enum(['ASCENDING', 'DESCENDING']).default('ASCENDING') }))
    .max(1)
    .default([]),
  properties: z.array(z.string()).default(['firstname', 'lastname', 'email']),
  limit: z.int().min(1).max(200).default(10),
  after: z.union([z.string(), z.int()]).optional(),
});

type Search = z.infer<typeof searchSchema>;

export function search(contacts: readonly CrmObject[], wish: Search): CrmObject[] {
  const found = contacts.filter((contact) => {
    const properties = propertiesOf(contact);
    return (
      wish.filterGroups.length === 0 ||
      wish.filterGroups.some((group) => group.filters.every((one) => holds(one, properties)))
    );
  });
  const [sort] = wish.sorts;
  if (sort === undefined) return found;
  const sign = sort.direction === 'ASCENDING' ? 1 : -1;
  const key = (contact: CrmObject): string => propertiesOf(contact)[sort.propertyName] ?? '';
  return found.sort((a, b) => sign * key(a).localeCompare(key(b)));
}

function holds({ propertyName, operator, value, values }: z.infer<typeof filter>, properties: Properties): boolean {
  const actual = properties[propertyName] ?? null;
  switch (operator) {
    case 'EQ':
      return actual !== null && same(actual, value);
    case 'NEQ':
      return actual === null || !same(actual, value);
    case 'HAS_PROPERTY':
      return actual !== null;
    case 'NOT_HAS_PROPERTY':
      return actual === null;
    case 'IN':
      return actual !== null && (values ?? []).some((one) => same(actual, one));
    case 'CONTAINS_TOKEN':
      return (
        actual !== null &&
        (value ?? '') !== '' &&
        actual.toLowerCase().includes((value ?? '').replaceAll('*', '').toLowerCase())
      );
  }
}

const same = (actual: string, wanted: string | undefined): boolean =>
  actual.toLowerCase() === (wanted ?? '').toLowerCase();
