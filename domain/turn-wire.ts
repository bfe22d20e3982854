/**
 * A turn as it crosses Temporal, without what goes without saying: history keeps each byte of it for good. A part that is not given is as
 * usual, so that whole messages of the release before are understood as well.
 */
import {
  NO_LATENCY,
  NO_USAGE,
  type ConversationFacts,
  type HeardReport,
  type ModelUsage,
  type TurnLatency,
} from './conversation.ts';
import type { ToolCall, ToolResult } from './tools.ts';

/** Its usual parts may be missing. */
type Lean<Whole, Usual extends PropertyKey> = Omit<Whole, Usual> & Partial<Pick<Whole, Extract<keyof Whole, Usual>>>;

function without(whole: object, usual: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const unusual = Object.entries(whole).filter(
    ([name, part]) => !(Object.hasOwn(usual, name) && JSON.stringify(part) === JSON.stringify(usual[name])),
  );
  return Object.fromEntries(unusual);
}

const someOf = (name: string, parts: Record<string, unknown>): Record<string, unknown> =>
  Object.keys(parts).length === 0 ? {} : { [name]: parts };

/* ---- What was said ---- */

interface Said {
  utterance: string;
  via: 'speech' | 'keypad' | 'text' | 'silence' | 'noise' | 'deaf' | 'mute';
  confidence: number | null;
  language: string | null;
  heard: HeardReport[];
}
const USUAL_SAID = { utterance: '', via: 'speech', confidence: null, language: null };

export type LeanTurn<Turn extends Said> = Lean<Omit<Turn, 'heard'>, keyof typeof USUAL_SAID> & {
  heard?: (Pick<HeardReport, 'turnId'> & Partial<HeardReport>)[];
};

/** A reply that was heard out is known by its turn: whoever keeps the transcript has its words. */
export function leanTurn<Turn extends Said>({ heard, ...turn }: Turn): LeanTurn<Turn> {
  const confidence = turn.confidence === null ? null : Math.round(turn.confidence * 100) / 100;
  const reports = heard.map((report) => (report.complete ? { turnId: report.turnId } : report));
  const rest = without({ ...turn, confidence }, USUAL_SAID);
  return { ...rest, ...(reports.length === 0 ? {} : { heard: reports }) } as LeanTurn<Turn>;
}

export function wholeTurn<Turn extends Said>({ heard = [], ...turn }: LeanTurn<Turn>): Turn {
  const reports = heard.map(({ turnId, heardText = '', complete = true }) => ({ turnId, heardText, complete }));
  return { ...USUAL_SAID, ...turn, heard: reports } as unknown as Turn;
}

/* ---- What is asked of the host ---- */

interface Asked {
  round: number;
  utterance: string;
  via: Said['via'];
  facts: ConversationFacts | null;
  toolResults: ToolResult[];
  say: string | null;
  guidance: string | null;
  allowTools: boolean;
}
const USUAL_ASKED = {
  round: 0,
  utterance: '',
  via: 'speech',
  toolResults: [],
  say: null,
  guidance: null,
  allowTools: true,
};
const USUAL_FACTS = {
  speechSpeed: 1,
  intent: null,
  intentConfidence: null,
  reminders: [],
  customerName: null,
  customerNotes: null,
};

export type LeanQuestion<Question extends Asked> = Lean<Omit<Question, 'facts'>, keyof typeof USUAL_ASKED> & {
  facts?: Lean<ConversationFacts, keyof typeof USUAL_FACTS> | null;
};

export function leanQuestion<Question extends Asked>({ facts, ...question }: Question): LeanQuestion<Question> {
  const changed = facts === null ? {} : { facts: without(facts, USUAL_FACTS) };
  return { ...without(question, USUAL_ASKED), ...changed } as LeanQuestion<Question>;
}

export function wholeQuestion<Question extends Asked>({ facts = null, ...question }: LeanQuestion<Question>): Question {
  const known = facts === null ? null : { ...USUAL_FACTS, ...facts };
  return { ...USUAL_ASKED, ...question, facts: known } as unknown as Question;
}

/* ---- How it came out ---- */

interface Answered {
  turnId: string;
  round: number;
  said: string;
  heardText: string;
  heardComplete: boolean;
  ended: string;
  toolCalls: ToolCall[];
  usage: ModelUsage;
  latency: TurnLatency;
  style: 'none' | 'cheerful' | 'sad';
}
const USUAL_ANSWERED = { said: '', heardComplete: true, ended: 'played', toolCalls: [], model: '', style: 'none' };

type OwnWay = 'turnId' | 'round' | 'heardText' | 'usage' | 'latency';
/** Who asks knows turn and round. */
export type LeanAnswer<Answer extends Answered> = Lean<Omit<Answer, OwnWay>, keyof typeof USUAL_ANSWERED> & {
  heardText?: string;
  usage?: Partial<ModelUsage>;
  latency?: Partial<TurnLatency>;
};

export function leanAnswer<Answer extends Answered>(answer: Answer): LeanAnswer<Answer> {
  const { turnId: _turn, round: _round, heardText, usage, latency, ...rest } = answer;
  return {
    ...without(rest, USUAL_ANSWERED),
    ...(heardText === answer.said ? {} : { heardText }),
    ...someOf('usage', without(usage, { ...NO_USAGE })),
    ...someOf('latency', without(latency, { ...NO_LATENCY })),
  } as unknown as LeanAnswer<Answer>;
}

export function wholeAnswer<Answer extends Answered>(
  given: LeanAnswer<Answer>,
  asked: { turnId: string; round: number },
): Answer {
  const { said } = { ...USUAL_ANSWERED, ...given } as { said: string };
  return {
    ...USUAL_ANSWERED,
    heardText: said,
    ...given,
    turnId: asked.turnId,
    round: asked.round,
    usage: { ...NO_USAGE, ...given.usage },
    latency: { ...NO_LATENCY, ...given.latency },
  } as unknown as Answer;
}
