/**
 * Our messages → the vendor's, always valid: begins with the customer, roles alternate, every tool use has its result in the
 * very next message and first in it, nothing is empty.
 */
import type { ContentBlockParam, MessageParam, ToolResultBlockParam } from '@anthropic-ai/sdk/resources/messages';
import type { ToolCall, ToolResult } from '../../domain/tools.ts';
import type { LlmMessage } from '../llm.ts';

const CONNECTED = '(The call has just been connected.)';
/** The bot has spoken by itself (after a lost line) before it answered. */
const GO_ON = '(Go on: answer what the customer said last.)';
const INTERRUPTED = 'Not carried out: the conversation went on before it could be.';

export function messageParams(messages: readonly LlmMessage[], { withTools }: { withTools: boolean }): MessageParam[] {
  const params: MessageParam[] = [];
  const answered = resultsOf(messages);
  for (const message of messages) {
    switch (message.role) {
      case 'user':
        append(params, 'user', textBlocks(message.text));
        break;
      case 'assistant': {
        append(params, 'assistant', [
          ...textBlocks(message.text),
          ...(withTools ? message.toolCalls.map(toolUse) : []),
        ]);
        const results = message.toolCalls.map((call) => answered.get(call.toolUseId) ?? lost(call));
        append(
          params,
          'user',
          withTools
            ? results.map(toolResult)
            : results.flatMap((result) => textBlocks(`(Result of ${result.name}: ${result.content})`)),
        );
        break;
      }
      // Stands right behind its tool use already; one without is of no use to anybody.
      case 'tools':
        break;
    }
  }
  if (params[0]?.role !== 'user') params.unshift({ role: 'user', content: [{ type: 'text', text: CONNECTED }] });
  // The newer models take no beginning of their own answer: the last word is always the customer's.
  if (params.at(-1)?.role === 'assistant') params.push({ role: 'user', content: [{ type: 'text', text: GO_ON }] });
  return params;
}

function resultsOf(messages: readonly LlmMessage[]): ReadonlyMap<string, ToolResult> {
  return new Map(
    messages
      .flatMap((message) => (message.role === 'tools' ? message.results : []))
      .map((result) => [result.toolUseId, result]),
  );
}

function lost(call: ToolCall): ToolResult {
  return { toolUseId: call.toolUseId, name: call.name, content: INTERRUPTED, isError: true };
}

function append(params: MessageParam[], role: 'user' | 'assistant', blocks: ContentBlockParam[]): void {
  if (blocks.length === 0) return;
  const last = params.at(-1);
  if (last?.role === role && Array.isArray(last.content)) last.content.push(...blocks);
  else params.push({ role, content: blocks });
}

function textBlocks(text: string): ContentBlockParam[] {
  const trimmed = text.trim();
  return trimmed === '' ? [] : [{ type: 'text', text: trimmed }];
}

function toolUse(call: ToolCall): ContentBlockParam {
  return { type: 'tool_use', id: call.toolUseId, name: call.name, input: call.arguments };
}

function toolResult(result: ToolResult): ToolResultBlockParam {
  return {
    type: 'tool_result',
    tool_use_id: result.toolUseId,
    content: result.content.trim() === '' ? 'done' : result.content,
    is_error: result.isError,
  };
}
