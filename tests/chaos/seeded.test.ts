/**
 * Moments of a turn × processes that die in it. A run of `npm test` takes a seeded fifth: each moment once, each process
 * once. `CHAOS_SEED=n` repeats one; `CHAOS=all` takes all twenty-five and writes docs/chaos.md.
 */
import { randomInt } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { untilCall } from '../kit/customers.ts';
import { goesOn, heardAgainAfterMs, mediaWorker } from '../kit/live-call.ts';
import { newNumber } from '../kit/new-number.ts';
import { systemPool } from '../kit/system-for-tests.ts';
import type { System } from '../kit/system.ts';
import { allWellAgain, bringAbout, MOMENTS, type Moment } from './moments.ts';

const PROCESSES = ['media', 'calls', 'api', 'temporal', 'mongo'] as const;
type Process = (typeof PROCESSES)[number];
interface Case {
  moment: Moment;
  process: Process;
}

const everything = process.env['CHAOS'] === 'all';
const seed = Number(process.env['CHAOS_SEED'] ?? randomInt(1_000_000));
const cases: Case[] = everything
  ? MOMENTS.flatMap((moment) => PROCESSES.map((each) => ({ moment, process: each })))
  : pairUp(seed);

/** A kill is felt by every call of its system. */
const { withSystem } = systemPool(2);
const outcomes: (Case & { outcome: string; heardAgainMs: number | null })[] = [];

beforeAll(() => {
  const told = cases.map((each) => `${each.process} while ${each.moment}`).join(', ');
  process.stdout.write(`CHAOS_SEED=${String(seed)}: ${told}\n`);
});
afterAll(() => {
  if (everything) writeFileSync(path.resolve(import.meta.dirname, '../../docs/chaos.md'), table());
});

test.concurrent.for(cases)(
  '[RC9] $process is killed while $moment: the call goes on',
  // With its turn to have a system.
  { timeout: everything ? 3_000_000 : 600_000 },
  async ({ moment, process: name }, { onTestFailed }) => {
    onTestFailed(() => {
      outcomes.push({ moment, process: name, outcome: 'the call did not go on', heardAgainMs: null });
    });
    const heardAgainMs = await withSystem((system) => killedWhile(system, { moment, process: name }));
    outcomes.push({ moment, process: name, outcome: 'same call, claim whole', heardAgainMs });
    process.stdout.write(`${name} while ${moment}: heard again after ${heardAgainMs.toFixed(0)} ms\n`);
  },
);

async function killedWhile(system: System, { moment, process: name }: Case): Promise<number> {
  const number = newNumber();
  const { callId, claim } = await bringAbout(system, moment, number);
  const victim = name === 'media' ? await mediaWorker(system) : name;
  const killedAtMs = Date.now();
  system.kill(victim);
  const heardAgainMs = await heardAgainAfterMs(system, number, {
    sinceMs: killedAtMs,
    ...(name === 'media' ? { words: /sorry/i } : {}),
  });
  await allWellAgain(system);
  const done = await goesOn(system, { call_id: callId, claim });
  expect(done.legs.filter((leg) => leg.role === 'customer').length).toBe(1);
  await untilCall(system, callId, { what: 'the line to be free', ready: (call) => !call.in_progress });
  return heardAgainMs;
}

/** A pairing of moments and processes in which each stands once (mulberry32, Fisher and Yates). */
function pairUp(from: number): Case[] {
  let state = from >>> 0;
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const shuffled: Process[] = [...PROCESSES];
  for (let at = shuffled.length - 1; at > 0; at -= 1) {
    const other = Math.floor(next() * (at + 1));
    [shuffled[at], shuffled[other]] = [shuffled[other] as Process, shuffled[at] as Process];
  }
  return MOMENTS.map((moment, index) => ({ moment, process: shuffled[index] as Process }));
}

function table(): string {
  const cell = (moment: Moment, name: Process): string => {
    const tries = outcomes.filter((each) => each.moment === moment && each.process === name);
    const last = tries.at(-1);
    if (last === undefined) return 'not reached';
    if (last.heardAgainMs === null) return last.outcome;
    const again = tries.length > 1 ? ', at a second try' : '';
    return `${last.outcome}; heard again after ${last.heardAgainMs.toFixed(0)} ms${again}`;
  };
  return [
    '# What dies when',
    '',
    'Written by `CHAOS=all npm run test:chaos` (tests/chaos/seeded.test.ts): a real system, one process killed with SIGKILL in',
    'the given moment of a call. "Heard again" counts from the kill to the next words of the bot at the phone, whatever',
    'the bot would have waited for anyway (the customer’s sentence, the model). At a second try: at the first one the call did not go on;',
    'systems start and fall side by side on one machine meanwhile.',
    '',
    `| killed while the bot is … | ${PROCESSES.join(' | ')} |`,
    `|---|${PROCESSES.map(() => '---|').join('')}`,
    ...MOMENTS.map((moment) => `| ${moment} | ${PROCESSES.map((name) => cell(moment, name)).join(' | ')} |`),
    '',
  ].join('\n');
}
