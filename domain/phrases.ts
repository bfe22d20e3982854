/** What the bot says without asking a model: greetings, waiting phrases, excuses. One file a language; English where it has none. */
import { languageCode, type LanguageCode } from './languages.ts';
import { de } from './phrases/de.ts';
import { en } from './phrases/en.ts';
import { es } from './phrases/es.ts';
import { fr } from './phrases/fr.ts';
import { it } from './phrases/it.ts';
import { nl } from './phrases/nl.ts';
import { pl } from './phrases/pl.ts';
import { pt } from './phrases/pt.ts';
import { ru } from './phrases/ru.ts';
import { tr } from './phrases/tr.ts';
import { uk } from './phrases/uk.ts';

export const PHRASE_KINDS = [
  'greeting',
  'welcome_back',
  'promised_call',
  'sorry_so_late',
  'ringing_back',
  'sorry_as_I_was_saying',
  'goodbye',
  'error',
  'waiting',
  'still_there',
  'didnt_hear',
  'connecting_operator',
  'operator_failed',
  'after_operator',
  'technical_trouble',
  'no_voice',
  'no_ears',
  'missed_call_apology',
  'we_missed_you',
  'to_voicemail',
  'tries_again',
  'one_moment',
  'going_in_circles',
  'written_by',
  'colleague_calls',
  'text_failed',
  'text_arrived',
] as const;
export type PhraseKind = (typeof PHRASE_KINDS)[number];

/**
 * Wordings to choose from. `{name}` is replaced; a part in square brackets is left out when one of its variables is
 * empty, so that `[, {customerName}]` vanishes for an unknown customer.
 */
export type PhraseBook = Record<PhraseKind, readonly [string, ...string[]]>;

/** company, botName, customerName, recap … Empty = unknown. */
export type PhraseVariables = Readonly<Record<string, string | null | undefined>>;

const BOOKS: Record<LanguageCode, PhraseBook> = { en, de, fr, es, it, pt, nl, pl, tr, ru, uk };

/** The `pick`-th wording, counted round; who calls decides what chance there is. */
export function phrase(
  kind: PhraseKind,
  language: string,
  { variables = {}, pick = 0 }: { variables?: PhraseVariables; pick?: number } = {},
): string {
  const wordings = BOOKS[languageCode(language) ?? 'en'][kind];
  const index = Math.abs(Math.trunc(pick)) % wordings.length;
  return filled(wordings[index] ?? wordings[0], variables);
}

/** Every wording, with variables filled: to synthesise ahead, or to know a stock phrase when one is met. */
export function phraseWordings(kind: PhraseKind, language: string, variables: PhraseVariables = {}): string[] {
  return BOOKS[languageCode(language) ?? 'en'][kind].map((wording) => filled(wording, variables));
}

export function filled(wording: string, variables: PhraseVariables): string {
  const known = (text: string): string =>
    text.replace(/\{(\w+)\}/g, (_, name: string) => variables[name]?.trim() ?? '');
  const optional = wording.replace(/\[([^\]]*)\]/g, (_, part: string) => {
    const names = [...part.matchAll(/\{(\w+)\}/g)].map((match) => match[1] ?? '');
    return names.every((name) => (variables[name]?.trim() ?? '') !== '') ? part : '';
  });
  return known(optional)
    .replace(/\s+/g, ' ')
    .replace(/\s+([,.!?])/g, '$1')
    .trim();
}
