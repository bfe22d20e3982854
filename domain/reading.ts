/** How what the customer has said so far reads: is there more to come? Recognisers seldom punctuate what is provisional, so words must tell. */
import { remembering } from './remembering.ts';

/** `dictating`: what was said cannot be all: an announcement with nothing behind it, half an address, a name being spelled, too few digits. */
export type Reading = 'finished' | 'unclear' | 'unfinished' | 'dictating';

/** Words that promise more, as whole words at the end of what was said. One list: none of them means the contrary in another language. */
const PROMISES_MORE: readonly string[] = [
  ...[
    'and',
    'or',
    'but',
    'because',
    'so',
    'if',
    'that',
    'with',
    'to',
    'of',
    'for',
    'the',
    'a',
    'an',
    'my',
    'is',
    'at',
    'from',
    'um',
    'uh',
    'er',
    'then',
    'about',
  ],
  ...[
    'und',
    'oder',
    'aber',
    'weil',
    'dass',
    'mit',
    'der',
    'das',
    'ein',
    'eine',
    'mein',
    'meine',
    'ist',
    'für',
    'von',
    'äh',
    'ähm',
  ],
  ...[
    'et',
    'ou',
    'mais',
    'parce',
    'que',
    'avec',
    'le',
    'la',
    'les',
    'un',
    'une',
    'mon',
    'ma',
    'est',
    'pour',
    'de',
    'euh',
  ],
  ...['y', 'o', 'pero', 'porque', 'con', 'el', 'los', 'mi', 'es', 'para', 'por', 'en'],
  ...['и', 'или', 'но', 'потому', 'что', 'чтобы', 'с', 'в', 'на', 'по', 'для', 'мой', 'моя', 'это', 'если', 'э', 'ну'],
];
const promisesMore: ReadonlySet<string> = new Set(PROMISES_MORE);

