/** A model that says what it was told to, in the order in which it was told; asked once more, it fails loudly. */
import type { AnsweredBy } from '../../domain/conversation.ts';
import type { ToolCall } from '../../domain/tools.ts';
import type { Llm, LlmEvent, LlmRequest } from '../../providers/llm.ts';

export interface ScriptedReply {
  /** Word by word. */
  text?: string;
  toolCalls?: ToolCall[];
  /** Thrown after the text. */
  error?: Error;
  /** Says nothing more after the text, until aborted. */
  hangs?: boolean;
  /** Awaited before the first word. */
  after?: Promise<void> | (() => Promise<void>);
  /** Awaited before each further word. */
  between?: () => Promise<void>;
}

export class FakeLlm implements Llm {
  readonly tier: AnsweredBy;
  readonly requests: LlmRequest[] = [];
  readonly #script: ScriptedReply[];
  aborted = 0;

  constructor(tier: AnsweredBy, script: ScriptedReply[] = []) {
    this.tier = tier;
    this.#script = [...script];
  }

  thenSays(reply: ScriptedReply): void {
    this.#script.push(reply);
  }

  async *stream(request: LlmRequest, signal: AbortSignal): AsyncIterable<LlmEvent> {
    this.requests.push(request);
    const reply = this.#script.shift();
    if (reply === undefined) throw new Error(`the ${this.tier} model was asked more than scripted`);
    signal.addEventListener('abort', () => (this.aborted += 1), { once: true });
    await (typeof reply.after === 'function' ? reply.after() : reply.after);
    let first = true;
    for (const word of (reply.text ?? '').match(/\s*\S+/gu) ?? []) {
      if (!first) await reply.between?.();
      first = false;
      signal.throwIfAborted();
      yield { type: 'text', text: word };
    }
    if (reply.error !== undefined) throw reply.error;
    if (reply.hangs === true)
      await new Promise((_, reject) =>
        signal.addEventListener('abort', () => reject(new Error('aborted')), { once: true }),
      );
    for (const call of reply.toolCalls ?? []) yield { type: 'tool_call', call };
    yield {
      type: 'done',
      stopReason: reply.toolCalls === undefined ? 'end_turn' : 'tool_use',
      usage: { inputTokens: 100, outputTokens: 10, cacheReadTokens: 0 },
      model: `fake-${this.tier}`,
    };
  }
}
