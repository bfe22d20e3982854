/** The figures as a table for a terminal, and as they stand in docs/performance.md. */
import type { RoundResult } from './round.ts';
import type { Summary } from './statistics.ts';

const COLUMNS: [string, (round: RoundResult) => string][] = [
  [
    'calls',
    ({ calls, livedThrough }) =>
      livedThrough === calls ? String(calls) : `${String(calls)} (${String(livedThrough)} lived)`,
  ],
  ['scenario', ({ scenario }) => scenario],
  ['side', ({ side }) => side],
  ['voice-to-voice p50/p95/max', ({ voiceToVoiceMs }) => figures(voiceToVoiceMs)],
  ['after broken off', ({ brokenOffMs }) => (brokenOffMs === undefined ? '–' : figures(brokenOffMs))],
  ['barge-in stop', ({ bargeInStopMs }) => figures(bargeInStopMs)],
  [
    'gaps > 40 ms',
    ({ gapMs }) => (gapMs.n === 0 ? '0' : `${String(gapMs.n)} (max ${String(Math.round(gapMs.max ?? 0))})`),
  ],
  ['"mhm" pause', ({ backchannelPauseMs }) => figures(backchannelPauseMs)],
  ['unanswered/cut-ins', ({ unanswered, cutIns }) => `${String(unanswered)}/${String(cutIns)}`],
  ['media CPU', ({ cpuMsACallSecond }) => tenth(cpuMsACallSecond['media together'])],
  ['app CPU', ({ cpuMsACallSecond }) => tenth(cpuMsACallSecond['all but the stand-ins'])],
  ['stand-ins CPU', ({ cpuMsACallSecond }) => tenth(cpuMsACallSecond['sandbox'])],
  [
    'turn: events/bytes',
    ({ temporal }) => (temporal === null ? '–' : `${String(temporal.events.p50)}/${String(temporal.bytes.p50)}`),
  ],
  ['meter late p99/max', ({ meter }) => `${tenth(meter.clockLateMs.p99)}/${tenth(meter.clockLateMs.max)}`],
];

export function table(rounds: readonly RoundResult[]): string {
  const rows = [COLUMNS.map(([name]) => name), ...rounds.map((round) => COLUMNS.map(([, cell]) => cell(round)))];
  const widths = COLUMNS.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  return rows
    .map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

/** Milliseconds of processor time a call and second, by process. */
export function costTable(rounds: readonly RoundResult[]): string {
  const names = [...new Set(rounds.flatMap(({ cpuMsACallSecond }) => Object.keys(cpuMsACallSecond)))];
  const lines = names.map((name) => {
    const cells = rounds.map(({ cpuMsACallSecond, rssMb }) => {
      const memory = rssMb[name];
      return `${tenth(cpuMsACallSecond[name])}${memory === undefined ? '' : ` (${String(memory)} MB)`}`.padEnd(16);
    });
    return `${name.padEnd(22)}${cells.join('')}`.trimEnd();
  });
  const head =
    `${'CPU ms a call-second'.padEnd(22)}${rounds.map(({ calls, scenario }) => `${String(calls)} ${scenario}`.padEnd(16)).join('')}`.trimEnd();
  return [head, ...lines].join('\n');
}

/** Two sides of a comparison: the same round under either. */
export function ratios(rounds: readonly RoundResult[], sides: readonly string[]): string[] {
  const [first, second] = sides;
  if (first === undefined || second === undefined) return [];
  const kinds = [...new Set(rounds.map(({ calls, scenario }) => `${String(calls)} ${scenario}`))];
  return kinds.map((kind) => {
    const of = (side: string): RoundResult[] =>
      rounds.filter((round) => round.side === side && `${String(round.calls)} ${round.scenario}` === kind);
    const middle = (side: string, value: (round: RoundResult) => number | null | undefined): number =>
      mean(of(side).flatMap((round) => value(round) ?? []));
    const ratio = (value: (round: RoundResult) => number | null | undefined): string =>
      `${(middle(first, value) / middle(second, value)).toFixed(2)} (${middle(first, value).toFixed(1)} : ${middle(second, value).toFixed(1)})`;
    return `${kind} calls, ${first} : ${second}   voice-to-voice p50 ${ratio((round) => round.voiceToVoiceMs.p50)}   p95 ${ratio((round) => round.voiceToVoiceMs.p95)}   barge-in p95 ${ratio((round) => round.bargeInStopMs.p95)}   media CPU ${ratio((round) => round.cpuMsACallSecond['media together'])}`;
  });
}

const figures = ({ n, p50, p95, max }: Summary): string =>
  n === 0 ? '–' : `${[p50, p95, max].map((value) => String(Math.round(value ?? 0))).join('/')} (n ${String(n)})`;

const tenth = (value: number | undefined): string => (value === undefined ? '–' : value.toFixed(1));

const mean = (values: readonly number[]): number =>
  values.length === 0 ? NaN : values.reduce((sum, value) => sum + value, 0) / values.length;
