/** The request read back into a situation: what is known, what was just asked, what the customer has just said. */
import { CALLER_FIELDS, missingFields, type ClaimField } from '../../domain/claim.ts';
import { taggedJson, type CallSetup, type CallState } from '../../domain/prompt.ts';
import type { ToolCall, ToolResult } from '../../domain/tools.ts';
import type { LlmMessage, LlmRequest } from '../llm.ts';
import { bookOf, hears, inWriting, type RulesBook } from './book.ts';
import { isNameField } from '../../domain/read-back.ts';
import { mentions } from './fields.ts';
import { askedByText, questionFor } from './wording.ts';

export interface Exchange {
  bot: string;
  customer: string;
}

export interface DoneTool {
  call: ToolCall;
  result: ToolResult;
}

export interface Situation {
  setup: CallSetup;
  state: CallState;
  book: RulesBook;
  /** Words of this turn; empty: silence or noise. */
  utterance: string;
  /** Something was said, but no words could be made out. */
  notUnderstood: boolean;
  /** What the bot said last before it. */
  question: string;
  asked: ClaimField | null;
  /** Everything the bot has said, oldest first. */
  said: string[];
  /** What the bot said and what the customer answered, oldest first; the present utterance not among them. */
  exchanges: Exchange[];
  /** Tools of this turn that have come back. */
  done: DoneTool[];
  rounds: number;
  missing: ClaimField[];
  /** Asked for thrice in vain, or refused by the customer. */
  leftOut: ReadonlySet<string>;
  tools: ReadonlySet<string>;
}

const ASKED_IN_VAIN = 3;

export function situationOf(request: LlmRequest, nowMs: number): Situation {
  const setup = { ...UNKNOWN_SETUP, ...(taggedJson(request.system.stable, 'call_setup') as Partial<CallSetup> | null) };
  const given = taggedJson(request.system.volatile, 'call_state') as Partial<CallState> | null;
  const state: CallState = { ...unknownState(nowMs), ...given };
  const messages = request.messages.filter((message) => message.role !== 'user' || !GO_ON.test(message.text));
  const turn = presentTurn(messages);
  applyTools(state, turn.done);
  const book = state.in_writing === true ? inWriting(bookOf(state.language)) : bookOf(state.language);
  const { said, exchanges, question } = spokenSoFar(messages.slice(0, turn.startsAt));
  const missing = missingFields(setup.claim_fields, state.claim);
  const base = {
    setup,
    state,
    book,
    said: [...said, ...turn.said],
    exchanges,
    question,
    utterance: turn.utterance,
    notUnderstood: turn.notUnderstood,
  };
  const asked = fieldAskedIn(question, base);
  const leftOut = new Set(missing.filter((field) => isLeftOut(field, { ...base, asked })).map((field) => field.name));
  return {
    ...base,
    asked,
    done: turn.done,
    rounds: turn.rounds,
    missing,
    leftOut,
    tools: new Set(request.tools.map((tool) => tool.name)),
  };
}

const UNKNOWN_SETUP: CallSetup = {
  company: '',
  bot_name: '',
  task: '',
  claim_fields: [...CALLER_FIELDS],
  languages: [],
  operator_available: true,
};

function unknownState(nowMs: number): CallState {
  return {
    now: new Date(nowMs).toISOString(),
    zone: 'UTC',
    country: 'US',
    language: 'en-US',
    speech_speed: 1,
    dialog_state: 'COLLECTING_DATA',
    claim: {},
    missing: [],
    tries: {},
    reminders: [],
    customer_name: null,
    customer_notes: null,
    customer_phone: null,
    returning_caller: false,
    promised: null,
    recap: null,
    guidance: null,
  };
}

