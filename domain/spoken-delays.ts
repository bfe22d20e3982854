/** "In half an hour", "in anderthalb Stunden", "daqui a uma hora": how long from now, where the readers of dates know only whole hours. */
import { perLanguage, type LanguageCode } from './languages.ts';
import { withNumerals } from './spoken-numbers.ts';

/** Patterns of words, in small letters with straight apostrophes, numbers in digits; articles stay words. */
interface Delays {
  /** Before the time, or behind it. */
  before?: string;
  behind?: string;
  /** What may stand between. */
  about: string;
  /** In minutes: `each` for the number that stands for `#`, and these. */
  times: Readonly<Record<string, { each?: number; and?: number }>>;
}

const QUARTER = { and: 15 };
const HALF = { and: 30 };
const THREE_QUARTERS = { and: 45 };
const HOUR = { and: 60 };
const HOUR_AND_HALF = { and: 90 };
const HOURS_AND_HALF = { each: 60, and: 30 };
const HOURS = { each: 60 };
const MINUTES = { each: 1 };

const DELAYS: Readonly<Record<LanguageCode, Delays>> = {
  en: {
    before: 'in|within',
    about: 'about|around|roughly|maybe|like|say',
    times: {
      '(?:a |1 )?half (?:an |a )?hour': HALF,
      '(?:a |1 )?quarter (?:of an |of a |an )?hour': QUARTER,
      '(?:a )?3[ -]quarters? (?:of an )?hour': THREE_QUARTERS,
      '(?:an|1) hour and a half|1 and a half hours?': HOUR_AND_HALF,
      '# and a half hours|# hours and a half': HOURS_AND_HALF,
    },
  },
  de: {
    before: 'in',
    about: 'etwa|ungefähr|circa|ca\\.?|so|so etwa|so in|vielleicht',
    times: {
      "(?:einer|ner|'ner|1) halben stunde": HALF,
      '(?:einer |ner )?viertel ?stunde': QUARTER,
      '(?:einer |ner )?(?:drei|3)[ -]?viertel ?stunden?': THREE_QUARTERS,
      '(?:anderthalb|eineinhalb|1 ?einhalb|ein und einer halben) stunden?': HOUR_AND_HALF,
      '(?:zweieinhalb|2 ?einhalb) stunden': { and: 150 },
      '(?:dreieinhalb|3 ?einhalb) stunden': { and: 210 },
    },
  },
  fr: {
    before: "dans|d'ici",
    about: 'environ|à peu près|peut-être',
    times: {
      '(?:une |1 )?demi[ -]heure': HALF,
      "(?:un |1 )?(?:petit )?quart d'heure": QUARTER,
      "3 quarts d'heure": THREE_QUARTERS,
      '(?:une|1) heure et demie': HOUR_AND_HALF,
      '# heures et demie': HOURS_AND_HALF,
      '(?:une|1) (?:petite )?heure(?! (?:et|\\d))': HOUR,
    },
  },
  es: {
    before: 'en|dentro de|de aquí a',
    about: 'unas?|unos|como|más o menos|aproximadamente',
    times: {
      '(?:una )?media hora': HALF,
      '(?:un )?cuarto de hora': QUARTER,
      '3 cuartos de hora': THREE_QUARTERS,
      '(?:una |1 )?hora y media': HOUR_AND_HALF,
      '# horas y media': HOURS_AND_HALF,
      '(?:una|1) horita': HOUR,
    },
  },
  it: {
    before: 'tra|fra',
    about: 'circa|più o meno|forse',
    times: {
      "(?:una )?mezz(?:'| |)or(?:a|etta)": HALF,
      "(?:un )?quarto d'ora": QUARTER,
      "3 quarti d'ora": THREE_QUARTERS,
      "(?:un'|un |1 )ora e mezz[ao]": HOUR_AND_HALF,
      '# ore e mezz[ao]': HOURS_AND_HALF,
      "un'or(?:a(?! e )|etta)": HOUR,
    },
  },
  pt: {
    before: 'daqui a|daqui|em|dentro de',
    about: 'cerca de|mais ou menos|umas?|uns|talvez',
    times: {
      'meia[ -]hor(?:a|inha)': HALF,
      '(?:um )?quarto de hora': QUARTER,
      '3 quartos de hora': THREE_QUARTERS,
      '(?:uma|1) hora e meia': HOUR_AND_HALF,
      '# horas e meia': HOURS_AND_HALF,
      '(?:uma|1) hor(?:a|inha)(?! e )': HOUR,
      '# horas(?! e )': HOURS,
      '# minutos': MINUTES,
    },
  },
  nl: {
    before: 'over|binnen',
    about: "ongeveer|zo'n|circa|een",
    times: {
      '(?:een )?half ?uur(?:tje)?': HALF,
      '(?:een )?kwartier(?:tje)?': QUARTER,
      '3 kwartier': THREE_QUARTERS,
      'anderhalf uur(?:tje)?': HOUR_AND_HALF,
      '# en een half uur': HOURS_AND_HALF,
      'tweeënhalf uur': { and: 150 },
      '(?:een )?uurtje': HOUR,
    },
  },
  pl: {
    before: 'za',
    about: 'jakieś|jakąś|około|mniej więcej',
    times: {
      'pół godzin(?:y|ki)': HALF,
      kwadrans: QUARTER,
      '3 kwadranse': THREE_QUARTERS,
      'półtorej godziny': HOUR_AND_HALF,
      '# i pół godziny': HOURS_AND_HALF,
      godzinkę: HOUR,
    },
  },
  tr: {
    behind: 'sonra|içinde',
    about: 'kadar',
    times: {
      'yarım saat': HALF,
      'çeyrek saat': QUARTER,
      '3 çeyrek saat': THREE_QUARTERS,
      '(?:bir|1) buçuk saat': HOUR_AND_HALF,
      '# buçuk saat': HOURS_AND_HALF,
      'bir saat': HOUR,
      '# saat': HOURS,
      '# dakika': MINUTES,
    },
  },
  ru: {
    before: 'через',
    about: 'примерно|где-то|приблизительно|какие-то|каких-то',
    times: {
      'пол ?час(?:а|ика)': HALF,
      'четверть часа': QUARTER,
      '3 четверти часа': THREE_QUARTERS,
      'полтора час(?:а|ика)': HOUR_AND_HALF,
      '# с половиной часа': HOURS_AND_HALF,
      'час(?:ик|ок)': HOUR,
    },
  },
  uk: {
    before: 'через|за',
    about: 'приблизно|десь|якісь|якусь',
    times: {
      'пів ?годин(?:и|ки)': HALF,
      'чверть години': QUARTER,
      '3 чверті години': THREE_QUARTERS,
      'півтори години': HOUR_AND_HALF,
      '# з половиною години': HOURS_AND_HALF,
      годинку: HOUR,
    },
  },
};

