/** Is the customer's turn over? Decided from silence and the words so far, without waiting for the recogniser's own final. */

export interface EndpointingRules {
  /** Silence that ends a settled, finished sentence (`vad_cutoff_timeout_ms`). */
  finishedPauseMs: number;
  /** Silence that ends any turn (`vad_silence_timeout_ms`). */
  ceilingMs: number;
}

export interface Heard {
  /** Words so far, interims included; empty while the recogniser is silent. */
  text: string;
  /** When the words last changed. */
  textChangedAtMs: number;
  /** The recogniser has nothing provisional left. */
  textIsFinal: boolean;
  lastSpeechAtMs: number;
}

/** An interim that has stood this long is taken as settled: recognisers revise every 100-200 ms while they still doubt. */
const SETTLED_AFTER_MS = 100;

/** Words that stand this long while the line still sounds like speech: the sound is a television, not the customer. */
const STALE_WORDS_MS = 3_000;

export type Reading = 'finished' | 'unclear' | 'unfinished';

/** [EP1-EP5] */
export function turnIsOver(heard: Heard, nowMs: number, rules: EndpointingRules): boolean {
  const pauseMs = nowMs - heard.lastSpeechAtMs;
  if (pauseMs >= rules.ceilingMs) return true;
  if (heard.text !== '' && nowMs - heard.textChangedAtMs >= STALE_WORDS_MS) return true;
  const settled = heard.textIsFinal || nowMs - heard.textChangedAtMs >= SETTLED_AFTER_MS;
  return settled && pauseMs >= pauseFor(readingOf(heard.text), rules);
}

function pauseFor(reading: Reading, rules: EndpointingRules): number {
  const shortest = Math.min(rules.finishedPauseMs, rules.ceilingMs);
  switch (reading) {
    case 'finished':
      return shortest;
    case 'unclear':
      return (shortest + rules.ceilingMs) / 2;
    case 'unfinished':
      return rules.ceilingMs;
  }
}

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

/** Announcements of something that takes several breaths to say. */
const ANNOUNCES =
  /(?:my (?:\w+ )?(?:name|number|address|e-?mail|code)(?: is)?|it is spelled|nummer ist|name ist|numéro est|número es|номер|зовут|адрес)[\s:,]*$/iu;
/** Ends in digits, spoken or written: a number is seldom said in one breath. */
const ENDS_IN_DIGITS = /(?:\d|\b(?:zero|one|two|three|four|five|six|seven|eight|nine|double))[\s-]*$/iu;
/** Letters one by one: a name being spelled. */
const SPELLING = /(?:^|\s)(?:\p{L}[\s.-]+){2,}\p{L}\.?\s*$/u;

export function readingOf(text: string): Reading {
  const said = text.trim().toLowerCase();
  if (said === '') return 'unclear';
  const bare = said.replace(/[.,!?…;:]+$/u, '');
  if (ANNOUNCES.test(bare) || SPELLING.test(bare)) return 'unfinished';
  if (/[!?]$/u.test(said)) return 'finished';
  if (ENDS_IN_DIGITS.test(bare) || /[,;:…]$/u.test(said)) return 'unfinished';
  const lastWord = /[\p{L}\p{N}'’]+$/u.exec(bare)?.[0] ?? '';
  if (/\.$/u.test(said)) return 'finished';
  return promisesMore.has(lastWord) ? 'unfinished' : 'unclear';
}
