/**
 * Replies to words that are not committed yet: begun at the first pause, their first sentence made into sound, adopted by the
 * turn that asks exactly this, or dropped unheard. Nothing of a dropped one leaves this file but what it cost.
 */
import { factsAfterHearing } from '../domain/dialog-hearing.ts';
import {
  answeredWithoutModel,
  earlyMove,
  estimatedTokens,
  sameWords,
  type EarlyCosts,
  type SoFar,
} from '../domain/early-thinking.ts';
import { asksAgain } from '../domain/asks-again.ts';
import type { LlmRequest } from '../providers/llm.ts';
import type { AnswerTurnInput } from '../workflows/call/messages.ts';
import { Draft } from './draft.ts';
import type { ReplyKit } from './reply.ts';

export interface EarlyReply {
  words: string;
  request: LlmRequest;
  /** The prompt tells the time. */
  askedAtMs: number;
  draft: Draft;
  abort: AbortController;
}

/** A commit is taken up within 20 ms as a rule; when Temporal is away the reply would be stale anyway. */
const UNCLAIMED_MS = 5_000;

export class EarlyReplies {
  readonly #kit: Omit<ReplyKit, 'earlyCosts'>;
  #early: EarlyReply | null = null;
  /** Of the utterance being heard. */
  #tries = 0;
  #costs: EarlyCosts = noCosts();
  /** What a question of this call costs; the next one differs by a sentence. */
  #usualInputTokens: number | null = null;
  #callOffStale: () => void = () => undefined;

  constructor(kit: Omit<ReplyKit, 'earlyCosts'>) {
    this.#kit = kit;
  }

  /** The customer is heard, and it is for us. Asked at every beat and every word. */
  consider(heard: SoFar, pause: { nowMs: number; pauseThatEndsMs: number }): void {
    if (!this.#kit.thinksEarly()) return;
    const move = earlyMove(heard, { words: this.#early?.words ?? null, tries: this.#tries }, pause);
    if (move !== 'wait')
      this.#kit.log.debug(
        { move, pauseMs: pause.nowMs - heard.lastSpeechAtMs, pii: { words: heard.text } },
        'thinking early',
      );
    switch (move) {
      case 'wait':
        return;
      case 'drop':
        this.#drop();
        return;
      case 'start':
      case 'start_over':
        this.#start(heard.text);
    }
  }

  /** These are the words. What was thought about others, or before the bot was stopped, is thought again at once, not only when the call asks. */
  committed(words: string): void {
    if (!this.#kit.thinksEarly()) return;
    const early = this.#early;
    const stands =
      early !== null &&
      sameWords(early.words, words) &&
      sameRequest(early.request, this.#foreseen(early.words, early.askedAtMs));
    if (!stands) this.#start(words);
    // The next utterance has its own tries.
    this.#tries = 0;
    this.#callOffStale();
    this.#callOffStale = this.#kit.pacer.after(UNCLAIMED_MS, () => {
      this.#drop();
    });
  }

  /** The utterance was none, or nothing that a model answers. */
  forget(): void {
    this.#tries = 0;
    this.#drop();
  }

  /** The reply that was begun for exactly this question. `memory` knows the call's facts and results by now, not yet the words. */
  claim(input: AnswerTurnInput): EarlyReply | null {
    const early = this.#early;
    if (early === null || input.round !== 0) return null;
    if (input.say !== null) {
      if (sameWords(early.words, input.utterance)) this.#drop();
      return null;
    }
    const { memory, settings } = this.#kit;
    const { guidance, allowTools } = input;
    const ask = { guidance, allowTools, nowMs: early.askedAtMs };
    const asked = memory.requestIf({ utterance: early.words, facts: memory.facts, ...ask }, settings);
    if (!sameWords(early.words, input.utterance) || !sameRequest(early.request, asked) || early.draft.givenUp) {
      this.#drop();
      return null;
    }
    this.#early = null;
    this.#callOffStale();
    this.#costs.adopted += 1;
    const { startedAtMs, firstTokenAtMs } = early.draft.thoughts;
    const { firstSentenceAtMs, firstSoundAtMs } = early.draft.speech;
    const ages = { startedAtMs, firstTokenAtMs, firstSentenceAtMs, firstSoundAtMs };
    this.#kit.log.debug({ turnId: input.turnId, ...ages }, 'adopted');
    return early;
  }

  /** Since it was asked last; undefined = nothing was begun. */
  takeCosts(): EarlyCosts | undefined {
    const costs = this.#costs;
    this.#costs = noCosts();
    return costs.started + costs.inputTokens === 0 ? undefined : costs;
  }

  #start(words: string): void {
    this.#drop();
    const { memory, mouth, pacer, log } = this.#kit;
    if (words === '' || answeredWithoutModel(words, memory.facts.language)) return;
    this.#tries += 1;
    const askedAtMs = Date.now();
    const request = this.#foreseen(words, askedAtMs);
    const abort = new AbortController();
    const { language, speechSpeed: speed } = memory.facts;
    const speech = mouth.rehearse();
    const draft = new Draft(speech, {
      request,
      thinking: { ...this.#kit.thinking(), pacer, log },
      manner: { language, speed },
      saidBefore: { ...memory.saidBefore(null), askedAgain: asksAgain(words, language) },
      whenStuck: this.#kit.whenStuck,
      allowTools: true,
      hardMs: this.#kit.limits().hardMs,
      signal: abort.signal,
    });
    this.#early = { words, request, askedAtMs, draft, abort };
    this.#costs.started += 1;
    this.#listenTo(this.#early);
  }

  #listenTo(early: EarlyReply): void {
    early.draft.whole.then(
      () => {
        const { inputTokens, cacheReadTokens } = early.draft.thoughts.usage;
        if (inputTokens + cacheReadTokens > 0) this.#usualInputTokens = inputTokens + cacheReadTokens;
      },
      (error: unknown) => {
        if (early.abort.signal.aborted) return;
        this.#kit.log.info({ err: error }, 'what was thought early came to nothing');
        if (this.#early === early) this.#drop();
      },
    );
  }

  /** As the call will ask when it has heard these words: the rules by which it does are the same. */
  #foreseen(words: string, nowMs: number): LlmRequest {
    const { memory, mouth, settings } = this.#kit;
    const schema = memory.initiate.claim;
    const facts = factsAfterHearing(memory.facts, words, schema);
    const supposed = { utterance: words, facts, unheard: mouth.unheard, guidance: null, allowTools: true, nowMs };
    return memory.requestIf(supposed, settings);
  }

  #drop(): void {
    const early = this.#early;
    if (early === null) return;
    this.#early = null;
    this.#callOffStale();
    early.abort.abort(new Error('the customer has said something else'));
    early.draft.speech.finish('interrupted');
    const { usage } = early.draft.thoughts;
    const known = early.draft.usageIsKnown;
    this.#costs.inputTokens += known
      ? usage.inputTokens + usage.cacheReadTokens
      : (this.#usualInputTokens ?? estimatedTokens(JSON.stringify(early.request)));
    this.#costs.outputTokens += known ? usage.outputTokens : estimatedTokens(early.draft.written);
  }
}

const sameRequest = (one: LlmRequest, other: LlmRequest): boolean => JSON.stringify(one) === JSON.stringify(other);
const noCosts = (): EarlyCosts => ({ started: 0, adopted: 0, inputTokens: 0, outputTokens: 0 });
