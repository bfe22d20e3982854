/** Documents for the store's suite, small and complete. */
import type { CallDocument, TurnDocument } from '../../domain/call-document.ts';
import type { CallbackDocument, TurnNote } from '../../providers/store.ts';

export function aCall(given: Partial<CallDocument> & { call_id: string }): CallDocument {
  return {
    version: 1,
    created_at: '2026-11-21T10:00:00.000Z',
    updated_at: '2026-11-21T10:00:00.000Z',
    closed_at: null,
    in_progress: true,
    phase: 'live',
    direction: 'inbound',
    phone_number: '+12025550143',
    bot_phone_number: '+12025550100',
    lang: 'en-US',
    initiate: {
      bot_company: 'Contoso',
      bot_name: 'Amélie',
      task: 'Help the customer',
      agent_phone_number: null,
      claim: [{ name: 'caller_name', type: 'text', description: null }],
      lang: 'en-US',
      prosody_rate: 1,
    },
    claim: {},
    messages: [],
    reminders: [],
    next: null,
    synthesis: null,
    dialog_state: 'GREETING',
    scenario: null,
    intent: null,
    intent_confidence: null,
    disposition: null,
    legs: [],
    turns: [],
    transfers: [],
    crm: { customer_id: null, note_id: null },
    missed: false,
    ...given,
  };
}

export function aNote(callId: string, turn: TurnDocument, [customer, bot]: [string, string]): TurnNote {
  const messages = [spoken('human', customer), spoken('assistant', bot)].filter(({ content }) => content !== '');
  return { callId, turnId: turn.turn_id, at: turn.at, messages, turn, facts: null };
}

export function aTurn(turnId: string, at = '2026-11-21T10:00:05.000Z'): TurnDocument {
  return {
    turn_id: turnId,
    at,
    answered_by: 'fast',
    model: 'model-1',
    usage: { inputTokens: 100, outputTokens: 20, cacheReadTokens: 80 },
    latency: {
      endpointingMs: 250,
      recognizerMs: null,
      modelFirstTokenMs: 300,
      firstSentenceMs: 350,
      synthesisFirstByteMs: 90,
      commitMs: 20,
      voiceToVoiceMs: 800,
    },
  };
}

export function spoken(persona: 'human' | 'assistant', content: string): CallDocument['messages'][number] {
  return {
    created_at: '2026-11-21T10:00:01.000Z',
    action: 'talk',
    persona,
    content,
    style: 'none',
    tool_calls: [],
    interrupted: false,
  };
}

export function aCallback(given: Partial<CallbackDocument> & { callback_id: string }): CallbackDocument {
  return {
    version: 1,
    call_id: null,
    phone_number: '+12025550143',
    bot_phone_number: '+12025550100',
    title: 'Call back',
    description: 'About the claim',
    due_date_time: '2026-11-22T10:00:00.000Z',
    status: 'pending',
    attempts: [],
    created_at: '2026-11-21T10:00:00.000Z',
    updated_at: '2026-11-21T10:00:00.000Z',
    ...given,
  };
}
