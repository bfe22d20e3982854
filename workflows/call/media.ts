/** The bot's side of the line: which host speaks, what it is told, and what happens when it is lost. */
import { ActivityFailure, condition, isCancellation, log, TimeoutFailure } from '@temporalio/workflow';
import type { Opening, TranscriptEntry } from '../../domain/conversation.ts';
import { openingFor, openingTurnId, type OpeningMatter } from '../../domain/dialog-opening.ts';
import { nextDialogState } from '../../domain/dialog.ts';
import { meantEntry, VERBATIM_ENTRIES, withHeard } from '../../domain/dialog-transcript.ts';
import { asTurnId } from '../../domain/ids.ts';
import { endsLeg } from '../../domain/leg.ts';
import { recapOf } from '../../domain/recap.ts';
import { transferOutcome } from '../../domain/transfer.ts';
import { withEarly } from '../../domain/turn-document.ts';
import { carrying, controllingLegs } from '../proxies.ts';
import { loseCustomer } from './legs.ts';
import type { AttachRequest, MediaSeed } from './messages.ts';
import { keepForLater, save, tellStory, turnsAreNoted } from './saving.ts';
import { facts, type CallRun, type Connect } from './state.ts';

/** The `disconnected` webhook normally brings the leg back within a second; only where it does not, we do. */
const LOST_HOST_GRACE_MS = 1_500;
/** The network's own account of the leg (`completed`) may take this long. */
const QUIET_LEG_GRACE_MS = 10_000;
/** A host that lives takes a task within milliseconds; a dead one should not cost the customer much more time. */
export const CLAIMED_AGAIN = '1500ms';
const CONNECTS_REMEMBERED = 10;
const HOSTS_AVOIDED = 6;

/** [RC2] A host asks for everything it needs to carry on; asking again with the same connect gets the same. */
export function attach(run: CallRun, request: AttachRequest): MediaSeed {
  const known = run.state.connects.find((connect) => connect.connectId === request.connectId);
  return seed(run, known ?? welcome(run, request));
}

function welcome(run: CallRun, request: AttachRequest): Connect {
  const { state } = run;
  const { connectId, hostId, spokeAlone, lean } = request;
  const opening = openingOf(run, request);
  const connect: Connect = { connectId, hostId, opening, ...(lean === undefined ? {} : { lean }) };
  state.connects = [...state.connects, connect].slice(-CONNECTS_REMEMBERED);
  state.media = { connectId, hostId };
  state.lostHosts = state.lostHosts.filter((lost) => lost !== hostId);
  state.everAttached = true;
  state.abandoned = false;
  state.openingWhy = 'host_lost';
  if (state.transfer !== null) state.transfer.returned = true;
  const { record } = state;
  if (opening.kind === 'after_operator')
    record.facts.dialogState = nextDialogState(record.facts.dialogState, 'operator_left', dialogFacts(run));
  if (opening.kind === 'welcome_back')
    record.facts.dialogState = nextDialogState(record.facts.dialogState, 'conversation_resumed', dialogFacts(run));
  if (opening.kind !== 'none')
    record.transcript = [...record.transcript, meantEntry(opening.turnId, opening.text, Date.now())];
  if (spokeAlone !== null)
    record.transcript = [...record.transcript, meantEntry(asTurnId(spokeAlone.turnId), spokeAlone.text, Date.now())];
  run.factsSent = JSON.stringify(record.facts);
  keepForLater(run);
  tellStory(run);
  void carry(run, connect);
  return connect;
}

export const dialogFacts = (run: CallRun) => ({
  intent: facts(run).intent,
  schema: run.state.record.initiate.claim,
  claim: facts(run).claim,
});

function openingOf(run: CallRun, request: AttachRequest): Opening {
  const { state, input } = run;
  if (request.spokeAlone !== null) return { kind: 'none' };
  const { record } = state;
  return openingFor({
    why: whyNow(run),
    turnId: openingTurnId(request.connectId),
    initiate: record.initiate,
    facts: record.facts,
    transcript: record.transcript,
    answerFollows: state.pending !== null,
    reason: input.callback?.words ?? null,
    late: input.callback?.late === true,
  });
}

function whyNow({ state }: CallRun): OpeningMatter['why'] {
  if (state.transfer === null) return state.openingWhy;
  return transferOutcome(state.transfer.events).state === 'joined' ? 'operator_left' : 'operator_failed';
}

function seed(run: CallRun, { opening }: Connect): MediaSeed {
  const { record, memory } = run.state;
  const transcript = record.transcript.filter((entry) => tellable(run, entry, opening));
  return {
    callId: record.callId,
    initiate: record.initiate,
    facts: record.facts,
    transcript: transcript.slice(-VERBATIM_ENTRIES),
    recap: recapOf(transcript, whatIsKnown(run)),
    opening,
    customerNumber: record.customerNumber,
    botNumber: record.botNumber,
    reason: reasonOf(run.input),
    returningCaller: memory !== null || record.facts.customerName !== null || opening.kind === 'welcome_back',
  };
}

/** A line that broke off was not promised to be mended: the recap tells what was said. */
export const reasonOf = ({ callback }: CallRun['input']): string | null =>
  callback === null || callback.kind === 'ring_back' ? null : `${callback.title}: ${callback.description}`;

