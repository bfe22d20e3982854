import { expect, test } from 'vitest';
import { pauseFor, turnIsOver, type EndpointingRules, type Heard } from '../../domain/endpointing.ts';

const rules: EndpointingRules = { finishedPauseMs: 250, ceilingMs: 500 };
const heardUpTo = (lastSpeechAtMs: number, over: Partial<Heard> = {}): Heard => ({
  text: 'I want to book a table.',
  textChangedAtMs: lastSpeechAtMs,
  newWordsAtMs: lastSpeechAtMs,
  textIsFinal: false,
  lastSpeechAtMs,
  asked: '',
  language: 'en-US',
  ...over,
});

test('[EP1] a settled, finished sentence ends the turn after the short pause', () => {
  expect(turnIsOver(heardUpTo(10_000), 10_240, rules)).toBe(false);
  expect(turnIsOver(heardUpTo(10_000), 10_250, rules)).toBe(true);
});

test('[EP2] an unfinished sentence keeps the turn open up to the ceiling', () => {
  const heard = heardUpTo(10_000, { text: 'I would like to' });
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

test('[EP8] a number, an address or a name given in pieces has twice the ceiling, and no more', () => {
  const heard = heardUpTo(10_000, { text: 'my phone number is seven seven zero' });
  expect(turnIsOver(heard, 10_980, rules)).toBe(false);
  expect(turnIsOver(heard, 11_000, rules)).toBe(true);
  expect(pauseFor('dictating', { finishedPauseMs: 100, ceilingMs: 300 })).toBe(600);
  expect(turnIsOver({ ...heard, text: '07700 900 111' }, 10_375, rules)).toBe(true);
});
