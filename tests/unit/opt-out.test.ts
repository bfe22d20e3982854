import { describe, expect, test } from 'vitest';
import { LANGUAGES } from '../../domain/languages.ts';
import { optOutWish } from '../../domain/opt-out-speech.ts';
import { optOutAnswer, optOutWord } from '../../domain/opt-out-words.ts';

describe('text messages', () => {
  test.each([
    ['STOP', null],
    ['Stop.', null],
    ['  stop please!! ', null],
    ['UNSUBSCRIBE', null],
    ['Cancel', null],
    ['END', null],
    ['quit', null],
    ['opt-out', null],
    ['ARRÊT', 'fr'],
    ['arret svp', 'fr'],
    ['STOPP', 'de'],
    ['ALTO', 'es'],
    ['Baja', 'es'],
    ['СТОП', 'ru'],
    ['İPTAL', 'tr'],
    ['Відписатися', 'uk'],
    ['wypisz mnie', 'pl'],
  ])('[OO6] “%s” opts out', (text, language) => {
    expect(optOutWord(text, 'en-US')).toEqual({ wish: 'out', language });
  });

  test.each([
    ['START', null],
    ['unstop', null],
    ['Старт', 'ru'],
    ['ALTA', 'es'],
  ])('[OO6] “%s” opts in again', (text, language) => {
    expect(optOutWord(text, 'en-US')).toEqual({ wish: 'in', language });
  });

  test.each([
    'Cancel my order',
    'When does it end?',
    'Yes',
    'please stop the delivery on Friday',
    'start with the kitchen',
    'anna.petrova@example.com',
    '',
    '👍',
  ])('[OO6] “%s” is a message like any other', (text) => {
    expect(optOutWord(text, 'en-US')).toBeNull();
  });

  test('[OO6] [OO7] a sentence that says it opts out as well, in the language of the number', () => {
    expect(optOutWord('Please take me off your calling list', 'en-GB')).toEqual({ wish: 'out', language: 'en' });
    expect(optOutWord('Больше мне не звоните!', 'ru-RU')).toEqual({ wish: 'out', language: 'ru' });
  });

  test('[OO6] the answer is one text message in each language, and names the way back', () => {
    for (const { locale } of LANGUAGES) {
      const text = optOutAnswer('textedOut', locale, 'Contoso');
      expect(text).toMatch(/^Contoso ?: .*(START|ALTA|СТАРТ)/);
      expect(text.length).toBeLessThanOrEqual(160);
    }
  });
});

describe('said on the phone', () => {
  test.each([
    ['en-US', "Don't call me again"],
    ['en-US', 'please never call me again.'],
    ['en-GB', 'Stop calling me!'],
    ['en-US', "don't call me"],
    ['en-US', 'Take me off your list'],
    ['en-US', 'remove my number from your calling list please'],
    ['en-US', 'put me on your do not call list'],
    ['en-US', "I don't want any more calls from you"],
    ['en-US', "I don't want to be called any more"],
    ['en-US', 'Hello? No, never ring this number again, thank you'],
    ['de-DE', 'Rufen Sie mich nie wieder an'],
    ['de-DE', 'Bitte rufen Sie hier nicht mehr an.'],
    ['de-DE', 'ich möchte nicht mehr angerufen werden'],
    ['de-DE', 'Streichen Sie mich von Ihrer Liste'],
    ['fr-FR', 'Ne m’appelez plus'],
    ['fr-FR', "arrêtez de m'appeler"],
    ['fr-FR', 'retirez-moi de votre liste'],
    ['fr-FR', 'ne me rappelez plus jamais'],
    ['es-ES', 'No me llame más'],
    ['es-ES', 'no me vuelvan a llamar'],
    ['es-ES', 'quítenme de su lista'],
    ['es-ES', 'dejen de llamarme'],
    ['it-IT', 'Non mi chiamate più'],
    ['it-IT', 'mi tolga dalla lista'],
    ['it-IT', 'mi tolga dalla vostra lista'],
    ['it-IT', 'non mi chiami mai più'],
    ['pt-PT', 'Não me ligue mais'],
    ['pt-PT', 'parem de me ligar'],
    ['pt-PT', 'nunca mais me liguem'],
    ['nl-NL', 'Bel me niet meer'],
    ['nl-NL', 'ik wil niet meer gebeld worden'],
    ['nl-NL', 'haal me van uw bellijst'],
    ['pl-PL', 'Proszę do mnie więcej nie dzwonić'],
    ['pl-PL', 'nie dzwońcie do mnie więcej'],
    ['pl-PL', 'proszę mnie usunąć z listy'],
    ['tr-TR', 'Beni bir daha aramayın'],
    ['tr-TR', 'Artık beni aramayın lütfen'],
    ['tr-TR', 'numaramı listenizden silin'],
    ['ru-RU', 'Больше мне не звоните'],
    ['ru-RU', 'Не звоните сюда больше, пожалуйста'],
    ['ru-RU', 'Удалите меня из списка'],
    ['ru-RU', 'хватит мне звонить'],
    ['uk-UA', 'Більше мені не дзвоніть'],
    ['uk-UA', 'перестаньте мені дзвонити'],
    ['ru-RU', "don't call me again"],
  ])('[OO7] %s: “%s” is the wish', (language, words) => {
    expect(optOutWish(words, language)).not.toBeNull();
  });

  test.each([
    ['en-US', "Don't call me before nine"],
    ['en-US', 'never call me again before noon'],
    ['en-US', "please don't call me again today, I am busy"],
    ['en-US', "don't call me a liar"],
    ['en-US', 'call me again tomorrow'],
    ['en-US', 'why did you never call me back'],
    ['en-US', "don't forget to call me again"],
    ['en-US', "I didn't say don't call me again"],
    ['en-US', 'stop calling it a repair'],
    ['en-US', 'add milk to the list'],
    ['de-DE', 'Bitte heute nicht mehr anrufen'],
    ['de-DE', 'Rufen Sie mich morgen wieder an'],
    ['fr-FR', 'rappelez-moi demain'],
    ['fr-FR', "ne m'appelez plus avant midi"],
    ['es-ES', 'no me llame más hoy'],
    ['ru-RU', 'сегодня больше не звоните'],
    ['ru-RU', 'позвоните мне завтра'],
    ['pl-PL', 'proszę dzwonić jutro'],
  ])('[OO7] %s: “%s” is not', (language, words) => {
    expect(optOutWish(words, language)).toBeNull();
  });
});