/** Asks for the answer to words further back. */
const GO_ON = /^\(Go on\b/;
const BRACKETED = /^[([].*[)\]]$/s;

interface PresentTurn {
  startsAt: number;
  utterance: string;
  notUnderstood: boolean;
  said: string[];
  done: DoneTool[];
  rounds: number;
}

/** From the customer's last words to the end: those words, and the tool rounds since. */
function presentTurn(messages: readonly LlmMessage[]): PresentTurn {
  let startsAt = messages.length;
  while (startsAt > 0 && messages[startsAt - 1]?.role !== 'user') startsAt -= 1;
  while (startsAt > 0 && messages[startsAt - 1]?.role === 'user') startsAt -= 1;
  const rest = messages.slice(startsAt);
  const lines = rest.flatMap((message) => (message.role === 'user' ? message.text.split('\n') : []));
  // The customer's words are plain; what stands in brackets is said about them ("(is silent)").
  const told = lines.map((line) => line.trim());
  const utterance = told
    .filter((line) => !BRACKETED.test(line))
    .join(' ')
    .trim();
  const notUnderstood = utterance === '' && told.some((line) => /underst/i.test(line));
  const calls = rest.flatMap((message) => (message.role === 'assistant' ? message.toolCalls : []));
  const results = rest.flatMap((message) => (message.role === 'tools' ? message.results : []));
  const done = results.flatMap((result): DoneTool[] => {
    const call = calls.find((candidate) => candidate.toolUseId === result.toolUseId);
    return call === undefined ? [] : [{ call, result }];
  });
  const said = rest.flatMap((message) => (message.role === 'assistant' && message.text !== '' ? [message.text] : []));
  return {
    startsAt,
    utterance,
    notUnderstood,
    said,
    done,
    rounds: rest.filter((message) => message.role === 'tools').length,
  };
}

/** The facts may lag behind the tools of this turn: what has succeeded counts at once. */
function applyTools(state: CallState, done: readonly DoneTool[]): void {
  state.claim = { ...state.claim };
  for (const { call, result } of done) {
    if (result.isError) continue;
    if (call.name === 'new_claim') state.claim = {};
    if (call.name === 'set_language' && typeof call.arguments['language'] === 'string')
      state.language = call.arguments['language'];
    if (call.name !== 'update_claim') continue;
    for (const { field, value } of updatesOf(call)) state.claim[field] ??= value;
  }
}

export function updatesOf(call: ToolCall): { field: string; value: string }[] {
  const updates = call.arguments['updates'];
  return Array.isArray(updates) ? (updates as { field: string; value: string }[]) : [];
}

function spokenSoFar(messages: readonly LlmMessage[]): { said: string[]; exchanges: Exchange[]; question: string } {
  const exchanges: Exchange[] = [];
  const said: string[] = [];
  let bot = '';
  for (const message of messages) {
    if (message.role === 'assistant' && message.text !== '') {
      said.push(message.text);
      bot = message.text;
    } else if (message.role === 'user') {
      exchanges.push({ bot, customer: message.text });
    }
  }
  return { said, exchanges, question: bot };
}

type Asking = Pick<Situation, 'setup' | 'book'>;

/** Which field a sentence of the bot (or of a model that spoke before) asked for; null = none. */
export function fieldAskedIn(text: string, { setup, book }: Asking): ClaimField | null {
  if (text === '') return null;
  const byWording = setup.claim_fields.find((field) =>
    [askedByText(field, book), ...[0, 1, 2].map((attempt) => questionFor(field, { book, attempt }))].some((question) =>
      text.includes(question),
    ),
  );
  if (byWording !== undefined) return byWording;
  const asking = lastQuestion(text);
  const ofType = (type: ClaimField['type']): ClaimField | undefined =>
    setup.claim_fields.find((field) => field.type === type);
  if (hears(book, 'emailWord', asking)) return ofType('email') ?? null;
  if (hears(book, 'nameWord', asking)) return setup.claim_fields.find(isNameField) ?? null;
  if (hears(book, 'phoneWord', asking)) return ofType('phone_number') ?? null;
  const byName = setup.claim_fields.find((field) => field.type === 'text' && mentions(asking, field, book));
  return byName ?? (hears(book, 'dateWord', asking) ? (ofType('datetime') ?? null) : null);
}

function lastQuestion(text: string): string {
  const sentences = text.match(/[^.!?]+[.!?]*/gu) ?? [];
  return sentences.filter((sentence) => sentence.includes('?')).at(-1) ?? '';
}

function isLeftOut(
  field: ClaimField,
  situation: Asking & Pick<Situation, 'exchanges' | 'question' | 'utterance' | 'asked'>,
): boolean {
  const { book, exchanges, question, utterance } = situation;
  let asked = 0;
  for (const exchange of [...exchanges, { bot: question, customer: utterance }]) {
    if (fieldAskedIn(exchange.bot, situation)?.name !== field.name) continue;
    asked += 1;
    if (hears(book, 'dontKnow', exchange.customer)) return true;
  }
  return asked >= ASKED_IN_VAIN;
}
