/** What the operator hears before the customer is joined: why, what was said, what need not be asked again. */
import type { ClaimValues } from './claim.ts';
import type { ConversationFacts, TranscriptEntry } from './conversation.ts';
import { languageCode, type LanguageCode } from './languages.ts';

export interface BriefingMatter {
  reason: string;
  facts: Pick<ConversationFacts, 'customerName' | 'intent' | 'claim' | 'language'>;
  transcript: readonly TranscriptEntry[];
}

/** Vonage speaks 1,500 characters at most; this is about half a minute. */
const BRIEFING_CHARACTERS = 700;
const LAST_WORDS = 3;

interface Frame {
  someone: string;
  waiting: string;
  reason: string;
  /** Null: intents are named in English. */
  about: string | null;
  said: string;
  known: string;
}

const EN: Frame = {
  someone: 'A customer',
  waiting: 'is waiting for you',
  reason: 'Reason',
  about: 'It is about',
  said: 'The customer said',
  known: 'No need to ask again',
};
const FRAMES: Readonly<Partial<Record<LanguageCode, Frame>>> = {
  de: frame('Eine Kundin oder ein Kunde', 'wartet auf Sie', ['Grund', 'Gesagt wurde', 'Nicht mehr zu fragen']),
  fr: frame('Un client', 'vous attend', ['Motif', 'Le client a dit', 'Inutile de redemander']),
  es: frame('Un cliente', 'le espera', ['Motivo', 'El cliente dijo', 'No hace falta preguntar de nuevo']),
  it: frame('Un cliente', 'La attende', ['Motivo', 'Il cliente ha detto', 'Non occorre chiedere di nuovo']),
  pt: frame('Um cliente', 'está à sua espera', ['Motivo', 'O cliente disse', 'Não é preciso perguntar de novo']),
  nl: frame('Een klant', 'wacht op u', ['Reden', 'De klant zei', 'Niet opnieuw te vragen']),
  pl: frame('Klient', 'czeka na linii', ['Powód', 'Klient powiedział', 'Nie trzeba pytać ponownie']),
  tr: frame('Bir müşteri', 'sizi bekliyor', ['Sebep', 'Müşterinin sözleri', 'Yeniden sormanız gerekmeyenler']),
  ru: frame('Клиент', 'ждёт вас на линии', ['Причина', 'Клиент сказал', 'Повторно спрашивать не нужно']),
  uk: frame('Клієнт', 'чекає на лінії', ['Причина', 'Клієнт сказав', 'Повторно питати не потрібно']),
};

function frame(someone: string, waiting: string, [reason, said, known]: [string, string, string]): Frame {
  return { someone, waiting, reason, about: null, said, known };
}

/** In the language of the call: whoever serves this customer speaks it. */
export function briefing({ reason, facts, transcript }: BriefingMatter): string {
  const words = FRAMES[languageCode(facts.language) ?? 'en'] ?? EN;
  const name = facts.customerName ?? facts.claim['caller_name'] ?? words.someone;
  const said = transcript.filter((entry) => entry.persona === 'human' && entry.text !== '').slice(-LAST_WORDS);
  const { intent } = facts;
  const sentences = [
    `${name} ${words.waiting}.`,
    `${words.reason}: ${sentence(reason)}`,
    intent === null || intent === 'other' || words.about === null
      ? null
      : `${words.about}: ${sentence(intent.replaceAll('_', ' '))}`,
    said.length === 0 ? null : `${words.said}: ${said.map((entry) => sentence(entry.text)).join(' ')}`,
    knownSentence(facts.claim, words),
  ];
  return shortened(sentences.filter((each) => each !== null).join(' '));
}

function knownSentence(claim: ClaimValues, words: Frame): string | null {
  const known = Object.entries(claim).map(([field, value]) => `${field.replaceAll('_', ' ')}: ${value}`);
  return known.length === 0 ? null : `${words.known}: ${known.join('; ')}.`;
}

const sentence = (text: string): string => (/[.!?…]$/.test(text.trim()) ? text.trim() : `${text.trim()}.`);
const shortened = (text: string): string =>
  text.length <= BRIEFING_CHARACTERS ? text : `${text.slice(0, BRIEFING_CHARACTERS - 1)}…`;
