/** What a media host counts and times. Meaning of each name: docs/metrics.md. */
import type { Meter } from '@opentelemetry/api';
import type { AnsweredBy, TurnLatency } from '../domain/conversation.ts';
import { LegFrames } from './leg-frames.ts';

/**
 * What became of sound heard while the bot spoke: the customer took the turn, meant "mhm", made a noise, or it was the bot's own
 * echo; `resumed` = the bot had paused for one of the last three and went on.
 */
export type InterruptionKind = 'turn' | 'backchannel' | 'noise' | 'echo' | 'resumed';

/** An answer begun before the customer's turn was committed, and what became of it. */
export type EarlyReply = 'started' | 'adopted' | 'dropped';

export interface MediaMeter {
  /** Once a turn, when its answer has ended. */
  turnAnswered(latency: TurnLatency, answeredBy: AnsweredBy): void;
  interruption(kind: InterruptionKind): void;
  /** From the customer's first frame of speech to the moment the bot was silenced. */
  cutOff(afterMs: number): void;
  /** Heard, known for the bot's own echo, and dropped. */
  aecDropped(): void;
  /** The bot's own echo that stopped the bot or became a turn. */
  aecMissed(): void;
  early(what: EarlyReply, times?: number): void;
  /** `kind`: of ProviderError, or silence. */
  providerFailed(provider: string, kind: string): void;
  /** The pace of one leg's frames. */
  leg(): LegFrames;
}

/** Seconds. Dense where an answer is felt to be quick or late (0.4-1 s), and up to what a customer still waits for. */
const ANSWER_BUCKETS_S = [
  0.05, 0.1, 0.15, 0.2, 0.25, 0.3, 0.35, 0.4, 0.5, 0.6, 0.65, 0.7, 0.8, 0.9, 1, 1.25, 1.5, 2, 3, 5,
];
/** A frame is 20 ms; a gap above 40 ms is heard. */
const FRAME_BUCKETS_S = [0.005, 0.01, 0.02, 0.04, 0.06, 0.1, 0.2, 0.5, 1, 2];

const STAGES = [
  ['endpointingMs', 'endpointing'],
  ['recognizerMs', 'recognizer'],
  ['modelFirstTokenMs', 'model_first_token'],
  ['firstSentenceMs', 'first_sentence'],
  ['synthesisFirstByteMs', 'synthesis_first_byte'],
  ['commitMs', 'commit'],
  ['voiceToVoiceMs', 'voice_to_voice'],
] as const satisfies readonly (readonly [keyof TurnLatency, string])[];

export function createMediaMeter(meter: Meter, liveCalls: () => number): MediaMeter {
  const seconds = (name: string, description: string, buckets = ANSWER_BUCKETS_S) =>
    meter.createHistogram(name, { description, unit: 's', advice: { explicitBucketBoundaries: buckets } });
  const stage = seconds('evercall.turn.stage', 'What each stage of an answered turn took');
  const answer = seconds('call.answer.latency', 'Customer’s last speech to the first loud frame of the answer');
  const sttComplete = seconds('call.stt.complete.latency', 'Customer’s last speech to the complete words of the turn');
  const cutOff = seconds('call.cutoff.latency', 'Customer’s first speech to the silenced bot');
  const pace = {
    in: seconds('call.frames.in.latency', 'Latest frame from the network in each second', FRAME_BUCKETS_S),
    out: seconds('call.frames.out.latency', 'Longest gap within the bot’s sentences in each second', FRAME_BUCKETS_S),
  };
  const count = (name: string, description: string) => meter.createCounter(name, { description });
  const aecDropped = count('call.aec.dropped', 'Own echo heard and dropped');
  const aecMissed = count('call.aec.missed', 'Own echo that stopped the bot or became a turn');
  const turns = count('evercall.turns', 'Turns answered, by who answered');
  const interruptions = count('evercall.interruptions', 'Sound heard while the bot spoke, by what it was');
  const early = count('evercall.early.replies', 'Answers begun before the commit, by what became of them');
  const failures = count('evercall.provider.failures', 'Failures of providers on live calls');
  // A rate needs its zero: a counter that is not there yet cannot rise.
  for (const counter of [aecDropped, aecMissed]) counter.add(0);
  meter
    .createObservableGauge('evercall.live.calls', { description: 'Legs with an open media socket' })
    .addCallback((result) => {
      result.observe(liveCalls());
    });
  return {
    turnAnswered(latency, answeredBy) {
      turns.add(1, { answered_by: answeredBy });
      for (const [key, name] of STAGES) {
        const ms = latency[key];
        if (ms !== null) stage.record(ms / 1_000, { stage: name });
      }
      if (latency.voiceToVoiceMs !== null) answer.record(latency.voiceToVoiceMs / 1_000);
      if (latency.endpointingMs !== null)
        sttComplete.record((latency.endpointingMs + (latency.recognizerMs ?? 0)) / 1_000);
    },
    interruption(kind) {
      interruptions.add(1, { kind });
    },
    cutOff(afterMs) {
      cutOff.record(Math.max(0, afterMs) / 1_000);
    },
    aecDropped() {
      aecDropped.add(1);
    },
    aecMissed() {
      aecMissed.add(1);
    },
    early(what, times = 1) {
      early.add(times, { what });
    },
    providerFailed(provider, kind) {
      failures.add(1, { provider, kind });
    },
    leg: () => new LegFrames({ in: (ms) => pace.in.record(ms / 1_000), out: (ms) => pace.out.record(ms / 1_000) }),
  };
}
