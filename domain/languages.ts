/** The languages the bot can be asked to speak: codes, names as people say them, and how a request for one is recognised. */
import { madeOnce } from './remembering.ts';

export type LanguageCode = 'en' | 'de' | 'fr' | 'es' | 'it' | 'pt' | 'nl' | 'pl' | 'tr' | 'ru' | 'uk';

export interface Language {
  code: LanguageCode;
  /** BCP 47, when only the language is known. */
  locale: string;
  englishName: string;
  ownName: string;
}

export const LANGUAGES: readonly Language[] = [
  { code: 'en', locale: 'en-US', englishName: 'English', ownName: 'English' },
  { code: 'de', locale: 'de-DE', englishName: 'German', ownName: 'Deutsch' },
  { code: 'fr', locale: 'fr-FR', englishName: 'French', ownName: 'français' },
  { code: 'es', locale: 'es-ES', englishName: 'Spanish', ownName: 'español' },
  { code: 'it', locale: 'it-IT', englishName: 'Italian', ownName: 'italiano' },
  { code: 'pt', locale: 'pt-PT', englishName: 'Portuguese', ownName: 'português' },
  { code: 'nl', locale: 'nl-NL', englishName: 'Dutch', ownName: 'Nederlands' },
  { code: 'pl', locale: 'pl-PL', englishName: 'Polish', ownName: 'polski' },
  { code: 'tr', locale: 'tr-TR', englishName: 'Turkish', ownName: 'Türkçe' },
  { code: 'ru', locale: 'ru-RU', englishName: 'Russian', ownName: 'русский' },
  { code: 'uk', locale: 'uk-UA', englishName: 'Ukrainian', ownName: 'українська' },
];

/**
 * Beginnings of each language's name in the other languages, so that endings (russisch, русском, alemán) need no list.
 * `=` marks names that must match as a whole word because their beginning means something else too.
 */
const SPOKEN_NAMES: Record<LanguageCode, readonly string[]> = {
  en: [
    'english',
    'englisch',
    'anglais',
    'inglés',
    'ingles',
    'inglese',
    'inglês',
    'engels',
    'angielsk',
    'ingilizce',
    'i̇ngilizce',
    'английск',
    'англійськ',
  ],
  de: [
    '=german',
    'deutsch',
    'allemand',
    'alemán',
    'aleman',
    'tedesco',
    'alemão',
    'duits',
    'niemieck',
    'almanca',
    'немецк',
    'німецьк',
  ],
  fr: [
    'french',
    'französisch',
    'français',
    'francais',
    'francés',
    'frances',
    'francese',
    'francês',
    '=frans',
    'francusk',
    'fransızca',
    'французск',
    'французьк',
  ],
  es: [
    'spanish',
    'spanisch',
    'espagnol',
    'español',
    'espanol',
    'spagnolo',
    'espanhol',
    'spaans',
    'hiszpańsk',
    'ispanyolca',
    'i̇spanyolca',
    'испанск',
    'іспанськ',
  ],
  it: [
    'italian',
    'italienisch',
    'italien',
    'italiano',
    'italiaans',
    'włosk',
    'italyanca',
    'i̇talyanca',
    'итальянск',
    'італійськ',
  ],
  pt: [
    'portuguese',
    'portugiesisch',
    'portugais',
    'portugués',
    'portugues',
    'portoghese',
    'português',
    'portugees',
    'portugalsk',
    'portekizce',
    'португальск',
    'португальськ',
  ],
  nl: [
    '=dutch',
    'niederländisch',
    'holländisch',
    'néerlandais',
    'neerlandés',
    'holandés',
    'olandese',
    'holandês',
    'neerlandês',
    'nederlands',
    'niderlandzk',
    'hollandaca',
    'felemenkçe',
    'голландск',
    'нидерландск',
    'нідерландськ',
    'голландськ',
  ],
  pl: [
    '=polish',
    'polnisch',
    'polonais',
    'polaco',
    'polacco',
    'polonês',
    '=pools',
    'polsk',
    'lehçe',
    'польск',
    'польськ',
  ],
  tr: ['turkish', 'türkisch', 'turc', 'turco', 'turks', 'tureck', 'türkçe', 'турецк', 'турецьк'],
  ru: ['russian', 'russisch', 'russe', 'ruso', 'russo', 'rosyjsk', 'rusça', 'русск', 'російськ'],
  uk: [
    'ukrainian',
    'ukrainisch',
    'ukrainien',
    'ucraniano',
    'ucraino',
    'oekraïens',
    'ukraińsk',
    'ukraynaca',
    'украинск',
    'українськ',
  ],
};

