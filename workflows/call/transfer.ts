/** Handing the customer to a human: a saga whose every way out ends with somebody on the line or a promise to call. */
import { condition, isCancellation, log } from '@temporalio/workflow';
import type { TransferDocument } from '../../domain/call-document.ts';
import { briefing } from '../../domain/briefing.ts';
import { nextDialogState } from '../../domain/dialog.ts';
import { isoTime } from '../../domain/document.ts';
import { AFTER_FAILED_TRANSFER_MS } from '../../domain/due.ts';
import { endsLeg } from '../../domain/leg.ts';
import { transferOutcome } from '../../domain/transfer.ts';
import { controllingLegs, reporting } from '../proxies.ts';
import { sayAside, spoken } from './conversation.ts';
import { dialogFacts } from './media.ts';
import { remind } from './reminders.ts';
import { enterPhase, save, tellStory } from './saving.ts';
import { botTurnId, type CallRun, type TransferInHand } from './state.ts';

/** Beyond the operator's own ring limit: connecting, the briefing, webhooks under way. */
const AFTER_RING_MS = 30_000;
/** Two hours at the network, and some for its webhooks to be lost in. */
const LONGEST_CALL_MS = 130 * 60_000;
/** After the operator's leg has ended the list brings the customer to the bot at once. */
const BACK_AT_THE_BOT_MS = 10_000;

export async function handOver(run: CallRun): Promise<void> {
  const { state } = run;
  const wanted = state.transferWanted;
  if (wanted === null) return;
  state.transferWanted = null;
  const { record } = state;
  record.facts = {
    ...record.facts,
    dialogState: nextDialogState(record.facts.dialogState, 'transfer_wanted', dialogFacts(run)),
  };
  const document: TransferDocument = {
    requested_at: isoTime(Date.now()),
    reason: wanted.reason,
    operator: wanted.operatorNumber,
    status: 'RINGING',
    detail: null,
    ended_at: null,
  };
  record.transfers.push(document);
  state.briefing = briefing({ reason: wanted.reason, facts: record.facts, transcript: record.transcript });
  void noteInCrm(run, record.transfers.length);
  if (wanted.operatorNumber === null) {
    await fail(run, document, 'nobody to ring: no operator’s number is configured');
    await sayAside(run, spoken(run, 'operator_failed'), botTurnId(run, 'operator_failed'));
    return;
  }
  if (wanted.announce) await sayAside(run, spoken(run, 'connecting_operator'), botTurnId(run, 'announce'));
  if (state.customer === null) {
    settle(document, 'FAIL', 'the customer left before');
    return;
  }
  state.transfer = { reason: wanted.reason, operatorNumber: wanted.operatorNumber, events: [], returned: false };
  enterPhase(run, 'transferring');
  await ringOperator(run, document, state.transfer);
  state.transfer = null;
  if (state.customer !== null) enterPhase(run, 'live');
  save(run);
}

async function ringOperator(run: CallRun, document: TransferDocument, transfer: TransferInHand): Promise<void> {
  const { state } = run;
  const { record, customer } = state;
  const { operatorNumber } = transfer;
  if (customer === null || operatorNumber === null) return;
  const bot = {
    callId: record.callId,
    botNumber: record.botNumber,
    language: record.facts.language,
    avoid: state.lostHosts,
    prefer: state.media?.hostId ?? null,
  };
  const leg = { legId: customer.legId, regionUrl: customer.regionUrl };
  try {
    const { operatorRingTimeoutS: ringTimeoutS } = state.rules;
    await controllingLegs('Ring the operator, the customer waiting').ringOperator({
      ...bot,
      leg,
      operatorNumber,
      ringTimeoutS,
    });
  } catch (error) {
    if (isCancellation(error)) throw error;
    // The leg was not touched, so the bot still has the line.
    await fail(run, document, `the network refused: ${String(error)}`);
    await sayAside(run, spoken(run, 'operator_failed'), botTurnId(run, 'operator_failed'));
    return;
  }
  state.media = null;
  const over = (): boolean => state.customer === null || transfer.returned;
  const decided = (): boolean => over() || transferOutcome(transfer.events).state !== 'ringing';
  await condition(decided, state.rules.operatorRingTimeoutS * 1_000 + AFTER_RING_MS, {
    summary: 'The operator’s phone rings',
  });
  if (transferOutcome(transfer.events).state === 'joined') await whileTogether(run, document, { transfer, over });
  else await notReached(run, document, transfer);
  if (state.customer !== null && !transfer.returned) await bringBack(run, transfer);
}

