/** Port: a language model that talks in a stream, may ask for tools, and can answer in a given JSON shape. */
import type { AnsweredBy, ModelUsage } from '../domain/conversation.ts';
import type { ToolCall, ToolResult } from '../domain/tools.ts';

export interface ToolSpec {
  name: string;
  description: string;
  /** JSON Schema of the arguments. */
  inputSchema: Record<string, unknown>;
}

/** Roles alternate as the vendor wants it; adapters merge neighbours of one role. */
export type LlmMessage =
  | { role: 'user'; text: string }
  | { role: 'assistant'; text: string; toolCalls: ToolCall[] }
  | { role: 'tools'; results: ToolResult[] };

export interface LlmRequest {
  /** Stable part first (cached), then what changes from turn to turn. */
  system: { stable: string; volatile: string };
  messages: LlmMessage[];
  tools: ToolSpec[];
  maxTokens: number;
}

export type LlmEvent =
  | { type: 'text'; text: string }
  | { type: 'tool_call'; call: ToolCall }
  /** Only after this is the reply whole. */
  | {
      type: 'done';
      stopReason: 'end_turn' | 'max_tokens' | 'tool_use' | 'refusal' | 'other';
      usage: ModelUsage;
      model: string;
    };

/** One model tier. Errors are `ProviderError`s, thrown from the iteration; a stream that stalls is the caller's to abort. */
export interface Llm {
  readonly tier: AnsweredBy;
  stream(request: LlmRequest, signal: AbortSignal): AsyncIterable<LlmEvent>;
}

/** One answer in one piece, in the JSON Schema given: for work after the call. */
export interface StructuredLlm {
  complete(
    request: { system: string; prompt: string; schema: Record<string, unknown>; schemaName: string; maxTokens: number },
    signal: AbortSignal,
  ): Promise<{ value: unknown; usage: ModelUsage; model: string }>;
}
