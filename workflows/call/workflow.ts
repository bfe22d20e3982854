/** One conversation with a customer, from the first ring to the last word: one or more legs, whatever dies meanwhile. */
import {
  allHandlersFinished,
  ApplicationFailure,
  condition,
  continueAsNew,
  isCancellation,
  log,
  setHandler,
  workflowInfo,
} from '@temporalio/workflow';
import { callDocument } from '../../domain/document.ts';
import type { ConnectId } from '../../domain/ids.ts';
import type { LegAddress } from '../../domain/leg.ts';
import { OPTED_OUT } from '../../domain/opt-out.ts';
import { controllingLegs } from '../proxies.ts';
import { afterDial, afterLeg, close, hangUpLeg, resume } from './closing.ts';
import { replyTo, sayAside } from './conversation.ts';
import { admitFirstLeg, joinLeg, noteLeg, rememberLeg } from './legs.ts';
import { answerMachine, machineIsWaiting, noteMachine, tellWhoAnswered } from './machine.ts';
import { attach, carry, keepConnected } from './media.ts';
import {
  admitLeg,
  attachMedia,
  callView,
  closeCall,
  customerOptedOut,
  hangUp,
  legChanged,
  legJoined,
  say,
  takeTurn,
  textReceived,
  textReported,
  transferCall,
  wrappedUp,
  type AttachRequest,
  type CallInput,
  type CallResult,
  type Promises,
  type CallView,
  type TurnRequest,
} from './messages.ts';
import { meetPromises } from './reminders.ts';
import { learn, ring } from './ringing.ts';
import { keepSaved, save } from './saving.ts';
import { handOver } from './transfer.ts';
import { botTurnId, newRun, ownOperator, type CallRun } from './state.ts';
import { noteReport } from './text-news.ts';
import { beginInWriting, readTexts, receiveText, textsWait } from './texting.ts';
import { untilTheyWrite, write } from './writing.ts';

/** The server takes 2,000 distinct updates a run; a turn is one. */
const UPDATES_A_RUN = 1_500;

export async function call(input: CallInput): Promise<CallResult> {
  const run = newRun(input);
  listen(run);
  inBackground(keepSaved(run));
  inBackground(keepConnected(run));
  inBackground(readTexts(run));
  if (input.carried === undefined && input.leg !== null) begin(run, input.leg);
  if (input.carried === undefined && input.text !== undefined) inBackground(beginInWriting(run, input.text));
  if (run.state.media !== null) inBackground(carry(run, run.state.media));
  if (input.carried?.whoAnswered === 'open') inBackground(tellWhoAnswered(run));

  for (;;) {
    await condition(() => nextChapter(run) !== null);
    switch (nextChapter(run)) {
      case 'ring': {
        const outcome = await ring(run);
        if (outcome !== 'answered') await afterDial(run, outcome);
        else if (run.state.whoAnswered === 'open') inBackground(tellWhoAnswered(run));
        break;
      }
      case 'resume':
        await resume(run);
        break;
      case 'hand_over':
        await handOver(run);
        break;
      case 'write':
        await write(run);
        break;
      case 'wait_for_text':
        await untilTheyWrite(run);
        break;
      case 'machine':
        await answerMachine(run);
        break;
      case 'hang_up':
        await hangUpLeg(run);
        break;
      case 'after_leg':
        await afterLeg(run);
        break;
      case 'carry_over':
        return await continueAsNew<typeof call>({ ...run.input, carried: run.state });
      case 'close':
        if (await close(run)) return ended(run);
        break;
      case null:
        break;
    }
  }
}

type Chapter =
  | 'ring'
  | 'resume'
  | 'write'
  | 'wait_for_text'
  | 'hand_over'
  | 'machine'
  | 'hang_up'
  | 'after_leg'
  | 'carry_over'
  | 'close';

function nextChapter(run: CallRun): Chapter | null {
  const { state } = run;
  const { phase } = state.record;
  if (state.customer !== null && (phase === 'resumable' || phase === 'closed' || phase === 'texting')) return 'resume';
  if (state.legEnded) return 'after_leg';
  if (state.customer === null && textsWait(state) && (phase !== 'dialling' || state.closeWanted !== null))
    return 'write';
  if (state.closeWanted !== null) return state.customer === null ? 'close' : 'hang_up';
  if (phase === 'dialling') return 'ring';
  if (machineIsWaiting(state)) return 'machine';
  if (phase === 'texting') return full(run) && betweenTurns(run) ? 'carry_over' : 'wait_for_text';
  if (state.hangUpWanted !== null) return 'hang_up';
  if (state.transferWanted !== null) return 'hand_over';
  return full(run) && betweenTurns(run) ? 'carry_over' : null;
}

const full = (run: CallRun): boolean => workflowInfo().continueAsNewSuggested || run.updates >= UPDATES_A_RUN;

const betweenTurns = (run: CallRun): boolean =>
  run.state.pending === null && run.toolsRunning === 0 && run.resultsWaiting.length === 0 && allHandlersFinished();

function ended(run: CallRun): CallResult {
  run.done = true;
  const { callId, disposition } = run.state.record;
  return { callId, disposition: disposition ?? 'completed' };
}

function begin(run: CallRun, leg: NonNullable<CallInput['leg']>): void {
  rememberLeg(run, leg);
  // Nobody waits for it: the greeting is spoken meanwhile.
  inBackground(learn(run));
}

