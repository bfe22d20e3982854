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

/** What people say when they pick up: into the bot's greeting it asks for nothing. */
const GREETINGS: Readonly<Record<string, readonly string[]>> = {
  en: ['hello', 'hi', 'hey', 'good morning', 'good afternoon', 'good evening', 'good day', 'speaking'],
  de: ['hallo', 'guten tag', 'guten morgen', 'guten abend', 'grüß gott', 'moin'],
  fr: ['allô', 'allo', 'bonjour', 'bonsoir', 'salut'],
  es: ['hola', 'diga', 'dígame', 'buenos días', 'buenas tardes', 'buenas noches', 'buenas'],
  ru: ['алло', 'алё', 'але', 'слушаю', 'привет', 'здравствуйте', 'добрый день', 'доброе утро', 'добрый вечер'],
  it: ['pronto', 'ciao', 'salve', 'buongiorno', 'buonasera', 'sì'],
  pt: ['alô', 'está', 'estou', 'olá', 'oi', 'bom dia', 'boa tarde', 'boa noite', 'sim'],
  nl: ['hallo', 'goedemorgen', 'goedemiddag', 'goedenavond', 'goeiedag', 'ja'],
  pl: ['halo', 'słucham', 'cześć', 'dzień dobry', 'dobry wieczór', 'tak'],
  tr: ['alo', 'efendim', 'merhaba', 'iyi günler', 'buyurun', 'evet'],
  uk: ['алло', 'слухаю', 'привіт', 'вітаю', 'добрий день', 'добрий вечір', 'так'],
};

/** [BI1-BI4] */
export function interrupts(interjection: Interjection, rules: BargeInRules): boolean {
  if (interjection.text.trim() === '')
    return !interjection.wordsExpected && interjection.voicedMs >= Math.max(WORDLESS_SPEECH_MS, rules.minSpeechMs);
  if (isBackchannel(interjection.text, interjection.language)) return false;
  return interjection.voicedMs >= rules.minSpeechMs;
}

/** [BI2, BI14] Nothing but sounds of listening or of picking up: "mhm", "ok, ok", "yeah, right", "hello?". */
export function isBackchannel(text: string, language: string): boolean {
  const primary = language.split('-')[0]?.toLowerCase() ?? 'en';
  const known = new Set([BACKCHANNELS, GREETINGS].flatMap((book) => [...(book[primary] ?? []), ...(book['en'] ?? [])]));
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
