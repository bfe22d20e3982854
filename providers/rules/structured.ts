/** The rules behind the port for answers in a given shape: which of the three is wanted shows in the schema. */
import { NO_USAGE } from '../../domain/conversation.ts';
import { taggedJson } from '../../domain/prompt.ts';
import type { CallRecord } from '../../domain/insight-prompt.ts';
import type { StructuredLlm } from '../llm.ts';
import { ProviderError } from '../provider-error.ts';
import { nextStepOf, smsOf, synthesisOf } from './insights.ts';

export function createRulesStructured(): StructuredLlm {
  return {
    complete({ prompt, schema }, signal) {
      signal.throwIfAborted();
      const record = taggedJson(prompt, 'call_record') as CallRecord | null;
      const value = record === null ? null : answer(record, schema);
      if (value === null)
        return Promise.reject(
          new ProviderError('rules', 'bad_request', {
            message: 'neither the record of a call nor a shape that the rules know',
          }),
        );
      return Promise.resolve({ value, usage: { ...NO_USAGE }, model: 'rules' });
    },
  };
}

function answer(record: CallRecord, schema: Record<string, unknown>): unknown {
  const properties = (schema['properties'] ?? {}) as Record<string, unknown>;
  if ('satisfaction' in properties) {
    const { short, long, satisfaction, improvementSuggestions } = synthesisOf(record);
    return { short, long, satisfaction, improvement_suggestions: improvementSuggestions };
  }
  if ('action' in properties) return nextStepOf(record);
  if ('message' in properties) return { message: smsOf(record) };
  return null;
}
