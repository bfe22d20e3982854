import { describe, expect, test } from 'vitest';
import { CALLER_FIELDS, claimIsComplete, claimSchema, missingFields, type ClaimField } from '../../domain/claim.ts';

const field = (name: string, type: ClaimField['type'] = 'text'): ClaimField => ({ name, type, description: null });
const names = (fields: readonly ClaimField[]): string[] => fields.map(({ name }) => name);

describe('the schema of a call', () => {
  test('[CM23] asks for the given fields first, in their order, then for the caller’s own', () => {
    expect(names(claimSchema([field('incident'), field('date', 'datetime')]))).toEqual([
      'incident',
      'date',
      'caller_email',
      'caller_name',
      'caller_phone',
    ]);
  });

  test('[CM23] asks for the caller’s own where none is given', () => {
    expect(claimSchema([])).toEqual([...CALLER_FIELDS]);
  });

  test('[CM23] takes a given field of the caller’s name as it was given, once', () => {
    const own: ClaimField = { name: 'caller_phone', type: 'text', description: 'Whatever they say' };
    const schema = claimSchema([own]);
    expect(names(schema)).toEqual(['caller_phone', 'caller_email', 'caller_name']);
    expect(schema[0]).toBe(own);
  });
});

describe('what is still missing', () => {
  const schema = [field('incident'), field('date', 'datetime'), field('policy')];

  test('[CM24] is what has no value, in the order of the schema; an empty text is none', () => {
    expect(names(missingFields(schema, { policy: 'P-1', incident: '' }))).toEqual(['incident', 'date']);
    expect(claimIsComplete(schema, { policy: 'P-1', incident: '', date: '2026-11-21' })).toBe(false);
  });

  test('[CM24] is nothing when every field has its value; others do not matter', () => {
    const values = { incident: '0', date: '2026-11-21', policy: 'P-1', stray: 'x' };
    expect(missingFields(schema, values)).toEqual([]);
    expect(claimIsComplete(schema, values)).toBe(true);
  });

  test('[CM24] includes a field that is called like something every object has', () => {
    expect(names(missingFields([field('constructor')], {}))).toEqual(['constructor']);
    expect(missingFields([field('constructor')], { constructor: 'Builders Ltd' })).toEqual([]);
  });
});
