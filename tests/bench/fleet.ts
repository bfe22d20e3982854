/** A fleet of simulated callers for one round: half ring in, half are rung; each number is used once. */
import { setTimeout as pause } from 'node:timers/promises';
import { definePhone, post } from '../kit/customers.ts';
import { ringIn, callsOf } from '../kit/phones.ts';
import { until, type System } from '../kit/system.ts';
import { callerScript, type Scenario } from './callers.ts';
import type { LineTimeline } from './line-figures.ts';

export interface Line extends LineTimeline {
  id: string;
  number: string;
  state: 'ringing' | 'live' | 'over';
  answeredAtMs: number | null;
}

/** Under three legs a second, as the network would have it. */
const BETWEEN_CALLS_MS = 350;
const ANSWERED_WITHIN_MS = 60_000;
const OVER_WITHIN_MS = 60_000;
/** The numbers that are nobody's: 555-0100 to 0199 of each area. */
const AREAS = [
  201, 202, 203, 205, 206, 207, 208, 209, 210, 212, 213, 214, 215, 216, 217, 218, 219, 224, 225, 228, 229, 231, 234,
  239, 240, 248, 251, 252, 253, 254, 256, 260, 262, 267, 269, 270, 276, 281, 301, 302, 303, 304, 305, 307, 308, 309,
  310, 312,
];

let used = 0;

function freshNumber(): string {
  const area = AREAS[Math.floor(used / 100) % AREAS.length] ?? 0;
  const number = `+1${String(area)}555${String(100 + (used % 100)).padStart(4, '0')}`;
  used += 1;
  return number;
}

export class Fleet {
  readonly #system: System;
  readonly #scenario: Scenario;
  readonly #voices: readonly string[];
  readonly numbers: string[] = [];

  constructor(system: System, scenario: Scenario, voices: readonly string[]) {
    this.#system = system;
    this.#scenario = scenario;
    this.#voices = voices;
  }

  /** All are on the line when this resolves. */
  async begin(count: number, seed: number): Promise<void> {
    for (let index = 0; index < count; index += 1) {
      const number = freshNumber();
      this.numbers.push(number);
      await this.#call(number, {
        script: callerScript(this.#scenario, seed * 1_000 + index, this.#voices),
        isInbound: index % 2 === 0,
      });
      await pause(BETWEEN_CALLS_MS);
    }
    await until('the answer of every call', () => this.lines(), {
      ready: (lines) => lines.length === count && lines.every((line) => line.state !== 'ringing'),
      withinMs: ANSWERED_WITHIN_MS,
    });
  }

  async lines(): Promise<Line[]> {
    const response = await this.#system.sandbox('/control/timelines');
    const { calls } = (await response.json()) as { calls: Line[] };
    const mine = new Set(this.numbers.map((number) => number.slice(1)));
    return calls.filter(({ number }) => mine.has(number));
  }

  async end(): Promise<void> {
    for (const { id, state } of await this.lines())
      if (state === 'live') await this.#system.sandbox(`/control/calls/${id}/hangup`, { method: 'POST', body: '{}' });
    await until('the end of every call', () => this.lines(), {
      ready: (lines) => lines.every((line) => line.state === 'over'),
      withinMs: OVER_WITHIN_MS,
    });
  }

  /** The system's own names of some of its calls. */
  async callIds(most: number): Promise<string[]> {
    const ids: string[] = [];
    for (const number of this.numbers.slice(0, most))
      ids.push(...(await callsOf(this.#system, number)).map((call) => call.call_id));
    return ids;
  }

  async #call(number: string, { script, isInbound }: { script: object; isInbound: boolean }): Promise<void> {
    if (isInbound) {
      await ringIn(this.#system, { from: number, script });
      return;
    }
    await definePhone(this.#system, number, script);
    await post(this.#system.api, '/call', { phone_number: number, task: 'Tell them when we come.' });
  }
}
