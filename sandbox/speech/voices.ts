/** The stand-in's voices: Google's names on espeak's throats. */

const locales =
  'en-US en-GB de-DE fr-FR es-ES es-US it-IT pt-BR pt-PT nl-NL pl-PL ru-RU uk-UA tr-TR cs-CZ sv-SE da-DK fi-FI nb-NO el-GR hu-HU ro-RO bg-BG cmn-CN hi-IN'.split(
    ' ',
  );

/** Sex and espeak variant; the bare voice for the first, `f2` is kept for the phones so that an ear can tell bot from caller. */
const personas: Record<string, { gender: 'FEMALE' | 'MALE'; variant: string | undefined }> = {
  Aoede: { gender: 'FEMALE', variant: undefined },
  Kore: { gender: 'FEMALE', variant: 'f3' },
  Leda: { gender: 'FEMALE', variant: 'f4' },
  Zephyr: { gender: 'FEMALE', variant: 'f5' },
  Puck: { gender: 'MALE', variant: 'm1' },
  Charon: { gender: 'MALE', variant: 'm3' },
  Fenrir: { gender: 'MALE', variant: 'm5' },
  Orus: { gender: 'MALE', variant: 'm7' },
};

export interface ListedVoice {
  name: string;
  languageCodes: string[];
  ssmlGender: 'FEMALE' | 'MALE';
  naturalSampleRateHertz: number;
}

export const listedVoices: ListedVoice[] = locales.flatMap((locale) => [
  ...Object.entries(personas).map(([persona, { gender }]) => listed(`${locale}-Chirp3-HD-${persona}`, locale, gender)),
  listed(`${locale}-Standard-A`, locale, 'FEMALE'),
  listed(`${locale}-Standard-B`, locale, 'MALE'),
]);

export interface ChosenVoice {
  language: string;
  variant: string | undefined;
  streams: boolean;
}

export interface VoiceRequest {
  languageCode: string;
  name: string;
}

/** A sentence that says what is wrong, when there is no such voice. */
export function chooseVoice(asked: VoiceRequest): ChosenVoice | string {
  if (asked.languageCode === '') return 'Voice language code must be set.';
  const code = asked.languageCode.toLowerCase();
  const locale =
    locales.find((one) => one.toLowerCase() === code) ??
    locales.find((one) => one.split('-')[0] === code.split('-')[0]);
  if (locale === undefined) return `Voice for language '${asked.languageCode}' does not exist. Is it misspelled?`;
  if (asked.name === '') return { language: locale, variant: undefined, streams: false };
  const voice = listedVoices.find((one) => one.name.toLowerCase() === asked.name.toLowerCase());
  if (voice === undefined) return `Voice '${asked.name}' does not exist. Is it misspelled?`;
  const language = voice.languageCodes[0] ?? locale;
  if (language.split('-')[0] !== locale.split('-')[0]) {
    return `Requested language code '${asked.languageCode}' doesn't match the voice '${asked.name}''s language code '${language}'.`;
  }
  const persona = personas[voice.name.split('-').at(-1) ?? ''];
  const standard = voice.name.endsWith('-Standard-B') ? 'm2' : undefined;
  return { language, variant: persona === undefined ? standard : persona.variant, streams: persona !== undefined };
}

function listed(name: string, locale: string, ssmlGender: 'FEMALE' | 'MALE'): ListedVoice {
  return { name, languageCodes: [locale], ssmlGender, naturalSampleRateHertz: 24_000 };
}
