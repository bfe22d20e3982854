/** The reply's content blocks, from the script, the rules, or the rules for a given JSON Schema. */
import { createHash, randomBytes } from 'node:crypto';
import { createRulesLlm } from '../../providers/rules/llm.ts';
import { createRulesStructured } from '../../providers/rules/structured.ts';
import type { ScriptedReply } from './faults.ts';
import { brainRequest, type MessageBody } from './message-request.ts';

export type ReplyBlock =
  { type: 'text'; words: string[] } | { type: 'tool_use'; id: string; name: string; json: string };

export interface ModelReply {
  blocks: ReplyBlock[];
  stopReason: 'end_turn' | 'max_tokens' | 'tool_use' | 'refusal' | 'stop_sequence';
}

const llm = createRulesLlm();
const structured = createRulesStructured();

export async function replyTo(
  body: MessageBody,
  given: { scripted: ScriptedReply | null; replies: readonly string[] | null },
  signal: AbortSignal,
): Promise<ModelReply> {
  // A request for no token at all fills the cache.
  if (body.max_tokens === 0) return { blocks: [], stopReason: 'max_tokens' };
  if (given.scripted !== null) return fromScript(given.scripted);
  const schema = body.output_config?.format?.schema;
  const text = schema === undefined ? oneOf(given.replies ?? [], body) : undefined;
  if (text !== undefined) return withinLimit(fromScript({ text }), body.max_tokens);
  return withinLimit(
    schema === undefined ? await fromRules(body, signal) : await inShape(body, schema, signal),
    body.max_tokens,
  );
}

function oneOf(replies: readonly string[], { messages }: MessageBody): string | undefined {
  const last = JSON.stringify(messages.at(-1)?.content);
  const number = createHash('sha256')
    .update(`${String(messages.length)} ${last}`)
    .digest()
    .readUInt32LE();
  return replies[number % Math.max(1, replies.length)];
}

async function fromRules(body: MessageBody, signal: AbortSignal): Promise<ModelReply> {
  const words: string[] = [];
  const tools: ReplyBlock[] = [];
  for await (const event of llm.stream(brainRequest(body), signal)) {
    if (event.type === 'text') words.push(event.text);
    if (event.type === 'tool_call')
      tools.push({
        type: 'tool_use',
        id: event.call.toolUseId,
        name: event.call.name,
        json: JSON.stringify(event.call.arguments),
      });
  }
  return { blocks: [...textBlocks(words), ...tools], stopReason: tools.length > 0 ? 'tool_use' : 'end_turn' };
}

async function inShape(body: MessageBody, schema: Record<string, unknown>, signal: AbortSignal): Promise<ModelReply> {
  const { system, messages } = brainRequest(body);
  const prompt = messages.map((message) => (message.role === 'user' ? message.text : '')).join('\n');
  const { value } = await structured.complete(
    { system: system.stable, prompt, schema, schemaName: 'answer', maxTokens: body.max_tokens },
    signal,
  );
  return { blocks: textBlocks(JSON.stringify(value).match(/.{1,12}/gsu) ?? []), stopReason: 'end_turn' };
}

function fromScript({ text = '', toolCalls = [], stopReason }: ScriptedReply): ModelReply {
  const tools = toolCalls.map((call): ReplyBlock => ({
    type: 'tool_use',
    id: newId('toolu'),
    name: call.name,
    json: call.rawArguments ?? JSON.stringify(call.arguments ?? {}),
  }));
  return {
    blocks: [...textBlocks(text.match(/\s*\S+/gu) ?? []), ...tools],
    stopReason: stopReason ?? (tools.length > 0 ? 'tool_use' : 'end_turn'),
  };
}

function textBlocks(words: string[]): ReplyBlock[] {
  return words.length === 0 ? [] : [{ type: 'text', words }];
}

/** One word counts as one token here. */
function withinLimit(reply: ModelReply, maxTokens: number): ModelReply {
  const first = reply.blocks[0];
  if (first?.type !== 'text' || first.words.length <= maxTokens) return reply;
  return { blocks: [{ type: 'text', words: first.words.slice(0, maxTokens) }], stopReason: 'max_tokens' };
}

export function newId(kind: 'msg' | 'toolu' | 'req'): string {
  return `${kind}_${randomBytes(12).toString('hex')}`;
}
