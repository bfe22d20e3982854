/** Text messages that are an opt-out or its taking back, and what is answered: one sentence. */
import { languageCode, type LanguageCode } from './languages.ts';
import { optOutWish } from './opt-out-speech.ts';

/** Whole messages. The English ones are those that carriers know; a language's own come first where a word is of several. */
const OUT: Readonly<Record<LanguageCode, string>> = {
  en: 'stop|stopall|stop all|unsubscribe|unsubscribe me|cancel|end|quit|revoke|optout|opt out|opt me out|remove|remove me',
  de: 'stopp|abmelden|abbestellen|austragen|keine sms|keine anrufe',
  fr: 'arret|arrêt|arreter|arrêter|arretez|arrêtez|desabonner|désabonner|desinscription|désinscription|desabonnement|désabonnement',
  es: 'alto|baja|darme de baja|parar|cancelar|no llamar',
  it: 'basta|disiscrivimi|disiscrizione|cancellami|annulla',
  pt: 'sair|pare|remover|descadastrar',
  nl: 'afmelden|uitschrijven|stoppen',
  pl: 'koniec|wypisz|wypisz mnie|rezygnuję|rezygnuje|anuluj',
  tr: 'dur|durdur|iptal|ret|çık|cik|istemiyorum',
  ru: 'стоп|отписка|отписаться|отпишите|отпишите меня|отказ|хватит',
  uk: 'відписатися|відписка|відпишіть|відмова|досить',
};

const BACK: Readonly<Record<LanguageCode, string>> = {
  en: 'start|unstop|subscribe|resubscribe|opt in|optin',
  de: 'starten|anmelden',
  fr: 'reprendre|reprise|demarrer|démarrer',
  es: 'alta|iniciar|reanudar',
  it: 'inizia|riprendi|iscrivimi',
  pt: 'voltar|retomar',
  nl: 'aanmelden|hervatten',
  pl: 'wznów|wznow|zapisz',
  tr: 'başla|basla|başlat|baslat',
  ru: 'старт|возобновить|подписаться',
  uk: 'поновити|підписатися',
};

/** Courtesies and emphasis around the word. */
const AROUND =
  /^(?:(?:please|pls|bitte|s(?:['’]il vous pla[iî]t|vp|tp)|por favor|per favore|prego|alstublieft|proszę|lütfen|пожалуйста|будь ласка|прошу)\s+)+|(?:\s+(?:please|pls|bitte|s(?:['’]il vous pla[iî]t|vp|tp)|por favor|per favore|prego|alstublieft|proszę|lütfen|пожалуйста|будь ласка|прошу|now|thanks|thank you))+$/giu;

export interface OptOutWord {
  wish: 'out' | 'in';
  /** Of a word that is one language's alone; null = the word does not tell. */
  language: LanguageCode | null;
}

/** [OO6] Null = a message like any other. `cancel my order` is one. */
export function optOutWord(text: string, language: string): OptOutWord | null {
  const message = bare(text);
  if (message === '') return null;
  const out = languageOfWord(message, OUT);
  if (out !== undefined) return { wish: 'out', language: out };
  const back = languageOfWord(message, BACK);
  if (back !== undefined) return { wish: 'in', language: back };
  return optOutWish(text, language) === null ? null : { wish: 'out', language: languageCode(language) };
}

function languageOfWord(
  message: string,
  words: Readonly<Record<LanguageCode, string>>,
): LanguageCode | null | undefined {
  const codes = (Object.keys(words) as LanguageCode[]).filter((code) => words[code].split('|').includes(message));
  const [code] = codes;
  // English words are used everywhere.
  if (code === undefined) return undefined;
  return code === 'en' ? null : code;
}

