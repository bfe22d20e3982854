import { describe, expect, test } from 'vitest';
import { claimSchema } from '../../domain/claim.ts';
import {
  guidanceFor,
  nextDialogState,
  onMisunderstanding,
  onSilence,
  SHIPPED_RULES,
  type DialogFacts,
} from '../../domain/dialog.ts';
import { betterIntent, guessIntent } from '../../domain/dialog-intent.ts';
import { openingFor, type OpeningMatter } from '../../domain/dialog-opening.ts';
import {
  meantEntry,
  newEntry,
  thinned,
  unheardRest,
  VERBATIM_ENTRIES,
  withHeard,
} from '../../domain/dialog-transcript.ts';
import type { ConversationFacts, TranscriptEntry } from '../../domain/conversation.ts';

const schema = claimSchema([{ name: 'order_number', type: 'text', description: null }]);
const complete = Object.fromEntries(schema.map((field) => [field.name, 'x']));
const nothing: DialogFacts = { intent: null, schema, claim: {} };

describe('dialogue', () => {
  test('[CL1] moves from greeting over collecting to confirmation', () => {
    expect(nextDialogState('GREETING', 'customer_spoke', nothing)).toBe('INTENT_RECOGNITION');
    expect(nextDialogState('INTENT_RECOGNITION', 'customer_spoke', { ...nothing, intent: 'booking' })).toBe(
      'COLLECTING_DATA',
    );
    expect(nextDialogState('COLLECTING_DATA', 'tools_started', nothing)).toBe('PROCESSING');
    expect(nextDialogState('PROCESSING', 'tools_ended', { ...nothing, claim: complete })).toBe('CONFIRMATION');
    expect(nextDialogState('CONFIRMATION', 'farewell_wanted', nothing)).toBe('FAREWELL');
  });

  test('[CL1] tools do not take a goodbye or a transfer back', () => {
    expect(nextDialogState('FAREWELL', 'tools_started', nothing)).toBe('FAREWELL');
    expect(nextDialogState('TRANSFER_TO_AGENT', 'customer_spoke', nothing)).toBe('TRANSFER_TO_AGENT');
    expect(nextDialogState('TRANSFER_TO_AGENT', 'operator_left', { ...nothing, intent: 'booking' })).toBe(
      'COLLECTING_DATA',
    );
  });

  test('[CL2] the last allowed silence ends the call; one is allowed at least', () => {
    const rules = { ...SHIPPED_RULES, silencesMax: 3 };
    expect([1, 2, 3].map((count) => onSilence(count, rules))).toEqual(['still_there', 'still_there', 'say_goodbye']);
    expect(onSilence(1, { ...rules, silencesMax: 1 })).toBe('say_goodbye');
  });

  test('[CL3] who is not understood twice gets a human', () => {
    expect([1, 2].map((count) => onMisunderstanding(count, SHIPPED_RULES))).toEqual(['say_again', 'bring_human']);
  });

  test('[CL1] guidance names what is missing and nothing that is there', () => {
    const guidance = guidanceFor('COLLECTING_DATA', { ...nothing, claim: { order_number: 'A17' } }) ?? '';
    expect(guidance).toContain('caller_name');
    expect(guidance).not.toContain('order_number');
  });
});

describe('intent', () => {
  test.each([
    ['Where is my parcel?', 'order_status'],
    ['I have moved, can you change my address', 'change_address'],
    ['Отмените заказ', 'cancel_order'],
    ['I want to complain, I want a refund', 'complaint'],
    ['My heating does not work', 'technical_issue'],
  ])('[CL1] %s → %s', (utterance, intent) => {
    expect(guessIntent(utterance)?.intent).toBe(intent);
  });

  test('[CL1] two signs weigh more than one; a weaker guess replaces nothing', () => {
    const [one, two] = [guessIntent('a refund'), guessIntent('I complain and want a refund')];
    expect(two?.confidence).toBeGreaterThan(one?.confidence ?? 1);
    expect(betterIntent({ intent: 'complaint', confidence: two?.confidence ?? 0 }, one)).toBe(false);
    expect(guessIntent('yes')).toBeNull();
  });
});

