/** Synthesis and next step from what stands in the document alone, for when no model can be asked. */
import { missingFields } from './claim.ts';
import type { CallDocument } from './call-document.ts';
import type { NextStep, Synthesis } from './insight.ts';

export function insightByRules(document: CallDocument): { synthesis: Synthesis; next: NextStep } {
  const missing = missingFields(document.initiate.claim, document.claim).map((field) => field.name);
  return { synthesis: synthesis(document, missing), next: next(document, missing) };
}

function synthesis(document: CallDocument, missing: string[]): Synthesis {
  const said = document.messages.filter((message) => message.persona === 'human' && message.content !== '');
  const about = document.intent === null ? '' : ` about ${document.intent.replaceAll('_', ' ')}`;
  const known = Object.entries(document.claim).map(([field, value]) => `- ${field}: ${value}`);
  const reminders = document.reminders.map((each) => `- ${each.title} (${each.owner}, ${each.due_date_time})`);
  return {
    short:
      said.length === 0
        ? 'The customer said nothing.'
        : `The customer called${about}; ${missing.length === 0 ? 'the claim is complete' : 'the claim is incomplete'}.`,
    long: [
      ['## Said by the customer', ...said.map((message) => `- ${message.content}`)],
      known.length === 0 ? [] : ['## Known', ...known],
      reminders.length === 0 ? [] : ['## Promised', ...reminders],
    ]
      .filter((part) => part.length > 1)
      .map((part) => part.join('\n'))
      .join('\n\n'),
    satisfaction: 'unknow',
    improvementSuggestions: '',
  };
}

function next(document: CallDocument, missing: string[]): NextStep {
  if (document.intent === 'complaint') return { action: 'high_priority', justification: 'The customer complains.' };
  if (document.transfers.some((transfer) => transfer.status !== 'SUCCESS'))
    return { action: 'requires_expertise', justification: 'The customer wanted a colleague and reached none.' };
  if (missing.length > 0)
    return { action: 'customer_will_send_info', justification: `Still missing: ${missing.join(', ')}.` };
  return { action: 'case_closed', justification: 'The claim is complete and nothing is open.' };
}
