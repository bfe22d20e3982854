/** What the operator hears before the customer is joined: why, what was said, what need not be asked again. */
import type { ClaimValues } from './claim.ts';
import type { ConversationFacts, TranscriptEntry } from './conversation.ts';

export interface BriefingMatter {
  reason: string;
  facts: Pick<ConversationFacts, 'customerName' | 'intent' | 'claim'>;
  transcript: readonly TranscriptEntry[];
}

/** Vonage speaks 1,500 characters at most; this is about half a minute. */
const BRIEFING_CHARACTERS = 700;
const LAST_WORDS = 3;

export function briefing({ reason, facts, transcript }: BriefingMatter): string {
  const name = facts.customerName ?? facts.claim['caller_name'] ?? null;
  const said = transcript.filter((entry) => entry.persona === 'human' && entry.text !== '').slice(-LAST_WORDS);
  const sentences = [
    name === null ? 'A customer is waiting for you.' : `${name} is waiting for you.`,
    `Reason: ${sentence(reason)}`,
    facts.intent === null ? null : `It is about: ${sentence(facts.intent.replaceAll('_', ' '))}`,
    said.length === 0 ? null : `The customer said: ${said.map((entry) => sentence(entry.text)).join(' ')}`,
    knownSentence(facts.claim),
  ];
  return shortened(sentences.filter((each) => each !== null).join(' '));
}

function knownSentence(claim: ClaimValues): string | null {
  const known = Object.entries(claim).map(([field, value]) => `${field.replaceAll('_', ' ')}: ${value}`);
  return known.length === 0 ? null : `No need to ask again: ${known.join('; ')}.`;
}

const sentence = (text: string): string => (/[.!?…]$/.test(text.trim()) ? text.trim() : `${text.trim()}.`);
const shortened = (text: string): string =>
  text.length <= BRIEFING_CHARACTERS ? text : `${text.slice(0, BRIEFING_CHARACTERS - 1)}…`;
