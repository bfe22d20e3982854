import { expect, test } from 'vitest';
import { LANGUAGES, countryOf, languageCode, requestedLanguage } from '../../domain/languages.ts';
import { PHRASE_KINDS, phrase, phraseWordings } from '../../domain/phrases.ts';

const all = { company: 'Acme', botName: 'Ada', customerName: 'Anna', recap: 'the pipe', when: 'On Thursday.' };

test.each(LANGUAGES.map(({ code }) => code))(
  '[LA1] %s has every stock phrase, whole with all variables and with none',
  (code) => {
    for (const kind of PHRASE_KINDS) {
      for (const variables of [all, { company: 'Acme', botName: 'Ada' }]) {
        for (const wording of phraseWordings(kind, code, variables)) {
          expect(wording).toMatch(
            kind === 'sorry_as_I_was_saying' && variables === all ? /^\p{Lu}.*: the pipe$/u : /^[\p{Lu}¿¡].*[.!?]$/u,
          );
          expect(wording).not.toMatch(/[{}[\]]|\s[,.!?]|\s\s/);
        }
      }
    }
  },
);

test('[LA2] the greeting names the company and says that a machine speaks', () => {
  const machine =
    /virtual|automat|digital|virtuel|automatique|automático|automatico|virtuele|wirtualny|sanal|otomatik|виртуальный|автоматический|віртуальний|автоматичний/i;
  for (const { code } of LANGUAGES) {
    for (const wording of phraseWordings('greeting', code, all)) {
      expect(wording).toContain('Acme');
      expect(wording).toMatch(machine);
    }
  }
});

test('[LA3] the pick goes round, an unknown language speaks English', () => {
  const kinds = phraseWordings('waiting', 'en');
  expect([0, 1, 2, 3].map((pick) => phrase('waiting', 'en-US', { pick }))).toEqual([...kinds, kinds[0]]);
  expect(phrase('one_moment', 'xx-YY')).toBe('One moment, please.');
});

test('[LA4] what is not known is left out without a trace', () => {
  expect(phrase('welcome_back', 'en', { variables: { company: 'Acme', botName: 'Ada' } })).toBe(
    'Hello again, this is Ada, the virtual assistant of Acme. Shall we carry on where we stopped?',
  );
  expect(phrase('greeting', 'ru', { variables: { company: 'Альфа', botName: 'Ада', customerName: 'Анна' } })).toContain(
    'Здравствуйте, Анна! Это Ада',
  );
});

test.each([
  ['Can we speak German please', 'de-DE'],
  ['auf Deutsch bitte', 'de-DE'],
  ['говорите по-русски', 'ru-RU'],
  ['можно по-английски?', 'en-US'],
  ['en français', 'fr-FR'],
  ['please switch to Spanish', 'es-ES'],
  ['parlez-vous anglais', 'en-US'],
  ['Deutsch', 'de-DE'],
  ['можна українською?', 'uk-UA'],
])('[LA5] “%s” asks for a language', (words, locale) => expect(requestedLanguage(words)).toBe(locale));

test.each([
  'my German shepherd bit me',
  'I live in Germany',
  'I am a Russian citizen with a polish car',
  'please polish my car',
  'hello',
])('[LA6] “%s” asks for none', (words) => expect(requestedLanguage(words)).toBeNull());

test('[LA7] tags are read however they are written', () => {
  expect([languageCode('de-AT'), languageCode('DE_de'), languageCode('ja-JP')]).toEqual(['de', 'de', null]);
  expect([countryOf('de-AT'), countryOf('de'), countryOf('en-US')]).toEqual(['AT', 'DE', 'US']);
});
