import { expect, test } from 'vitest';
import type { TurnDocument } from '../../domain/call-document.ts';
import { NO_LATENCY } from '../../domain/conversation.ts';
import { withEarly, withRound } from '../../domain/turn-document.ts';

const round = (over: Partial<TurnDocument>): TurnDocument => ({
  turn_id: 't.1',
  at: '2026-03-02T10:00:00.000Z',
  answered_by: 'fast',
  model: 'quick',
  usage: { inputTokens: 100, outputTokens: 10, cacheReadTokens: 40 },
  latency: NO_LATENCY,
  ...over,
});

test('[DS12] the rounds of a turn are one entry with the figures of its last and the tokens of all', () => {
  const before = round({ turn_id: 't.0' });
  const early = { started: 1, adopted: 1, inputTokens: 0, outputTokens: 0 };
  const asked = round({ early, latency: { ...NO_LATENCY, endpointingMs: 250, commitMs: 20, modelFirstTokenMs: 300 } });
  const told = round({
    at: '2026-03-02T10:00:02.000Z',
    latency: { ...NO_LATENCY, firstSentenceMs: 1_400, synthesisFirstByteMs: 120, voiceToVoiceMs: 1_900 },
  });
  const turns = [asked, told].reduce(withRound, [before]);
  expect(turns).toHaveLength(2);
  expect(turns[0]).toEqual(before);
  expect(turns[1]).toEqual({
    ...told,
    usage: { inputTokens: 200, outputTokens: 20, cacheReadTokens: 80 },
    latency: { ...told.latency, endpointingMs: 250, commitMs: 20, modelFirstTokenMs: 300 },
    early,
  });
});

test('[DS12] a phrase that closes a turn leaves the model that began it', () => {
  const turns = withRound([round({})], round({ answered_by: 'phrase', model: '', usage: round({}).usage }));
  expect(turns).toMatchObject([{ answered_by: 'phrase', model: 'quick' }]);
});

test('[ET34] what no turn has told any more is the last one’s', () => {
  const early = { started: 1, adopted: 0, inputTokens: 900, outputTokens: 12 };
  const turns = [
    round({ turn_id: 't.0' }),
    round({ early: { started: 2, adopted: 1, inputTokens: 100, outputTokens: 3 } }),
  ];
  expect(withEarly(turns, early).map((turn) => turn.early)).toEqual([
    undefined,
    { started: 3, adopted: 1, inputTokens: 1_000, outputTokens: 15 },
  ]);
  expect(withEarly([round({})], early)[0]?.early).toEqual(early);
  expect(withEarly([], early)).toEqual([]);
});
