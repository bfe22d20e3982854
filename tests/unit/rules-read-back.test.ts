import { describe, expect, test } from 'vitest';
import { bookOf } from '../../providers/rules/book.ts';
import { askedByText, questionFor, textQuestion } from '../../providers/rules/wording.ts';
import { asTexted } from '../../domain/sms.ts';
import type { ClaimField } from '../../domain/claim.ts';
import { ring } from './rules-customer.ts';

const EMAIL: ClaimField = { name: 'caller_email', type: 'email', description: null };
const PHONE: ClaimField = { name: 'caller_phone', type: 'phone_number', description: null };
const NAME: ClaimField = { name: 'caller_name', type: 'text', description: null };
const ORDER: ClaimField = { name: 'order_number', type: 'text', description: null };
const UNKNOWN = { bot_name: '', task: '', claim_fields: [], languages: [], operator_available: false };
const ways = (field: ClaimField, language: string): string[] =>
  [0, 1, 2].map((attempt) => questionFor(field, { book: bookOf(language), attempt }));

describe.each([
  { language: 'en-US', no: 'no, that is wrong', address: 'It is anna dot petrova at example dot com' },
  { language: 'de-DE', no: 'nein, das stimmt nicht', address: 'anna punkt petrova at example punkt com' },
  { language: 'fr-FR', no: 'non, c’est faux', address: 'anna point petrova arobase example point com' },
  { language: 'es-ES', no: 'no, está mal', address: 'anna punto petrova arroba example punto com' },
  { language: 'ru-RU', no: 'нет, неверно', address: 'anna точка petrova собака example точка com' },
])('in $language', ({ language, no, address }) => {
  test('[RB5] an address is asked for, spelled, then spelled in words', async () => {
    const talk = ring({ language, claim: [EMAIL] });
    const [, spelled, words] = ways(EMAIL, language);
    const asked = await talk.says('...');
    expect(asked).not.toBe('');
    for (const question of [spelled, words]) {
      const more = await talk.says(`${address} ${address}`.slice(0, 4));
      expect(more).toContain(question);
    }
  });

  test('[RB3] [RB5] an address is said back; who objects is asked to spell it, then in words', async () => {
    const talk = ring({ language, claim: [EMAIL] });
    await talk.says('...');
    await talk.says(address);
    expect(talk.facts.claim['caller_email']).toBe('anna.petrova@example.com');
    const [, spelled, words] = ways(EMAIL, language);
    expect(await talk.says(no)).toContain(spelled);
    await talk.says(address.replace('petrova', 'petrowa'));
    expect(talk.facts.claim['caller_email']).toBe('anna.petrowa@example.com');
    expect(talk.facts.tries).toEqual({ caller_email: 1 });
    expect(await talk.says(no)).toContain(words);
  });
});

test('[RB5] a correction of a name is taken from what the customer says of it', async () => {
  const talk = ring({ language: 'en-US', claim: [NAME, ORDER], customerNumber: '+447700900123' });
  talk.facts.claim = { caller_phone: '+447700900123', caller_email: 'anna@example.com' };
  await talk.says('Hello');
  expect(await talk.says('My name is Anna Petrov')).toContain('Anna Petrov');
  const back = await talk.says("No, it's petrova with an a");
  expect(talk.facts.claim['caller_name']).toBe('Anna Petrova');
  expect(talk.facts.tries).toEqual({ caller_name: 1 });
  expect(back).toContain('Anna Petrova, A n n a, P e t r o v a');
});

test('[RB5] [RB6] a number is keyed in on the third try', async () => {
  const talk = ring({ language: 'en-US', claim: [ORDER, PHONE] });
  talk.facts.claim = { caller_name: 'Anna', caller_email: 'anna@example.com', order_number: 'A17' };
  const [asked = '', digits = '', keys = ''] = ways(PHONE, 'en-US');
  expect(await talk.says('Hello there, I need help')).toContain(asked);
  expect(await talk.says('one two three')).toContain(digits);
  expect(await talk.says('one two')).toContain(keys);
  await talk.says('2025550143');
  expect(talk.facts.claim['caller_phone']).toBe('+12025550143');
});

test('[RB6] keys are the date that is asked for', async () => {
  const when: ClaimField = { name: 'appointment', type: 'datetime', description: 'When the plumber shall come' };
  const talk = ring({ language: 'de-DE', claim: [when] });
  talk.facts.claim = { caller_name: 'Anna', caller_email: 'anna@example.com', caller_phone: '+12025550143' };
  await talk.says('Guten Tag');
  await talk.says('24121430');
  expect(talk.facts.claim['appointment']).toMatch(/^2026-12-24T14:30/);
});

test.each(['en', 'de', 'fr', 'es', 'it', 'pt', 'nl', 'pl', 'ru', 'tr', 'uk'])(
  '[RB2] [RB5] an address that did not hold twice is asked for in a text message, once, and taken from the answer: %s',
  async (language) => {
    const talk = ring({ language, claim: [EMAIL], customerNumber: '+447700900123' });
    const book = bookOf(language);
    talk.facts.claim = { caller_phone: '+447700900123', caller_name: 'Anna' };
    await talk.says('...');
    await talk.says('anna');
    const told = await talk.says('petrova');
    const setup = { ...UNKNOWN, company: 'Acme' };
    expect(talk.calls.map(({ name, arguments: given }) => [name, given])).toEqual([
      ['send_sms', { message: textQuestion(EMAIL, { book, setup }) }],
    ]);
    expect(told).toBe(askedByText(EMAIL, book));
    await talk.says(asTexted('anna.petrova@example.com'));
    expect(talk.facts.claim['caller_email']).toBe('anna.petrova@example.com');
    expect(talk.calls.filter(({ name }) => name === 'send_sms')).toHaveLength(1);
  },
);

test('[RB2] a text message that cannot be sent leaves the question to be asked aloud', async () => {
  const talk = ring({ language: 'en-US', claim: [EMAIL], customerNumber: '+447700900123' });
  talk.facts.claim = { caller_phone: '+447700900123', caller_name: 'Anna' };
  talk.refuse.set('send_sms', () => 'The network takes no messages now.');
  await talk.says('...');
  await talk.says('anna');
  const [, , words = ''] = ways(EMAIL, 'en-US');
  expect(await talk.says('petrova')).toContain(words);
});

test.each(['en', 'de', 'fr', 'es', 'it', 'pt', 'nl', 'pl', 'ru', 'tr', 'uk'])(
  '[RB5] every way to ask is a sentence of its own, with a question to it: %s',
  (language) => {
    for (const field of [EMAIL, PHONE, NAME, ORDER]) {
      const questions = ways(field, language);
      expect(new Set(questions).size).toBe(3);
      for (const question of questions) expect(question).toMatch(/\?$/);
    }
  },
);
