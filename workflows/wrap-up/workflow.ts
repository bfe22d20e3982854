/** What is made of a call once its leg has ended: each step retried alone, none lost, and none in the customer's way. */
import { ActivityFailure, ApplicationFailure, isCancellation, log, setCurrentDetails } from '@temporalio/workflow';
import type { CallDocument } from '../../domain/call-document.ts';
import { asE164, callWorkflowId } from '../../domain/ids.ts';
import { noteText } from '../../domain/document-note.ts';
import type { NextStep, Synthesis } from '../../domain/insight.ts';
import type { CrmActivities } from '../../activities/crm.ts';
import { wrappedUp } from '../call/messages.ts';
import { reporting, saving, understanding } from '../proxies.ts';
import { tell } from '../telling.ts';
import type { WrapUpInput } from './messages.ts';

interface Insight {
  synthesis: Synthesis;
  next: NextStep;
}

export interface WrapUpResult {
  noteId: string | null;
  satisfaction: Synthesis['satisfaction'];
}

export async function wrapUp(input: WrapUpInput): Promise<WrapUpResult> {
  const { synthesis, next } = await understand(input.document);
  setCurrentDetails('Synthesis and next step are written.');
  const told = { synthesis: documentOf(synthesis), next, ...input.crm };
  await hand(input, told);

  const document: CallDocument = { ...input.document, synthesis: told.synthesis, next };
  const crm = await orNothing(writeNote(input, document), 'the CRM has no note');
  await hand(input, {
    ...told,
    noteId: crm?.noteId ?? input.crm.noteId,
    customerId: crm?.customerId ?? input.crm.customerId,
  });
  await orNothing(announce(input, document), 'the webhook was not taken');
  return { noteId: crm?.noteId ?? null, satisfaction: synthesis.satisfaction };
}

/** [WU1] The slow model; where it does not answer for hours, the rules write what they can. */
async function understand(document: CallDocument): Promise<Insight> {
  try {
    const [synthesis, next] = await Promise.all([
      understanding('Sum up the call').synthesise(document),
      understanding('Decide what is to be done next').decideNext(document),
    ]);
    return { synthesis, next };
  } catch (error) {
    if (isCancellation(error)) throw error;
    log.warn('the model did not sum up the call: the rules do', { error: String(error) });
    return await reporting('Sum up the call by rules').ruleInsight(document);
  }
}

const documentOf = (synthesis: Synthesis): NonNullable<CallDocument['synthesis']> => ({
  short: synthesis.short,
  long: synthesis.long,
  satisfaction: synthesis.satisfaction,
  improvement_suggestions: synthesis.improvementSuggestions,
});

/** [WU2] To the call while it can be resumed, since its own saves are whole documents; once it has closed, straight into the document. */
async function hand({ callId }: WrapUpInput, told: Told): Promise<void> {
  if (await tell(callWorkflowId(callId), (call) => call.signal(wrappedUp, told))) return;
  const { synthesis, next, noteId, customerId } = told;
  await saving('Save synthesis and next step').saveInsight({
    call_id: callId,
    synthesis,
    next,
    crm: { customer_id: customerId, note_id: noteId },
  });
}

type CrmNote = Parameters<CrmActivities['createNote']>[0];

type Told = Pick<CallDocument, 'synthesis' | 'next'> & { noteId: string | null; customerId: string | null };

/** [CR1] One note a call: a later leg's wrap-up rewrites the one that stands. */
async function writeNote(
  input: WrapUpInput,
  document: CallDocument,
): Promise<{ customerId: string; noteId: string } | null> {
  const customerId = input.crm.customerId ?? (await customerFor(document));
  if (customerId === null) return null;
  const note: CrmNote = {
    customerId,
    externalKey: input.callId,
    callId: input.callId,
    text: noteText(document),
    atMs: Date.parse(document.created_at),
  };
  if (input.crm.noteId !== null) {
    await reporting('Bring the CRM note up to date').updateNote({ noteId: input.crm.noteId, note });
    return { customerId, noteId: input.crm.noteId };
  }
  return { customerId, noteId: await createOnce(note) };
}

async function customerFor(document: CallDocument): Promise<string | null> {
  if (document.phone_number === '') return null;
  const { claim } = document;
  const customer = await reporting('Find the customer in the CRM, or enter them').findOrCreateCustomer({
    phoneNumber: asE164(document.phone_number),
    name: claim['caller_name'] ?? null,
    email: claim['caller_email'] ?? null,
  });
  return customer?.customerId ?? null;
}

/** [CR2] After a doubtful create the customer's own notes are read before anything is written again. */
async function createOnce(note: CrmNote): Promise<string> {
  const { customerId, externalKey } = note;
  for (;;) {
    const standing = await reporting('Has the note been written already?').findNote({ customerId, externalKey });
    if (standing.noteId !== null) return standing.noteId;
    try {
      return (await reporting('Write the CRM note').createNote(note)).noteId;
    } catch (error) {
      if (!isInDoubt(error)) throw error;
    }
  }
}

const isInDoubt = (error: unknown): boolean =>
  error instanceof ActivityFailure && error.cause instanceof ApplicationFailure && error.cause.type === 'in_doubt';

async function announce(input: WrapUpInput, document: CallDocument): Promise<void> {
  await reporting('Tell the outgoing webhook').postWebhook({
    eventId: `${input.callId}:wrap-up:${input.ordinal}`,
    type: 'call.wrapped_up',
    atMs: Date.now(),
    body: { call: document },
  });
}

/** A day's tries are over: it is said here and in the log, and the rest goes on. */
async function orNothing<Value>(work: Promise<Value>, otherwise: string): Promise<Value | null> {
  try {
    return await work;
  } catch (error) {
    if (isCancellation(error)) throw error;
    setCurrentDetails(`Synthesis is written; ${otherwise}: ${String(error)}`);
    log.error(otherwise, { error: String(error) });
    return null;
  }
}
