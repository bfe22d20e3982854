/** What stays known of a customer from call to call, in a few sentences for the model. */
import type { CallDocument } from './call-document.ts';
import { claimIsComplete } from './claim.ts';

type Earlier = Pick<
  CallDocument,
  'call_id' | 'created_at' | 'direction' | 'synthesis' | 'claim' | 'initiate' | 'disposition' | 'reminders' | 'intent'
>;

const CALLS_TOLD = 3;
const CHARACTERS_A_CALL = 350;
/** A claim older than this is not offered any more: the matter has gone another way. */
const CLAIM_OFFERED_MS = 90 * 24 * 3_600_000;

/** [CL15] Newest first in, newest first out; null = nothing worth telling. `known`: a call that is remembered whole. */
export function earlierCalls(
  documents: readonly Earlier[],
  { nowMs, except, known = null }: { nowMs: number; except: string; known?: string | null },
): string | null {
  const others = documents.filter(({ call_id }) => call_id !== except && call_id !== known);
  const spoken = others.filter(worthTelling).slice(0, CALLS_TOLD);
  if (spoken.length === 0) return null;
  const told = spoken.map((call) => `${call.created_at.slice(0, 10)}: ${inShort(call)}`).join(' ');
  const open = spoken.find((call) => isOpen(call) && nowMs - Date.parse(call.created_at) < CLAIM_OFFERED_MS);
  return open === undefined ? `Earlier calls. ${told}` : `Earlier calls. ${told} ${offer(open)}`;
}

/** Rung in vain, or hung up before a word. */
const worthTelling = ({ synthesis, disposition, claim, direction }: Earlier): boolean =>
  disposition !== null &&
  !['missed', 'no_answer', 'busy', 'rejected', 'failed', 'voicemail', 'message_left', 'opted_out'].includes(
    disposition,
  ) &&
  (synthesis !== null || Object.keys(claim).some((field) => field !== 'caller_phone') || direction === 'inbound');

function inShort({ synthesis, intent, disposition }: Earlier): string {
  const words = synthesis === null ? (intent ?? disposition ?? '').replaceAll('_', ' ') : synthesis.short;
  const cut = words.length > CHARACTERS_A_CALL ? `${words.slice(0, CHARACTERS_A_CALL - 1)}…` : words;
  return /[.!?…]$/.test(cut) ? cut : `${cut}.`;
}

function isOpen({ claim, initiate, disposition }: Earlier): boolean {
  const filled = Object.keys(claim).filter((field) => !field.startsWith('caller_'));
  return filled.length > 0 && disposition !== 'transferred' && !claimIsComplete(initiate.claim, claim);
}

function offer({ claim, created_at }: Earlier): string {
  const known = Object.entries(claim)
    .filter(([field]) => field !== 'caller_phone')
    .map(([field, value]) => `${field} = ${value}`);
  return `Left unfinished on ${created_at.slice(0, 10)}: ${known.join('; ')}. Ask once whether this call is about that. If it is, store these values with update_claim and go on; if not, begin anew.`;
}
