/** The end of a leg, and of the call. */
import {
  allHandlersFinished,
  condition,
  isCancellation,
  log,
  startChild,
  upsertSearchAttributes,
} from '@temporalio/workflow';
import { claimIsComplete } from '../../domain/claim.ts';
import { dispositionOf, dispositionOfDial, isFinished, type ConversationEnd } from '../../domain/disposition.ts';
import { callDocument } from '../../domain/document.ts';
import { lineWorkflowId, wrapUpWorkflowId } from '../../domain/ids.ts';
import type { Disposition } from '../../domain/insight.ts';
import type { DialOutcome } from '../../domain/leg.ts';
import { callStands } from '../line/messages.ts';
import { controllingLegs } from '../proxies.ts';
import { dispositionAttribute } from '../search-attributes.ts';
import { tell } from '../telling.ts';
import { wrapUp } from '../wrap-up/workflow.ts';
import { isLeftToCampaign, tellCampaign } from './campaign.ts';
import { loseCustomer } from './legs.ts';
import { isRungBack, ringBack, settlePromises } from './reminders.ts';
import { allSaved, enterPhase, save, tellStory } from './saving.ts';
import type { CallRun, CallState } from './state.ts';
import { handOverNews, newsAreLeft } from './text-news.ts';
import { textsWait } from './texting.ts';

/** The network reports the end of a leg within a second of our hanging up. */
const COMPLETED_MS = 10_000;

export async function hangUpLeg(run: CallRun): Promise<void> {
  const { state } = run;
  const { customer } = state;
  if (customer !== null) {
    const leg = { legId: customer.legId, regionUrl: customer.regionUrl };
    try {
      await controllingLegs(`Hang up: ${state.hangUpWanted ?? ''}`).hangUpLeg(leg);
    } catch (error) {
      if (isCancellation(error)) throw error;
      log.warn('the network did not take our hanging up', { error: String(error) });
    }
    await condition(() => state.customer?.legId !== leg.legId, COMPLETED_MS, {
      summary: 'The network reports the end of the leg',
    });
    if (state.customer?.legId === leg.legId) loseCustomer(state);
  }
  state.hangUpWanted = null;
}

export async function afterDial(run: CallRun, outcome: DialOutcome): Promise<void> {
  const disposition = dispositionOfDial(outcome);
  await dispose(run, disposition);
  await tellCampaign(run, disposition);
  run.state.closeWanted = `not answered: ${outcome}`;
}

/** [CL6] Unfinished conversations can be resumed until the line says that the time is over. */
export async function afterLeg(run: CallRun): Promise<void> {
  const { state } = run;
  state.legEnded = false;
  if (state.customer !== null) return;
  await afterTalk(run, 'spoken');
}

/** The same once nobody has written for long enough. */
export async function afterTalk(run: CallRun, how: 'spoken' | 'written'): Promise<void> {
  const { state } = run;
  delete state.writtenAtMs;
  state.media = null;
  const end = endOf(run);
  const disposition = state.machine?.disposition ?? dispositionOf(end);
  await dispose(run, disposition);
  await tellCampaign(run, disposition, isFinished(end));
  if ((state.promises ?? []).length > 0) await settlePromises(run, isFinished(end));
  // A wait for nothing would put what follows in another order than histories have it.
  if (newsAreLeft(run)) await handOverNews(run);
  await startWrapUp(run);
  if (isFinished(end)) {
    state.closeWanted = 'the conversation is finished';
    return;
  }
  enterPhase(run, 'resumable');
  const heard = await tellLine(run, 'resumable');
  if (!heard) state.closeWanted = 'no line keeps it any more';
  if (how === 'spoken' && isRungBack(run) && !isLeftToCampaign(run)) await ringBack(run);
}

function endOf({ state }: CallRun): ConversationEnd {
  const { facts, initiate } = state.record;
  return {
    endedOnPurpose: state.endedOnPurpose,
    optedOut: state.record.optedOutAtMs !== undefined,
    transferred: state.transferred,
    claimComplete: state.cutShort !== true && claimIsComplete(initiate.claim, facts.claim),
    dialogState: facts.dialogState,
    callbackBooked: facts.reminders.some(({ owner, callbackId }) => owner === 'assistant' && callbackId !== null),
    everAttached: state.everAttached || state.record.transcript.some(({ sms }) => sms?.status === 'received'),
  };
}

function dispose(run: CallRun, disposition: Disposition): Promise<void> {
  run.state.record.disposition = disposition;
  upsertSearchAttributes([dispositionAttribute(disposition)]);
  save(run);
  return Promise.resolve();
}

/** Nobody waits for it, and it outlives the call. */
async function startWrapUp(run: CallRun): Promise<void> {
  const { state } = run;
  const { record } = state;
  state.wrapUps += 1;
  const ordinal = state.wrapUps;
  await startChild(wrapUp, {
    workflowId: wrapUpWorkflowId(record.callId, ordinal),
    parentClosePolicy: 'ABANDON',
    workflowIdReusePolicy: 'REJECT_DUPLICATE',
    args: [{ callId: record.callId, ordinal, document: callDocument(record, Date.now()), crm: record.crm }],
    staticSummary: 'After the call: synthesis, next step, CRM, webhooks',
  });
}

export function tellLine({ state, input }: CallRun, stands: 'live' | 'resumable' | 'closed'): Promise<boolean> {
  const { callId, botNumber } = state.record;
  return tell(lineWorkflowId(input.numberKey), (line) => line.signal(callStands, { callId, stands, botNumber }));
}

/** False = the customer is back after all, and the call goes on. */
export async function close(run: CallRun): Promise<boolean> {
  const { state } = run;
  const { record } = state;
  record.closedAtMs = Date.now();
  enterPhase(run, 'closed');
  tellStory(run);
  await tellLine(run, 'closed');
  await condition(() => (allSaved(run) && allHandlersFinished()) || isBack(state));
  if (!isBack(state)) return true;
  record.closedAtMs = null;
  state.closeWanted = null;
  return false;
}

const isBack = (state: CallState): boolean => state.customer !== null || textsWait(state);

export async function resume(run: CallRun): Promise<void> {
  enterPhase(run, 'live');
  run.state.endedOnPurpose = false;
  delete run.state.cutShort;
  run.state.transferred = false;
  delete run.state.writtenAtMs;
  await tellLine(run, 'live');
}
