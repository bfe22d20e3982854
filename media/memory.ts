/** What a host knows of a conversation while it carries it: seeded once, then grown turn by turn. */
import { meantEntry, newEntry, unheardLately, withHeard } from '../domain/dialog-transcript.ts';
import { promptMessages, systemPrompt } from '../domain/prompt.ts';
import { asksAgain } from '../domain/asks-again.ts';
import type { SaidBefore } from '../domain/repetition.ts';
import { hastyPiecesOf, sentencesOf } from '../domain/sentences.ts';
import type { ConversationFacts, HeardReport, TranscriptEntry } from '../domain/conversation.ts';
import type { ToolCall, ToolResult } from '../domain/tools.ts';
import type { LlmRequest, ToolSpec } from '../providers/llm.ts';
import type { MediaSeed, TurnRequest } from '../workflows/call/messages.ts';

/** The prompt gets the last 20; the rest is for heard reports that come late. */
const MOST_ENTRIES = 60;

/** A model in a loop repeats its last reply or the one before. */
const REPLIES_COMPARED = 3;

export interface PromptSettings {
  tools(situation: { returningCaller: boolean; firstTurn: boolean }): ToolSpec[];
  maxTokens: number;
  /** Where the customer is, as far as the number tells. */
  placeOf(customerNumber: string | null): { zone: string; country: string; zoneUnknown?: boolean };
}

export interface Ask {
  guidance: string | null;
  allowTools: boolean;
  nowMs: number;
}

/** A question as it would be if the customer had said this and no more. */
export interface Supposed extends Ask {
  utterance: string;
  facts: ConversationFacts;
  /** [ET33] What the bot has ready and will not say once these words are a turn. */
  unheard?: HeardReport[];
}

export class Memory {
  readonly #seed: MediaSeed;
  /** Of the number, found once: a turn's question is put together three times. */
  #place: ReturnType<PromptSettings['placeOf']> | null = null;
  #facts: ConversationFacts;
  #entries: TranscriptEntry[];
  #awaiting: { turnId: string; intended: string; calls: ToolCall[] }[] = [];

  constructor(seed: MediaSeed) {
    this.#seed = seed;
    this.#facts = seed.facts;
    this.#entries = [...seed.transcript];
  }

  get facts(): ConversationFacts {
    return this.#facts;
  }

  get initiate(): MediaSeed['initiate'] {
    return this.#seed.initiate;
  }

  learn(facts: ConversationFacts | null): void {
    if (facts !== null) this.#facts = facts;
  }

  noteCustomer(turn: { turnId: string; utterance: string; via: TurnRequest['via']; atMs: number }): void {
    if (this.#entries.some((entry) => entry.turnId === turn.turnId && entry.persona === 'human')) return;
    const text = turn.utterance === '' ? WORDLESS[turn.via] : turn.utterance;
    const action = turn.via === 'text' ? 'sms' : 'talk';
    this.#add(newEntry({ turnId: turn.turnId, persona: 'human', text, atMs: turn.atMs }, action));
  }

  /** Meant to be said; until the playback reports, taken as heard, because the next round of the same turn builds on it. */
  noteBot(said: { turnId: string; text: string; atMs: number }): void {
    if (said.text === '') return;
    this.#add({ ...meantEntry(said.turnId, said.text, said.atMs), text: said.text });
  }

  /** Said, and its tools are running; their results come with the next question, be it of this turn or of a later one. */
  noteAwaiting(said: { turnId: string; text: string; toolCalls: ToolCall[]; atMs: number }): void {
    const entry: TranscriptEntry = { ...meantEntry(said.turnId, said.text, said.atMs), text: said.text };
    this.#add(entry);
    this.#awaiting.push({ turnId: said.turnId, intended: said.text, calls: said.toolCalls });
  }

  noteResults(results: ToolResult[]): void {
    for (const { turnId, intended, calls } of this.#awaiting) {
      const answered = calls.filter((call) => results.some((result) => result.toolUseId === call.toolUseId));
      const toolResults = results.filter((result) => answered.some((call) => call.toolUseId === result.toolUseId));
      if (answered.length === 0) continue;
      const index = this.#entries.findLastIndex(
        (entry) =>
          entry.turnId === turnId && entry.persona === 'assistant' && (entry.intended ?? entry.text) === intended,
      );
      const entry = this.#entries[index];
      if (entry !== undefined) this.#entries[index] = { ...entry, toolCalls: answered, toolResults };
    }
    if (results.length > 0) this.#awaiting = [];
  }

