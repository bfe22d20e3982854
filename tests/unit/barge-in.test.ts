import { expect, test } from 'vitest';
import { interrupts, isBackchannel } from '../../domain/barge-in.ts';

const rules = { minSpeechMs: 250 };
const interjection = { language: 'en-US', wordsExpected: true };

test('[BI1] words interrupt as soon as they have lasted', () => {
  expect(interrupts({ ...interjection, text: 'wait', voicedMs: 160 }, rules)).toBe(false);
  expect(interrupts({ ...interjection, text: 'wait', voicedMs: 256 }, rules)).toBe(true);
});

test('[BI2] sounds of listening never interrupt, in the call’s language or in English', () => {
  for (const text of ['Mhm.', 'ok, ok', 'Yeah, right.', 'uh huh', 'I see'])
    expect(interrupts({ ...interjection, text, voicedMs: 900 }, rules)).toBe(false);
  expect(interrupts({ ...interjection, text: 'угу, понятно', voicedMs: 900, language: 'ru-RU' }, rules)).toBe(false);
  expect(interrupts({ ...interjection, text: 'ja, genau', voicedMs: 900, language: 'de-DE' }, rules)).toBe(false);
});

test('[BI3] a cough has no words and is short', () => {
  expect(interrupts({ ...interjection, text: '', voicedMs: 450 }, rules)).toBe(false);
});

test('[BI4] long speech interrupts even when the recogniser sends no interims', () => {
  expect(interrupts({ ...interjection, text: '', voicedMs: 832, wordsExpected: false }, rules)).toBe(true);
  expect(interrupts({ ...interjection, text: '', voicedMs: 832 }, rules)).toBe(false);
});

test('[BI5] a backchannel with a word of its own is none', () => {
  expect(isBackchannel('ok but not tomorrow', 'en-US')).toBe(false);
  expect(isBackchannel('yes please stop', 'en-US')).toBe(false);
  expect(isBackchannel('all right', 'en-GB')).toBe(true);
});

test('[BI14] picking up with a greeting does not interrupt the bot’s, saying more does', () => {
  for (const [text, language] of [
    ['Hello?', 'en-US'],
    ['Yes, hello?', 'en-US'],
    ['Hallo, guten Tag', 'de-DE'],
    ['Алло, слушаю', 'ru-RU'],
    ['Pronto?', 'it-IT'],
  ] as const)
    expect(interrupts({ ...interjection, text, language, voicedMs: 900 }, rules)).toBe(false);
  expect(interrupts({ ...interjection, text: 'Hello, who is this', voicedMs: 900 }, rules)).toBe(true);
});
