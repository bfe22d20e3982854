/** The request's body, checked as strictly as the vendor does, and read into what the brain understands. */
import { z } from 'zod';
import type { LlmMessage, LlmRequest } from '../../providers/llm.ts';

const cacheControl = z.object({ type: z.literal('ephemeral'), ttl: z.enum(['5m', '1h']).optional() }).nullish();
const textBlock = z.object({ type: z.literal('text'), text: z.string(), cache_control: cacheControl });
const toolUseBlock = z.object({
  type: z.literal('tool_use'),
  id: z.string().regex(/^[a-zA-Z0-9_-]+$/),
  name: z.string().min(1),
  input: z.record(z.string(), z.unknown()),
  cache_control: cacheControl,
});
const toolResultBlock = z.object({
  type: z.literal('tool_result'),
  tool_use_id: z.string(),
  content: z.union([z.string(), z.array(textBlock)]).optional(),
  is_error: z.boolean().optional(),
  cache_control: cacheControl,
});
const block = z.discriminatedUnion('type', [textBlock, toolUseBlock, toolResultBlock]);
const message = z.object({ role: z.enum(['user', 'assistant']), content: z.union([z.string(), z.array(block)]) });

export const messageBody = z.object({
  model: z.string().min(1),
  max_tokens: z.int().min(0),
  stream: z.boolean().optional(),
  system: z.union([z.string(), z.array(textBlock)]).optional(),
  messages: z.array(message).min(1),
  tools: z
    .array(
      z.object({
        name: z.string().regex(/^[a-zA-Z0-9_-]{1,128}$/),
        description: z.string().optional(),
        input_schema: z.object({ type: z.literal('object') }).loose(),
        cache_control: cacheControl,
      }),
    )
    .optional(),
  tool_choice: z
    .object({ type: z.enum(['auto', 'any', 'tool', 'none']) })
    .loose()
    .optional(),
  output_config: z
    .object({
      format: z.object({ type: z.literal('json_schema'), schema: z.record(z.string(), z.unknown()) }).nullish(),
    })
    .loose()
    .optional(),
});

export type MessageBody = z.infer<typeof messageBody>;
type Block = z.infer<typeof block>;
type ToolResultBlock = z.infer<typeof toolResultBlock>;

/** The first rule that the conversation breaks, in the vendor's words; null = none. */
export function violation(body: MessageBody): string | null {
  if (body.messages[0]?.role !== 'user') return 'messages: first message must use the "user" role';
  if (body.messages.at(-1)?.role === 'assistant')
    return 'This model does not support assistant message prefill. The conversation must end with a user message.';
  for (const [index, { role }] of body.messages.entries()) {
    if (body.messages[index - 1]?.role === role)
      return `messages: roles must alternate between "user" and "assistant", but found multiple "${role}" roles in a row`;
    const problem = contentProblem(body, index) ?? pairingProblem(body, index);
    if (problem !== null) return problem;
  }
  if (systemTexts(body).some((text) => text === '')) return 'system: text content blocks must be non-empty';
  const markers = markerCount(body);
  return markers > 4 ? `A maximum of 4 blocks with cache_control may be provided. Found ${markers}.` : null;
}

function contentProblem(body: MessageBody, index: number): string | null {
  const blocks = blocksAt(body, index);
  if (blocks.length === 0) return `messages.${index}: all messages must have non-empty content`;
  if (blocks.some((one) => one.type === 'text' && one.text.trim() === ''))
    return `messages.${index}: text content blocks must contain non-whitespace text`;
  const hasTools = (body.tools ?? []).length > 0;
  if (!hasTools && blocks.some((one) => one.type !== 'text'))
    return 'Requests which include `tool_use` or `tool_result` blocks must define tools';
  return null;
}