/** Dotted and dotless i: a Turkish telephone writes IPTAL with a dot. */
const bare = (text: string): string =>
  text
    .normalize('NFC')
    .toLowerCase()
    .replaceAll('i̇', 'i')
    .replace(/[^\p{L}\p{N}'’\s-]/gu, ' ')
    .replace(/[\s-]+/gu, ' ')
    .trim()
    .replace(AROUND, '')
    .trim();

interface Answers {
  /** By text message. */
  textedOut: string;
  textedIn: string;
  /** On the phone: to who has nothing else to say to us, and to who has. */
  saidAndGoodbye: string;
  saidAndOn: string;
}

const ANSWERS: Readonly<Record<LanguageCode, Answers>> = {
  en: {
    textedOut: '{company}: done, you will get no more calls or messages from us. Text START to have them again.',
    textedIn: '{company}: you may be called and written to again. Text STOP to end it.',
    saidAndGoodbye: 'I have noted it: we will not call you again. Goodbye.',
    saidAndOn: 'I have noted it: we will not call you again. Is there anything else that I can do for you now?',
  },
  de: {
    textedOut: '{company}: erledigt, Sie erhalten von uns keine Anrufe und Nachrichten mehr. Mit START wieder.',
    textedIn: '{company}: Sie können wieder angerufen und angeschrieben werden. STOP beendet es.',
    saidAndGoodbye: 'Ich habe es notiert: Wir rufen Sie nicht mehr an. Auf Wiederhören.',
    saidAndOn: 'Ich habe es notiert: Wir rufen Sie nicht mehr an. Kann ich jetzt noch etwas für Sie tun?',
  },
  fr: {
    textedOut: '{company} : c’est fait, vous ne recevrez plus ni appels ni messages. Répondez START pour reprendre.',
    textedIn: '{company} : vous pouvez à nouveau être contacté. Répondez STOP pour arrêter.',
    saidAndGoodbye: 'C’est noté : nous ne vous appellerons plus. Au revoir.',
    saidAndOn: 'C’est noté : nous ne vous appellerons plus. Puis-je encore faire quelque chose pour vous ?',
  },
  es: {
    textedOut: '{company}: hecho, no recibirá más llamadas ni mensajes. Responda ALTA para volver a recibirlos.',
    textedIn: '{company}: podremos llamarle y escribirle de nuevo. Responda BAJA para dejar de recibirlos.',
    saidAndGoodbye: 'Queda anotado: no volveremos a llamarle. Adiós.',
    saidAndOn: 'Queda anotado: no volveremos a llamarle. ¿Puedo hacer algo más por usted ahora?',
  },
  it: {
    textedOut: '{company}: fatto, non riceverà più chiamate né messaggi. Risponda START per riattivarli.',
    textedIn: '{company}: potremo di nuovo chiamarla e scriverle. Risponda STOP per smettere.',
    saidAndGoodbye: 'Ho preso nota: non la chiameremo più. Arrivederci.',
    saidAndOn: 'Ho preso nota: non la chiameremo più. Posso fare altro per lei adesso?',
  },
  pt: {
    textedOut: '{company}: feito, não receberá mais chamadas nem mensagens. Responda START para voltar a receber.',
    textedIn: '{company}: poderemos voltar a contactá-lo. Responda STOP para parar.',
    saidAndGoodbye: 'Fica anotado: não voltaremos a ligar-lhe. Adeus.',
    saidAndOn: 'Fica anotado: não voltaremos a ligar-lhe. Posso ajudar em mais alguma coisa agora?',
  },
  nl: {
    textedOut: '{company}: gedaan, u krijgt geen oproepen of berichten meer. Antwoord START om ze weer te krijgen.',
    textedIn: '{company}: we mogen u weer bellen en schrijven. Antwoord STOP om te stoppen.',
    saidAndGoodbye: 'Ik heb het genoteerd: we bellen u niet meer. Tot ziens.',
    saidAndOn: 'Ik heb het genoteerd: we bellen u niet meer. Kan ik nu nog iets voor u doen?',
  },
  pl: {
    textedOut: '{company}: gotowe, nie będziemy już dzwonić ani pisać. Odpisz START, aby wznowić.',
    textedIn: '{company}: znów możemy dzwonić i pisać. Odpisz STOP, aby zakończyć.',
    saidAndGoodbye: 'Zapisałam: nie będziemy już do Państwa dzwonić. Do widzenia.',
    saidAndOn: 'Zapisałam: nie będziemy już do Państwa dzwonić. Czy mogę teraz jeszcze w czymś pomóc?',
  },
  tr: {
    textedOut: '{company}: tamam, sizi artık aramayacak ve size yazmayacağız. Yeniden almak için START yazın.',
    textedIn: '{company}: sizi yeniden arayabilir ve size yazabiliriz. Durdurmak için STOP yazın.',
    saidAndGoodbye: 'Not aldım: sizi bir daha aramayacağız. Hoşça kalın.',
    saidAndOn: 'Not aldım: sizi bir daha aramayacağız. Şimdi sizin için başka bir şey yapabilir miyim?',
  },
  ru: {
    textedOut: '{company}: готово, больше не будем звонить и писать. Ответьте СТАРТ, чтобы вернуться.',
    textedIn: '{company}: снова можем звонить и писать вам. Ответьте СТОП, чтобы прекратить.',
    saidAndGoodbye: 'Записала: больше мы вам не позвоним. До свидания.',
    saidAndOn: 'Записала: больше мы вам не позвоним. Могу я сейчас ещё чем-то помочь?',
  },
  uk: {
    textedOut: '{company}: готово, більше не будемо дзвонити й писати. Надішліть СТАРТ, щоб повернутися.',
    textedIn: '{company}: знову можемо дзвонити й писати вам. Надішліть СТОП, щоб припинити.',
    saidAndGoodbye: 'Записала: більше ми вам не зателефонуємо. До побачення.',
    saidAndOn: 'Записала: більше ми вам не зателефонуємо. Чи можу я зараз ще чимось допомогти?',
  },
};

export function optOutAnswer(kind: keyof Answers, language: string, company = ''): string {
  return ANSWERS[languageCode(language) ?? 'en'][kind].replace('{company}', company);
}
