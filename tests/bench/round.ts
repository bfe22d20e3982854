/** One round: a fleet of callers talks for a while, and what that was like is read from their lines and from the processes. */
import { setTimeout as pause } from 'node:timers/promises';
import { Client, Connection, WorkflowNotFoundError } from '@temporalio/client';
import { asCallId, callWorkflowId } from '../../domain/ids.ts';
import { post } from '../kit/customers.ts';
import type { System } from '../kit/system.ts';
import { CLAIM_WORDS, type Scenario } from './callers.ts';
import { orderDelays, type Surroundings } from './delays.ts';
import { Fleet } from './fleet.ts';
import { historyCost, type TurnCost } from './history-cost.ts';
import { lineFigures, together, type LineFigures } from './line-figures.ts';
import { costBetween, costsOf } from './processes.ts';
import { summary, type Summary } from './statistics.ts';
import { BACKCHANNELS, BROKEN_OFF, INTERJECTIONS, SENTENCES, UTTERANCES } from './words.ts';

export interface RoundWish {
  calls: number;
  scenario: Scenario;
  side: string;
  seconds: number;
  seed: number;
}

interface Lateness {
  p50: number;
  p95: number;
  p99: number;
  max: number;
}

export interface RoundResult extends RoundWish {
  startedAt: string;
  /** Live from the first to the last moment of the round. */
  livedThrough: number;
  voiceToVoiceMs: Summary;
  /** Absent in files of an earlier bench. */
  brokenOffMs?: Summary;
  bargeInStopMs: Summary;
  backchannelPauseMs: Summary;
  gapMs: Summary;
  unanswered: number;
  cutIns: number;
  /** Milliseconds of processor time a second of one call. */
  cpuMsACallSecond: Record<string, number>;
  rssMb: Record<string, number>;
  meter: { cpuMs: number; rendered: string[]; clockLateMs: Lateness };
  /** Of a turn without tools. */
  temporal: { turns: number; events: Summary; bytes: Summary } | null;
  samples: Pick<LineFigures, 'voiceToVoiceMs' | 'bargeInStopMs' | 'backchannelPauseMs' | 'gapMs'> &
    Partial<Pick<LineFigures, 'brokenOffMs' | 'answers'>>;
}

/** After the last call was answered: greetings, and everybody's first turns. */
const WARM_UP_MS = 8_000;
/** V8 compiles what runs often once more, better; after so long with some calls little is left to do. */
const COMPILED_AFTER_MS = 40_000;
const COMPILED_SEED = 990;
/** What follows a call (synthesis, notes) is over before the next round. */
const AFTERMATH_MS = 4_000;
const HISTORIES_LOOKED_AT = 6;
const MEDIA = /^media/u;

/** Everybody's phrases, spoken once, so that espeak has no work while it is measured. */
export async function rehearse(system: System, { voices }: Surroundings): Promise<void> {
  const customers = [...UTTERANCES, ...INTERJECTIONS, ...BACKCHANNELS, ...CLAIM_WORDS];
  for (const voice of voices)
    await post(system.sandbox, '/control/voices', { who: 'phone', phrases: [...new Set(customers)], voice });
  await post(system.sandbox, '/control/voices', { who: 'bot', phrases: SENTENCES });
}

/** A system that has just come up compiles its code while it works, for its first minute: nothing is measured meanwhile. */
export async function warmUp(system: System, calls: number, around: Surroundings): Promise<void> {
  await orderDelays(system, 'talk', around);
  const fleet = new Fleet(system, 'talk', around.voices);
  try {
    await fleet.begin(calls, COMPILED_SEED);
    await pause(COMPILED_AFTER_MS);
  } finally {
    await fleet.end();
    await pause(AFTERMATH_MS);
  }
}

