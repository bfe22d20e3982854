/** Is the customer's turn over? Decided from silence and the words so far, without waiting for the recogniser's own final. */
import { readingOf, type Reading } from './reading.ts';

export interface EndpointingRules {
  /** Silence that ends a settled, finished sentence (`vad_cutoff_timeout_ms`). */
  finishedPauseMs: number;
  /** Silence that ends any turn but a dictated one (`vad_silence_timeout_ms`). */
  ceilingMs: number;
}

export interface Heard {
  /** Words so far, interims included; empty while the recogniser is silent. */
  text: string;
  /** When the words last changed. */
  textChangedAtMs: number;
  /** When there was last a word that had not been heard before; a new stream may say the known ones again. */
  newWordsAtMs: number;
  /** The recogniser has nothing provisional left. */
  textIsFinal: boolean;
  lastSpeechAtMs: number;
  /** The bot's last words; empty = it has said nothing. */
  asked: string;
  /** In which the recogniser listens. */
  language: string;
}

/** An interim that has stood this long is taken as settled: recognisers revise every 100-200 ms while they still doubt. */
const SETTLED_AFTER_MS = 100;

/** Words that stand this long while the line still sounds like speech: the sound is a television, not the customer. */
const STALE_WORDS_MS = 3_000;

/** Between groups of digits, or letters of a name, people breathe for up to a second: twice the usual ceiling of 500 ms. */
const DICTATING_CEILINGS = 2;

/** [EP1-EP5, EP8] */
export function turnIsOver(heard: Heard, nowMs: number, rules: EndpointingRules): boolean {
  const pauseMs = nowMs - heard.lastSpeechAtMs;
  if (pauseMs >= rules.ceilingMs * DICTATING_CEILINGS) return true;
  if (heard.text !== '' && nowMs - heard.newWordsAtMs >= STALE_WORDS_MS) return true;
  const reading = readingOf(heard);
  if (pauseMs >= rules.ceilingMs && reading !== 'dictating') return true;
  const settled = heard.textIsFinal || nowMs - heard.textChangedAtMs >= SETTLED_AFTER_MS;
  return settled && pauseMs >= pauseFor(reading, rules);
}

/** The silence that ends a turn of such words. */
export function pauseFor(reading: Reading, rules: EndpointingRules): number {
  const shortest = Math.min(rules.finishedPauseMs, rules.ceilingMs);
  switch (reading) {
    case 'finished':
      return shortest;
    case 'unclear':
      return (shortest + rules.ceilingMs) / 2;
    case 'unfinished':
      return rules.ceilingMs;
    case 'dictating':
      return rules.ceilingMs * DICTATING_CEILINGS;
  }
}
