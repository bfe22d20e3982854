/** Claude in conversation: one streamed reply a request, through the vendor's SDK. */
import { Anthropic } from '@anthropic-ai/sdk';
import { Stream } from '@anthropic-ai/sdk/core/streaming';
import type {
  MessageCreateParamsStreaming,
  RawMessageStreamEvent,
  TextBlockParam,
  Tool,
} from '@anthropic-ai/sdk/resources/messages';
import type { AnsweredBy } from '../../domain/conversation.ts';
import type { Llm, LlmEvent, LlmRequest } from '../llm.ts';
import { failure, failureFrom, streamedFailure } from './failures.ts';
import { messageParams } from './message-params.ts';
import { ReplyReader } from './reply-reader.ts';

export interface AnthropicOptions {
  apiKey: string;
  /** Without `/v1`; null = the vendor's own. */
  baseUrl: string | null;
  model: string;
  /** The SDK's timeout: it ends with the response headers. Must stay below the hard timeout of an answer. */
  headerTimeoutMs: number;
  /** For models that refuse to have their thinking switched off. */
  thinksAlways?: boolean;
}

export interface AnthropicLlmOptions extends AnthropicOptions {
  tier: AnsweredBy;
  /** Silence between two events, pings counted as life; the SDK itself would wait for ever. */
  idleTimeoutMs: number;
}

/** No retries in the SDK: in conversation the next tier answers, after it Temporal retries. */
export function anthropicClient({ apiKey, baseUrl, headerTimeoutMs }: AnthropicOptions): Anthropic {
  return new Anthropic({
    apiKey,
    authToken: null,
    maxRetries: 0,
    timeout: headerTimeoutMs,
    logLevel: 'off',
    ...(baseUrl === null ? {} : { baseURL: baseUrl }),
  });
}

export function createAnthropicLlm(options: AnthropicLlmOptions): Llm {
  const client = anthropicClient(options);
  return { tier: options.tier, stream: (request, signal) => reply({ client, options, request }, signal) };
}

interface Asking {
  client: Anthropic;
  options: AnthropicLlmOptions;
  request: LlmRequest;
}

async function* reply(asking: Asking, signal: AbortSignal): AsyncGenerator<LlmEvent> {
  signal.throwIfAborted();
  using connection = connectionOf(asking.options.idleTimeoutMs, signal);
  const reader = new ReplyReader(asking.options.model);
  try {
    const response = await asking.client.messages
      .create(requestBody(asking), { signal: connection.signal })
      .asResponse();
    connection.alive();
    // The events as they come: the parsed stream hides pings and ends without a word when it is cut or aborted.
    for await (const { event, data } of Stream.rawEvents(response, connection.controller)) {
      connection.alive();
      if (event === 'error') throw streamedFailure(JSON.parse(data));
      if (event === null || event === 'ping' || data === '') continue;
      for (const told of reader.read(JSON.parse(data) as RawMessageStreamEvent)) {
        // What the socket has still in hand after an abort is for nobody.
        signal.throwIfAborted();
        yield told;
      }
      if (reader.whole) return;
    }
  } catch (error) {
    if (connection.isIdle())
      throw failure('timeout', `no event for ${asking.options.idleTimeoutMs} ms`, { cause: error });
    throw failureFrom(error, signal);
  }
  signal.throwIfAborted();
  throw failure('vendor_fault', 'the stream ended before its message did', {});
}

interface Connection extends Disposable {
  controller: AbortController;
  signal: AbortSignal;
  /** Something came: the idle timer starts anew. */
  alive(): void;
  isIdle(): boolean;
}

/** One request's own abort: by the caller, by idleness, or because nobody reads on. */
function connectionOf(idleTimeoutMs: number, outer: AbortSignal): Connection {
  const controller = new AbortController();
  let idle = false;
  let timer: NodeJS.Timeout | null = null;
  const onOuterAbort = (): void => controller.abort(outer.reason);
  outer.addEventListener('abort', onOuterAbort, { once: true });
  return {
    controller,
    signal: controller.signal,
    alive() {
      timer?.refresh();
      timer ??= setTimeout(() => {
        idle = true;
        controller.abort();
      }, idleTimeoutMs);
    },
    isIdle: () => idle,
    [Symbol.dispose]() {
      if (timer !== null) clearTimeout(timer);
      outer.removeEventListener('abort', onOuterAbort);
      controller.abort();
    },
  };
}

function requestBody({ options, request }: Asking): MessageCreateParamsStreaming {
  const withTools = request.tools.length > 0;
  return {
    model: options.model,
    max_tokens: request.maxTokens,
    stream: true,
    system: systemBlocks(request.system),
    messages: messageParams(request.messages, { withTools }),
    ...(withTools ? { tools: toolParams(request), tool_choice: { type: 'auto' } } : {}),
    ...(options.thinksAlways === true ? {} : { thinking: { type: 'disabled' } }),
  };
}

/** The stable part ends with a cache marker; what changes from turn to turn stands behind it. */
function systemBlocks({ stable, volatile }: LlmRequest['system']): TextBlockParam[] {
  const blocks: TextBlockParam[] = [];
  if (stable.trim() !== '') blocks.push({ type: 'text', text: stable, cache_control: { type: 'ephemeral' } });
  if (volatile.trim() !== '') blocks.push({ type: 'text', text: volatile });
  return blocks;
}

function toolParams({ tools }: LlmRequest): Tool[] {
  return tools.map((tool, index) => ({
    name: tool.name,
    description: tool.description,
    input_schema: { ...tool.inputSchema, type: 'object' },
    ...(index === tools.length - 1 ? { cache_control: { type: 'ephemeral' } } : {}),
  }));
}