export async function playRound(system: System, wish: RoundWish, around: Surroundings): Promise<RoundResult> {
  const startedAt = new Date().toISOString();
  await orderDelays(system, wish.scenario, around);
  const fleet = new Fleet(system, wish.scenario, around.voices);
  try {
    await fleet.begin(wish.calls, wish.seed);
    await pause(WARM_UP_MS);
    const measured = await measure(system, wish.seconds);
    const lines = await fleet.lines();
    const kinds = { interjections: INTERJECTIONS, brokenOff: BROKEN_OFF, backchannels: BACKCHANNELS };
    const figures = together(lines.map((line) => lineFigures(line, measured.window, kinds)));
    await fleet.end();
    const temporal = await temporalCost(system, await fleet.callIds(HISTORIES_LOOKED_AT));
    return {
      ...wish,
      startedAt,
      livedThrough: lines.filter(({ state }) => state === 'live').length,
      ...figuresOf(figures),
      ...costOf(measured, wish),
      meter: measured.meter,
      temporal,
    };
  } finally {
    await fleet.end();
    await pause(AFTERMATH_MS);
  }
}

interface Measured {
  window: { fromMs: number; untilMs: number };
  costs: ReturnType<typeof costsOf>;
  meter: RoundResult['meter'];
}

async function measure(system: System, seconds: number): Promise<Measured> {
  await system.sandbox('/control/load', { method: 'DELETE' });
  const before = costsOf(system.run());
  const fromMs = Date.now();
  await pause(seconds * 1_000);
  const untilMs = Date.now();
  const costs = costBetween(before, costsOf(system.run()));
  const meter = (await (await system.sandbox('/control/load')).json()) as RoundResult['meter'];
  return { window: { fromMs, untilMs }, costs, meter };
}

function figuresOf(figures: LineFigures) {
  const { voiceToVoiceMs, brokenOffMs, answers, bargeInStopMs, backchannelPauseMs, gapMs, unanswered, cutIns } =
    figures;
  return {
    voiceToVoiceMs: summary(voiceToVoiceMs),
    brokenOffMs: summary(brokenOffMs),
    bargeInStopMs: summary(bargeInStopMs),
    backchannelPauseMs: summary(backchannelPauseMs),
    gapMs: summary(gapMs),
    unanswered,
    cutIns,
    samples: { voiceToVoiceMs, brokenOffMs, answers, bargeInStopMs, backchannelPauseMs, gapMs },
  };
}

function costOf({ costs, window }: Measured, { calls }: RoundWish): Pick<RoundResult, 'cpuMsACallSecond' | 'rssMb'> {
  const callSeconds = (calls * (window.untilMs - window.fromMs)) / 1_000;
  const cpu = Object.entries(costs).map(([name, { cpuMs }]) => [name, cpuMs / callSeconds] as const);
  const sumOf = (of: (name: string) => boolean): number =>
    cpu.reduce((sum, [name, ms]) => sum + (of(name) ? ms : 0), 0);
  const figures = [
    ...cpu,
    ['media together', sumOf((name) => MEDIA.test(name))] as const,
    ['all but the stand-ins', sumOf((name) => name !== 'sandbox')] as const,
  ];
  return {
    cpuMsACallSecond: Object.fromEntries(figures.map(([name, ms]) => [name, Math.round(ms * 100) / 100])),
    rssMb: Object.fromEntries(Object.entries(costs).map(([name, { rssMb }]) => [name, rssMb])),
  };
}

async function temporalCost(system: System, callIds: readonly string[]): Promise<RoundResult['temporal']> {
  const connection = await Connection.connect({ address: system.run().temporalAddress });
  try {
    const client = new Client({ connection });
    const turns: TurnCost[] = [];
    for (const callId of callIds) {
      const events = await client.workflow
        .getHandle(callWorkflowId(asCallId(callId)))
        .fetchHistory()
        .then((history) => history.events)
        // A call that was met while Temporal was away has another name in the end.
        .catch((error: unknown) => (isUnknown(error) ? [] : Promise.reject(error as Error)));
      turns.push(...historyCost(events ?? []).turns.filter(({ tools }) => tools === 0));
    }
    if (turns.length === 0) return null;
    return {
      turns: turns.length,
      events: summary(turns.map(({ events }) => events)),
      bytes: summary(turns.map(({ bytes }) => bytes)),
    };
  } finally {
    await connection.close();
  }
}

const NOT_FOUND = 5;

function isUnknown(error: unknown): boolean {
  return error instanceof WorkflowNotFoundError || (error as { code?: unknown }).code === NOT_FOUND;
}
