/** One call with a collector beside it, and a look at every process's metrics. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { callTrace } from '../../domain/trace-ids.ts';
import { definePhone, HELPFUL_ANSWERS, post, untilCall } from '../kit/customers.ts';
import { newNumber } from '../kit/new-number.ts';
import { systemForFile } from '../kit/system-for-tests.ts';
import { until } from '../kit/system.ts';
import { startTraceCollector, type CollectedSpan, type TraceCollector } from '../kit/trace-collector.ts';

let collector: TraceCollector;
beforeAll(async () => {
  collector = await startTraceCollector();
});
afterAll(async () => {
  await collector[Symbol.asyncDispose]();
});
const system = systemForFile(() => ({ OTEL_EXPORTER_OTLP_ENDPOINT: collector.endpoint }));

const api = (target: string, init?: RequestInit): Promise<Response> => system.api(target, init);

test(
  '[TX1] [TX2] [TX4] [MT6] a call leaves one trace through api, workflow, activities, socket and providers, and its figures in every process',
  { timeout: 180_000 },
  async () => {
    const customer = newNumber();
    await definePhone(system, customer, {
      steps: [{ says: 'Hello?' }, { converses: true }],
      answersWith: [...HELPFUL_ANSWERS],
    });
    const placed = await post<{ call_id: string }>(api, '/call', {
      bot_company: 'Contoso Water',
      bot_name: 'Amelie',
      phone_number: customer,
      task: 'Take down the damage.',
      agent_phone_number: '+447700900999',
      claim: [{ name: 'damage', type: 'text', description: 'What is damaged' }],
    });
    const call = await untilCall(system, placed.call_id, {
      what: 'the finished call with its synthesis',
      ready: (each) => !each.in_progress && each.synthesis !== null,
      withinMs: 150_000,
    });
    const root = callTrace(placed.call_id);
    const ofCall = (): CollectedSpan[] => collector.spans.filter(({ traceId }) => traceId === root.traceId);
    await until('the last spans of the call', () => Promise.resolve(ofCall().map(({ name }) => name)), {
      ready: (names) => names.includes('media leg') && names.includes('activity synthesise'),
    });
    const spans = ofCall();

    expect(new Set(spans.map(({ service }) => service))).toEqual(
      new Set(['evercall-api', 'evercall-calls', 'evercall-media', 'evercall-insights']),
    );
    expect(new Set(spans.map(({ spanId }) => spanId)).size).toBe(spans.length);
    const roots = spans.filter(({ parentSpanId }) => parentSpanId === null);
    expect(roots.map(({ name, spanId }) => [name, spanId])).toEqual([['workflow call', root.spanId]]);
    const known = new Set(spans.map(({ spanId }) => spanId));
    expect(spans.filter(({ parentSpanId }) => parentSpanId !== null && !known.has(parentSpanId))).toEqual([]);

    expect(way(spans, 'media leg')).toEqual(['workflow call', expect.stringMatching(/^POST|^GET/), 'media leg']);
    expect(way(spans, 'activity answerTurn').slice(-4)).toEqual([
      'media leg',
      'update takeTurn',
      'handle takeTurn',
      'activity answerTurn',
    ]);
    expect(way(spans, 'turn')).toContain('media leg');
    expect(way(spans, 'model fast')).toContain('media leg');
    expect(way(spans, 'recogniser stream')).toContain('media leg');
    const turns = new Map(
      spans
        .filter(({ name }) => name === 'turn')
        .map(({ attributes }) => [attributes['evercall.turn_id'], attributes['evercall.latency.voiceToVoiceMs']]),
    );
    const heard = call.turns.filter(({ latency }) => latency.voiceToVoiceMs !== null);
    expect(heard.length).toBeGreaterThanOrEqual(2);
    expect(heard.map(({ turn_id }) => turns.get(turn_id))).toEqual(heard.map(({ latency }) => latency.voiceToVoiceMs));
    expect(JSON.stringify(spans)).not.toContain('pii.');
    expect(JSON.stringify(spans)).not.toContain(customer.slice(1));
    const logged = readFileSync(path.join(system.dataDir, 'logs', 'calls.log'), 'utf8') + mediaLogs();
    expect(logged).toContain(`"trace_id":"${root.traceId}"`);

    const pages = await Promise.all(system.run().processes.map(metricsOf));
    expect(pages.filter((page) => page.includes('process_cpu_seconds_total'))).toHaveLength(5);
    const media = pages.filter((page) => page.includes('evercall_live_calls 0'));
    expect(media).toHaveLength(2);
    expect(media.join('\n')).toMatch(/call_answer_latency_seconds_count [1-9]/);
    expect(media.join('\n')).toMatch(/call_frames_out_latency_seconds_count [1-9]/);
  },
);

const mediaLogs = (): string =>
  ['media-1', 'media-2']
    .map((name) => readFileSync(path.join(system.dataDir, 'logs', `${name}.log`), 'utf8'))
    .join('\n');

async function metricsOf({ metrics }: { metrics: string | null }): Promise<string> {
  return metrics === null ? '' : await (await fetch(metrics)).text();
}

/** The names from the root to the first span of that name. */
function way(spans: CollectedSpan[], name: string): string[] {
  const first = spans.find((span) => span.name === name);
  const parent = spans.find(({ spanId }) => spanId === first?.parentSpanId);
  if (first === undefined)
    throw new Error(`no span ${name} among ${[...new Set(spans.map((s) => s.name))].join(', ')}`);
  return parent === undefined ? [first.name] : [...wayTo(spans, parent), first.name];
}

function wayTo(spans: CollectedSpan[], span: CollectedSpan): string[] {
  const parent = spans.find(({ spanId }) => spanId === span.parentSpanId);
  return parent === undefined ? [span.name] : [...wayTo(spans, parent), span.name];
}