  /** The call may have it in its transcript already. */
  noteOpening(opening: { turnId: string; text: string; atMs: number }): void {
    if (this.#entries.some((entry) => entry.turnId === opening.turnId)) return;
    this.noteBot(opening);
  }

  noteHeard(report: HeardReport): void {
    this.#entries = withHeard(this.#entries, report);
  }

  /** What the bot has said so far, for the one who is about to say something in that turn. */
  saidBefore(turnId: string | null): SaidBefore {
    const { language } = this.#facts;
    const mine = this.#entries.filter((entry) => entry.persona === 'assistant');
    // Whole, and as they are cut when the voice is to begin soon.
    const sentences = (text: string): string[] => [...sentencesOf(text, language), ...hastyPiecesOf(text, language)];
    const customer = this.#entries.findLast((entry) => entry.persona === 'human');
    return {
      // Of this turn what is still to be played too; of the others what was heard.
      thisTurn: mine
        .filter((entry) => entry.turnId === turnId)
        .flatMap((entry) => sentences(entry.intended ?? entry.text)),
      replies: mine
        .filter((entry) => entry.turnId !== turnId)
        .slice(-REPLIES_COMPARED)
        .map((entry) => sentences(entry.text)),
      askedAgain: customer !== undefined && asksAgain(customer.text, language),
    };
  }

  /** What the bot said last, as far as it was heard; empty = nothing. */
  get lastWords(): string {
    return this.#entries.findLast((entry) => entry.persona === 'assistant')?.text ?? '';
  }

  request(ask: Ask, settings: PromptSettings): LlmRequest {
    return this.#request(ask, settings, { facts: this.#facts, entries: this.#entries });
  }

  requestIf(supposed: Supposed, settings: PromptSettings): LlmRequest {
    const entry = newEntry({ turnId: '', persona: 'human', text: supposed.utterance, atMs: supposed.nowMs });
    const heard = (supposed.unheard ?? []).reduce(withHeard, this.#entries);
    const entries = [...heard, entry].slice(-MOST_ENTRIES);
    return this.#request(supposed, settings, { facts: supposed.facts, entries });
  }

  #request(
    ask: Ask,
    settings: PromptSettings,
    { facts, entries }: { facts: ConversationFacts; entries: TranscriptEntry[] },
  ): LlmRequest {
    const seed = this.#seed;
    const system = systemPrompt({
      initiate: seed.initiate,
      facts,
      nowMs: ask.nowMs,
      ...(this.#place ??= settings.placeOf(seed.customerNumber)),
      customerNumber: seed.customerNumber,
      returningCaller: seed.returningCaller,
      reason: seed.reason,
      recap: seed.recap,
      unheard: unheardLately(entries),
      guidance: ask.guidance,
    });
    const messages = promptMessages(entries);
    const firstTurn = entries.filter((entry) => entry.persona === 'human').length <= 1;
    return {
      system,
      messages,
      tools: ask.allowTools ? settings.tools({ returningCaller: seed.returningCaller, firstTurn }) : [],
      maxTokens: settings.maxTokens,
    };
  }

  #add(entry: TranscriptEntry): void {
    this.#entries.push(entry);
    if (this.#entries.length > MOST_ENTRIES) this.#entries.shift();
  }
}

/** What stands for a turn without words: a model answers a user's message only. */
const WORDLESS: Record<TurnRequest['via'], string> = {
  speech: '(said nothing)',
  keypad: '(pressed a key)',
  text: '(sent an empty text message)',
  silence: '(is silent)',
  noise: '(said something that could not be understood)',
  deaf: '(said something that we could not hear)',
  mute: '(could not hear us)',
};
