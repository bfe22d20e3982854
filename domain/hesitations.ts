/** Sounds of somebody who looks for a word, by language: there is more to come, and it takes a while. */
import { languageCode, type LanguageCode } from './languages.ts';

/** As recognisers write them where they do; most leave them out. */
const HESITATIONS: Readonly<Record<LanguageCode, string>> = {
  en: 'um, umm, uh, uhh, uhm, er, erm',
  de: 'äh, ähm, öh, öhm, ehm',
  fr: 'euh, heu',
  es: 'em, ehm, este eh',
  it: 'ehm, uhm',
  pt: 'hã, ãh, ahn',
  nl: 'uh, uhm, ehm, euh',
  pl: 'yyy, yy, eee, ee, ymm',
  tr: 'ııı, ıı, eee, ee',
  ru: 'э, ээ, эээ, эм, эмм',
  uk: 'ее, еее, ем, емм',
};

const LAST = Object.fromEntries(
  Object.entries(HESITATIONS).map(([code, sounds]) => [
    code,
    new RegExp(`(?:^|[\\s,.…])(?:${sounds.replaceAll(', ', '|')})$`, 'u'),
  ]),
) as Readonly<Record<LanguageCode, RegExp>>;

/** Of words in small letters without a mark at their end. */
export const endsHesitating = (bare: string, language: string): boolean =>
  LAST[languageCode(language) ?? 'en'].test(bare);
