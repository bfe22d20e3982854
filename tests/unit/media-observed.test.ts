import { expect, test } from 'vitest';
import { pino } from 'pino';
import { Breaker } from '../../media/breaker.ts';
import { observedLlm, observedRecognizer } from '../../media/observed.ts';
import { think } from '../../media/thinking.ts';
import { createMediaMeter } from '../../telemetry/media-meter.ts';
import { createMetrics } from '../../telemetry/metrics.ts';
import { FakeLlm } from '../kit/fake-llm.ts';
import { FakeRecognizer } from '../kit/fake-speech.ts';
import { TestClock } from '../kit/test-clock.ts';

const request = { system: { stable: '', volatile: '' }, messages: [], tools: [], maxTokens: 10 };

function watched() {
  const metrics = createMetrics();
  const watch = { meter: createMediaMeter(metrics.meter, () => 0), tracing: null };
  const failures = async (): Promise<string[]> =>
    (await metrics.page()).match(/^evercall_provider_failures_total\{.*$/gmu) ?? [];
  return { watch, failures };
}

test('[MT3] a model that hangs is counted as failed, one that is not wanted any longer is not', async () => {
  const { watch, failures } = watched();
  const clock = new TestClock();
  const [fast, fallback, rules] = [new FakeLlm('fast'), new FakeLlm('fallback'), new FakeLlm('rules')];
  const kit = {
    models: [fast, fallback].map((model) => observedLlm(model, watch)),
    rules,
    breaker: new Breaker(),
    pacer: clock,
    log: pino({ level: 'silent' }),
  };
  const ask = async (signal: AbortSignal): Promise<void> => {
    for await (const thought of think(request, kit, { hardMs: 40_000, signal, spoken: () => '' }))
      if (thought.type === 'done') return;
  };
  fast.thenSays({ hangs: true });
  const notWanted = new AbortController();
  const first = ask(notWanted.signal);
  await clock.advance(1_000);
  notWanted.abort(new Error('the customer has said something else'));
  await expect(first).rejects.toThrow('something else');
  expect(await failures()).toEqual([]);

  fast.thenSays({ hangs: true });
  fallback.thenSays({ text: 'Here it is.' });
  const second = ask(new AbortController().signal);
  await clock.advance(3_000);
  await second;
  expect(await failures()).toEqual([expect.stringContaining('{provider="fast",kind="timeout"} 1') as string]);
});

test('[MT3] a recogniser that is deaf to speech is counted as failed, one that is left is not', async () => {
  const { watch, failures } = watched();
  const recognizer = observedRecognizer(new FakeRecognizer('ears'), watch);
  const open = () => recognizer.open({ language: 'en-US', sampleRateHz: 16_000, hints: [] }, () => undefined);
  open().abort();
  expect(await failures()).toEqual([]);
  open().abort('deaf');
  expect(await failures()).toEqual([expect.stringContaining('{provider="ears",kind="timeout"} 1') as string]);
});
