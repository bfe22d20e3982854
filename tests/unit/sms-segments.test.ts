import { expect, test } from 'vitest';
import { messagesFor, plainer, segmentsOf } from '../../domain/sms-segments.ts';

test.each([
  ['a'.repeat(160), 'gsm7', 160, 1],
  ['a'.repeat(161), 'gsm7', 161, 2],
  ['a'.repeat(306), 'gsm7', 306, 2],
  ['a'.repeat(307), 'gsm7', 307, 3],
  // Two places each, behind an escape.
  ['€'.repeat(80), 'gsm7', 160, 1],
  ['€'.repeat(81), 'gsm7', 162, 2],
  ['ж'.repeat(70), 'ucs2', 70, 1],
  ['ж'.repeat(71), 'ucs2', 71, 2],
  ['ж'.repeat(135), 'ucs2', 135, 3],
  // Two units of UTF-16.
  ['😀', 'ucs2', 2, 1],
] as const)('[TM7] counts segments as the networks do: %#', (text, ...[encoding, units, segments]) => {
  expect(segmentsOf(text)).toEqual({ encoding, units, segments });
});

test('[TM7] typographic signs become plain where that saves the alphabet, and stay where it does not', () => {
  expect(plainer('“It’s late” – sorry…')).toBe('"It\'s late" - sorry...');
  expect(plainer('«Поздно» — извините…')).toBe('«Поздно» — извините…');
});

test('[TM7] a long text is cut between sentences, its words all there and in order', () => {
  const text = Array.from({ length: 40 }, (_, i) => `This is sentence number ${String(i)}, with some words.`).join(' ');
  const messages = messagesFor(text);
  expect(messages.length).toBeGreaterThan(2);
  for (const message of messages) {
    expect(segmentsOf(message).segments).toBeLessThanOrEqual(4);
    expect(message).toMatch(/^This .*words\.$/s);
  }
  expect(messages.join(' ')).toBe(text);
});

test('[TM7] a sentence too long is cut between words, a word too long anywhere, a link nowhere', () => {
  const link = 'https://calls.example.com/report/call/17?expires=1&signature=abc.def';
  const words = `${'слово '.repeat(60)}${link} ${'слово '.repeat(60)}`.trim();
  const messages = messagesFor(words);
  expect(messages.join(' ')).toBe(words);
  expect(messages.some((message) => message.includes(link))).toBe(true);
  const endless = 'x'.repeat(1_500);
  expect(messagesFor(endless).join('')).toBe(endless);
  expect(messagesFor('Short.')).toEqual(['Short.']);
});
