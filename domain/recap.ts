/** What came before the part that is kept word for word, in a paragraph for the model. */
import { VERBATIM_ENTRIES } from './dialog-transcript.ts';
import type { CallDocument } from './call-document.ts';
import type { TranscriptEntry } from './conversation.ts';

const RECAP_CHARACTERS = 2_000;

/** Of the entries that a new host does not get; the customer's own words weigh most. Null = nothing came before. */
export function recapOf(transcript: readonly TranscriptEntry[], earlier: string | null): string | null {
  const older = transcript.slice(0, Math.max(0, transcript.length - VERBATIM_ENTRIES));
  const said = older
    .filter((entry) => entry.persona === 'human' && entry.text !== '')
    .map((entry) => `“${entry.text}”`);
  const parts = [
    earlier,
    said.length === 0 ? null : `Earlier in this call the customer said: ${newestThatFit(said, RECAP_CHARACTERS)}`,
  ];
  const recap = parts.filter((part) => part !== null).join(' ');
  return recap === '' ? null : recap;
}

function newestThatFit(sentences: readonly string[], characters: number): string {
  const chosen: string[] = [];
  let left = characters;
  for (const sentence of [...sentences].reverse()) {
    left -= sentence.length + 1;
    if (left < 0) break;
    chosen.unshift(sentence);
  }
  return chosen.join(' ');
}

/** What a later call should know of an earlier one. */
export function memoryOf(document: Pick<CallDocument, 'created_at' | 'synthesis' | 'messages' | 'reminders'>): string {
  const day = document.created_at.slice(0, 10);
  if (document.synthesis !== null)
    return `Call of ${day}: ${document.synthesis.long === '' ? document.synthesis.short : document.synthesis.long}`.slice(
      0,
      RECAP_CHARACTERS,
    );
  const said = document.messages
    .filter((message) => message.persona === 'human' && message.content !== '')
    .map((message) => `“${message.content}”`);
  return said.length === 0
    ? `Call of ${day}: the customer said nothing.`
    : `In the call of ${day} the customer said: ${newestThatFit(said, RECAP_CHARACTERS)}`;
}
