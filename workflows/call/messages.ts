/** What a `call` workflow is told and asked. One conversation, one or more legs. */
import { defineQuery, defineSignal, defineUpdate } from '@temporalio/workflow';
import type { CallDocument } from '../../domain/call-document.ts';
import type { CampaignReason } from '../../domain/campaign.ts';
import type { PendingPromise } from '../../domain/due.ts';
import type { EarlyCosts } from '../../domain/early-thinking.ts';
import type { ClaimValues } from '../../domain/claim.ts';
import type {
  AnsweredBy,
  ConversationFacts,
  HeardReport,
  ModelUsage,
  OpenPromise,
  Opening,
  Reminder,
  TranscriptEntry,
  TurnLatency,
} from '../../domain/conversation.ts';
import type { AttemptId, CallId, ConnectId, E164, HostId, LegId, NumberKey, TurnId } from '../../domain/ids.ts';
import type { Initiate } from '../../domain/initiate.ts';
import type { LegAddress, LegEvent } from '../../domain/leg.ts';
import type { IncomingText, TextMark } from '../../domain/sms.ts';
import type { TextReport } from '../../domain/text-news.ts';
import type { ToolCall, ToolResult } from '../../domain/tools.ts';
import type { LeanAnswer, LeanQuestion, LeanTurn } from '../../domain/turn-wire.ts';
import type { CallbackReason } from '../line/messages.ts';
import type { CallState } from './state.ts';

/** From `line`, with whatever opens a call or joins it. */
export interface Promises {
  /** What was promised to the customer, who has come first: settled by this call. */
  promises?: PendingPromise[] | undefined;
  /** Everything that stands promised to them. */
  promised?: OpenPromise[] | undefined;
}

export interface CallInput extends Promises {
  callId: CallId;
  numberKey: NumberKey;
  customerNumber: E164 | null;
  botNumber: E164;
  direction: 'inbound' | 'outbound';
  initiate: Initiate;
  callback: CallbackReason | null;
  campaign?: CampaignReason;
  /** Inbound: the leg that brought it. */
  leg: (LegAddress & { conversationId: string; startedAtMs: number }) | null;
  /** Inbound: the text message that brought it. */
  text?: IncomingText;
  /** Only from the call itself, when its history is carried over into a fresh run. */
  carried?: CallState;
}

export interface CallResult {
  callId: CallId;
  disposition: string;
}

/** updateId = turnId: a repeat is the same turn. Awaited to ACCEPTED only. */
export interface TurnRequest {
  turnId: TurnId;
  connectId: ConnectId;
  /** What the customer said, keyed or wrote; empty with every other `via`. */
  utterance: string;
  /** `text`: written in a message. `deaf`: somebody spoke, and no recogniser works; `mute`: no sentence of the bot's can be made into sound. */
  via: 'speech' | 'keypad' | 'text' | 'silence' | 'noise' | 'deaf' | 'mute';
  confidence: number | null;
  language: string | null;
  /** What the customer really heard of the bot since the last commit. */
  heard: HeardReport[];
  spokenAtMs: number;
}
export const takeTurn = defineUpdate<undefined, [LeanTurn<TurnRequest>]>('takeTurn');

export interface AttachRequest {
  connectId: ConnectId;
  hostId: HostId;
  /** Heard reports of an opening that the host spoke by itself before the call could be asked. */
  spokeAlone: { turnId: string; text: string } | null;
  /** This host understands questions without their usual parts; one of the release before does not. */
  lean?: true;
}
/** Everything a host needs to carry on the conversation. */
export interface MediaSeed {
  callId: CallId;
  initiate: Initiate;
  facts: ConversationFacts;
  /** Last 40. */
  transcript: TranscriptEntry[];
  /** What came before those, in a paragraph; null = nothing. */
  recap: string | null;
  opening: Opening;
  customerNumber: E164 | null;
  botNumber: E164;
  /** Where this is a promised call: what was promised. */
  reason: string | null;
  returningCaller: boolean;
}
export const attachMedia = defineUpdate<MediaSeed, [AttachRequest]>('attachMedia');

/** Asked by the door when a dialled leg answers: the first leg of an attempt is admitted, a second is not. */
export interface AdmitLegRequest {
  attemptId: AttemptId;
  leg: LegAddress & { conversationId: string };
}
export interface AdmitLegAnswer {
  admitted: boolean;
  /** Where the greeting lies ready. */
  preferHostId: HostId | null;
}
export const admitLeg = defineUpdate<AdmitLegAnswer, [AdmitLegRequest]>('admitLeg');

export const hangUp = defineUpdate<{ callId: CallId }, [{ reason: string }]>('hangUp');
export const say = defineUpdate<{ turnId: TurnId }, [{ text: string }]>('say');
export const transferCall = defineUpdate<{ callId: CallId }, [{ reason: string; operatorNumber: E164 | null }]>(
  'transfer',
);

