/** The model's stand-in on a port of its own, and the vendor's unmodified SDK pointed at it. */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { claimSchema } from '../../domain/claim.ts';
import { systemPrompt } from '../../domain/prompt.ts';
import { createAnthropicLlm, type AnthropicLlmOptions } from '../../providers/anthropic/llm.ts';
import type { Llm, LlmEvent, LlmMessage, LlmRequest } from '../../providers/llm.ts';
import { TOOL_SPECS } from '../../providers/tool-schemas.ts';
import type { FaultDesk } from '../../sandbox/model/faults.ts';
import { createModelStandIn } from '../../sandbox/model/server.ts';

export interface Desk {
  url: string;
  faults: FaultDesk;
  llm(change?: Partial<AnthropicLlmOptions>): Llm;
  close(): Promise<void>;
}

export async function openDesk(): Promise<Desk> {
  const standIn = createModelStandIn();
  const server: Server = createServer((req, res) => void standIn.handle(req, res));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    url,
    faults: standIn.faults,
    llm: (change = {}) =>
      createAnthropicLlm({
        apiKey: 'sandbox-key',
        baseUrl: url,
        model: 'claude-haiku-5-5',
        tier: 'fast',
        headerTimeoutMs: 10_000,
        idleTimeoutMs: 10_000,
        ...change,
      }),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

export function requestWith(messages: LlmMessage[], change: Partial<LlmRequest> = {}): LlmRequest {
  const system = systemPrompt({
    initiate: {
      botCompany: 'Acme',
      botName: 'Ada',
      task: 'Help',
      operatorNumber: null,
      claim: claimSchema([]),
      language: 'en-US',
      speechSpeed: 1,
      scenario: null,
    },
    facts: {
      language: 'en-US',
      speechSpeed: 1,
      dialogState: 'COLLECTING_DATA',
      intent: null,
      intentConfidence: null,
      claim: {},
      reminders: [],
      customerName: null,
      customerNotes: null,
    },
    nowMs: Date.UTC(2026, 10, 21, 11, 0),
    zone: 'Europe/Berlin',
    country: 'US',
    customerNumber: null,
    returningCaller: false,
    reason: null,
    recap: null,
    guidance: null,
  });
  return { system, messages, tools: [...TOOL_SPECS], maxTokens: 400, ...change };
}

export interface Heard {
  text: string;
  calls: { name: string; arguments: Record<string, unknown> }[];
  done: Extract<LlmEvent, { type: 'done' }> | null;
  error: unknown;
}

/** Reads to the end, or to the error. */
export async function listen(
  stream: AsyncIterable<LlmEvent>,
  onEvent: (event: LlmEvent) => void = () => undefined,
): Promise<Heard> {
  const heard: Heard = { text: '', calls: [], done: null, error: null };
  try {
    for await (const event of stream) {
      onEvent(event);
      if (event.type === 'text') heard.text += event.text;
      else if (event.type === 'tool_call') heard.calls.push({ name: event.call.name, arguments: event.call.arguments });
      else heard.done = event;
    }
  } catch (error) {
    heard.error = error;
  }
  return heard;
}
