import { expect, test } from 'vitest';
import { briefing } from '../../domain/briefing.ts';
import { newEntry } from '../../domain/dialog-transcript.ts';
import { transferOutcome, type OperatorEvent } from '../../domain/transfer.ts';

const event = (status: OperatorEvent['status'], more: Partial<OperatorEvent> = {}): OperatorEvent => ({
  status,
  durationS: null,
  detail: null,
  ...more,
});

test('[TR1] the outcome is the same in whatever order the webhooks come', () => {
  expect(transferOutcome([])).toEqual({ state: 'ringing' });
  expect(transferOutcome([event('ringing'), event('started')])).toEqual({ state: 'ringing' });
  expect(transferOutcome([event('answered')])).toEqual({ state: 'joined', left: false });
  expect(transferOutcome([event('completed'), event('answered')])).toEqual({ state: 'joined', left: true });
  expect(transferOutcome([event('completed', { durationS: 40 })])).toEqual({ state: 'joined', left: true });
  expect(transferOutcome([event('completed', { durationS: 0 }), event('busy')])).toEqual({
    state: 'failed',
    detail: 'busy',
  });
  expect(transferOutcome([event('unanswered', { detail: 'unavailable' }), event('completed')])).toEqual({
    state: 'failed',
    detail: 'unanswered: unavailable',
  });
});

test('[TR8] the briefing tells why, what was said, and what need not be asked; it stays short', () => {
  const transcript = Array.from({ length: 9 }, (_, index) =>
    newEntry({ turnId: `t${index}`, persona: 'human', text: `Sentence ${index} ${'word '.repeat(60)}`, atMs: 0 }),
  );
  const said = briefing({
    reason: 'wants a refund',
    facts: { customerName: 'Ann Lee', intent: 'complaint', claim: { order_number: 'A17' }, language: 'en-US' },
    transcript: transcript.slice(0, 1),
  });
  expect(said).toContain('Ann Lee is waiting');
  expect(said).toContain('wants a refund.');
  expect(said).toContain('No need to ask again: order number: A17.');
  expect(
    briefing({ reason: 'x', facts: { customerName: null, intent: null, claim: {}, language: 'en-US' }, transcript })
      .length,
  ).toBeLessThanOrEqual(700);
});

test('[TR8] the briefing is in the language of the call', () => {
  const facts = { customerName: null, intent: 'other', claim: {}, language: 'ru-RU' };
  const said = newEntry({ turnId: 't1', persona: 'human', text: 'Соедините меня с оператором', atMs: 0 });
  expect(briefing({ reason: 'оператор', facts, transcript: [said] })).toBe(
    'Клиент ждёт вас на линии. Причина: оператор. Клиент сказал: Соедините меня с оператором.',
  );
});
