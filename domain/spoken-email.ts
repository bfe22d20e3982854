/** E-mail addresses as they are spoken: "anna dot petrova at example dot com", letters spelled, Cyrillic written out. */
import { languageCode, type LanguageCode } from './languages.ts';
import { withNumerals } from './spoken-numbers.ts';

type Sign = '@' | '.' | '_' | '-' | '+';

/** The words for the signs of an address, variants separated by `|`. */
export const SIGNS: Record<LanguageCode, Readonly<Record<Sign, string>>> = {
  en: {
    '@': 'at sign|at',
    '.': 'dot|period|point',
    _: 'underscore|under score',
    '-': 'dash|hyphen|minus',
    '+': 'plus',
  },
  de: { '@': 'at|klammeraffe|ät|et', '.': 'punkt|dot', _: 'unterstrich', '-': 'bindestrich|minus', '+': 'plus' },
  fr: {
    '@': 'arobase|arrobase|at',
    '.': 'point',
    _: 'tiret bas|underscore|tiret du huit',
    '-': 'tiret du six|tiret',
    '+': 'plus',
  },
  es: { '@': 'arroba|at', '.': 'punto', _: 'guion bajo|guión bajo', '-': 'guion medio|guion|guión', '+': 'más|mas' },
  it: { '@': 'chiocciola|at', '.': 'punto', _: 'trattino basso|underscore', '-': 'trattino', '+': 'più' },
  pt: { '@': 'arroba|at', '.': 'ponto', _: 'sublinhado|underscore|underline', '-': 'hífen|traço', '+': 'mais' },
  nl: {
    '@': 'apenstaartje|at',
    '.': 'punt|dot',
    _: 'laag streepje|liggend streepje|underscore',
    '-': 'streepje|koppelteken',
    '+': 'plus',
  },
  pl: {
    '@': 'małpa|małpka|at',
    '.': 'kropka',
    _: 'podkreślenie|podkreślnik|podłoga',
    '-': 'myślnik|minus|kreska',
    '+': 'plus',
  },
  tr: {
    '@': 'kuyruklu a|et işareti|et|at',
    '.': 'nokta',
    _: 'alt çizgi|alttan çizgi',
    '-': 'tire|kısa çizgi',
    '+': 'artı',
  },
  ru: {
    '@': 'собака|собачка|эт|ат',
    '.': 'точка',
    _: 'нижнее подчеркивание|подчеркивание|нижний пробел',
    '-': 'дефис|тире|минус',
    '+': 'плюс',
  },
  uk: {
    '@': 'равлик|собачка|собака|ет',
    '.': 'крапка|точка',
    _: 'нижнє підкреслення|підкреслення',
    '-': 'дефіс|тире|мінус',
    '+': 'плюс',
  },
};

/** Before an address, not a part of it. */
const LEAD_WORDS = new Set(
  (
    "is its it’s it's are am was to at email e-mail mail address my the me i and yes sure ok okay well um uh so use ist lautet meine mail-adresse adresse die und ja also est c’est c'est mon ma adresse et oui es mi correo dirección el la y sí si " +
    'è mia posta indirizzo la e sì é o meu endereço sim mijn adres en ja to mój mail jest i tak adresi benim evet это мой моя почта мыло адрес электронная имейл емейл и да ну вот пишите це моя пошта адреса і так'
  ).split(/\s+/),
);

const CYRILLIC_DOMAINS: Readonly<Record<string, string>> = {
  джимейл: 'gmail',
  гмейл: 'gmail',
  гмайл: 'gmail',
  жмейл: 'gmail',
  яндекс: 'yandex',
  мейл: 'mail',
  майл: 'mail',
  аутлук: 'outlook',
  хотмейл: 'hotmail',
  экзампл: 'example',
  иксампл: 'example',
  рамблер: 'rambler',
  укр: 'ukr',
  ру: 'ru',
  ком: 'com',
  нет: 'net',
  орг: 'org',
  юа: 'ua',
};
const CYRILLIC_LETTERS: Readonly<Record<string, string>> = {
  а: 'a',
  б: 'b',
  в: 'v',
  г: 'g',
  ґ: 'g',
  д: 'd',
  е: 'e',
  є: 'ye',
  ё: 'e',
  ж: 'zh',
  з: 'z',
  и: 'i',
  і: 'i',
  ї: 'i',
  й: 'y',
  к: 'k',
  л: 'l',
  м: 'm',
  н: 'n',
  о: 'o',
  п: 'p',
  р: 'r',
  с: 's',
  т: 't',
  у: 'u',
  ф: 'f',
  х: 'kh',
  ц: 'ts',
  ч: 'ch',
  ш: 'sh',
  щ: 'shch',
  ъ: '',
  ы: 'y',
  ь: '',
  э: 'e',
  ю: 'yu',
  я: 'ya',
};

const EMAIL = /^[a-z0-9](?:[a-z0-9._+-]{0,62}[a-z0-9_+-])?@(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,24}$/;

export function isEmail(text: string): boolean {
  return EMAIL.test(text) && !text.includes('..');
}

export interface SpokenEmail {
  email: string;
  /** The words of the utterance that it took, to leave them out of other readings. */
  source: string;
}

/** The address in an utterance, lower-cased; null when there is none that could be valid. */
export function emailFrom(utterance: string, language: string): SpokenEmail | null {
  const written = /[\p{L}\p{N}][\p{L}\p{N}._+-]*@[\p{L}\p{N}-]+(?:\.[\p{L}\p{N}-]+)+/u.exec(utterance);
  if (written !== null) {
    const email = latin(written[0].toLowerCase());
    return isEmail(email) ? { email, source: written[0] } : null;
  }
  const signed = withSigns(utterance, languageCode(language) ?? 'en');
  // "Reach me at anna at example dot com": the last one that makes an address.
  for (const at of [...signed.matchAll(/\s@(?=\s)/gu)].reverse()) {
    const found = assembled(signed, at.index);
    if (found !== null) return found;
  }
  return null;
}