function pairingProblem(body: MessageBody, index: number): string | null {
  const role = body.messages[index]?.role;
  const blocks = blocksAt(body, index);
  const results = blocks.filter((one): one is ToolResultBlock => one.type === 'tool_result');
  if (role === 'assistant') {
    if (results.length > 0) return `messages.${index}: \`tool_result\` blocks can only be in \`user\` messages`;
    const answered = new Set(
      blocksAt(body, index + 1).flatMap((one) => (one.type === 'tool_result' ? [one.tool_use_id] : [])),
    );
    const open = blocks.flatMap((one) => (one.type === 'tool_use' && !answered.has(one.id) ? [one.id] : []));
    if (open.length > 0)
      return `messages.${index}: \`tool_use\` ids were found without \`tool_result\` blocks immediately after: ${open.join(', ')}. Each \`tool_use\` block must have a corresponding \`tool_result\` block in the next message.`;
    return null;
  }
  if (blocks.some((one) => one.type === 'tool_use'))
    return `messages.${index}: \`tool_use\` blocks can only be in \`assistant\` messages`;
  const asked = new Set(blocksAt(body, index - 1).flatMap((one) => (one.type === 'tool_use' ? [one.id] : [])));
  const stray = results.find((result) => !asked.has(result.tool_use_id));
  if (stray !== undefined)
    return `messages.${index}: unexpected \`tool_use_id\` found in \`tool_result\` blocks: ${stray.tool_use_id}. Each \`tool_result\` block must have a corresponding \`tool_use\` block in the previous message.`;
  if (new Set(results.map((result) => result.tool_use_id)).size < results.length)
    return `messages.${index}: each tool_use must have a single result`;
  const firstText = blocks.findIndex((one) => one.type === 'text');
  const lateResult = firstText >= 0 && blocks.slice(firstText).some((one) => one.type === 'tool_result');
  return lateResult ? `messages.${index}: \`tool_result\` blocks must come first in the content` : null;
}

function blocksAt(body: MessageBody, index: number): Block[] {
  const content = body.messages[index]?.content ?? [];
  return typeof content === 'string' ? [{ type: 'text', text: content }] : content;
}

function systemTexts(body: MessageBody): string[] {
  if (body.system === undefined) return [];
  return typeof body.system === 'string' ? [body.system] : body.system.map((one) => one.text);
}

function markerCount(body: MessageBody): number {
  const system = typeof body.system === 'string' ? [] : (body.system ?? []);
  const blocks = body.messages.flatMap((_, index) => blocksAt(body, index));
  return [...(body.tools ?? []), ...system, ...blocks].filter((one) => one.cache_control != null).length;
}

export function brainRequest(body: MessageBody): LlmRequest {
  const [stable = '', ...rest] = systemTexts(body);
  const volatile = rest.length === 0 ? stable : rest.join('\n');
  const mayUse = body.tool_choice?.type === 'none' ? [] : (body.tools ?? []);
  return {
    system: { stable, volatile },
    messages: brainMessages(body),
    tools: mayUse.map((tool) => ({
      name: tool.name,
      description: tool.description ?? '',
      inputSchema: tool.input_schema,
    })),
    maxTokens: body.max_tokens,
  };
}

function brainMessages(body: MessageBody): LlmMessage[] {
  const names = new Map<string, string>();
  return body.messages.flatMap(({ role }, index): LlmMessage[] => {
    const blocks = blocksAt(body, index);
    const text = blocks.flatMap((one) => (one.type === 'text' ? [one.text] : [])).join('\n');
    if (role === 'assistant') {
      const toolCalls = blocks.flatMap((one) =>
        one.type === 'tool_use' ? [{ toolUseId: one.id, name: one.name, arguments: one.input }] : [],
      );
      for (const call of toolCalls) names.set(call.toolUseId, call.name);
      return [{ role: 'assistant', text, toolCalls }];
    }
    const results = blocks.flatMap((one) =>
      one.type === 'tool_result'
        ? [
            {
              toolUseId: one.tool_use_id,
              name: names.get(one.tool_use_id) ?? '',
              content: resultText(one),
              isError: one.is_error === true,
            },
          ]
        : [],
    );
    return [
      ...(results.length === 0 ? [] : [{ role: 'tools' as const, results }]),
      ...(text === '' ? [] : [{ role: 'user' as const, text }]),
    ];
  });
}

function resultText({ content }: ToolResultBlock): string {
  if (content === undefined) return '';
  return typeof content === 'string' ? content : content.map((one) => one.text).join('\n');
}

/** What stands before the last cache marker, byte for byte, in the vendor's order: tools, then system. */
export function cachedPrefix(body: MessageBody): string | null {
  const system = typeof body.system === 'string' ? [] : (body.system ?? []);
  const parts = [...(body.tools ?? []), ...system];
  const last = parts.findLastIndex((one) => one.cache_control != null);
  return last < 0 ? null : JSON.stringify(parts.slice(0, last + 1));
}
