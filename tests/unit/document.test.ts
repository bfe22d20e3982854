import { expect, test } from 'vitest';
import { newEntry, meantEntry } from '../../domain/dialog-transcript.ts';
import { callDocument, endedByForce, type CallRecord } from '../../domain/document.ts';
import { insightByRules } from '../../domain/document-insight.ts';
import { noteText } from '../../domain/document-note.ts';
import { asCallId, asE164 } from '../../domain/ids.ts';
import { memoryOf, recapOf } from '../../domain/recap.ts';

const record: CallRecord = {
  callId: asCallId('c1'),
  version: 3,
  direction: 'inbound',
  customerNumber: asE164('+15550100001'),
  botNumber: asE164('+15550100999'),
  initiate: {
    botCompany: 'Contoso',
    botName: 'Amelie',
    task: 'Orders',
    operatorNumber: null,
    claim: [{ name: 'order_number', type: 'text', description: null }],
    language: 'en-US',
    speechSpeed: 1,
    scenario: null,
  },
  createdAtMs: Date.parse('2026-01-01T10:00:00Z'),
  closedAtMs: null,
  phase: 'live',
  facts: {
    language: 'en-US',
    speechSpeed: 1,
    dialogState: 'COLLECTING_DATA',
    intent: 'complaint',
    intentConfidence: 0.75,
    claim: { order_number: 'A17' },
    reminders: [],
    customerName: null,
    customerNotes: null,
  },
  transcript: [
    newEntry({
      turnId: 't1',
      persona: 'human',
      text: 'My order A17 is broken',
      atMs: Date.parse('2026-01-01T10:00:05Z'),
    }),
    {
      ...meantEntry('t1', 'Oh. I am sorry to hear that.', 1),
      text: 'Oh.',
      toolCalls: [{ toolUseId: 'u', name: 'update_claim', arguments: { a: 1 } }],
      toolResults: [{ toolUseId: 'u', name: 'update_claim', content: 'Stored', isError: false }],
    },
    meantEntry('t2', 'Never heard.', 2),
  ],
  legs: [],
  turns: [],
  transfers: [],
  synthesis: null,
  next: null,
  disposition: null,
  crm: { customerId: null, noteId: null },
};

test('[RP5] the document has what was heard, with its tools, in the names that users know', () => {
  const document = callDocument(record, Date.parse('2026-01-01T10:01:00Z'));
  expect(document).toMatchObject({
    call_id: 'c1',
    in_progress: true,
    phone_number: '+15550100001',
    claim: { order_number: 'A17' },
    intent: 'complaint',
    missed: false,
  });
  expect(document.messages).toMatchObject([
    { persona: 'human', action: 'talk', content: 'My order A17 is broken', interrupted: false },
    {
      persona: 'assistant',
      content: 'Oh.',
      interrupted: true,
      tool_calls: [{ name: 'update_claim', result: 'Stored', is_error: false }],
    },
  ]);
  expect(callDocument({ ...record, phase: 'resumable' }, 0).in_progress).toBe(false);
});

test('[CR3] the note tells call, claim, words and next step', () => {
  const document = callDocument(record, 0);
  const { synthesis, next } = insightByRules(document);
  const text = noteText({ ...document, next, synthesis: { ...synthesis, improvement_suggestions: '' } });
  for (const part of ['Call c1', 'order number: A17', 'Customer: My order A17 is broken', 'high priority'])
    expect(text).toContain(part);
});

test('[WU1] without a model the rules say what stands in the document, and claim no satisfaction', () => {
  const { synthesis, next } = insightByRules(callDocument(record, 0));
  expect(synthesis).toMatchObject({
    short: 'The customer called about complaint; the claim is complete.',
    satisfaction: 'unknow',
  });
  expect(synthesis.long).toContain('My order A17 is broken');
  expect(next.action).toBe('high_priority');
});

test('[RC2] what came before the last 40 entries is recalled in a paragraph', () => {
  const transcript = Array.from({ length: 60 }, (_, index) =>
    newEntry({ turnId: `t${index}`, persona: 'human', text: `Point ${index}.`, atMs: 0 }),
  );
  const recap = recapOf(transcript, 'Called last week.') ?? '';
  expect(recap).toContain('Called last week.');
  expect(recap).toContain('Point 19.');
  expect(recap).not.toContain('Point 20.');
  expect(recapOf(transcript.slice(0, 5), null)).toBeNull();
  expect(memoryOf(callDocument(record, 0))).toContain('My order A17 is broken');
});

test('[LN14] a call that was ended by force is closed as failed, above its own last saves; one that has closed stays', () => {
  const live = { ...callDocument({ ...record, phase: 'live', disposition: null }, 0), version: 7 };
  const ended = endedByForce(live, 5_000);
  expect(ended).toMatchObject({ phase: 'closed', in_progress: false, disposition: 'failed', missed: false });
  expect(ended?.closed_at).toBe('1970-01-01T00:00:05.000Z');
  expect(ended?.version).toBeGreaterThan(100);
  expect(endedByForce({ ...live, disposition: 'dropped' }, 0)).toMatchObject({ disposition: 'dropped' });
  expect(endedByForce({ ...live, phase: 'closed' }, 0)).toBeNull();
});
