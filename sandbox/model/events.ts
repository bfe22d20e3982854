/** A reply as the vendor streams it: named events in order, arguments in pieces that break anywhere. */
import { newId, type ModelReply, type ReplyBlock } from './reply.ts';

export interface Usage {
  input_tokens: number;
  cache_creation_input_tokens: number;
  cache_read_input_tokens: number;
  output_tokens: number;
}

export interface SentEvent {
  event: string;
  data: Record<string, unknown>;
  /** A token: waits before it. */
  paced: boolean;
}

/** Uneven on purpose: readers must join before they parse. */
const PIECES = [1, 3, 2, 7, 5, 11];

export function* eventsOf(reply: ModelReply, about: { model: string; usage: Usage }): Generator<SentEvent> {
  const event = (type: string, data: Record<string, unknown>, paced = false): SentEvent => ({
    event: type,
    data: { type, ...data },
    paced,
  });
  yield event('message_start', {
    message: { ...envelope(about.model), stop_reason: null, content: [], usage: { ...about.usage, output_tokens: 1 } },
  });
  yield event('ping', {});
  for (const [index, block] of reply.blocks.entries()) {
    yield event('content_block_start', {
      index,
      content_block:
        block.type === 'text'
          ? { type: 'text', text: '' }
          : { type: 'tool_use', id: block.id, name: block.name, input: {} },
    });
    for (const delta of deltasOf(block)) yield event('content_block_delta', { index, delta }, true);
    yield event('content_block_stop', { index });
  }
  yield event('message_delta', { delta: { stop_reason: reply.stopReason, stop_sequence: null }, usage: about.usage });
  yield event('message_stop', {});
}

function* deltasOf(block: ReplyBlock): Generator<Record<string, unknown>> {
  if (block.type === 'text') {
    for (const text of block.words) yield { type: 'text_delta', text };
    return;
  }
  yield { type: 'input_json_delta', partial_json: '' };
  for (let at = 0, piece = 0; at < block.json.length; piece += 1) {
    const length = PIECES[piece % PIECES.length] ?? 1;
    yield { type: 'input_json_delta', partial_json: block.json.slice(at, at + length) };
    at += length;
  }
}

export function wholeMessage(reply: ModelReply, about: { model: string; usage: Usage }): Record<string, unknown> {
  const content = reply.blocks.map((block) =>
    block.type === 'text'
      ? { type: 'text', text: block.words.join('') }
      : { type: 'tool_use', id: block.id, name: block.name, input: JSON.parse(block.json) as unknown },
  );
  return { ...envelope(about.model), content, stop_reason: reply.stopReason, usage: about.usage };
}

function envelope(model: string): Record<string, unknown> {
  return { id: newId('msg'), type: 'message', role: 'assistant', model, stop_sequence: null };
}

export function outputTokens(reply: ModelReply): number {
  return reply.blocks.reduce(
    (sum, block) => sum + (block.type === 'text' ? block.words.length : Math.ceil(block.json.length / 4)),
    0,
  );
}
