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

/** [ET34] Told when no turn follows: it is the last one's. */
export const withEarly = (turns: readonly TurnDocument[], early: EarlyCosts): TurnDocument[] =>
  turns.map((turn, place) => (place === turns.length - 1 ? { ...turn, early: sumOfEarly(turn.early, early) } : turn));

function together(before: TurnDocument, round: TurnDocument): TurnDocument {
  const early = round.early === undefined ? before.early : sumOfEarly(before.early, round.early);
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

function sumOfEarly(before: EarlyCosts | undefined, more: EarlyCosts): EarlyCosts {
  if (before === undefined) return more;
  return {
    started: before.started + more.started,
    adopted: before.adopted + more.adopted,
    inputTokens: before.inputTokens + more.inputTokens,
    outputTokens: before.outputTokens + more.outputTokens,
  };
}
