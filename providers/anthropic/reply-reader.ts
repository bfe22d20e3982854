/** Stream events → ours. Text at once; tool calls only when the whole message is known to be good. */
import type { MessageDeltaUsage, RawMessageStreamEvent, StopReason, Usage } from '@anthropic-ai/sdk/resources/messages';
import type { ToolCall } from '../../domain/tools.ts';
import type { LlmEvent } from '../llm.ts';
import { failure } from './failures.ts';

interface OpenTool {
  id: string;
  name: string;
  json: string;
}

export class ReplyReader {
  #tools = new Map<number, OpenTool>();
  #calls: ToolCall[] = [];
  #broken: string | null = null;
  #stop: StopReason | null = null;
  #model: string;
  #usage = { inputTokens: 0, outputTokens: 0, cacheReadTokens: 0 };
  /** Only a seen `message_stop` is success: a cut or aborted stream may end without any error. */
  whole = false;

  constructor(model: string) {
    this.#model = model;
  }

  read(event: RawMessageStreamEvent): LlmEvent[] {
    switch (event.type) {
      case 'message_start':
        this.#model = event.message.model;
        this.#count(event.message.usage);
        return [];
      case 'content_block_start':
        if (event.content_block.type === 'tool_use')
          this.#tools.set(event.index, { id: event.content_block.id, name: event.content_block.name, json: '' });
        return event.content_block.type === 'text' && event.content_block.text !== ''
          ? [{ type: 'text', text: event.content_block.text }]
          : [];
      case 'content_block_delta':
        return this.#delta(event);
      case 'content_block_stop':
        this.#closeTool(event.index);
        return [];
      case 'message_delta':
        this.#stop = event.delta.stop_reason;
        this.#count(event.usage);
        return [];
      case 'message_stop':
        this.whole = true;
        return this.#end();
      default:
        // The vendor adds kinds of events; those unknown to us say nothing that we wait for.
        return [];
    }
  }

  #delta(event: Extract<RawMessageStreamEvent, { type: 'content_block_delta' }>): LlmEvent[] {
    if (event.delta.type === 'text_delta')
      return event.delta.text === '' ? [] : [{ type: 'text', text: event.delta.text }];
    const tool = this.#tools.get(event.index);
    if (event.delta.type === 'input_json_delta' && tool !== undefined) tool.json += event.delta.partial_json;
    return [];
  }

  #closeTool(index: number): void {
    const tool = this.#tools.get(index);
    if (tool === undefined) return;
    this.#tools.delete(index);
    const input = parsedObject(tool.json);
    if (input === null) this.#broken = tool.name;
    else this.#calls.push({ toolUseId: tool.id, name: tool.name, arguments: input });
  }

  #end(): LlmEvent[] {
    const cutShort = this.#stop === 'max_tokens' || this.#stop === 'model_context_window_exceeded';
    const hasTool = this.#calls.length > 0 || this.#broken !== null || this.#tools.size > 0;
    // Arguments cut by the token limit may even parse: never carry them out.
    if (this.#broken !== null || this.#tools.size > 0 || (cutShort && hasTool)) {
      throw failure(
        'vendor_fault',
        `the arguments of a tool call were cut off (${this.#stop ?? 'no stop reason'})`,
        {},
      );
    }
    const calls = this.#calls.map((call): LlmEvent => ({ type: 'tool_call', call }));
    return [...calls, { type: 'done', stopReason: stopReasonOf(this.#stop), usage: this.#usage, model: this.#model }];
  }

  /** Output counts are cumulative; the cache's read count may come with the first event only. */
  #count(usage: Usage | MessageDeltaUsage): void {
    this.#usage = {
      inputTokens: usage.input_tokens ?? this.#usage.inputTokens,
      outputTokens: usage.output_tokens,
      cacheReadTokens: usage.cache_read_input_tokens ?? this.#usage.cacheReadTokens,
    };
  }
}

function stopReasonOf(reason: StopReason | null): Extract<LlmEvent, { type: 'done' }>['stopReason'] {
  switch (reason) {
    case 'end_turn':
    case 'stop_sequence':
      return 'end_turn';
    case 'tool_use':
      return 'tool_use';
    case 'refusal':
      return 'refusal';
    case 'max_tokens':
    case 'model_context_window_exceeded':
      return 'max_tokens';
    default:
      return 'other';
  }
}

/** Empty = a tool without arguments. */
function parsedObject(json: string): Record<string, unknown> | null {
  if (json.trim() === '') return {};
  try {
    const value: unknown = JSON.parse(json);
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : null;
  } catch {
    return null;
  }
}
