import { expect, test } from 'vitest';
import { LegFrames } from '../../../telemetry/leg-frames.ts';
import { createMediaMeter } from '../../../telemetry/media-meter.ts';
import { createMetrics } from '../../../telemetry/metrics.ts';

const LATENCY = {
  endpointingMs: 250,
  recognizerMs: 100,
  modelFirstTokenMs: 300,
  firstSentenceMs: 420,
  synthesisFirstByteMs: null,
  commitMs: 11,
  voiceToVoiceMs: 640,
};

function metered() {
  const metrics = createMetrics();
  return { metrics, meter: createMediaMeter(metrics.meter, () => 3) };
}

test('[MT1] an answered turn is told stage by stage, in seconds; a stage that did not happen is not', async () => {
  const { metrics, meter } = metered();
  meter.turnAnswered(LATENCY, 'fast');
  const page = await metrics.page();
  expect(page).toContain('evercall_turn_stage_seconds_sum{stage="model_first_token"} 0.3\n');
  expect(page).toContain('evercall_turn_stage_seconds_bucket{stage="voice_to_voice",le="0.6"} 0\n');
  expect(page).toContain('evercall_turn_stage_seconds_bucket{stage="voice_to_voice",le="0.65"} 1\n');
  expect(page).not.toContain('stage="synthesis_first_byte"');
  expect(page).toContain('evercall_turns_total{answered_by="fast"} 1\n');
});

test('[MT2] names that users of call-center-ai watch are kept', async () => {
  const { metrics, meter } = metered();
  meter.turnAnswered(LATENCY, 'fast');
  meter.cutOff(180);
  meter.aecMissed();
  const page = await metrics.page();
  expect(page).toContain('call_answer_latency_seconds_sum 0.64\n');
  expect(page).toContain('call_stt_complete_latency_seconds_sum 0.35\n');
  expect(page).toContain('call_cutoff_latency_seconds_sum 0.18\n');
  expect(page).toContain('call_aec_dropped_total 0\n');
  expect(page).toContain('call_aec_missed_total 1\n');
});

test('[MT3] what interrupts, what is thought early, who fails and who is on the line is counted', async () => {
  const { metrics, meter } = metered();
  meter.interruption('backchannel');
  meter.early('adopted');
  meter.providerFailed('fast', 'rate_limit');
  const page = await metrics.page();
  expect(page).toContain('evercall_interruptions_total{kind="backchannel"} 1\n');
  expect(page).toContain('evercall_early_replies_total{what="adopted"} 1\n');
  expect(page).toContain('evercall_provider_failures_total{provider="fast",kind="rate_limit"} 1\n');
  expect(page).toContain('evercall_live_calls 3\n');
});

test('[MT4] of frames the worst of each second is told: how late one came, and how long the network had nothing to play', () => {
  const told = { in: [] as number[], out: [] as number[] };
  const leg = new LegFrames({ in: (ms) => told.in.push(ms), out: (ms) => told.out.push(ms) });
  for (let frame = 0; frame <= 50; frame += 1) leg.cameIn(10_000 + frame * 20 + (frame === 30 ? 65 : 0));
  for (let frame = 0; frame <= 50; frame += 1) leg.wentOut(10_000 + frame * 20 + (frame < 20 ? 0 : 45));
  expect(told).toEqual({ in: [65], out: [45] });
});

test('[MT4] a pause of the customer’s is no late frame, and one between sentences no gap', () => {
  const told: number[] = [];
  const leg = new LegFrames({ in: (ms) => told.push(ms), out: (ms) => told.push(ms) });
  for (const atMs of [1_000, 1_020, 1_900, 1_920, 2_200]) leg.cameIn(atMs);
  for (const atMs of [1_000, 1_020]) leg.wentOut(atMs);
  leg.sentenceOver();
  leg.wentOut(2_000);
  expect(told).toEqual([0, 0]);
});
