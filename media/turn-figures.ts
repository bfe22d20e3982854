/** What an answered turn leaves behind: its stages in the metrics and, where somebody traces, as spans drawn from what its outcome tells. */
import type { EarlyCosts } from '../domain/early-thinking.ts';
import type { TurnId } from '../domain/ids.ts';
import { callTrace, spanIdFrom, type TraceContext } from '../domain/trace-ids.ts';
import { newSpanId, traceNowMs, type SpanAttributes, type Tracing } from '../telemetry/tracing.ts';
import type { AnswerTurnInput, AnswerTurnOutcome, CarryLegOutcome } from '../workflows/call/messages.ts';
import type { Equipment } from './equipment.ts';

/** Turns whose tools still run. */
const REMEMBERED = 1_000;

export class TurnFigures {
  readonly #kit: Pick<Equipment, 'meter' | 'tracing'>;
  /** When the first round of a turn was asked for. */
  readonly #beganAtMs = new Map<TurnId, number>();

  constructor(kit: Pick<Equipment, 'meter' | 'tracing'>) {
    this.#kit = kit;
  }

  asked({ turnId }: AnswerTurnInput): void {
    if (!this.#beganAtMs.has(turnId)) this.#beganAtMs.set(turnId, traceNowMs());
    const [oldest] = this.#beganAtMs.keys();
    if (this.#beganAtMs.size > REMEMBERED && oldest !== undefined) this.#beganAtMs.delete(oldest);
  }

  /** A round that waits for its tools is not the turn's end, and what was overtaken before its first word no answer. */
  answered(input: AnswerTurnInput, outcome: AnswerTurnOutcome): void {
    this.#countEarly(outcome.early);
    if (outcome.ended === 'awaiting_tools') return;
    const beganAtMs = this.#beganAtMs.get(input.turnId) ?? traceNowMs();
    this.#beganAtMs.delete(input.turnId);
    const answered = outcome.said !== '' || outcome.latency.voiceToVoiceMs !== null;
    if (answered) this.#kit.meter?.turnAnswered(outcome.latency, outcome.answeredBy);
    if (this.#kit.tracing !== undefined) recordTurn(this.#kit.tracing, { input, outcome }, beganAtMs);
  }

  /** [ET34] The leg. */
  ended({ early }: CarryLegOutcome): void {
    this.#countEarly(early);
  }

  #countEarly(early: EarlyCosts | undefined): void {
    if (early === undefined) return;
    this.#kit.meter?.early('started', early.started);
    this.#kit.meter?.early('adopted', early.adopted);
    this.#kit.meter?.early('dropped', Math.max(0, early.started - early.adopted));
  }
}

function recordTurn(
  tracing: Tracing,
  { input, outcome }: { input: AnswerTurnInput; outcome: AnswerTurnOutcome },
  beganAtMs: number,
): void {
  const root = callTrace(input.callId);
  const turn: TraceContext = { traceId: root.traceId, spanId: spanIdFrom(input.turnId) };
  const { latency } = outcome;
  const committedMs = beganAtMs - (latency.commitMs ?? 0);
  const overMs = committedMs - (latency.recognizerMs ?? 0);
  const spokeMs = overMs - (latency.endpointingMs ?? 0);
  const endMs = traceNowMs();
  const span = (name: string, times: { startMs: number; endMs: number }, of = turn): void => {
    const trace = { traceId: turn.traceId, spanId: newSpanId() };
    tracing.record({ name, kind: 'internal', trace, parentSpanId: of.spanId, ...times, attributes: {}, error: null });
  };
  tracing.record({
    name: 'turn',
    kind: 'internal',
    trace: turn,
    parentSpanId: spanIdFrom(input.connectId),
    startMs: spokeMs,
    endMs,
    attributes: attributesOf(input, outcome),
    error: null,
  });
  if (latency.endpointingMs !== null) span('endpointing', { startMs: spokeMs, endMs: overMs });
  if (latency.recognizerMs !== null) span('recogniser’s last word', { startMs: overMs, endMs: committedMs });
  if (latency.commitMs !== null) span('commit', { startMs: committedMs, endMs: beganAtMs });
  if (latency.voiceToVoiceMs !== null)
    span('voice to voice', { startMs: spokeMs, endMs: spokeMs + latency.voiceToVoiceMs });
}

function attributesOf(input: AnswerTurnInput, outcome: AnswerTurnOutcome): SpanAttributes {
  const stages = Object.entries(outcome.latency).flatMap(([stage, ms]) =>
    ms === null ? [] : [[`evercall.latency.${stage}`, ms] as const],
  );
  return {
    ...Object.fromEntries(stages),
    'evercall.turn_id': input.turnId,
    'evercall.answered_by': outcome.answeredBy,
    'evercall.ended': outcome.ended,
    'pii.utterance': input.utterance,
    'pii.said': outcome.said,
  };
}
