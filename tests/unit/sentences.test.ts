import { describe, expect, test } from 'vitest';
import { heardPart } from '../../domain/playback.ts';
import { createSentenceCutter, sentencesOf } from '../../domain/sentences.ts';

describe('a text is cut where a voice would breathe', () => {
  test.each([
    ['en-US', 'Hello. How are you? Fine!', ['Hello.', 'How are you?', 'Fine!']],
    [
      'en-US',
      'Dr. Smith pays 3.50 dollars, i.e. a lot. Right?',
      ['Dr. Smith pays 3.50 dollars, i.e. a lot.', 'Right?'],
    ],
    ['en-US', 'Ask J. R. Miller. He knows.', ['Ask J. R. Miller.', 'He knows.']],
    ['en-US', 'It is in room 12. Please come.', ['It is in room 12.', 'Please come.']],
    ['de-DE', 'Am 3. Mai, z.B. um neun. Passt das?', ['Am 3. Mai, z.B. um neun.', 'Passt das?']],
    ['ru-RU', 'Это г. Москва, ул. Ленина. Верно?', ['Это г. Москва, ул. Ленина.', 'Верно?']],
    ['fr-FR', 'Bonjour, M. Dupont. Ça va ?', ['Bonjour, M. Dupont.', 'Ça va ?']],
    ['en-US', 'She said "stop." Then she left.', ['She said "stop."', 'Then she left.']],
    ['en-US', 'No end here', ['No end here']],
    ['en-US', '**Bold** and `code`.\n\nNext line', ['Bold and code.', 'Next line']],
    ['en-US', '... ', []],
  ])('[ST71] %s: %s', (language, text, sentences) => {
    expect(sentencesOf(text, language)).toEqual(sentences);
  });
});

test('[ST72] a sentence is spoken as soon as it is whole, while the rest is still being written', () => {
  const cutter = createSentenceCutter('en-US');
  expect(cutter.push('Hello the')).toEqual([]);
  expect(cutter.push('re.')).toEqual([]);
  expect(cutter.push(' How')).toEqual(['Hello there.']);
  expect(cutter.push(' are you? I')).toEqual(['How are you?']);
  expect(cutter.rest()).toEqual(['I']);
  expect(cutter.rest()).toEqual([]);
});

test('[ST73] a very long clause is spoken at its comma', () => {
  const long =
    'I have noted that your kitchen tap has been dripping since yesterday evening at about nine, and that you would like somebody to come and have a look at it';
  const [first, ...rest] = sentencesOf(long, 'en-US');
  expect(first).toBe('I have noted that your kitchen tap has been dripping since yesterday evening at about nine,');
  expect([first, ...rest].join(' ')).toBe(long);
});

const inHaste = (text: string): string[] => {
  const cutter = createSentenceCutter('en-US', { hasty: true });
  const pieces = (text.match(/\s*\S+/gu) ?? []).flatMap((word) => cutter.push(word));
  return [...pieces, ...cutter.rest()];
};

test('[ST77] where somebody waits the first sentence is spoken at its stop, without the word after it', () => {
  const cutter = createSentenceCutter('en-US', { hasty: true });
  expect(cutter.push('Hello there.')).toEqual(['Hello there.']);
  expect(cutter.push(' It is open.')).toEqual([]);
  for (const doubtful of ['It costs 3.', 'Ask Dr.', 'Write to anna@example.', 'Look at e.g.', 'Ask J.'])
    expect(createSentenceCutter('en-US', { hasty: true }).push(doubtful)).toEqual([]);
});

test('[ST78] where somebody waits a long first sentence is begun at its comma, a short one is not', () => {
  expect(inHaste('I have noted your name, and now I would like to know where you live. Is that right?')).toEqual([
    'I have noted your name,',
    'and now I would like to know where you live.',
    'Is that right?',
  ]);
  expect(inHaste('Thank you very much, dear Anna. Is that right?')).toEqual([
    'Thank you very much, dear Anna.',
    'Is that right?',
  ]);
  expect(inHaste('Yes, that is something which I can do for you. Fine.')).toHaveLength(2);
});

test('[BI6] what was heard ends with the last word that had sounded for the most part', () => {
  const text = 'one two three four';
  expect(heardPart(text, { playedMs: 0, totalMs: 1_000 })).toBe('');
  expect(heardPart(text, { playedMs: 500, totalMs: 1_000 })).toBe('one two');
  expect(heardPart(text, { playedMs: 999, totalMs: 1_000 })).toBe('one two three four');
  expect(heardPart(text, { playedMs: 1_000, totalMs: 1_000 })).toBe(text);
});
