/** The turns of a call as people read them: one entry a turn, however many rounds its tools took. */
import type { TurnDocument } from './call-document.ts';
import type { ModelUsage, TurnLatency } from './conversation.ts';
import type { EarlyCosts } from './early-thinking.ts';

/** [DS12] The turn's figures are those of its last round, which are counted from its first; what only an earlier one knew stands. Tokens add up. */
export function withRound(turns: readonly TurnDocument[], round: TurnDocument): TurnDocument[] {
  const place = turns.findLastIndex(({ turn_id: turnId }) => turnId === round.turn_id);
  const before = turns[place];
  return before === undefined ? [...turns, round] : turns.with(place, together(before, round));
}

function together(before: TurnDocument, round: TurnDocument): TurnDocument {
  const early = sumOfEarly(before.early, round.early);
  return {
    ...round,
    // A round that the rules had to give, or a set phrase that closed the turn, has no model of its own.
    model: round.model === '' ? before.model : round.model,
    usage: sumOf(before.usage, round.usage),
    latency: latest(before.latency, round.latency),
    ...(early === undefined ? {} : { early }),
  };
}

function latest(before: TurnLatency, round: TurnLatency): TurnLatency {
  const stages = Object.keys(before) as (keyof TurnLatency)[];
  return Object.fromEntries(stages.map((stage) => [stage, round[stage] ?? before[stage]])) as unknown as TurnLatency;
}

const sumOf = (one: ModelUsage, other: ModelUsage): ModelUsage => ({
  inputTokens: one.inputTokens + other.inputTokens,
  outputTokens: one.outputTokens + other.outputTokens,
  cacheReadTokens: one.cacheReadTokens + other.cacheReadTokens,
});

function sumOfEarly(one: EarlyCosts | undefined, other: EarlyCosts | undefined): EarlyCosts | undefined {
  if (one === undefined || other === undefined) return one ?? other;
  return {
    started: one.started + other.started,
    adopted: one.adopted + other.adopted,
    inputTokens: one.inputTokens + other.inputTokens,
    outputTokens: one.outputTokens + other.outputTokens,
  };
}
