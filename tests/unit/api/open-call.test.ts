import { expect, test } from 'vitest';
import { asE164, asLegId, asNumberKey } from '../../../domain/ids.ts';
import { callIdFromHash, lineKeyOf } from '../../../domain/open-call.ts';

test('[ID4] a hash becomes a well-formed UUID, the same each time', () => {
  const id = callIdFromHash('0123456789abcdef0123456789abcdef');
  expect(id).toBe('01234567-89ab-8def-8123-456789abcdef');
  expect(callIdFromHash('f'.repeat(64))).toMatch(
    /^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/,
  );
});

test('[WH3] the line is the number’s, or the leg’s own where the number is withheld', () => {
  const legId = asLegId('leg-1');
  const keyOf = (number: string) => asNumberKey(`key of ${number}`);
  expect(lineKeyOf({ legId, from: asE164('+447700900123') }, keyOf)).toBe('key of +447700900123');
  expect(lineKeyOf({ legId, from: null }, keyOf)).toBe('anon:leg-1');
});
