/** A machine answers, where a campaign or a promise rings somebody: what it hears, and how the promise learns who it was. */
import { condition, patched } from '@temporalio/workflow';
import { callbackWorkflowId } from '../../domain/ids.ts';
import type { Disposition } from '../../domain/insight.ts';
import type { DialOutcome, LegEvent } from '../../domain/leg.ts';
import { phrase } from '../../domain/phrases.ts';
import { attemptEnded } from '../callback/messages.ts';
import { tell } from '../telling.ts';
import { sayAside } from './conversation.ts';
import { botTurnId, facts, type CallRun, type CallState } from './state.ts';

/** The network says so after 45 s at the latest (`beep_timeout`); longer greetings than that have no beep. */
const BEEP_MS = 60_000;
/** The network tells person from machine within some 5 s; well below the time after which a promise takes its try for failed. */
const VERDICT_MS = 15_000;

export interface MachineHeard {
  /** It may speak now. */
  beep: boolean;
  /** Null = what there is to do has not been done. */
  disposition: Extract<Disposition, 'voicemail' | 'message_left'> | null;
}

/** `talk`: with whatever answers. */
function messageRule({ input, state }: CallRun): 'talk' | 'hang_up' | 'leave_message' {
  if (input.campaign !== undefined) return input.campaign.voicemail.do;
  return input.callback === null || state.whoAnswered === undefined ? 'talk' : 'leave_message';
}

/** [AD1] The network's verdict; without one, or long after the answer, it is a person. */
export function noteMachine(run: CallRun, event: LegEvent): void {
  const { state } = run;
  if (event.status !== 'machine' || event.role !== 'customer' || state.customer?.legId !== event.legId) return;
  const tooLate = state.machine === undefined && state.whoAnswered === 'told';
  if (tooLate || messageRule(run) === 'talk') return;
  const beep = event.detail?.startsWith('beep') === true;
  state.machine = { beep: beep || state.machine?.beep === true, disposition: state.machine?.disposition ?? null };
}

export const machineIsWaiting = ({ machine, customer }: CallState): boolean =>
  machine?.disposition === null && customer !== null;

/** [AD2-AD3] Nothing is said into its greeting; after the beep the message, or nothing at all. */
export async function answerMachine(run: CallRun): Promise<void> {
  const { state } = run;
  const { machine, customer } = state;
  if (machine === undefined || customer === null) return;
  const message = messageFor(run);
  machine.disposition = 'voicemail';
  const gone = (): boolean => state.customer?.legId !== customer.legId;
  if (message !== null) {
    await condition(() => state.machine?.beep === true || gone(), BEEP_MS, { summary: 'The machine’s beep' });
    if (!gone()) await sayAside(run, message, botTurnId(run, 'voicemail'));
    if (!gone()) state.machine = { beep: true, disposition: 'message_left' };
  }
  // [AD4] They have rung in themselves meanwhile.
  if (state.customer !== null && gone() && patched('a-person-after-a-machine')) return;
  state.endedOnPurpose = true;
  state.hangUpWanted = 'a machine answered';
}

/** [CB30] Of a promise neither the matter nor a name: who else hears the machine is not known. */
function messageFor(run: CallRun): string | null {
  const { input, state } = run;
  if (messageRule(run) !== 'leave_message') return null;
  if (input.campaign?.voicemail.do === 'leave_message') return input.campaign.voicemail.message;
  const { language } = facts(run);
  const { botCompany, botName } = state.record.initiate;
  const again = input.callback?.triesAgain === true ? phrase('tries_again', language) : null;
  return phrase('to_voicemail', language, { variables: { company: botCompany, botName, again } });
}

/** [CB30] A promise is kept once a person answers, and where nobody can tell it is one. */
export async function tellWhoAnswered(run: CallRun): Promise<void> {
  const { state } = run;
  const legId = state.customer?.legId ?? null;
  const dialled = state.attempt?.legs.find((leg) => leg.legId === legId);
  const isKnown = (): boolean =>
    state.machine !== undefined ||
    state.customer?.legId !== legId ||
    dialled === undefined ||
    dialled.status === 'human';
  if (!isKnown()) await condition(isKnown, VERDICT_MS, { summary: 'A person or a machine?' });
  state.whoAnswered = 'told';
  await tellCallback(run, state.machine === undefined ? 'answered' : 'voicemail');
}

export async function tellCallback({ input }: CallRun, outcome: DialOutcome): Promise<void> {
  const { callback } = input;
  if (callback === null) return;
  const { callbackId, attemptId } = callback;
  await tell(callbackWorkflowId(callbackId), (promise) => promise.signal(attemptEnded, { attemptId, outcome }));
}