function listen(run: CallRun): void {
  listenToLegs(run);
  listenToMedia(run);
  listenToPeople(run);
}

/** What has happened elsewhere: at the network, on the line, after the call. */
function listenToLegs(run: CallRun): void {
  const { state } = run;
  setHandler(callView, () => viewOf(run));
  setHandler(legChanged, (event) => {
    noteLeg(run, event);
    noteMachine(run, event);
  });
  setHandler(legJoined, (leg) => join(run, leg));
  setHandler(textReceived, (text) => {
    receiveText(run, text);
  });
  setHandler(textReported, (report) => noteReport(run, report));
  setHandler(closeCall, ({ reason }) => {
    const { phase } = state.record;
    if (state.customer === null && phase !== 'dialling' && phase !== 'texting') state.closeWanted = reason;
  });
  setHandler(customerOptedOut, () => {
    if (state.record.phase === 'dialling' && state.customer === null) state.hangUpWanted = OPTED_OUT;
  });
  setHandler(wrappedUp, ({ synthesis, next, noteId, customerId }) => {
    state.record.synthesis = synthesis;
    state.record.next = next;
    state.record.crm = {
      customerId: customerId ?? state.record.crm.customerId,
      noteId: noteId ?? state.record.crm.noteId,
    };
    save(run);
  });
}

/** What the host that holds the socket asks for. */
function listenToMedia(run: CallRun): void {
  setHandler(takeTurn, (turn) => replyTo(run, turn), {
    validator: ({ connectId }: Pick<TurnRequest, 'connectId'>) => {
      mustKnow(run, connectId);
    },
  });
  setHandler(
    attachMedia,
    (request) => {
      run.updates += 1;
      return attach(run, request);
    },
    {
      validator: (request: AttachRequest) => {
        mustBeOpen(run, request);
      },
    },
  );
  setHandler(admitLeg, (request) => {
    run.updates += 1;
    return admitFirstLeg(run, request);
  });
}

/** What somebody outside wants of a live call. */
function listenToPeople(run: CallRun): void {
  const { state } = run;
  setHandler(
    hangUp,
    ({ reason }) => {
      run.updates += 1;
      state.endedOnPurpose = true;
      state.hangUpWanted = reason;
      return { callId: state.record.callId };
    },
    {
      validator: (_request) => {
        mustBeLive(run);
      },
    },
  );
  setHandler(
    transferCall,
    ({ reason, operatorNumber }) => {
      run.updates += 1;
      state.transferWanted = { reason, operatorNumber: operatorNumber ?? ownOperator(run), announce: true };
      return { callId: state.record.callId };
    },
    {
      validator: (_request) => {
        mustHaveTheBot(run);
      },
    },
  );
  setHandler(
    say,
    ({ text }) => {
      run.updates += 1;
      const turnId = botTurnId(run, 'say');
      inBackground(sayAside(run, text, turnId));
      return { turnId };
    },
    {
      validator: (_request) => {
        mustHaveTheBot(run);
      },
    },
  );
}

const refusal = (type: string, message: string): ApplicationFailure => ApplicationFailure.nonRetryable(message, type);

function mustKnow({ state }: CallRun, connectId: ConnectId): void {
  if (state.media?.connectId === connectId || state.connects.some((connect) => connect.connectId === connectId)) return;
  throw refusal('unknown_connect', 'this media connection has not been attached to the call');
}

function mustBeOpen({ state }: CallRun, request: AttachRequest): void {
  const known = state.connects.some((connect) => connect.connectId === request.connectId);
  if (!known && state.record.phase === 'closed') throw refusal('call_closed', 'the call is over');
}

function mustBeLive({ state }: CallRun): void {
  if (state.record.phase === 'closed' || state.record.phase === 'resumable')
    throw refusal('not_live', 'nobody is on the line');
}

function mustHaveTheBot({ state }: CallRun): void {
  if (state.media === null || state.transfer !== null) throw refusal('not_live', 'the bot is not on the line');
}

function viewOf({ state }: CallRun): CallView {
  return {
    document: callDocument(state.record, Date.now()),
    customerLegId: state.customer?.legId ?? null,
    mediaHostId: state.media?.hostId ?? null,
    briefing: state.briefing,
  };
}

async function join(
  run: CallRun,
  { promises, promised, ...leg }: NonNullable<CallInput['leg']> & Promises,
): Promise<void> {
  meetPromises(run, { promises, promised });
  const replaced = joinLeg(run, leg);
  // What was still being answered was asked on the earlier leg; the welcome sums up where we are.
  run.floor = null;
  rememberLeg(run, leg);
  if (replaced !== null) await release({ legId: replaced.legId, regionUrl: replaced.regionUrl });
}

/** A leg that is still believed live though the customer is on another: a late `completed`, or a second phone. */
async function release(leg: LegAddress): Promise<void> {
  try {
    await controllingLegs('Let go of the customer’s earlier leg').hangUpLeg(leg);
  } catch (error) {
    if (isCancellation(error)) throw error;
    log.info('the earlier leg could not be released', { error: String(error) });
  }
}

function inBackground(work: Promise<unknown>): void {
  work.catch((error: unknown) => {
    if (!isCancellation(error)) log.error('work beside the conversation failed', { error: String(error) });
  });
}
