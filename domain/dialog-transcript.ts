/** What was said, kept as it was heard. Grows turn by turn, stays within what a workflow may carry. */
import type { HeardReport, TranscriptEntry } from './conversation.ts';

/** A new host gets this many entries word for word. */
export const VERBATIM_ENTRIES = 40;
/** With turns and legs beside it the whole snapshot stays below 200 KB. */
const TRANSCRIPT_CHARACTERS = 100_000;
const OLD_ENTRY_CHARACTERS = 160;

type Words = Pick<TranscriptEntry, 'turnId' | 'persona' | 'text' | 'atMs'>;

export function newEntry(words: Words, action: TranscriptEntry['action'] = 'talk'): TranscriptEntry {
  return { ...words, intended: null, toolCalls: [], toolResults: [], action };
}

/** A sentence of the bot's of which nothing is known to be heard yet. */
export function meantEntry(turnId: string, intended: string, atMs: number): TranscriptEntry {
  return { ...newEntry({ turnId, persona: 'assistant', text: '', atMs }), intended };
}

/** [TT1] History holds what the customer heard, not what the bot meant to say. A report about nothing known changes nothing. */
export function withHeard(transcript: readonly TranscriptEntry[], report: HeardReport): TranscriptEntry[] {
  let rest = report.heardText.trim();
  return transcript.map((entry) => {
    if (entry.persona !== 'assistant' || entry.turnId !== report.turnId) return entry;
    const meant = entry.intended ?? entry.text;
    if (report.complete) return { ...entry, text: meant, intended: null };
    if (rest.startsWith(meant)) {
      rest = rest.slice(meant.length).trim();
      return { ...entry, text: meant, intended: null };
    }
    const heard = rest;
    rest = '';
    return { ...entry, text: heard, intended: meant === heard ? null : meant };
  });
}

/** What the customer has not heard of the bot's last words; empty = everything. */
export function unheardRest(transcript: readonly TranscriptEntry[]): string {
  const last = transcript.at(-1);
  if (last?.persona !== 'assistant' || last.intended === null) return '';
  return last.intended.startsWith(last.text) ? last.intended.slice(last.text.length).trim() : last.intended;
}

/** The same, though the customer has answered since. */
export function unheardLately(transcript: readonly TranscriptEntry[]): string {
  return unheardRest(transcript.slice(0, transcript.findLastIndex((entry) => entry.persona === 'assistant') + 1));
}

/** [CB31] What the customer said was answered, and they heard the answer to its end or spoke on into it. */
export function haveTalked(transcript: readonly TranscriptEntry[], sinceMs: number): boolean {
  const said = transcript.findIndex((entry) => isSaid(entry) && entry.persona === 'human' && entry.atMs >= sinceMs);
  if (said === -1) return false;
  const since = transcript.slice(said + 1);
  return since.some(
    (entry, index) =>
      entry.persona === 'assistant' &&
      isSaid(entry) &&
      (entry.intended === null || since.slice(index + 1).some((later) => later.persona === 'human' && isSaid(later))),
  );
}

const isSaid = ({ text, sms }: TranscriptEntry): boolean => text !== '' && sms?.status !== 'failed';

/** [CL4] The oldest entries lose their tool results first, then their length; none of the last 40 does. */
export function thinned(transcript: readonly TranscriptEntry[]): TranscriptEntry[] {
  const entries = [...transcript];
  let size = entries.reduce((sum, entry) => sum + sizeOf(entry), 0);
  for (let index = 0; index < entries.length - VERBATIM_ENTRIES && size > TRANSCRIPT_CHARACTERS; index += 1) {
    const entry = entries[index];
    if (entry === undefined) break;
    const short: TranscriptEntry = {
      ...entry,
      text: shortened(entry.text),
      intended: null,
      toolCalls: [],
      toolResults: [],
    };
    size -= sizeOf(entry) - sizeOf(short);
    entries[index] = short;
  }
  while (size > TRANSCRIPT_CHARACTERS && entries.length > VERBATIM_ENTRIES) {
    const [oldest] = entries.splice(0, 1);
    if (oldest !== undefined) size -= sizeOf(oldest);
  }
  return entries;
}

const shortened = (text: string): string =>
  text.length <= OLD_ENTRY_CHARACTERS ? text : `${text.slice(0, OLD_ENTRY_CHARACTERS - 1)}…`;

function sizeOf(entry: TranscriptEntry): number {
  const tools =
    entry.toolCalls.length + entry.toolResults.length === 0
      ? 0
      : JSON.stringify([entry.toolCalls, entry.toolResults]).length;
  return entry.text.length + (entry.intended?.length ?? 0) + tools + 120;
}
