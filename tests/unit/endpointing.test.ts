import { describe, expect, test } from 'vitest';
import { readingOf, turnIsOver, type EndpointingRules, type Heard } from '../../domain/endpointing.ts';

const rules: EndpointingRules = { finishedPauseMs: 250, ceilingMs: 500 };
const heardUpTo = (lastSpeechAtMs: number, over: Partial<Heard> = {}): Heard => ({
  text: 'I want to book a table.',
  textChangedAtMs: lastSpeechAtMs,
  textIsFinal: false,
  lastSpeechAtMs,
  ...over,
});

test('[EP1] a settled, finished sentence ends the turn after the short pause', () => {
  expect(turnIsOver(heardUpTo(10_000), 10_240, rules)).toBe(false);
  expect(turnIsOver(heardUpTo(10_000), 10_250, rules)).toBe(true);
});

test('[EP2] an unfinished sentence keeps the turn open up to the ceiling', () => {
  const heard = heardUpTo(10_000, { text: 'My name is' });
  expect(turnIsOver(heard, 10_480, rules)).toBe(false);
  expect(turnIsOver(heard, 10_500, rules)).toBe(true);
});

test('[EP3] a sentence that tells neither ends in between', () => {
  const heard = heardUpTo(10_000, { text: 'I want to book a table' });
  expect(turnIsOver(heard, 10_360, rules)).toBe(false);
  expect(turnIsOver(heard, 10_380, rules)).toBe(true);
});

test('[EP4] words still being revised are waited for, yet not beyond the ceiling', () => {
  const revised = heardUpTo(10_000, { textChangedAtMs: 10_220 });
  expect(turnIsOver(revised, 10_260, rules)).toBe(false);
  expect(turnIsOver(revised, 10_320, rules)).toBe(true);
  expect(turnIsOver(heardUpTo(10_000, { textChangedAtMs: 10_490 }), 10_500, rules)).toBe(true);
  expect(turnIsOver({ ...revised, textIsFinal: true }, 10_260, rules)).toBe(true);
});

test('[EP5] a noise that goes on behind finished words does not keep the turn open for ever', () => {
  const heard = heardUpTo(10_000, { textChangedAtMs: 10_000 });
  expect(turnIsOver({ ...heard, lastSpeechAtMs: 12_900 }, 12_900, rules)).toBe(false);
  expect(turnIsOver({ ...heard, lastSpeechAtMs: 13_000 }, 13_000, rules)).toBe(true);
});

test('[EP6] zero is a pause too, and the short pause never exceeds the ceiling', () => {
  expect(turnIsOver(heardUpTo(10_000, { textIsFinal: true }), 10_000, { finishedPauseMs: 0, ceilingMs: 500 })).toBe(
    true,
  );
  expect(turnIsOver(heardUpTo(10_000), 10_100, { finishedPauseMs: 900, ceilingMs: 100 })).toBe(true);
});

describe('how a sentence reads', () => {
  test.each([
    ['I want to book a table.', 'finished'],
    ['Where are you?', 'finished'],
    ['Привет, это Анна.', 'finished'],
    ['I want to book a table and', 'unfinished'],
    ['My phone number is', 'unfinished'],
    ['My name is.', 'unfinished'],
    ['It is five five five', 'unfinished'],
    ['plus 44 7700', 'unfinished'],
    ['P E T R', 'unfinished'],
    ['Ich möchte einen Tisch und', 'unfinished'],
    ['Я хочу заказать столик и', 'unfinished'],
    ['well,', 'unfinished'],
    ['I want to book a table', 'unclear'],
    ['', 'unclear'],
  ] as const)('[EP7] “%s” is %s', (text, reading) => {
    expect(readingOf(text)).toBe(reading);
  });
});