/** [CB15] */
export function whatIsKnown({ state }: CallRun): string | null {
  const promised = (state.promises ?? []).map(({ title, description }) => `“${title}”: ${description}`);
  if (promised.length === 0) return state.memory;
  const told = `We had promised to call this customer, who has now rung first: ${promised.join('; ')}. Settle it in this call. If they want to be called at that time all the same, note it again under the same title.`;
  return state.memory === null ? told : `${state.memory} ${told}`;
}

/** Not the opening, which the host is about to say, and not the utterance that it will be asked to answer. */
function tellable({ state }: CallRun, entry: TranscriptEntry, opening: Opening): boolean {
  if (opening.kind !== 'none' && entry.turnId === opening.turnId) return false;
  if (state.pending !== null && state.pending.round === 0 && entry.turnId === state.pending.request.turnId)
    return false;
  return entry.text !== '' || entry.toolCalls.length > 0;
}

/** One long activity a leg on its host: ends with the leg, or tells that the host died. */
export async function carry(run: CallRun, { connectId, hostId }: Pick<Connect, 'connectId' | 'hostId'>): Promise<void> {
  const { callId } = run.state.record;
  for (let beatsMissed = false; ; beatsMissed = true) {
    try {
      const outcome = await carrying(
        hostId,
        beatsMissed ? 'Does the host still carry the leg?' : 'Carry the leg: sound in and out until it ends',
        beatsMissed ? CLAIMED_AGAIN : undefined,
      ).carryLeg({ callId, connectId });
      const { record } = run.state;
      for (const report of outcome.heard) record.transcript = withHeard(record.transcript, report);
      if (outcome.early !== undefined) record.turns = withEarly(record.turns, outcome.early);
      if (run.state.media?.connectId !== connectId) return;
      // The far side closed: the customer hung up or was handed to an operator. The leg's own webhooks say which.
      if (outcome.endedBy === 'network') run.state.media = null;
      else loseHost(run, { connectId, hostId });
      return;
    } catch (error) {
      if (isCancellation(error)) throw error;
      if (missedBeats(error) && run.state.media?.connectId === connectId) continue;
      log.warn('the media host is lost', { hostId, error: String(error) });
      loseHost(run, { connectId, hostId });
      return;
    }
  }
}

/** [RC20] Beats are also missed when the server stood still: a host that lives claims its work again at once. */
export function missedBeats(error: unknown): boolean {
  return (
    error instanceof ActivityFailure && error.cause instanceof TimeoutFailure && error.cause.timeoutType === 'HEARTBEAT'
  );
}

export function loseHost(run: CallRun, lost: Pick<Connect, 'connectId' | 'hostId'>): void {
  const { state } = run;
  if (!state.lostHosts.includes(lost.hostId)) state.lostHosts = [...state.lostHosts, lost.hostId].slice(-HOSTS_AVOIDED);
  if (state.media?.connectId === lost.connectId) state.media = null;
  state.abandoned = state.media === null;
  // What it had not noted died with it.
  if (turnsAreNoted()) save(run);
  tellStory(run);
}

/** A timed-out activity on a host's own queue means that its process is gone or does not answer. */
export function hostIsLost(error: unknown): boolean {
  return error instanceof ActivityFailure && error.cause instanceof TimeoutFailure;
}

const unattended = ({ state }: CallRun): boolean =>
  state.customer !== null &&
  state.media === null &&
  state.record.phase === 'live' &&
  state.transferWanted === null &&
  state.transfer === null &&
  state.hangUpWanted === null;

/** [RC3] A customer without the bot is brought back to it; one who has left without a webhook is found out. */
export async function keepConnected(run: CallRun): Promise<void> {
  while (!run.done) {
    await condition(() => run.done || unattended(run));
    if (run.done) return;
    const graceMs = run.state.abandoned ? LOST_HOST_GRACE_MS : QUIET_LEG_GRACE_MS;
    const attended = await condition(() => run.done || !unattended(run), graceMs, {
      summary: 'The bot should be on the line by then',
    });
    if (!attended) await reconnect(run);
  }
}

async function reconnect(run: CallRun): Promise<void> {
  const { state } = run;
  const { customer, record } = state;
  if (customer === null) return;
  const leg = { legId: customer.legId, regionUrl: customer.regionUrl };
  try {
    const { status } = await controllingLegs('Is the customer still on the line?').legStatus(leg);
    if (state.customer?.legId !== leg.legId || !unattended(run)) return;
    if (status === null || endsLeg(status)) {
      loseCustomer(state);
      return;
    }
    await controllingLegs('Bring the customer to a media host that lives').bringToBot({
      leg,
      callId: record.callId,
      botNumber: record.botNumber,
      language: record.facts.language,
      avoid: state.lostHosts,
      prefer: null,
    });
    await condition(() => run.done || !unattended(run), QUIET_LEG_GRACE_MS, {
      summary: 'The new host should have answered by then',
    });
  } catch (error) {
    if (isCancellation(error)) throw error;
    log.warn('the customer could not be brought back yet', { error: String(error) });
  }
}
