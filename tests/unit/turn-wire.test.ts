import { expect, test } from 'vitest';
import { asCallId, asConnectId, asTurnId } from '../../domain/ids.ts';
import { leanAnswer, leanQuestion, leanTurn, wholeAnswer, wholeQuestion, wholeTurn } from '../../domain/turn-wire.ts';
import type { AnswerTurnInput, AnswerTurnOutcome, TurnRequest } from '../../workflows/call/messages.ts';
import { seedWith } from '../kit/fake-leg.ts';

const turn: TurnRequest = {
  turnId: asTurnId('t-1'),
  connectId: asConnectId('k-1'),
  utterance: 'It leaks',
  via: 'speech',
  confidence: 0.9900000095367432,
  language: null,
  heard: [
    { turnId: 't-0', heardText: 'How can I', complete: false },
    { turnId: 'opening:k-1', heardText: 'Hello!', complete: true },
  ],
  spokenAtMs: 1_700_000_000_000,
};
const question: AnswerTurnInput = {
  callId: asCallId('c-1'),
  connectId: asConnectId('k-1'),
  turnId: asTurnId('t-1'),
  round: 0,
  utterance: 'It leaks',
  via: 'speech',
  facts: null,
  toolResults: [],
  say: null,
  guidance: null,
  allowTools: true,
};
const answer: AnswerTurnOutcome = {
  turnId: asTurnId('t-1'),
  round: 0,
  said: 'Where?',
  heardText: 'Where?',
  heardComplete: true,
  ended: 'played',
  toolCalls: [],
  answeredBy: 'fast',
  model: 'm',
  usage: { inputTokens: 7, outputTokens: 2, cacheReadTokens: 0 },
  latency: {
    endpointingMs: 250,
    recognizerMs: null,
    modelFirstTokenMs: 300,
    firstSentenceMs: 310,
    synthesisFirstByteMs: null,
    commitMs: 12,
    voiceToVoiceMs: 600,
  },
  style: 'none',
};

test('[CL31] a turn arrives as it was said, a reply heard out without its words', () => {
  const lean = leanTurn(turn);
  expect(lean).not.toHaveProperty('via');
  expect(lean.heard).toEqual([turn.heard[0], { turnId: 'opening:k-1' }]);
  expect(wholeTurn<TurnRequest>(lean)).toEqual({
    ...turn,
    confidence: 0.99,
    heard: [turn.heard[0], { turnId: 'opening:k-1', heardText: '', complete: true }],
  });
  expect(wholeTurn<TurnRequest>(turn)).toEqual(turn);
  const silence: TurnRequest = { ...turn, via: 'silence', utterance: '', heard: [] };
  expect(wholeTurn<TurnRequest>(leanTurn(silence))).toEqual({ ...silence, confidence: 0.99 });
});

test.each<[string, Partial<AnswerTurnInput>]>([
  ['plain', {}],
  ['with facts', { facts: seedWith({ kind: 'none' }).facts, version: 3 }],
  ['set words', { say: '', allowTools: false, round: 2, utterance: '', via: 'silence' }],
])('[CL31] a question is whole again at the host: %s', (_, over) => {
  const whole = { ...question, ...over };
  expect(wholeQuestion<AnswerTurnInput>(leanQuestion<AnswerTurnInput>(whole))).toEqual(whole);
  expect(wholeQuestion<AnswerTurnInput>(whole)).toEqual(whole);
});

test('[CL31] a plain question carries ids and words alone', () => {
  expect(Object.keys(leanQuestion<AnswerTurnInput>(question)).sort()).toEqual([
    'callId',
    'connectId',
    'turnId',
    'utterance',
  ]);
});

test.each<[string, Partial<AnswerTurnOutcome>]>([
  ['heard out', {}],
  ['heard in part', { heardText: '', heardComplete: false, ended: 'interrupted' }],
  [
    'tools',
    {
      said: '',
      heardText: '',
      ended: 'awaiting_tools',
      toolCalls: [{ toolUseId: 'x', name: 'end_call', arguments: {} }],
    },
  ],
  ['not noted', { noted: false, answeredBy: 'rules', model: '' }],
])('[CL31] an answer is whole again in the call: %s', (_, over) => {
  const whole = { ...answer, ...over };
  expect(wholeAnswer<AnswerTurnOutcome>(leanAnswer<AnswerTurnOutcome>(whole), whole)).toEqual(whole);
  expect(wholeAnswer<AnswerTurnOutcome>(whole, whole)).toEqual(whole);
});

test('[CL31] words that were heard are told once', () => {
  expect(JSON.stringify(leanAnswer<AnswerTurnOutcome>(answer)).match(/Where/g)).toHaveLength(1);
});
