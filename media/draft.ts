/** A reply in the making: the model's stream, cut into sentences, which a speech turns into sound. */
import { createRepetitionGuard, type SaidBefore } from '../domain/repetition.ts';
import { createSentenceCutter, sentencesOf } from '../domain/sentences.ts';
import { NO_USAGE, type AnsweredBy, type ModelUsage } from '../domain/conversation.ts';
import type { ToolCall } from '../domain/tools.ts';
import type { LlmRequest } from '../providers/llm.ts';
import type { Manner, Speech } from './speech.ts';
import { think, type ThinkingKit } from './thinking.ts';

export interface Thoughts {
  said: string[];
  toolCalls: ToolCall[];
  answeredBy: AnsweredBy;
  model: string;
  usage: ModelUsage;
  startedAtMs: number;
  firstTokenAtMs: number | null;
}

export function noThoughts(startedAtMs: number): Thoughts {
  return {
    said: [],
    toolCalls: [],
    answeredBy: 'phrase',
    model: '',
    usage: { ...NO_USAGE },
    startedAtMs,
    firstTokenAtMs: null,
  };
}

export interface DraftOptions {
  request: LlmRequest;
  thinking: ThinkingKit;
  manner: Manner;
  saidBefore: SaidBefore;
  /** Words for a model that says nothing but what was heard twice already. */
  whenStuck: () => string;
  allowTools: boolean;
  hardMs: number;
  signal: AbortSignal;
}

export class Draft {
  readonly speech: Speech;
  readonly thoughts: Thoughts;
  /** The model has said everything; rejected when nobody could answer, or at the abort. */
  readonly whole: Promise<void>;
  onSentence: () => void = () => undefined;
  onGivenUp: () => void = () => undefined;
  /** Until then its end tells nothing of what it has cost. */
  usageIsKnown = false;
  /** No model has spoken within the hard limit: the rules do. */
  givenUp = false;
  /** Some of it was not said, because it had been. */
  repeatedItself = false;
  /** Everything the model has said, words that became no sentence included. */
  written = '';
  readonly #options: DraftOptions;

  constructor(speech: Speech, options: DraftOptions) {
    this.speech = speech;
    this.#options = options;
    this.thoughts = noThoughts(options.thinking.pacer.nowMs());
    this.whole = this.#write();
  }

  /** Words of our own beside the model's. */
  say(sentence: string): void {
    this.thoughts.said.push(sentence);
    this.speech.say(sentence, this.#options.manner);
    this.onSentence();
  }

  async #write(): Promise<void> {
    const { request, thinking, manner, hardMs, signal, allowTools, whenStuck } = this.#options;
    const { thoughts } = this;
    const newCutter = () => createSentenceCutter(manner.language, { hasty: this.speech.sentences === 0 });
    const guard = createRepetitionGuard(this.#options.saidBefore);
    let cutter = newCutter();
    const say = (sentence: string): void => {
      const fresh = guard.push(sentence);
      this.repeatedItself ||= fresh.length === 0;
      for (const each of fresh) this.say(each);
    };
    for await (const thought of think(request, thinking, { hardMs, signal, spoken: () => thoughts.said.join(' ') })) {
      if (signal.aborted) return;
      switch (thought.type) {
        case 'text':
          thoughts.firstTokenAtMs ??= thinking.pacer.nowMs();
          this.written += thought.text;
          for (const sentence of cutter.push(thought.text)) say(sentence);
          break;
        case 'tool_call':
          thoughts.firstTokenAtMs ??= thinking.pacer.nowMs();
          if (allowTools) thoughts.toolCalls.push(thought.call);
          break;
        case 'broken_off':
          cutter = newCutter();
          thoughts.toolCalls = [];
          break;
        case 'given_up':
          this.givenUp = true;
          this.onGivenUp();
          break;
        case 'done':
          thoughts.answeredBy = thought.tier;
          thoughts.model = thought.model;
          thoughts.usage = thought.usage;
          this.usageIsKnown = true;
      }
    }
    for (const sentence of cutter.rest()) say(sentence);
    const { sentences, stuck } = guard.rest();
    for (const sentence of stuck ? sentencesOf(whenStuck(), manner.language) : sentences) this.say(sentence);
  }
}
