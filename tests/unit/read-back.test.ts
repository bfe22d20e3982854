import { describe, expect, test } from 'vitest';
import type { ClaimField } from '../../domain/claim.ts';
import { guidanceFor } from '../../domain/dialog.ts';
import { keyedDate } from '../../domain/keypad.ts';
import { saidBack, triesAfter, wayToAsk } from '../../domain/read-back.ts';

const field = (name: string, type: ClaimField['type'] = 'text'): ClaimField => ({ name, type, description: null });
const EMAIL = field('caller_email', 'email');
const NAME = field('caller_name');
const PHONE = field('caller_phone', 'phone_number');
const ORDER = field('order_number');
const WHEN = field('incident_datetime', 'datetime');
const PROBLEM = field('problem');
const speechOnly = { textReplies: false };

test.each<[ClaimField, string[]]>([
  [EMAIL, ['say', 'spell', 'spell_in_words', 'spell_in_words']],
  [NAME, ['say', 'spell', 'spell_in_words', 'spell_in_words']],
  [PHONE, ['say', 'spell', 'keypad', 'keypad']],
  [ORDER, ['say', 'spell', 'keypad', 'keypad']],
  [WHEN, ['say', 'say', 'keypad', 'keypad']],
  [PROBLEM, ['say', 'say', 'say', 'say']],
])('[RB2] %o is asked for in ever surer ways', (asked, ways) => {
  expect([0, 1, 2, 3].map((tries) => wayToAsk(asked, tries, speechOnly))).toEqual(ways);
});

test('[RB2] where an answer by text message reaches the call, addresses and names may be written', () => {
  const ways = [EMAIL, NAME, PHONE].map((asked) => wayToAsk(asked, 2, { textReplies: true }));
  expect(ways).toEqual(['text_message', 'text_message', 'keypad']);
});

describe('tries', () => {
  const schema = [EMAIL, NAME, PROBLEM];
  const known = { caller_name: 'Anna Petrov', problem: 'A leak' };
  const offered = (name: string, value: string) => ({
    schema,
    claim: known,
    updates: [{ field: name, value }],
    stored: { [name]: value },
    refusal: '',
  });

  test('[RB1] the first value of a field is none; one that replaces another is', () => {
    expect(triesAfter({}, offered('caller_email', 'anna@example.com'))).toEqual({});
    expect(triesAfter({}, offered('caller_name', 'Anna Petrova'))).toEqual({ caller_name: 1 });
    expect(triesAfter({ caller_name: 1 }, offered('caller_name', 'Hanna Petrova'))).toEqual({ caller_name: 2 });
    expect(triesAfter({}, offered('caller_name', 'Anna Petrov'))).toEqual({});
  });

  test('[RB1] of a refused request the field to blame has failed, not the others', () => {
    const both = {
      ...offered('caller_email', 'anna at'),
      stored: null,
      refusal: 'Nothing was stored. caller_email: no address.',
    };
    const updates = [...both.updates, { field: 'caller_name', value: 'Anna' }];
    expect(triesAfter({}, { ...both, updates })).toEqual({ caller_email: 1 });
  });

  test('[RB1] what is told in the customer’s own words has no tries', () => {
    expect(triesAfter({}, offered('problem', 'A flood'))).toEqual({});
  });
});

test.each<{ asked: ClaimField; value: string; tries: number; said: string | null }>([
  { asked: EMAIL, value: 'anna.petrova@example.com', tries: 0, said: 'anna dot petrova at example dot com' },
  { asked: EMAIL, value: 'ann@ex.com', tries: 1, said: 'a n n at e x dot c o m' },
  { asked: NAME, value: 'Anna Petrova', tries: 0, said: 'Anna Petrova' },
  { asked: NAME, value: 'Anna Po', tries: 1, said: 'Anna Po, A n n a, P o' },
  { asked: PHONE, value: '+447700900123', tries: 0, said: '+ 4 4 7 7 0 0 9 0 0 1 2 3' },
  { asked: ORDER, value: 'A-17', tries: 0, said: 'A 1 7' },
  { asked: PROBLEM, value: 'A leak', tries: 0, said: null },
])('[RB3] $value after $tries tries is said back as $said', ({ asked, value, tries, said }) => {
  expect(saidBack(asked, value, { tries, language: 'en-US' })).toBe(said);
});

test('[RB4] the model is told how to ask for what did not hold', () => {
  const facts = { intent: 'booking', schema: [EMAIL, PHONE], claim: {} };
  const first = guidanceFor('COLLECTING_DATA', facts) ?? '';
  expect(first).not.toMatch(/spell|keypad/);
  const second = guidanceFor('COLLECTING_DATA', { ...facts, tries: { caller_email: 1, caller_phone: 2 } }) ?? '';
  expect(second).toMatch(/caller_email was not right once: ask to spell it/);
  expect(second).toMatch(/caller_phone was not right 2 times: ask to key it in on the keypad/);
});

describe('keys', () => {
  const now = { nowIso: '2026-11-21T12:00:00+01:00', country: 'DE', direction: 'future' as const };
  test.each([
    ['24122026', '2026-12-24T00:00'],
    ['2412', '2026-12-24T00:00'],
    ['24121430', '2026-12-24T14:30'],
    ['241220261430', '2026-12-24T14:30'],
    ['0101#', '2027-01-01T00:00'],
    ['3102', null],
    ['29022027', null],
    ['1234567', null],
    ['24129999', null],
  ])('[RB6] %s is %s', (keys, date) => {
    expect(keyedDate(keys, now)).toBe(date);
  });

  test('[RB6] the month comes first where it is written so, and what has happened lies behind', () => {
    expect(keyedDate('1224', { ...now, country: 'US' })).toBe('2026-12-24T00:00');
    expect(keyedDate('2412', { ...now, direction: 'past' })).toBe('2025-12-24T00:00');
  });
});
