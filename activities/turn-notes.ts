/** The turns that this host is answering, gathered over their rounds, as readers get them from the store. */
import { newEntry, withHeard } from '../domain/dialog-transcript.ts';
import type { TranscriptEntry } from '../domain/conversation.ts';
import type { LiveFacts, TurnDocument } from '../domain/call-document.ts';
import { isoTime, liveFacts, messagesOf } from '../domain/document.ts';
import { withRound } from '../domain/turn-document.ts';
import type { TurnNote } from '../providers/store.ts';
import type { AnswerTurnInput, AnswerTurnOutcome } from '../workflows/call/messages.ts';

interface TurnSoFar {
  atMs: number;
  entries: TranscriptEntry[];
  facts: LiveFacts | null;
  /** The figures of its rounds so far. */
  figures: TurnDocument[];
}

/** A turn lasts as long as its tools and its words: of all the legs of a host only as many are under way as it has legs. */
const REMEMBERED = 400;

export class TurnNotes {
  readonly #turns = new Map<string, TurnSoFar>();

  /** Null = nothing that the next note will not tell as soon. */
  asked(input: AnswerTurnInput, nowMs: number): TurnNote | null {
    const turn = this.#turnOf(input, nowMs);
    const news = input.facts !== null || input.toolResults.length > 0;
    if (input.facts !== null) turn.facts = liveFacts(input.facts, input.version ?? 0);
    turn.entries = withResults(turn.entries, input.toolResults);
    return news ? noteOf(input, turn, null) : null;
  }

  /** Null = the round after the tools will tell. */
  answered(input: AnswerTurnInput, outcome: AnswerTurnOutcome, nowMs: number): TurnNote | null {
    const turn = this.#turnOf(input, nowMs);
    const { turnId, said, heardText, heardComplete, toolCalls, answeredBy, model, usage, latency } = outcome;
    if (outcome.ended === 'played') turn.entries = withHeard(turn.entries, { turnId, heardText: '', complete: true });
    const text = heardComplete ? said : heardText;
    const entry = newEntry({ turnId, persona: 'assistant', text, atMs: nowMs });
    if (said !== '' || toolCalls.length > 0)
      turn.entries.push({ ...entry, intended: text === said ? null : said, toolCalls, style: outcome.style });
    const at = isoTime(nowMs);
    const counted = outcome.early === undefined ? {} : { early: outcome.early };
    const round = { turn_id: turnId, at, answered_by: answeredBy, model, usage, latency, ...counted };
    turn.figures = withRound(turn.figures, round);
    if (outcome.ended === 'awaiting_tools') return null;
    this.#turns.delete(keyOf(input));
    return noteOf(input, turn, turn.figures[0] ?? round);
  }

  #turnOf(input: AnswerTurnInput, nowMs: number): TurnSoFar {
    const known = this.#turns.get(keyOf(input));
    if (known !== undefined) return known;
    const { turnId, opening, via } = input;
    // A text message stands in the call's own document since it came, as it came.
    const utterance = via === 'text' ? '' : input.utterance;
    const entry = (persona: 'assistant' | 'human', text: string | undefined): TranscriptEntry[] =>
      text === undefined || text === '' ? [] : [newEntry({ turnId, persona, text, atMs: nowMs })];
    // The opening has a turn of its own, which is over: what is heard of this one must not touch it.
    const before = entry('assistant', opening).map((each) => ({ ...each, turnId: `before ${turnId}` }));
    const turn: TurnSoFar = {
      atMs: nowMs,
      entries: [...before, ...entry('human', utterance)],
      facts: null,
      figures: [],
    };
    this.#turns.set(keyOf(input), turn);
    for (const oldest of this.#turns.keys()) {
      if (this.#turns.size <= REMEMBERED) break;
      this.#turns.delete(oldest);
    }
    return turn;
  }
}

const keyOf = ({ connectId, turnId }: AnswerTurnInput): string => `${connectId} ${turnId}`;

function noteOf(input: AnswerTurnInput, { atMs, entries, facts }: TurnSoFar, turn: TurnNote['turn']): TurnNote {
  const { callId, turnId } = input;
  return { callId, turnId, at: turn?.at ?? isoTime(atMs), messages: messagesOf(entries), turn, facts };
}

const withResults = (entries: TranscriptEntry[], results: AnswerTurnInput['toolResults']): TranscriptEntry[] =>
  entries.map((entry) => {
    const own = results.filter(({ toolUseId }) => entry.toolCalls.some((call) => call.toolUseId === toolUseId));
    return own.length === 0 ? entry : { ...entry, toolResults: own };
  });
