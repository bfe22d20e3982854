/** A customer on the phone with the rule-based brain: tools are carried out as the call workflow would, on an imagined clock. */
import { claimFieldNamed, normaliseClaimValue } from '../../activities/claim-values.ts';
import { claimSchema, type ClaimField } from '../../domain/claim.ts';
import type { ConversationFacts } from '../../domain/conversation.ts';
import { countryOf } from '../../domain/languages.ts';
import { phrase } from '../../domain/phrases.ts';
import { systemPrompt } from '../../domain/prompt.ts';
import { triesAfter } from '../../domain/read-back.ts';
import type { ToolCall, ToolResult } from '../../domain/tools.ts';
import type { LlmMessage } from '../../providers/llm.ts';
import { createRulesLlm } from '../../providers/rules/llm.ts';
import { parseToolCall, toolsFor } from '../../providers/tool-schemas.ts';

/** Saturday, noon in Berlin. */
export const NOW_MS = Date.UTC(2026, 10, 21, 11, 0);
export const ZONE = 'Europe/Berlin';

export interface Talk {
  facts: ConversationFacts;
  messages: LlmMessage[];
  calls: ToolCall[];
  /** The bot's words in answer. */
  says(words: string): Promise<string>;
  /** What a tool answers instead of succeeding; null = it succeeds. */
  refuse: Map<string, (call: ToolCall) => string | null>;
}

export function ring(given: {
  language: string;
  claim: ClaimField[];
  task?: string;
  returningCaller?: boolean;
  reason?: string;
  customerNumber?: string;
  nowMs?: number;
}): Talk {
  const { nowMs = NOW_MS } = given;
  const claim = claimSchema(given.claim);
  const initiate = {
    botCompany: 'Acme',
    botName: 'Ada',
    task: given.task ?? 'Help the customer',
    operatorNumber: null,
    claim,
    language: given.language,
    speechSpeed: 1,
    scenario: null,
  };
  const facts: ConversationFacts = {
    language: given.language,
    speechSpeed: 1,
    dialogState: 'GREETING',
    intent: null,
    intentConfidence: null,
    claim: {},
    reminders: [],
    customerName: null,
    customerNotes: null,
  };
  const greeting = phrase('greeting', given.language, { variables: { company: 'Acme', botName: 'Ada' } });
  const talk: Talk = {
    facts,
    messages: [{ role: 'assistant', text: greeting, toolCalls: [] }],
    calls: [],
    refuse: new Map(),
    says,
  };
  const brain = createRulesLlm(() => nowMs);
  let turns = 0;

  async function says(words: string): Promise<string> {
    talk.messages.push({ role: 'user', text: words });
    turns += 1;
    const spoken: string[] = [];
    for (let round = 0; round < 5; round += 1) {
      const { text, calls } = await answer();
      if (text !== '') spoken.push(text);
      talk.messages.push({ role: 'assistant', text, toolCalls: calls });
      if (calls.length === 0) return spoken.join(' ');
      talk.calls.push(...calls);
      talk.messages.push({ role: 'tools', results: calls.map((call) => carryOut(call)) });
      if (calls.some((call) => call.name === 'end_call' || call.name === 'talk_to_human')) return spoken.join(' ');
    }
    throw new Error(`tool rounds without end: ${JSON.stringify(talk.messages.slice(-4))}`);
  }

  async function answer(): Promise<{ text: string; calls: ToolCall[] }> {
    const system = systemPrompt({
      initiate,
      facts,
      nowMs,
      zone: ZONE,
      country: countryOf(facts.language),
      customerNumber: given.customerNumber ?? null,
      returningCaller: given.returningCaller ?? false,
      reason: given.reason ?? null,
      recap: null,
      guidance: null,
    });
    const tools = toolsFor({ returningCaller: given.returningCaller ?? false, firstTurn: turns <= 1 });
    let text = '';
    const calls: ToolCall[] = [];
    for await (const event of brain.stream(
      { system, messages: talk.messages, tools, maxTokens: 300 },
      new AbortController().signal,
    )) {
      if (event.type === 'text') text += event.text;
      if (event.type === 'tool_call') calls.push(event.call);
    }
    return { text, calls };
  }

  function carryOut(call: ToolCall): ToolResult {
    const answered = (content: string, isError = false): ToolResult => ({
      toolUseId: call.toolUseId,
      name: call.name,
      content,
      isError,
    });
    const refusal = talk.refuse.get(call.name)?.(call) ?? null;
    if (refusal !== null) return answered(refusal, true);
    const parsed = parseToolCall(call);
    if (!parsed.ok) return answered(parsed.reason, true);
    switch (parsed.call.name) {
      case 'update_claim': {
        const { updates } = parsed.call.arguments;
        const before = facts.claim;
        const result = updateClaim(updates, answered);
        const stored = result.isError ? null : facts.claim;
        const offered = { schema: claim, claim: before, updates, stored, refusal: result.content };
        facts.tries = triesAfter(facts.tries ?? {}, offered);
        return result;
      }
      case 'new_claim':
        facts.claim = {};
        return answered('A new claim is open.');
      case 'set_language':
        facts.language = parsed.call.arguments.language;
        return answered('done');
      case 'set_speech_speed':
        facts.speechSpeed = parsed.call.arguments.speed;
        return answered('done');
      case 'search_knowledge':
        return answered('Nothing found.');
      default:
        return answered('done');
    }
  }

  function updateClaim(
    updates: { field: string; value: string }[],
    answered: (content: string, isError?: boolean) => ToolResult,
  ): ToolResult {
    const values: Record<string, string> = {};
    for (const update of updates) {
      const named = claimFieldNamed(claim, update.field);
      if (!named.ok) return answered(named.reason, true);
      const value = normaliseClaimValue(named.field, update.value, {
        language: facts.language,
        nowMs: NOW_MS,
        zone: ZONE,
        country: countryOf(facts.language),
      });
      if (!value.ok) return answered(value.reason, true);
      values[update.field] = value.value;
    }
    facts.claim = { ...facts.claim, ...values };
    return answered('Stored.');
  }

  return talk;
}
