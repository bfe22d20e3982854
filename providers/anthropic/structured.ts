/** Claude after the call: one answer in one piece, in a given JSON Schema. */
import type { Message } from '@anthropic-ai/sdk/resources/messages';
import type { StructuredLlm } from '../llm.ts';
import { failure, failureFrom } from './failures.ts';
import { anthropicClient, type AnthropicOptions } from './llm.ts';

export function createAnthropicStructured(options: AnthropicOptions): StructuredLlm {
  const client = anthropicClient(options);
  return {
    async complete({ system, prompt, schema, maxTokens }, signal) {
      signal.throwIfAborted();
      try {
        const message = await client.messages.create(
          {
            model: options.model,
            max_tokens: maxTokens,
            system: [{ type: 'text', text: system }],
            messages: [{ role: 'user', content: prompt }],
            output_config: { format: { type: 'json_schema', schema } },
            ...(options.thinksAlways === true ? {} : { thinking: { type: 'disabled' } }),
          },
          { signal },
        );
        return { value: valueOf(message), usage: usageOf(message), model: message.model };
      } catch (error) {
        throw failureFrom(error, signal);
      }
    },
  };
}

function valueOf(message: Message): unknown {
  if (message.stop_reason !== 'end_turn')
    throw failure('vendor_fault', `the answer is not whole: ${message.stop_reason ?? 'no stop reason'}`, {});
  const text = message.content.map((block) => (block.type === 'text' ? block.text : '')).join('');
  try {
    return JSON.parse(text);
  } catch (error) {
    throw failure('vendor_fault', 'the answer is not JSON', { cause: error });
  }
}

function usageOf({ usage }: Message): { inputTokens: number; outputTokens: number; cacheReadTokens: number } {
  return {
    inputTokens: usage.input_tokens,
    outputTokens: usage.output_tokens,
    cacheReadTokens: usage.cache_read_input_tokens ?? 0,
  };
}
