/** The providers of a media host, watched: their failures are counted, and with tracing each request is a span. */
import { currentTrace } from '../telemetry/current-trace.ts';
import type { MediaMeter } from '../telemetry/media-meter.ts';
import { failureName, newSpanId, traceNowMs, type SpanAttributes, type Tracing } from '../telemetry/tracing.ts';
import type { Llm, LlmEvent } from '../providers/llm.ts';
import { ProviderError } from '../providers/provider-error.ts';
import type { Recognizer } from '../providers/stt.ts';
import type { Synthesizer } from '../providers/tts.ts';

export interface Watch {
  meter: MediaMeter;
  tracing: Tracing | null;
}

export function observedLlm(llm: Llm, watch: Watch): Llm {
  return {
    tier: llm.tier,
    async *stream(request, signal) {
      const span = begin(watch.tracing, `model ${llm.tier}`);
      const firstWord = (event: LlmEvent): boolean => event.type !== 'done';
      try {
        for await (const event of llm.stream(request, signal)) {
          if (firstWord(event)) span.first('first_token_ms');
          if (event.type === 'done') span.note(usageOf(event));
          yield event;
        }
      } catch (error) {
        failed(watch, { provider: llm.tier, error, signal });
        span.failed(signal.aborted ? 'aborted' : failureName(error));
        throw error;
      } finally {
        span.end();
      }
    },
  };
}

export function observedSynthesizer(synthesizer: Synthesizer, watch: Watch): Synthesizer {
  return {
    name: synthesizer.name,
    async *synthesize(utterable, signal) {
      const span = begin(watch.tracing, 'synthesis', { language: utterable.language, 'pii.text': utterable.text });
      try {
        for await (const pcm of synthesizer.synthesize(utterable, signal)) {
          span.first('first_byte_ms');
          yield pcm;
        }
      } catch (error) {
        failed(watch, { provider: synthesizer.name, error, signal });
        span.failed(signal.aborted ? 'aborted' : failureName(error));
        throw error;
      } finally {
        span.end();
      }
    },
  };
}

export function observedRecognizer(recognizer: Recognizer, watch: Watch): Recognizer {
  return {
    name: recognizer.name,
    open(options, onEvent) {
      const span = begin(watch.tracing, 'recogniser stream', { language: options.language });
      const stream = recognizer.open(options, (event) => {
        if (event.type === 'interim' || event.type === 'final') span.first('first_word_ms');
        if (event.type === 'closed') {
          if (!event.expected) {
            watch.meter.providerFailed(recognizer.name, kindOf(event.error));
            span.failed(failureName(event.error));
          }
          span.end();
        }
        onEvent(event);
      });
      return {
        write: (pcm) => {
          stream.write(pcm);
        },
        halfClose: () => {
          stream.halfClose();
        },
        abort: (why) => {
          if (why === 'deaf') {
            watch.meter.providerFailed(recognizer.name, 'timeout');
            span.failed('deaf');
          }
          stream.abort(why);
          span.end();
        },
      };
    },
  };
}

/** [MT3] What we called off ourselves has not failed, unless it was called off for its silence. */
function failed(
  watch: Watch,
  { provider, error, signal }: { provider: string; error: unknown; signal: AbortSignal },
): void {
  const cause: unknown = signal.aborted ? signal.reason : error;
  if (!signal.aborted || cause instanceof ProviderError) watch.meter.providerFailed(provider, kindOf(cause));
}

const kindOf = (error: unknown): string => (error instanceof ProviderError ? error.kind : 'vendor_fault');

function usageOf({ model, usage }: Extract<LlmEvent, { type: 'done' }>): SpanAttributes {
  return {
    'gen_ai.response.model': model,
    'gen_ai.usage.input_tokens': usage.inputTokens,
    'gen_ai.usage.output_tokens': usage.outputTokens,
  };
}

interface Running {
  /** Milliseconds since the beginning; only the first time counts. */
  first(name: string): void;
  note(attributes: SpanAttributes): void;
  failed(error: string): void;
  end(): void;
}

const nothing = (): void => undefined;
const UNTRACED: Running = { first: nothing, note: nothing, failed: nothing, end: nothing };

function begin(tracing: Tracing | null, name: string, attributes: SpanAttributes = {}): Running {
  const parent = tracing === null ? null : currentTrace();
  if (tracing === null || parent === null) return UNTRACED;
  const startMs = traceNowMs();
  let error: string | null = null;
  let ended = false;
  return {
    first(what) {
      attributes[what] ??= Math.round(traceNowMs() - startMs);
    },
    note(more) {
      Object.assign(attributes, more);
    },
    failed(how) {
      error = how;
    },
    end() {
      if (ended) return;
      ended = true;
      const trace = { traceId: parent.traceId, spanId: newSpanId() };
      const times = { startMs, endMs: traceNowMs() };
      tracing.record({ name, kind: 'client', trace, parentSpanId: parent.spanId, ...times, attributes, error });
    },
  };
}
