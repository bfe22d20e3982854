/** The rule-based brain behind the model's port: the answer when no model answers, and the sandbox's model. */
import { randomUUID } from 'node:crypto';
import type { Llm, LlmEvent, LlmRequest } from '../llm.ts';
import { NO_USAGE } from '../../domain/conversation.ts';
import { replyTo } from './brain.ts';

export function createRulesLlm(now: () => number = Date.now): Llm {
  return { tier: 'rules', stream: (request, signal) => events(request, { signal, nowMs: now() }) };
}

async function* events(
  request: LlmRequest,
  { signal, nowMs }: { signal: AbortSignal; nowMs: number },
): AsyncGenerator<LlmEvent> {
  const reply = replyTo(request, nowMs);
  for (const word of reply.text.match(/\s*\S+/gu) ?? []) {
    signal.throwIfAborted();
    yield { type: 'text', text: word };
  }
  for (const call of reply.calls) {
    signal.throwIfAborted();
    yield { type: 'tool_call', call: { toolUseId: `toolu_${randomUUID().replace(/-/g, '').slice(0, 24)}`, ...call } };
  }
  signal.throwIfAborted();
  yield {
    type: 'done',
    stopReason: reply.calls.length > 0 ? 'tool_use' : 'end_turn',
    usage: { ...NO_USAGE },
    model: 'rules',
  };
}