export const legChanged = defineSignal<[LegEvent]>('legChanged');
/** The inbound customer is back (from `line`): a new leg of the same conversation; an older live leg is released. */
export const legJoined =
  defineSignal<[LegAddress & { conversationId: string; startedAtMs: number } & Promises]>('legJoined');
/** From `line`: the customer has written, whoever is on the line. A repeat is the same message. */
export const textReceived = defineSignal<[IncomingText & Promises]>('textReceived');
/** From the door: what the network tells of a text of this call's, where that is not what it seemed. */
export const textReported = defineSignal<[TextReport]>('textReported');
/** From `line`, when the resume deadline has passed. */
export const closeCall = defineSignal<[{ reason: string }]>('closeCall');
/** From `line`: they want no more calls. One that still rings is given up. */
export const customerOptedOut = defineSignal('customerOptedOut');
/** From the wrap-up. */
export const wrappedUp =
  defineSignal<[Pick<CallDocument, 'synthesis' | 'next'> & { noteId: string | null; customerId: string | null }]>(
    'wrappedUp',
  );

export interface CallView {
  document: CallDocument;
  /** Live connections as the workflow knows them. */
  customerLegId: LegId | null;
  mediaHostId: HostId | null;
  briefing: string | null;
}
export const callView = defineQuery<CallView>('callView');

/* ---- Activities on the host that owns the socket (queue `media:<hostId>`), implemented in activities/turn.ts over media/ ---- */

export interface AnswerTurnInput {
  callId: CallId;
  connectId: ConnectId;
  turnId: TurnId;
  /** 0, then one more for each round of tools. */
  round: number;
  utterance: string;
  via: TurnRequest['via'];
  /** Only when changed since the host last got it. */
  facts: ConversationFacts | null;
  /** Results of the tools that the last round asked for. */
  toolResults: ToolResult[];
  /** Words to say instead of asking the model: goodbyes, escalation, excuses. */
  say: string | null;
  /** For the model only, beside what follows from the facts (`domain/prompt.ts`), which the host knows as well. */
  guidance: string | null;
  allowTools: boolean;
  /** For the host's note of the turn: of the facts given, and what the customer heard of the opening before it. */
  version?: number;
  opening?: string;
}
export interface AnswerTurnOutcome {
  turnId: TurnId;
  round: number;
  /** Everything meant to be said in this round. */
  said: string;
  heardText: string;
  heardComplete: boolean;
  /** `superseded`: the customer spoke on; `leg_gone`: the socket ended. */
  ended: 'played' | 'interrupted' | 'superseded' | 'leg_gone' | 'awaiting_tools';
  toolCalls: ToolCall[];
  answeredBy: AnsweredBy;
  model: string;
  usage: ModelUsage;
  latency: TurnLatency;
  style: 'none' | 'cheerful' | 'sad';
  /** What was thought before the commit, since the last outcome; absent = nothing. */
  early?: EarlyCosts;
  /** The store did not take the note of this turn in time: the call saves itself. */
  noted?: false;
}
export interface CarryLegInput {
  callId: CallId;
  connectId: ConnectId;
}
export interface CarryLegOutcome {
  /** `network`: the far side closed (hang-up or transfer); `gone`: this host does not hold the socket; `drained`: the host is leaving. */
  endedBy: 'network' | 'gone' | 'drained' | 'fault';
  heard: HeardReport[];
  /** Of replies that were still thought about when it ended. */
  early?: EarlyCosts;
}
export interface PrepareGreetingInput {
  callId: CallId;
  text: string;
  language: string;
  speechSpeed: number;
}
export interface MediaActivities {
  answerTurn(input: LeanQuestion<AnswerTurnInput>): Promise<LeanAnswer<AnswerTurnOutcome>>;
  carryLeg(input: CarryLegInput): Promise<CarryLegOutcome>;
  prepareGreeting(input: PrepareGreetingInput): Promise<void>;
}

/** What a tool did, for the workflow's own state. */
export interface ToolEffect {
  result: ToolResult;
  claim: ClaimValues | null;
  facts: Partial<Pick<ConversationFacts, 'language' | 'speechSpeed' | 'intent' | 'intentConfidence'>> | null;
  /** The claim given replaces the standing one; otherwise it is laid over it. */
  replacesClaim?: boolean;
  reminder?: Omit<Reminder, 'createdAtMs' | 'callbackId'>;
  /** Not wanted any more. */
  takesBack?: { title: string; callbackId: string | null };
  /** A human is wanted. */
  transfer?: { reason: string };
  /** They want no more calls and messages. */
  optsOut?: true;
  /** The conversation is to end after this reply. */
  ends?: boolean;
  /** Goes into the call's timeline beside the tool. */
  smsSent?: { text: string; mark?: TextMark };
}