const human = (turnId: string, text: string): TranscriptEntry => newEntry({ turnId, persona: 'human', text, atMs: 0 });

describe('transcript', () => {
  test('[TT1] a report sets what was heard, over all rounds of one turn', () => {
    const transcript = [
      human('t1', 'Hello'),
      meantEntry('t1', 'One moment.', 1),
      meantEntry('t1', 'It comes on Monday.', 2),
    ];
    const heard = withHeard(transcript, { turnId: 't1', heardText: 'One moment. It comes', complete: false });
    expect(heard.map((entry) => entry.text)).toEqual(['Hello', 'One moment.', 'It comes']);
    expect(unheardRest(heard)).toBe('on Monday.');
    const all = withHeard(transcript, { turnId: 't1', heardText: '', complete: true });
    expect(all.map((entry) => entry.text)).toEqual(['Hello', 'One moment.', 'It comes on Monday.']);
    expect(unheardRest(all)).toBe('');
  });

  test('[TT1] a report about another turn changes nothing', () => {
    const transcript = [meantEntry('t1', 'Hello.', 1)];
    expect(withHeard(transcript, { turnId: 't2', heardText: 'Hello.', complete: true })).toEqual(transcript);
  });

  test('[CL4] a very long call stays small, its last 40 entries word for word', () => {
    const transcript = Array.from({ length: 900 }, (_, index) => human(`t${index}`, `${index} ${'word '.repeat(100)}`));
    const small = thinned(transcript);
    expect(JSON.stringify(small).length).toBeLessThan(160_000);
    expect(small.slice(-VERBATIM_ENTRIES)).toEqual(transcript.slice(-VERBATIM_ENTRIES));
  });
});

describe('opening', () => {
  const facts: ConversationFacts = {
    language: 'en-US',
    speechSpeed: 1,
    dialogState: 'GREETING',
    intent: null,
    intentConfidence: null,
    claim: { order_number: 'A17' },
    reminders: [],
    customerName: 'Ann Lee',
    customerNotes: null,
  };
  const initiate = {
    botCompany: 'Contoso',
    botName: 'Amelie',
    task: '',
    operatorNumber: null,
    claim: schema,
    language: 'en-US',
    speechSpeed: 1,
    scenario: null,
  };
  const matter: OpeningMatter = {
    why: 'first_time',
    turnId: 'o',
    initiate,
    facts,
    transcript: [],
    answerFollows: false,
    reason: null,
  };
  const textOf = (more: Partial<OpeningMatter>): string => {
    const opening = openingFor({ ...matter, ...more });
    return opening.kind === 'none' ? '' : opening.text;
  };

  test('[RC1] after a lost host only the unheard rest is said', () => {
    const transcript = [{ ...meantEntry('t1', 'It comes on Monday.', 1), text: 'It comes' }];
    expect(textOf({ why: 'host_lost', transcript })).toMatch(/on Monday\.$/);
    expect(textOf({ why: 'host_lost', transcript, answerFollows: true })).not.toContain('Monday');
  });

  test('[RC1] where everything was heard, the last question is asked again', () => {
    const transcript = [newEntry({ turnId: 't1', persona: 'assistant', text: 'Fine. What is your name?', atMs: 1 })];
    expect(textOf({ why: 'host_lost', transcript })).toContain('What is your name?');
  });

  test('[CL9] the greeting names the bot and the company; a promised call says what it is about', () => {
    expect(textOf({})).toMatch(/Amelie.*Contoso/);
    expect(textOf({ why: 'promised', reason: 'your offer' })).toContain('your offer');
    expect(textOf({ why: 'resumed' })).toContain('A17');
  });

  test('[CB11] [CB14] [CB17] the words for the customer, a word of excuse, and a line that broke off', () => {
    const words = 'Your machine is ready.';
    expect(textOf({ why: 'promised', reason: words, late: true })).toMatch(
      /as promised\. I am sorry that I am calling later than promised\. Your machine is ready\. Do you have a moment\?$/,
    );
    expect(textOf({ why: 'promised' })).toMatch(/as promised\. Do you have a moment\?$/);
    expect(textOf({ why: 'rung_back' })).toMatch(/cut off/);
  });
});
