import { describe, expect, test } from 'vitest';
import { answeredWithoutModel, earlyMove, sameWords, type SoFar, type Thinking } from '../../domain/early-thinking.ts';

const idle: Thinking = { words: null, tries: 0 };
/** Spoken up to 10,000; the recogniser has told its words once more 20 ms later. */
const heard = (over: Partial<SoFar> = {}): SoFar => ({
  text: 'I want to book a table',
  reading: 'unclear',
  toldAtMs: 10_020,
  lastSpeechAtMs: 10_000,
  ...over,
});
const at = (nowMs: number, pauseThatEndsMs = 375) => ({ nowMs, pauseThatEndsMs });

test('[ET1] thinking begins at the first short pause, when the words of it are known', () => {
  expect(earlyMove(heard(), idle, at(10_040))).toBe('wait');
  expect(earlyMove(heard(), idle, at(10_060))).toBe('start');
  expect(earlyMove(heard({ text: '' }), idle, at(10_400))).toBe('wait');
});

test('[ET2] words from before the pause may lack the last one: a settled interim has time to come', () => {
  const stale = heard({ toldAtMs: 9_850 });
  expect(earlyMove(stale, idle, at(10_100))).toBe('wait');
  expect(earlyMove({ ...stale, toldAtMs: 10_105 }, idle, at(10_105))).toBe('start');
  expect(earlyMove(stale, idle, at(10_160))).toBe('start');
  expect(earlyMove({ ...stale, text: 'I am at home.', reading: 'finished' }, idle, at(10_060))).toBe('start');
});

test('[ET3] words that promise more are thought about as late as the longer pause can hide it', () => {
  const more = heard({ text: 'I want to book a table and', reading: 'unfinished' });
  expect(earlyMove(more, idle, at(10_160, 700))).toBe('wait');
  expect(earlyMove(more, idle, at(10_260, 700))).toBe('start');
  expect(earlyMove({ ...more, reading: 'dictating' }, idle, at(10_540, 1_000))).toBe('wait');
  expect(earlyMove({ ...more, reading: 'dictating' }, idle, at(10_560, 1_000))).toBe('start');
});

test('[ET4] other words void what was thought: begun anew in a pause, dropped while the customer speaks', () => {
  const thinking: Thinking = { words: 'I want to book a', tries: 1 };
  expect(earlyMove(heard(), thinking, at(10_080))).toBe('start_over');
  expect(earlyMove(heard(), thinking, at(10_010))).toBe('drop');
  expect(earlyMove(heard({ text: '' }), thinking, at(10_400))).toBe('drop');
});

test('[ET5] sound without new words changes nothing', () => {
  const thinking: Thinking = { words: 'I want to book a table', tries: 1 };
  expect(earlyMove(heard({ lastSpeechAtMs: 10_300 }), thinking, at(10_310))).toBe('wait');
  expect(earlyMove(heard({ text: 'I want to book a table.' }), thinking, at(10_400))).toBe('wait');
});

test('[ET6] each try of an utterance wants a longer pause, and there are five at most', () => {
  const began = [0, 1, 2, 3, 4, 5].map((tries) => {
    for (let nowMs = 10_000; nowMs <= 11_000; nowMs += 10)
      if (earlyMove(heard(), { words: null, tries }, at(nowMs)) === 'start') return nowMs - 10_000;
    return null;
  });
  expect(began).toEqual([50, 50, 90, 170, 290, null]);
});

describe('the same words', () => {
  test.each([
    ['i want a table', 'I want a table.', true],
    ['yes that’s right', "Yes, that's right!", true],
    ['это верно', 'Это верно?', true],
    ['anna petrova example com', 'anna.petrova@example.com', false],
    ['it is five', 'It is 5.', false],
    ['it costs 3.50', 'It costs 350.', false],
    ['a table for two', 'a table for too', false],
  ])('[ET7] “%s” and “%s”: %s', (one, other, same) => {
    expect(sameWords(one, other)).toBe(same);
  });
});

test('[ET8] a wish for a person is not thought about: no model answers it', () => {
  expect(answeredWithoutModel('I want to speak to a human being', 'en-US')).toBe(true);
  expect(answeredWithoutModel('I want to book a table', 'en-US')).toBe(false);
});