/** Announcements of something that takes several breaths to say, with nothing of it said yet. */
const ANNOUNCES =
  /(?:my (?:\p{L}+ )?(?:name|number|address|e-?mail|code)(?: address| number)?(?: is|'s)?|it(?: is|'s) spelled|(?:nummer|name|adresse|e-?mail) (?:ist|lautet)|ich heiße|(?:numéro|nom|adresse|mail) (?:est|c'est)|je m'appelle|(?:número|nombre|correo|dirección) es|me llamo|(?:номер|телефон|почта|имя|фамилия|адрес)(?: мой)?|меня зовут)[\s:,]*$/iu;
/** Letters one by one: a name being spelled. */
const SPELLING = /(?:^|\s)(?:\p{L}[\s.-]+){2,}\p{L}\.?\s*$/u;

const DIGIT_WORDS: ReadonlySet<string> = new Set([
  ...'zero oh nought one two three four five six seven eight nine double triple plus'.split(' '),
  ...'null eins zwei zwo drei vier fünf sechs sieben acht neun'.split(' '),
  ...'zéro un deux trois quatre cinq six sept huit neuf'.split(' '),
  ...'cero uno dos tres cuatro cinco seis siete ocho nueve más'.split(' '),
  ...'ноль нуль один два три четыре пять шесть семь восемь девять плюс'.split(' '),
]);
/** Digits of a national telephone number at least, and of a whole one. */
const SHORT_NUMBER_DIGITS = 7;
const WHOLE_NUMBER_DIGITS = 10;

const WHOLE_ADDRESS = /@[\p{L}\p{N}-]+(?:\.[\p{L}\p{N}-]+)*\.\p{L}{2,}$/u;
const SPOKEN_ADDRESS =
  /(?:^|\s)(?:at|at sign|ät|klammeraffe|arobase|arroba|chiocciola|собака|собачка)\s(?:.*\s)?(?:dot|point|punkt|punto|ponto|точка)\s(?!co$)\p{L}{2,}$/u;

const ASKS_EMAIL = /e-?mail|courriel|correo|электронн|почт|имейл/iu;
const ASKS_NUMBER =
  /(?:phone|telephone|mobile|customer|policy|order|contract|reference) ?(?:number)|telefonnummer|handynummer|kundennummer|numéro|número|номер/iu;

/** Nothing is to be added to these, whatever was asked. */
const COMPLETE: ReadonlySet<string> = new Set([
  ...[
    'no thanks',
    'no thank you',
    'yes please',
    "that's all",
    'that is all',
    "that's it",
    "that's right",
    'that is right',
    "that's correct",
    'that is correct',
    'yes that is right',
    "yes that's right",
    'yes that is correct',
    "yes that's correct",
    'thank you',
    'thanks',
    'thank you very much',
    'goodbye',
    'bye',
    'bye bye',
    'no that is all',
    "no that's all",
  ],
  ...[
    'nein danke',
    'ja bitte',
    'das ist alles',
    'das wäre alles',
    'das stimmt',
    'ja das stimmt',
    'stimmt so',
    'danke',
    'vielen dank',
    'auf wiederhören',
    'tschüss',
  ],
  ...[
    'non merci',
    'oui merci',
    "oui s'il vous plaît",
    "c'est tout",
    "non c'est tout",
    "c'est ça",
    "oui c'est ça",
    "c'est exact",
    'merci',
    'merci beaucoup',
    'au revoir',
  ],
  ...[
    'no gracias',
    'sí por favor',
    'eso es todo',
    'no eso es todo',
    'así es',
    'sí así es',
    'es correcto',
    'sí es correcto',
    'gracias',
    'muchas gracias',
    'adiós',
  ],
  ...[
    'нет спасибо',
    'да пожалуйста',
    'это всё',
    'это все',
    'нет это всё',
    'всё верно',
    'все верно',
    'да всё верно',
    'да все верно',
    'да верно',
    'спасибо',
    'большое спасибо',
    'до свидания',
  ],
]);
/** Whole answers to a question, the beginning of something where none was asked. */
const YES_NO: ReadonlySet<string> = new Set([
  ...['yes', 'yeah', 'yep', 'no', 'nope', 'correct', 'right', 'exactly', 'sure', 'of course', 'okay', 'ok'],
  ...['ja', 'nein', 'genau', 'richtig', 'stimmt', 'klar', 'natürlich', 'gerne'],
  ...['oui', 'non', 'exactement', 'bien sûr', "d'accord", 'tout à fait'],
  ...['sí', 'si', 'correcto', 'exacto', 'claro', 'vale', 'por supuesto'],
  ...['да', 'нет', 'верно', 'правильно', 'точно', 'конечно', 'хорошо', 'ага'],
]);

/** [EP7-EP9] `asked`: the bot's last words. Asked several times a beat, while the words change a few times a second. */
export const readingOf = (text: string, asked = ''): Reading => remembered(`${asked}\n${text}`, text, asked);

const remembered = remembering(freshReading);

function freshReading(text: string, asked: string): Reading {
  const said = text.trim().toLowerCase().replace(/’/gu, "'");
  if (said === '') return 'unclear';
  const bare = said.replace(/[.,!?…;:]+$/u, '');
  if (ANNOUNCES.test(bare) || SPELLING.test(bare)) return 'dictating';
  if (/[!?]$/u.test(said)) return 'finished';
  return ofAddress(bare, asked) ?? ofNumber(said, bare, asked) ?? ofAnswer(bare, asked) ?? ofLastWord(said, bare);
}

function ofAddress(bare: string, asked: string): Reading | null {
  if (WHOLE_ADDRESS.test(bare) || SPOKEN_ADDRESS.test(bare)) return 'finished';
  const begun =
    /@\S*$/u.test(bare) ||
    (ASKS_EMAIL.test(asked) && /\s(?:at|dot|ät|punkt|arobase|point|arroba|punto|собака|точка)$/u.test(bare));
  return begun ? 'dictating' : null;
}

/** A number is seldom said in one breath; one that cannot be whole yet goes on. Of four digits nobody knows. */
function ofNumber(said: string, bare: string, asked: string): Reading | null {
  const digits = trailingDigits(bare);
  if (digits === 0) return null;
  if (digits >= WHOLE_NUMBER_DIGITS) return ASKS_NUMBER.test(asked) || said.endsWith('.') ? 'finished' : 'unclear';
  if (ASKS_NUMBER.test(asked) || ASKS_NUMBER.test(bare))
    return digits < SHORT_NUMBER_DIGITS ? 'dictating' : 'unfinished';
  return bare.includes('+') || /(?:^|\s)(?:plus|плюс|más)\s/u.test(bare) ? 'dictating' : 'unfinished';
}

function trailingDigits(bare: string): number {
  let digits = 0;
  for (const word of bare.split(/[\s-]+/u).reverse()) {
    const plain = word.replace(/[.,+()]/gu, '');
    if (/^\d+$/u.test(plain)) digits += plain.length;
    else if (DIGIT_WORDS.has(plain)) digits += 1;
    else if (plain !== '' || word === '') break;
  }
  return digits;
}

function ofAnswer(bare: string, asked: string): Reading | null {
  const words = bare.replace(/[.,!?…;:]+/gu, '').replace(/\s+/gu, ' ');
  if (COMPLETE.has(words)) return 'finished';
  if (!YES_NO.has(words)) return null;
  return asked.trimEnd().endsWith('?') ? 'finished' : 'unclear';
}

function ofLastWord(said: string, bare: string): Reading {
  if (/[,;:…]$/u.test(said)) return 'unfinished';
  if (said.endsWith('.')) return 'finished';
  const lastWord = /[\p{L}\p{N}']+$/u.exec(bare)?.[0] ?? '';
  return promisesMore.has(lastWord) ? 'unfinished' : 'unclear';
}
