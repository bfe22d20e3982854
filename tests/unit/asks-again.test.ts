import { describe, expect, test } from 'vitest';
import { asksAgain } from '../../domain/asks-again.ts';
import { LANGUAGES, type LanguageCode } from '../../domain/languages.ts';

/** Separated by `|`. */
interface Samples {
  asking: string;
  /** The question mark tells: without it they say something else. */
  byMark?: string;
  not: string;
}

const SAMPLES: Record<LanguageCode, Samples> = {
  en: {
    asking: `Sorry? | Sorry, what? | What? | Excuse me? | Pardon? | Pardon me? | I beg your pardon? | I'm sorry? | Huh? |
      I didn't catch that. | Sorry, I didn't quite get that. | I did not hear you. | I couldn't understand you. |
      Could you repeat that? | Say that again, please. | Can you say it one more time? | What did you say? |
      What was that? | Once more, please. | Come again? | You're breaking up. | Can you speak up? | I missed that. |
      Could you tell me the number again?`,
    byMark: 'Hm?',
    not: `My name is Anna. | I'd like to book a table again. | What time do you open? | Sorry, I have to go now. |
      Yes. | What is the price? | I want to repeat order number five. | Excuse me, I need a table for two.`,
  },
  de: {
    asking: `Wie bitte? | Was? | Entschuldigung? | Bitte nochmal. | Noch einmal, bitte. | Können Sie das wiederholen? |
      Ich habe Sie nicht verstanden. | Das habe ich nicht verstanden. | Ich verstehe Sie schlecht. |
      Ich höre Sie nicht. | Was haben Sie gesagt? | Sorry, was? | Hä? | Verzeihung? | Etwas lauter bitte. |
      Können Sie das noch einmal sagen? | Das hab ich akustisch nicht verstanden.`,
    byMark: 'Bitte?',
    not: `Ja. | Was kostet das? | Ich rufe noch einmal an. | Wie lange haben Sie offen? | Mein Name ist Anna. |
      Entschuldigung, ich habe es eilig.`,
  },
  fr: {
    asking: `Pardon ? | Comment ? | Quoi ? | Hein ? | Excusez-moi ? | Pouvez-vous répéter ? | Répétez s’il vous plaît. |
      Je n’ai pas compris. | J’ai pas bien entendu. | Je ne vous entends pas. | Je vous entends mal. |
      Qu’est-ce que vous avez dit ? | Encore une fois, s’il vous plaît. | Vous avez dit quoi ? | Plus fort s’il vous plaît. |
      Désolé, je n’ai pas tout compris. | Vous pouvez me redire ça ?`,
    not: `Oui. | Comment ça marche ? | Je m’appelle Anne. | Je ne suis pas disponible. | Quoi de neuf ? | Je rappelle plus tard.`,
  },
  es: {
    asking: `¿Perdón? | ¿Cómo? | ¿Qué? | ¿Cómo dice? | ¿Mande? | Disculpe, ¿qué dijo? | ¿Puede repetir? | Repita, por favor. |
      No le he entendido. | No entendí. | No le oigo bien. | No escuché. | ¿Otra vez? | Una vez más, por favor. |
      ¿Me lo puede volver a decir? | Se corta. | Más despacio, por favor. | Perdone, no lo he oído.`,
    byMark: '¿Eh? | ¿Diga?',
    not: `Sí. | ¿Cómo funciona? | ¿Qué horario tienen? | Me llamo Ana. | No tengo tiempo. | Disculpe, tengo prisa.`,
  },
  it: {
    asking: `Scusi? | Come? | Cosa? | Come, scusi? | Mi scusi, non ho capito. | Non ho capito. | Non ho sentito bene. |
      Non la sento. | La sento male. | Può ripetere? | Ripeta, per favore. | Che cosa ha detto? | Come ha detto? |
      Ancora una volta, per favore. | Può dirlo di nuovo? | Un’altra volta. | Non riesco a sentirla. | Non l’ho capita. |
      Più piano per favore.`,
    byMark: 'Prego? | Eh?',
    not: `Sì. | Come funziona? | Cosa costa? | Mi chiamo Anna. | Non ho il numero. | Scusi, ho fretta. | Sono ancora qui.`,
  },
  pt: {
    asking: `Desculpe? | Como? | O quê? | Perdão? | Pode repetir? | Repita, por favor. | Não percebi. | Não entendi. |
      Não ouvi. | Não consigo ouvir. | Não estou a ouvir bem. | O que disse? | O que é que disse? | Outra vez, por favor. |
      Mais uma vez. | Como disse? | Pode dizer de novo? | Está a cortar. | O que você falou? | Hein?`,
    byMark: 'Diga? | Oi?',
    not: `Sim. | Como funciona? | O que custa? | Chamo-me Ana. | Não tenho o número. | Desculpe, tenho pressa.`,
  },
  nl: {
    asking: `Sorry? | Wat? | Pardon? | Wat zegt u? | Wablief? | Kunt u dat herhalen? | Nog een keer, alstublieft. |
      Ik versta u niet. | Ik heb het niet verstaan. | Ik hoor u slecht. | Ik begrijp het niet. | Wat zei u? |
      Sorry, dat heb ik niet gehoord. | Kunt u het nog eens zeggen? | U valt weg. | Iets langzamer graag. | Wat was dat?`,
    byMark: 'Hè?',
    not: `Ja. | Wat kost dat? | Mijn naam is Anna. | Ik bel nog wel. | Ik heb het niet. | Sorry, ik heb haast.`,
  },
  pl: {
    asking: `Co? | Przepraszam? | Że co? | Proszę powtórzyć. | Może pani powtórzyć? | Jeszcze raz, proszę. |
      Nie zrozumiałem. | Nie rozumiem. | Nie usłyszałam. | Nie dosłyszałem. | Nie słyszę pana. | Słabo panią słychać. |
      Co pan powiedział? | Co pani mówiła? | Przerywa. | Głośniej, proszę. | Przepraszam, nie zrozumiałam.`,
    byMark: 'Proszę? | Słucham?',
    not: `Tak. | Ile to kosztuje? | Nazywam się Anna. | Nie mam czasu. | Co roku rezerwuję stolik. | Przepraszam, śpieszę się.`,
  },
  tr: {
    asking: `Efendim? | Ne? | Pardon? | Ne dediniz? | Tekrar eder misiniz? | Tekrarlar mısınız? | Bir daha söyler misiniz? |
      Anlamadım. | Anlayamadım. | Duyamadım. | Sizi duyamıyorum. | Affedersiniz, anlamadım. | Kusura bakmayın? |
      Ses gelmiyor. | Biraz daha yavaş lütfen. | Bir kez daha lütfen. | Tekrar alabilir miyim?`,
    not: `Evet. | Ne kadar? | Adım Ayşe. | Yarın tekrar arayacağım. | Ne zaman açıksınız? | Anladım.`,
  },
  ru: {
    asking: `Что? | Чего? | Простите? | Извините? | Как вы сказали? | Что вы сказали? | Повторите, пожалуйста. |
      Можете повторить? | Ещё раз, пожалуйста. | Еще раз. | Я не понял. | Не расслышала. | Вас не слышно. | Я вас не слышу. |
      Вас плохо слышно. | Что, простите? | Простите, не поняла. | Помедленнее, пожалуйста. | Прошу прощения?`,
    byMark: 'А?',
    not: `Да. | Что нужно сделать? | Меня зовут Анна. | Как это работает? | Сколько стоит? | Извините, я спешу. | Понятно.`,
  },
  uk: {
    asking: `Що? | Шо? | Перепрошую? | Вибачте? | Як ви сказали? | Що ви сказали? | Повторіть, будь ласка. | Можете повторити? |
      Ще раз, будь ласка. | Я не зрозумів. | Не розчула. | Вас не чути. | Я вас не чую. | Вас погано чути. | Га? |
      Вибачте, не почула. | Повільніше, будь ласка. | Зв’язок переривається.`,
    byMark: 'А? | Прошу?',
    not: `Так. | Що треба зробити? | Мене звати Анна. | Як це працює? | Скільки коштує? | Вибачте, я поспішаю. | Зрозуміло.`,
  },
};

const listOf = (list: string): string[] => list.split(/\s*\|\s*/u);
const unmarked = (text: string): string => text.toLowerCase().replace(/[.,?!¿¡]/gu, '');

describe.each(LANGUAGES)('in $englishName', ({ code, locale }) => {
  const { asking, byMark = '', not } = SAMPLES[code];
  const unheard = (texts: string[]): string[] => texts.filter((text) => !asksAgain(text, locale));

  test('[TT53] a wish to hear it again is understood, with capitals and marks and without', () => {
    expect(unheard(listOf(asking))).toEqual([]);
    expect(unheard(listOf(asking).map(unmarked))).toEqual([]);
    if (byMark !== '') expect(unheard(listOf(byMark))).toEqual([]);
  });

  test('[TT53] what only begins like such a wish is none', () => {
    const understood = [...listOf(not), ...listOf(not).map(unmarked), ...listOf(byMark).map(unmarked)].filter((text) =>
      asksAgain(text, locale),
    );
    expect(understood).toEqual([]);
  });
});
