/** Which voice, which recognition model and which spelling of a language Google wants. */

const DEFAULT_PERSONA = 'Aoede';

/** Each sentence asks for its language. More than there are; tags come from configuration and from the service. */
const MOST_LOCALES = 500;
const locales = new Map<string, Intl.Locale>();

// cloud.google.com/text-to-speech/docs/chirp3-hd, languages.
const chirpLocales = new Set(
  (
    'ar-XA bg-BG bn-IN cmn-CN cs-CZ da-DK de-DE el-GR en-AU en-GB en-IN en-US es-ES es-US et-EE fi-FI fr-CA fr-FR gu-IN he-IL hi-IN hr-HR hu-HU ' +
    'id-ID it-IT ja-JP kn-IN ko-KR lt-LT lv-LV ml-IN mr-IN nb-NO nl-BE nl-NL pa-IN pl-PL pt-BR ro-RO ru-RU sk-SK sl-SI sr-RS sv-SE sw-KE ta-IN te-IN ' +
    'th-TH tr-TR uk-UA ur-IN vi-VN yue-HK'
  ).split(' '),
);

/** Where a telephone model exists; elsewhere `long` is the one offered in every language. */
const telephonyLanguages = new Set(['en', 'de', 'fr', 'es', 'it', 'pt']);

export interface Voice {
  languageCode: string;
  /** null = whichever Google has for the language. */
  name: string | null;
  streams: boolean;
}

/** `EN-us`, `en_US` and `en` are all `en-US`. */
export function canonicalLanguage(tag: string): string {
  const locale = localeOf(tag);
  if (locale === null) return tag;
  const language = locale.language === 'zh' ? 'cmn' : locale.language;
  const region = locale.region ?? locale.maximize().region;
  return region === undefined ? language : `${language}-${region}`;
}

/** Recognition spells Mandarin with its script; all else as synthesis does. */
export function recognitionLanguage(tag: string): string {
  const code = canonicalLanguage(tag);
  const [language, region] = code.split('-');
  if (language !== 'cmn') return code;
  return region === 'TW' || region === 'HK' ? `cmn-Hant-${region}` : `cmn-Hans-${region ?? 'CN'}`;
}

/** The voice asked for, moved into the language that is spoken; Google refuses a voice that belongs to another language. */
export function voiceFor(language: string, asked: string | null): Voice {
  const spoken = canonicalLanguage(language);
  if (asked === null || asked === '') return defaultVoice(spoken);
  if (/^[A-Z][a-z]+$/.test(asked)) return named(chirpName(spoken, asked), spoken);
  const [voiceLanguage = '', region = ''] = asked.split('-');
  const voiceLocale = canonicalLanguage(`${voiceLanguage}-${region}`);
  if (voiceLocale.split('-')[0] === spoken.split('-')[0]) return named(asked, voiceLocale);
  const persona = /-Chirp3-HD-(\w+)$/.exec(asked)?.[1];
  return persona === undefined || !chirpLocales.has(spoken)
    ? defaultVoice(spoken)
    : named(chirpName(spoken, persona), spoken);
}

/** Chirp 3 runs in the multi-regions only, Chirp 2 in three regions; `global` has neither. */
export function defaultModel(language: string, location: string): string {
  if (location === 'us' || location === 'eu') return 'chirp_3';
  if (['us-central1', 'europe-west4', 'asia-southeast1'].includes(location)) return 'chirp_2';
  return telephonyLanguages.has(canonicalLanguage(language).split('-')[0] ?? '') ? 'telephony' : 'long';
}

function defaultVoice(spoken: string): Voice {
  return chirpLocales.has(spoken)
    ? named(chirpName(spoken, DEFAULT_PERSONA), spoken)
    : { languageCode: spoken, name: null, streams: false };
}

function named(name: string, languageCode: string): Voice {
  return { languageCode, name, streams: /-Chirp3?-HD-/.test(name) };
}

function chirpName(locale: string, persona: string): string {
  return `${locale}-Chirp3-HD-${persona}`;
}

function localeOf(tag: string): Intl.Locale | null {
  try {
    const known = locales.get(tag) ?? new Intl.Locale(tag.replaceAll('_', '-'));
    if (locales.size < MOST_LOCALES) locales.set(tag, known);
    return known;
  } catch {
    // Not a language tag at all: Google will say so in its own words.
    return null;
  }
}