/** Words by which a language is asked for: to speak, to talk, to switch, to go on, to understand. */
const SPEAKING =
  /(?<!\p{L})(speak\w*|talk\w*|switch\w*|chang\w*|continue|prefer|language|sprech\w*|sprich\w*|reden|wechseln?|sprache|parl\w+|hablar\w*|habla\w*|hable\w*|cambi\w*|idioma|lingua|fala\w*|falem?|mudar|spreken|spreekt?|praten|praat|taal|rozmawia\w*|mów\w*|mowi\w*|język\w*|konuş\w*|dil\w*|говор\w*|разговор\w*|перейд\w*|перейт\w*|язык\w*|общаться|розмовля\w*|переходь\w*|мов\w+)/u;
/** `in German`, `auf Deutsch`, `по-русски`; enough by itself in a short sentence. */
const IN_LANGUAGE = /(?<!\p{L})(in|auf|en|em|in het|po|на|по)[\s-]+$/u;
const SHORT_SENTENCE_WORDS = 5;

/** `de-AT`, `de_AT`, `DE` → `de`; null when it is none of ours. */
export function languageCode(tag: string): LanguageCode | null {
  const code = tag.toLowerCase().split(/[-_]/)[0] ?? '';
  return LANGUAGES.find((language) => language.code === code)?.code ?? null;
}

/** What differs by language and costs something to make ready: made at its first use. English where the tag is none of ours. */
export function perLanguage<Made>(make: (code: LanguageCode) => Made): (tag: string) => Made {
  const of = madeOnce(make);
  return (tag) => of(languageCode(tag) ?? 'en');
}

export function languageOf(tag: string): Language {
  const code = languageCode(tag) ?? 'en';
  return LANGUAGES.find((language) => language.code === code) ?? (LANGUAGES[0] as Language);
}

/** Country of a tag (`de-AT` → `AT`); the language's own where the tag has none. */
export function countryOf(tag: string): string {
  const country = /[-_]([a-z]{2})\b/i.exec(tag)?.[1] ?? languageOf(tag).locale.split('-')[1];
  return (country ?? 'US').toUpperCase();
}

/** The language whose name the text says, as far as its first such word. */
export function namedLanguage(text: string): { code: LanguageCode; index: number } | null {
  const lower = text.toLowerCase();
  let first: { code: LanguageCode; index: number } | null = null;
  for (const { code } of LANGUAGES) {
    for (const name of SPOKEN_NAMES[code]) {
      const whole = name.startsWith('=');
      const pattern = new RegExp(`(?<!\\p{L})${whole ? name.slice(1) : name}${whole ? '(?!\\p{L})' : ''}`, 'u');
      const index = lower.search(pattern);
      if (index >= 0 && (first === null || index < first.index)) first = { code, index };
    }
  }
  return first;
}

/** `Can we speak German?` → `de-DE`. A language merely mentioned (`my German shepherd`) is no request. */
export function requestedLanguage(utterance: string): string | null {
  const named = namedLanguage(utterance);
  if (named === null) return null;
  const lower = utterance.toLowerCase();
  const words = lower.split(/[^\p{L}\p{N}]+/u).filter((word) => word !== '');
  const short = words.length <= SHORT_SENTENCE_WORDS && IN_LANGUAGE.test(lower.slice(0, named.index));
  const bare = words.length <= 2;
  return SPEAKING.test(lower) || short || bare ? languageOf(named.code).locale : null;
}
