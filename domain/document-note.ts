/** The call in a note for whoever opens the customer's record in the CRM. */
import type { CallDocument } from './call-document.ts';

const TRANSCRIPT_CHARACTERS = 8_000;

/** Plain lines; the call's id stands in it, so that a doubtful note can be found again. */
export function noteText(document: CallDocument): string {
  const { synthesis, next, claim } = document;
  const known = Object.entries(claim).map(([field, value]) => `- ${field.replaceAll('_', ' ')}: ${value}`);
  const said = document.messages
    .filter((message) => message.content !== '')
    .map((message) => `${message.persona === 'human' ? 'Customer' : 'Bot'}: ${message.content}`);
  return [
    `Call ${document.call_id}, ${document.direction}, ${document.created_at}`,
    document.disposition === null ? null : `Outcome: ${document.disposition.replaceAll('_', ' ')}`,
    synthesis === null ? null : `Summary: ${synthesis.short}`,
    synthesis === null || synthesis.long === '' ? null : synthesis.long,
    next === null ? null : `Next: ${next.action.replaceAll('_', ' ')} (${next.justification})`,
    known.length === 0 ? null : ['Claim:', ...known].join('\n'),
    document.reminders.length === 0
      ? null
      : [
          'Reminders:',
          ...document.reminders.map((each) => `- ${each.title}, due ${each.due_date_time} (${each.owner})`),
        ].join('\n'),
    said.length === 0 ? null : ['Transcript:', shortened(said.join('\n'))].join('\n'),
  ]
    .filter((part) => part !== null)
    .join('\n\n');
}

const shortened = (text: string): string =>
  text.length <= TRANSCRIPT_CHARACTERS ? text : `…${text.slice(-TRANSCRIPT_CHARACTERS)}`;