function assembled(signed: string, at: number): SpokenEmail | null {
  const before = signed.slice(0, at).trim().split(/\s+/);
  const after = signed
    .slice(at + 3)
    .trim()
    .split(/\s+/);
  const domain = domainFrom(after);
  if (domain === null) return null;
  const local = latin(localPart(before).join(''));
  const email = `${local}@${domain}`;
  return isEmail(email) ? { email, source: signed } : null;
}

/** Back from the @: words joined by signs, spelled letters, numerals; up to two loose words more if a lead word stands before. */
function localPart(words: readonly string[]): string[] {
  const taken: string[] = [];
  let index = words.length - 1;
  for (; index >= 0; index -= 1) {
    const word = clean(words[index]);
    const next = taken[0];
    const spelled = next !== undefined && isPiece(word) && isPiece(next);
    const joins = next === undefined || isSign(word) || isSign(next) || spelled || /^\d+$/.test(next);
    if (
      !joins ||
      word === '' ||
      word === '@' ||
      (LEAD_WORDS.has(word) && !spelled && next !== undefined && !isSign(next))
    )
      break;
    taken.unshift(word);
  }
  return [...looseWords(words, index), ...taken];
}

/** `my email is anna petrova at …`: both words belong to it, because a lead word closes the row. */
function looseWords(words: readonly string[], last: number): string[] {
  for (let count = 1; count <= 2; count += 1) {
    const lead = clean(words[last - count]);
    if (lead !== '' && LEAD_WORDS.has(lead)) {
      const loose = words.slice(last - count + 1, last + 1).map(clean);
      return loose.every((word) => !LEAD_WORDS.has(word) && !isSign(word)) ? loose : [];
    }
  }
  return [];
}

function domainFrom(words: readonly string[]): string | null {
  let domain = '';
  for (const raw of words) {
    const word = clean(raw);
    if (word === '') break;
    const expectsWord = domain === '' || /[.-]$/.test(domain);
    if (word === '.' || word === '-') {
      if (expectsWord) break;
      domain += word;
    } else if (expectsWord || (isPiece(word) && /(?:^|[.-])[a-z0-9]$/.test(domain))) {
      domain += CYRILLIC_DOMAINS[word] ?? latin(word);
    } else if (!domain.includes('.')) {
      domain += latin(word);
    } else break;
    if (/[.,;!?]$/.test(raw) && raw !== '.' && domain.includes('.')) break;
  }
  const trimmed = domain.replace(/[.-]+$/, '');
  return trimmed.includes('.') ? trimmed : null;
}

/** Spoken signs become signs, each its own word; `a as in apple` keeps the letter only. */
function withSigns(utterance: string, code: LanguageCode): string {
  const spelled = utterance
    .toLowerCase()
    .replace(/ё/g, 'е')
    .replace(/(?<!\p{L})(\p{L})\s+(?:as in|like|for|wie|comme|como|come|как|як)\s+\p{L}+/gu, '$1')
    .replace(/(?<!\p{L})double\s+(\p{L}|\d)(?!\p{L})/gu, '$1 $1');
  let text = ` ${withNumerals(spelled, code, { careful: true })} `;
  for (const [sign, words] of Object.entries(SIGNS[code])) {
    text = text.replace(new RegExp(`(?<![\\p{L}\\p{N}])(?:${words})(?![\\p{L}\\p{N}])`, 'gu'), ` ${sign} `);
  }
  // Next to a sign even a word that is an article too (`uno`) means the digit.
  text = text
    .replace(/\s+/g, ' ')
    .replace(/(?<=[._+-] )(\p{L}+)(?= [@._+-] )|(?<= [._+-] )(\p{L}+)(?= @ )/gu, (word) => {
      const numeral = withNumerals(word, code, { careful: false });
      return /^\d$/.test(numeral) ? numeral : word;
    });
  return text;
}

function clean(word: string | undefined): string {
  if (word === undefined || isSign(word)) return word ?? '';
  return word.replace(/^[,;:"'«»]+|[.,;:!?"'«»]+$/gu, '');
}

const isSign = (word: string): boolean => /^[.@_+-]$/.test(word);
/** Spelled: a letter or a numeral by itself. */
const isPiece = (word: string): boolean => /^(?:\p{L}|\d+)$/u.test(word);

function latin(text: string): string {
  const letters = text.replace(/[а-яёєіїґ]/gu, (letter) => CYRILLIC_LETTERS[letter] ?? '');
  return letters
    .replace(/ß/g, 'ss')
    .replace(/ł/g, 'l')
    .replace(/ı/g, 'i')
    .replace(/ø/g, 'o')
    .normalize('NFD')
    .replace(/\p{M}/gu, '');
}

/** `anna.petrova@example.com` → `anna dot petrova at example dot com`, in that language's words. */
export function spokenEmail(email: string, language: string): string {
  const signs = SIGNS[languageCode(language) ?? 'en'];
  // Turkish and English hear more words for @ than they say.
  const at: Partial<Record<LanguageCode, string>> = { en: 'at', tr: 'et' };
  const word = (sign: Sign): string =>
    (sign === '@' ? at[languageCode(language) ?? 'en'] : undefined) ?? signs[sign].split('|')[0] ?? sign;
  return email
    .replace(/[@._+-]/g, (sign) => ` ${word(sign as Sign)} `)
    .replace(/\s+/g, ' ')
    .trim();
}