async function whileTogether(
  run: CallRun,
  document: TransferDocument,
  { transfer, over }: { transfer: TransferInHand; over: () => boolean },
): Promise<void> {
  document.status = 'SUCCESS';
  run.state.transferred = true;
  enterPhase(run, 'with_operator');
  await condition(() => over() || operatorLeft(transfer), LONGEST_CALL_MS, {
    summary: 'The network ends every call by then',
  });
  settle(document, 'SUCCESS', null);
}

const operatorLeft = (transfer: TransferInHand): boolean => {
  const outcome = transferOutcome(transfer.events);
  return outcome.state === 'joined' && outcome.left;
};

async function notReached(run: CallRun, document: TransferDocument, transfer: TransferInHand): Promise<void> {
  const outcome = transferOutcome(transfer.events);
  if (run.state.customer === null) {
    settle(document, 'FAIL', 'the customer left while it rang');
    return;
  }
  await fail(run, document, outcome.state === 'failed' ? outcome.detail : 'no answer');
}

/** [TR3] The event's reply brings the customer back; where that was lost, we do. */
async function bringBack(run: CallRun, transfer: TransferInHand): Promise<void> {
  const { state } = run;
  const settled = (): boolean => state.customer === null || transfer.returned;
  if (await condition(settled, BACK_AT_THE_BOT_MS, { summary: 'The customer comes back to the bot' })) return;
  const { customer, record } = state;
  if (customer === null) return;
  const leg = { legId: customer.legId, regionUrl: customer.regionUrl };
  try {
    const { status } = await controllingLegs('Is the customer still on the line?').legStatus(leg);
    if (status === null || endsLeg(status)) {
      state.customer = null;
      state.legEnded = true;
      return;
    }
    const { callId, botNumber, facts } = record;
    await controllingLegs('Bring the customer back to the bot').bringToBot({
      leg,
      callId,
      botNumber,
      language: facts.language,
      avoid: state.lostHosts,
      prefer: null,
    });
    await condition(settled, BACK_AT_THE_BOT_MS, { summary: 'The customer comes back to the bot' });
  } catch (error) {
    if (isCancellation(error)) throw error;
    log.warn('the customer could not be brought back from the transfer', { error: String(error) });
  }
}

/** [TR2] Nobody answered: said in the report, and a call back is promised. */
async function fail(run: CallRun, document: TransferDocument, detail: string): Promise<void> {
  settle(document, 'FAIL', detail);
  await remind(run, {
    title: 'Call back: no colleague could be reached',
    description: document.reason,
    dueDateTime: isoTime(Date.now() + AFTER_FAILED_TRANSFER_MS),
    owner: 'assistant',
  });
  tellStory(run);
}

function settle(document: TransferDocument, status: 'SUCCESS' | 'FAIL', detail: string | null): void {
  document.status = status;
  document.detail = detail;
  document.ended_at = isoTime(Date.now());
}

/** Context for whoever opens the customer's record while the phone rings. Nobody waits for it. */
async function noteInCrm(run: CallRun, ordinal: number): Promise<void> {
  const { record, briefing: text } = run.state;
  const { customerId } = record.crm;
  if (customerId === null || text === null) return;
  const note = {
    customerId,
    externalKey: `${record.callId}:transfer:${ordinal}`,
    text,
    atMs: Date.now(),
    callId: record.callId,
  };
  try {
    await reporting('Note the context of the transfer in the CRM').createNote(note);
  } catch (error) {
    if (isCancellation(error)) throw error;
    log.warn('the CRM took no note of the transfer', { error: String(error) });
  }
}
