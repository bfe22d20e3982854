/** Does what the customer says while the bot speaks stop it? */

export interface Interjection {
  /** Words so far; empty while the recogniser is silent or sends no interims. */
  text: string;
  /** Sound that counted as speech, pauses left out. */
  voicedMs: number;
  language: string;
  /** The recogniser has sent interims in this call: then sound without words is no speech to it either. */
  wordsExpected: boolean;
}

export interface BargeInRules {
  /** `vad_cutoff_timeout_ms`: speech of this length, with words, interrupts. */
  minSpeechMs: number;
}

/** Speech of this length without a word yet: longer than a cough (300-500 ms), and a recogniser that sends no interims must not make the bot deaf. */
const WORDLESS_SPEECH_MS = 800;

const BACKCHANNELS: Readonly<Record<string, readonly string[]>> = {
  en: [
    'mhm',
    'mm',
    'hm',
    'hmm',
    'uh huh',
    'uh-huh',
    'aha',
    'ah',
    'oh',
    'ok',
    'okay',
    'yeah',
    'yes',
    'yep',
    'right',
    'sure',
    'i see',
    'all right',
    'alright',
    'got it',
    'good',
    'fine',
  ],
  de: ['mhm', 'hm', 'aha', 'ach so', 'ok', 'okay', 'ja', 'genau', 'gut', 'klar', 'stimmt', 'alles klar'],
  fr: ['mhm', 'hm', 'ah', 'ok', 'okay', "d'accord", 'oui', 'ouais', 'bien', 'je vois', 'très bien'],
  es: ['mhm', 'hm', 'aha', 'ah', 'ok', 'vale', 'sí', 'si', 'claro', 'bien', 'entiendo', 'ya'],
  ru: ['угу', 'ага', 'мгм', 'хм', 'да', 'так', 'хорошо', 'понятно', 'ясно', 'ладно', 'окей', 'ок'],
};

/** [BI1-BI4] */
export function interrupts(interjection: Interjection, rules: BargeInRules): boolean {
  if (interjection.text.trim() === '')
    return !interjection.wordsExpected && interjection.voicedMs >= Math.max(WORDLESS_SPEECH_MS, rules.minSpeechMs);
  if (isBackchannel(interjection.text, interjection.language)) return false;
  return interjection.voicedMs >= rules.minSpeechMs;
}

/** Nothing but sounds of listening: "mhm", "ok, ok", "yeah, right". */
export function isBackchannel(text: string, language: string): boolean {
  const primary = language.split('-')[0]?.toLowerCase() ?? 'en';
  const known = new Set([...(BACKCHANNELS[primary] ?? []), ...(BACKCHANNELS['en'] ?? [])]);
  let words = text
    .toLowerCase()
    .replace(/[.,!?…;:]+/gu, ' ')
    .split(/\s+/u)
    .filter((word) => word !== '');
  while (words.length > 0) {
    const pair = words.slice(0, 2).join(' ');
    if (words.length >= 2 && known.has(pair)) words = words.slice(2);
    else if (known.has(words[0] ?? '')) words = words.slice(1);
    else return false;
  }
  return true;
}