interface Reader {
  pattern: RegExp;
  each: number;
  and: number;
}

const readersIn = perLanguage((code): Reader[] => {
  const { before, behind, about, times } = DELAYS[code];
  const open = before === undefined ? '' : `(?:${before}) (?:(?:${about}) )?`;
  const close = behind === undefined ? '' : ` (?:(?:${about}) )?(?:${behind})`;
  return Object.entries(times).map(([time, { each = 0, and = 0 }]) => ({
    pattern: new RegExp(
      `(?<![\\p{L}\\p{N}])${open}(?:${time.replaceAll('#', '(\\d{1,3})')})${close}(?![\\p{L}\\p{N}])`,
      'iu',
    ),
    each,
    and,
  }));
});

/** [TL22] Null = nothing of the kind is said. `source`: the words, numbers in digits. */
export function delayIn(text: string, language: string): { minutes: number; source: string } | null {
  const said = withNumerals(text, language)
    .replace(/[’ʼ`´]/gu, "'")
    .replace(/\s+/gu, ' ');
  for (const { pattern, each, and } of readersIn(language)) {
    const [source, ...numbers] = pattern.exec(said) ?? [];
    if (source === undefined) continue;
    // Of several ways to say it one has matched.
    return { minutes: each * Number(numbers.join('')) + and, source };
  }
  return null;
}
