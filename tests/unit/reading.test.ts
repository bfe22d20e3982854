import { describe, expect, test } from 'vitest';
import { LANGUAGES } from '../../domain/languages.ts';
import { readingOf, type Reading } from '../../domain/reading.ts';
import { SAMPLES } from './reading-samples.ts';

/** As provisional words come. */
const unmarked = (text: string): string => text.toLowerCase().replace(/[.,?!¿¡:]/gu, '');

const listOf = (list: string): string[] => list.split(/\s*\|\s*/u);

describe.each(LANGUAGES)('in $englishName', ({ code, locale }) => {
  const samples = SAMPLES[code];
  const expectAll = (texts: readonly string[], reading: Reading, asked = ''): void => {
    const others = texts.flatMap((text) => {
      const read = readingOf({ text, asked, language: locale });
      return read === reading ? [] : [`“${text}” is ${read}`];
    });
    expect(others).toEqual([]);
  };
  const bothWays = (list: string): string[] => listOf(list).flatMap((text) => [text, unmarked(text)]);

  test('[EP7] set phrases are finished, with capitals and marks and without', () => {
    expectAll(bothWays(samples.complete), 'finished');
  });

  test('[EP9] a yes or a no is a whole answer to a question, and may begin something where none was asked', () => {
    expectAll(bothWays(samples.answers), 'finished', samples.asks.yesNo);
    expectAll(bothWays(samples.answers), 'unclear');
    expectAll(listOf(samples.answers).map(unmarked), 'unclear', 'Ok.');
  });

  test('[EP7] a whole sentence is finished by its mark, and tells neither without', () => {
    expectAll(listOf(samples.whole), 'finished');
    expectAll(listOf(samples.whole).map(unmarked), 'unclear');
  });

  test('[EP7] no sentence ends with an article, a preposition or a conjunction, whatever mark stands behind it', () => {
    expectAll(bothWays(samples.unfinished), 'unfinished');
    expectAll(
      listOf(samples.unfinished).map((text) => `${text}.`),
      'unfinished',
    );
    expectAll(
      listOf(samples.unfinished).map((text) => `${unmarked(text)},`),
      'unfinished',
    );
  });

  test('[EP7] a word that seldom ends a sentence ends it with a full stop', () => {
    expectAll(bothWays(samples.openEnded), 'unfinished');
    expectAll(
      listOf(samples.openEnded).map((text) => `${text}.`),
      'finished',
    );
  });

  test('[EP7] announcements are the beginning of something dictated', () => {
    expectAll(bothWays(samples.announcing), 'dictating');
    for (const mark of ['.', ':', ','])
      expectAll(
        listOf(samples.announcing).map((text) => text + mark),
        'dictating',
      );
  });

  test('[EP7] to ask for a number or a name, or to tell of it, is not to announce it', () => {
    for (const text of bothWays(samples.asking))
      expect(readingOf({ text, asked: '', language: locale }), text).not.toBe('dictating');
  });

  test('[EP7] a number that lacks digits, letters one by one and half an address are being dictated', () => {
    const { half, whole } = samples.spokenAddress;
    expectAll(bothWays(samples.dictating), 'dictating');
    const local = half.split(' ').slice(0, 3).join(' ');
    expectAll([half, local, `${half} gmail`], 'dictating', samples.asks.email);
    expectAll([local, `${half} gmail`], 'unclear', samples.asks.yesNo);
    expectAll(['anna.petrova@', 'Anna.Petrova@'], 'dictating');
    expectAll([whole, 'anna.petrova@example.com'], 'finished');
  });

  test('[EP7] number words of all sizes are digits', () => {
    expectAll(bothWays(samples.numerals), 'unfinished');
    expectAll(bothWays(samples.numerals), 'dictating', samples.asks.number);
    expectAll(listOf(samples.numerals).slice(0, 1), 'unfinished', samples.asks.people);
  });

  test('[EP9] a whole telephone number is an answer to the question for one', () => {
    const { number } = samples.asks;
    expectAll(['0123', '01 23'], 'dictating', number);
    expectAll(['0123 4567', '01 23 45 67'], 'unfinished', number);
    expectAll(['0123 456 789', '+12 345 678 901', '01 23 45 67 89 0'], 'finished', number);
    expectAll(['+12 345 678'], 'dictating', number);
  });

  test('[EP17] who was asked for a number or an address and has only begun dictates it', () => {
    for (const asked of [samples.asks.number, samples.asks.email])
      expectAll(bothWays(samples.unfinished), 'dictating', asked);
    expectAll(bothWays(samples.unfinished), 'unfinished', samples.asks.people);
  });

  test('[EP17] a letter is the beginning of a word that is to be spelled', () => {
    expectAll(['P', 'p', 'P.', 'P E', 'П'], 'dictating', samples.asks.spelling);
    expectAll(['P E T R'], 'dictating');
  });
});

test('[EP7] marks and digits tell in every language', () => {
  for (const { locale: language } of LANGUAGES) {
    const read = (text: string): Reading => readingOf({ text, asked: '', language });
    expect(read('')).toBe('unclear');
    expect(read('…')).toBe('unfinished');
    expect(read('Anna Petrova')).toBe('unclear');
    expect(read('Anna Petrova.')).toBe('finished');
    expect(read('Anna Petrova?')).toBe('finished');
    expect(read('Anna Petrova,')).toBe('unfinished');
    expect(read('Anna 12')).toBe('unfinished');
    expect(read('07700 900 111')).toBe('unclear');
  }
});

test('[EP18] the same word ends a sentence in one language and begins one in another', () => {
  const read = (text: string, language: string): Reading => readingOf({ text, asked: 'Ok?', language });
  expect(read('no', 'it-IT')).toBe('finished');
  expect(read('no', 'pl-PL')).toBe('finished');
  expect(read('no', 'pt-PT')).toBe('unfinished');
  expect(read('si', 'es-ES')).toBe('finished');
  expect(read('vado a', 'it-IT')).toBe('unfinished');
  expect(read('ruf mich an', 'de-DE')).toBe('unclear');
  expect(read('I need an', 'en-GB')).toBe('unfinished');
  expect(read('ça va de', 'fr-FR')).toBe('unfinished');
  expect(read('oder', 'en-US')).toBe('unclear');
  expect(read('oder', 'de-AT')).toBe('unfinished');
  // English where a language has no book.
  expect(read('and', 'sv-SE')).toBe('unfinished');
});

test.each([
  ['en-US', 'Um', 'Well, um…', 'It is the, uh'],
  ['de-DE', 'Äh', 'Also ähm', 'Das war am ähm.'],
  ['fr-FR', 'Alors euh', "C'est le euh"],
  ['es-ES', 'Pues ehm'],
  ['it-IT', 'Allora ehm'],
  ['pt-PT', 'Foi no ahn'],
  ['nl-NL', 'Nou uh'],
  ['pl-PL', 'No i yyy'],
  ['tr-TR', 'Şey ııı'],
  ['ru-RU', 'Ну э', 'Э'],
  ['uk-UA', 'Ну еее'],
])('[EP19] in %s who hesitates aloud has not said all', (language, ...texts) => {
  for (const text of texts) expect([text, readingOf({ text, asked: '', language })]).toEqual([text, 'dictating']);
});

test('[EP19] words that end like a hesitation are none', () => {
  for (const [text, language] of [
    ['I work at a museum.', 'en-US'],
    ['It was her.', 'en-US'],
    ['Es geht um', 'de-DE'],
    ['Quero um', 'pt-PT'],
  ] as const)
    expect(readingOf({ text, asked: '', language })).not.toBe('dictating');
});
