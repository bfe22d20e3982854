/** A call that a campaign makes: what a machine hears, and how the campaign learns of the end. */
import { condition, getExternalWorkflowHandle, isCancellation, log } from '@temporalio/workflow';
import { attemptOutcomeOf } from '../../domain/campaign.ts';
import { campaignWorkflowId } from '../../domain/ids.ts';
import type { Disposition } from '../../domain/insight.ts';
import type { LegEvent } from '../../domain/leg.ts';
import { attemptEnded } from '../campaign/messages.ts';
import { sayAside } from './conversation.ts';
import { botTurnId, type CallRun, type CallState } from './state.ts';

/** The network says so after 45 s at the latest (`beep_timeout`); longer greetings than that have no beep. */
const BEEP_MS = 60_000;

export interface MachineHeard {
  /** It may speak now. */
  beep: boolean;
  /** Null = what there is to do has not been done. */
  disposition: Extract<Disposition, 'voicemail' | 'message_left'> | null;
}

/** [AD1] The network's verdict; without one it is a person. */
export function noteMachine(run: CallRun, event: LegEvent): void {
  const { state, input } = run;
  if (event.status !== 'machine' || event.role !== 'customer' || input.campaign === undefined) return;
  if (input.campaign.voicemail.do === 'talk' || state.customer?.legId !== event.legId) return;
  const beep = event.detail?.startsWith('beep') === true;
  state.machine = { beep: beep || state.machine?.beep === true, disposition: state.machine?.disposition ?? null };
}

export const machineIsWaiting = ({ machine, customer }: CallState): boolean =>
  machine?.disposition === null && customer !== null;

/** [AD2-AD3] Nothing is said into its greeting; after the beep the message, or nothing at all. */
export async function answerMachine(run: CallRun): Promise<void> {
  const { state, input } = run;
  const voicemail = input.campaign?.voicemail ?? { do: 'hang_up' };
  const { machine, customer } = state;
  if (machine === undefined || customer === null) return;
  machine.disposition = 'voicemail';
  if (voicemail.do === 'leave_message') {
    const gone = (): boolean => state.customer?.legId !== customer.legId;
    await condition(() => state.machine?.beep === true || gone(), BEEP_MS, { summary: 'The machine’s beep' });
    if (!gone()) await sayAside(run, voicemail.message, botTurnId(run, 'voicemail'));
    if (!gone()) state.machine = { beep: true, disposition: 'message_left' };
  }
  state.endedOnPurpose = true;
  state.hangUpWanted = 'a machine answered';
}

/** Once a call: what a customer who rings back makes of it is another matter. */
export async function tellCampaign(run: CallRun, disposition: Disposition): Promise<void> {
  const { state, input } = run;
  if (input.campaign === undefined || state.campaignTold === true) return;
  state.campaignTold = true;
  const { campaignId, contactId, attemptId } = input.campaign;
  try {
    await getExternalWorkflowHandle(campaignWorkflowId(campaignId)).signal(attemptEnded, {
      contactId,
      attemptId,
      outcome: attemptOutcomeOf(disposition),
      endedAtMs: Date.now(),
    });
  } catch (error) {
    if (isCancellation(error)) throw error;
    log.info('the campaign is over', { error: String(error) });
  }
}
