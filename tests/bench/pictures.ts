/** The bench's charts for docs/performance.md. */
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { barChart, stackedChart, type Chart } from './charts.ts';
import type { RoundResult } from './round.ts';

const folder = path.resolve(import.meta.dirname, '../../docs/images');
/** A media host may take this much of a core a call. */
const AIM_MEDIA_CPU_MS = 10;

export function drawCharts(rounds: readonly RoundResult[], inSequenceMs: number): string[] {
  mkdirSync(folder, { recursive: true });
  const talk = sorted(rounds.filter(({ scenario }) => scenario === 'talk'));
  const bargeIn = sorted(rounds.filter(({ scenario }) => scenario === 'barge-in'));
  return [
    ...(talk.length === 0
      ? []
      : [written('bench-voice-to-voice', answers(talk, inSequenceMs)), written('bench-cpu', costs(talk))]),
    ...(bargeIn.length === 0 ? [] : [written('bench-barge-in', stops(bargeIn))]),
  ];
}

const sorted = (rounds: RoundResult[]): RoundResult[] => rounds.toSorted((one, other) => one.calls - other.calls);

function places(rounds: readonly RoundResult[]): string[] {
  const sides = new Set(rounds.map(({ side }) => side));
  return rounds.map(
    ({ calls, side }) => `${String(calls)} ${calls === 1 ? 'call' : 'calls'}${sides.size > 1 ? `, ${side}` : ''}`,
  );
}

function answers(rounds: RoundResult[], inSequenceMs: number): string {
  const chart: Chart = {
    title: 'Voice to voice',
    unit: 'ms, at the phone',
    places: places(rounds),
    series: [
      { name: 'median', values: rounds.map(({ voiceToVoiceMs }) => voiceToVoiceMs.p50) },
      { name: '95th percentile', values: rounds.map(({ voiceToVoiceMs }) => voiceToVoiceMs.p95) },
    ],
    aims: [{ name: `providers one after the other: ${String(inSequenceMs)}`, value: inSequenceMs }],
  };
  return barChart(chart);
}

function stops(rounds: RoundResult[]): string {
  return barChart({
    title: 'From the customer’s first sound to the bot’s silence',
    unit: 'ms, at the phone',
    places: places(rounds),
    series: [
      { name: 'median', values: rounds.map(({ bargeInStopMs }) => bargeInStopMs.p50) },
      { name: '95th percentile', values: rounds.map(({ bargeInStopMs }) => bargeInStopMs.p95) },
    ],
  });
}

function costs(rounds: RoundResult[]): string {
  const of = (name: string): (number | null)[] => rounds.map(({ cpuMsACallSecond }) => cpuMsACallSecond[name] ?? null);
  const rest = rounds.map(({ cpuMsACallSecond }) =>
    ['api', 'insights', 'mongo'].reduce((sum, name) => sum + (cpuMsACallSecond[name] ?? 0), 0),
  );
  return stackedChart({
    title: 'Processor time of a call',
    unit: 'ms a second; 10 = 1 % of a core',
    places: places(rounds),
    series: [
      { name: 'media hosts', values: of('media together') },
      { name: 'calls worker', values: of('calls') },
      { name: 'Temporal', values: of('temporal') },
      { name: 'api, rest', values: rest },
    ],
    aims: [{ name: `aim for media hosts: ${String(AIM_MEDIA_CPU_MS)}`, value: AIM_MEDIA_CPU_MS }],
  });
}

function written(name: string, svg: string): string {
  const file = path.join(folder, `${name}.svg`);
  writeFileSync(file, svg);
  return file;
}
