/** What a call workflow knows. `CallState` travels when history is carried over; `CallRun` adds what lives in one run only. */
import { SHIPPED_RULES, type CallRules } from '../../domain/dialog.ts';
import type { Opening } from '../../domain/conversation.ts';
import type { PendingPromise } from '../../domain/due.ts';
import { newRecord, type CallRecord } from '../../domain/document.ts';
import {
  asE164,
  asTurnId,
  type AttemptId,
  type ConnectId,
  type E164,
  type HostId,
  type TurnId,
} from '../../domain/ids.ts';
import type { LegAddress, LegStatus } from '../../domain/leg.ts';
import type { KnownNews, TextReport } from '../../domain/text-news.ts';
import type { ToolResult } from '../../domain/tools.ts';
import type { OperatorEvent } from '../../domain/transfer.ts';
import type { MachineHeard } from './machine.ts';
import type { CallInput, TurnRequest } from './messages.ts';
import type { WaitingText } from './texting.ts';

export interface Attempt {
  attemptId: AttemptId;
  dialledAtMs: number;
  /** Every leg that the network made for it; more than one only after a doubtful dial. */
  legs: (LegAddress & { status: LegStatus })[];
  /** Where the greeting lies ready. */
  preferHostId: HostId | null;
}

export interface Connect {
  connectId: ConnectId;
  hostId: HostId;
  opening: Opening;
  lean?: true;
}

/** A committed utterance that has not been answered to its end. */
export interface PendingTurn {
  request: TurnRequest;
  round: number;
}

export interface TransferInHand {
  reason: string;
  operatorNumber: E164 | null;
  events: OperatorEvent[];
  /** The customer is with the bot again. */
  returned: boolean;
}

export interface CallState {
  record: CallRecord;
  rules: CallRules;
  /** From earlier calls. */
  memory: string | null;
  /** Promised to the customer, who has come first; they are settled with this leg. */
  promises?: (PendingPromise & { sinceMs: number })[];
  /** A conversation id and address of the customer's live leg. */
  customer: (LegAddress & { answeredAtMs: number }) | null;
  attempt: Attempt | null;
  media: { connectId: ConnectId; hostId: HostId } | null;
  /** The newest ten. */
  connects: Connect[];
  lostHosts: HostId[];
  /** The leg was left by a host that died or drained, and nobody has taken it up yet. */
  abandoned: boolean;
  /** Webhooks seen: the newest 80. */
  eventKeys: string[];
  pending: PendingTurn | null;
  /** Why the next opening is said. */
  openingWhy: 'first_time' | 'promised' | 'rung_back' | 'resumed' | 'host_lost';
  silences: number;
  misunderstandings: number;
  /** In a row, with no recogniser at work. */
  deafTurns?: number;
  /** Ended by our own trouble: a claim that is complete has not been confirmed, and can be. */
  cutShort?: boolean;
  /** Wanted by the conversation or the API, done by the main story. */
  transferWanted: { reason: string; operatorNumber: E164 | null; announce: boolean } | null;
  transfer: TransferInHand | null;
  hangUpWanted: string | null;
  closeWanted: string | null;
  legEnded: boolean;
  endedOnPurpose: boolean;
  transferred: boolean;
  everAttached: boolean;
  briefing: string | null;
  wrapUps: number;
  turnsOfBot: number;
  /** Texts of the customer's that nobody has answered yet. */
  texts?: WaitingText[];
  /** Reports of texts that this call does not know yet: the network may be quicker than our own note. */
  textReports?: TextReport[];
  textNews?: KnownNews[];
  /** Since when nobody has written, where that is how they talk. */
  writtenAtMs?: number;
  /** A machine has answered. */
  machine?: MachineHeard;
  /** Of a promised call: whether its promise has been told. */
  whoAnswered?: 'open' | 'told';
  campaignTold?: boolean;
}

/** The turn that holds the floor; another takes it over by replacing it. */
export interface Floor {
  turnId: TurnId;
}

export interface CallRun {
  input: CallInput;
  state: CallState;
  floor: Floor | null;
  /** Tools at work, whoever asked; their results wait here for the next answer. */
  toolsRunning: number;
  resultsWaiting: ToolResult[];
  /** Of this run: the facts as the host last got them. */
  factsSent: string | null;
  /** What was heard of the opening, until it has gone with a question. */
  openingHeard: string | null;
  unsaved: boolean;
  savesRunning: boolean;
  updates: number;
  done: boolean;
}

export function newRun(input: CallInput): CallRun {
  const { carried, ...plain } = input;
  return {
    input: plain,
    state: carried ?? newState(plain),
    floor: null,
    toolsRunning: 0,
    resultsWaiting: [],
    factsSent: null,
    openingHeard: null,
    unsaved: true,
    savesRunning: false,
    updates: 0,
    done: false,
  };
}

function newState(input: CallInput): CallState {
  const { leg, promised } = input;
  const record = newRecord({
    callId: input.callId,
    direction: input.direction,
    customerNumber: input.customerNumber,
    botNumber: input.botNumber,
    initiate: input.initiate,
    phase: leg !== null ? 'live' : input.text === undefined ? 'dialling' : 'texting',
    atMs: Date.now(),
  });
  return {
    record: promised === undefined ? record : { ...record, facts: { ...record.facts, promised } },
    rules: SHIPPED_RULES,
    memory: null,
    customer: leg === null ? null : { legId: leg.legId, regionUrl: leg.regionUrl, answeredAtMs: leg.startedAtMs },
    attempt: null,
    media: null,
    connects: [],
    lostHosts: [],
    abandoned: false,
    eventKeys: [],
    pending: null,
    openingWhy: firstOpening(input.callback),
    silences: 0,
    misunderstandings: 0,
    transferWanted: null,
    transfer: null,
    hangUpWanted: null,
    closeWanted: null,
    legEnded: false,
    endedOnPurpose: false,
    transferred: false,
    everAttached: false,
    briefing: null,
    wrapUps: 0,
    turnsOfBot: 0,
    ...(input.promises === undefined
      ? {}
      : { promises: input.promises.map((promise) => ({ ...promise, sinceMs: Date.now() })) }),
  };
}

/** Why an outbound call rings. */
export function firstOpening(callback: CallInput['callback']): 'first_time' | 'promised' | 'rung_back' {
  if (callback === null) return 'first_time';
  return callback.kind === 'ring_back' ? 'rung_back' : 'promised';
}

/** A name for a turn of the bot's own, unlike any of the customer's. */
export function botTurnId(run: CallRun, what: string): TurnId {
  run.state.turnsOfBot += 1;
  return asTurnId(`${what}:${run.state.turnsOfBot}`);
}

export const facts = (run: CallRun) => run.state.record.facts;

export function ownOperator(run: CallRun): E164 | null {
  const { operatorNumber } = run.state.record.initiate;
  return operatorNumber === null ? null : asE164(operatorNumber);
}
