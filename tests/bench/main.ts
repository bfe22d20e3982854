/** `npm run bench`: see settings.ts for what can be asked. */
import { writeFileSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { startSystem, type System } from '../kit/system.ts';
import { inSequenceMs, type Delays } from './delays.ts';
import type { LongCall } from './long-call.ts';
import { circumstances, type Circumstances } from './machine.ts';
import { drawCharts } from './pictures.ts';
import { playRound, rehearse, warmUp, type RoundResult, type RoundWish } from './round.ts';
import { benchSettings, HELP, type BenchSettings, type Side } from './settings.ts';
import { largest } from './statistics.ts';
import { costTable, ratios, table } from './telling.ts';

export interface BenchFile extends Circumstances {
  settings: BenchSettings;
  delays: Delays;
  /** The providers' delays one after the other. */
  inSequenceMs: number;
  rounds: RoundResult[];
  /** By side: the largest number of calls at which p95 holds. */
  max: Record<string, number>;
  /** Absent in files of an earlier bench. */
  replay?: LongCall | null;
}

/** Hosts re-read the switches every 20 s. */
const FLAGS_IN_FORCE_MS = 21_000;
const SINGLE_CALL_LONGER = 3;
const P95_HOLDS = 1.5;
const WARM_UP_CALLS = 10;

const say = (line: string): void => console.log(line);

class Bench {
  readonly settings: BenchSettings;
  readonly rounds: RoundResult[] = [];
  readonly max: Record<string, number> = {};
  replay: LongCall | null = null;
  #system: System | undefined;
  #side: Side | undefined;

  constructor(settings: BenchSettings) {
    this.settings = settings;
  }

  async run(): Promise<void> {
    const { replayTurns } = this.settings;
    if (replayTurns !== null) {
      say(`… a call of ${String(replayTurns)} turns, replayed`);
      // Brings a Temporal SDK's runtime up: only where it is wanted.
      const { replayLongCall } = await import('./long-call.ts');
      this.replay = await replayLongCall({ turns: replayTurns });
    }
    try {
      for (const calls of this.settings.calls)
        for (const scenario of this.settings.scenarios)
          for (const [index, side] of this.#order().entries())
            await this.#round(side, { calls, scenario, seed: this.settings.seed + Math.floor(index / 2) });
      if (this.settings.max !== null)
        for (const side of this.settings.sides) await this.#findMax(side, this.settings.max);
    } finally {
      await this.#system?.stop();
    }
  }

  /** a b b a: what changes on the machine by and by meets both sides alike. */
  #order(): Side[] {
    const { sides, repeat } = this.settings;
    return Array.from({ length: repeat }, (_, index) => (index % 2 === 0 ? sides : [...sides].reverse())).flat();
  }

  async #round(side: Side, about: Pick<RoundWish, 'calls' | 'scenario' | 'seed'>): Promise<RoundResult> {
    const system = await this.#systemFor(side);
    const seconds = this.settings.seconds * (about.calls === 1 ? SINGLE_CALL_LONGER : 1);
    say(`… ${String(about.calls)} calls, ${about.scenario}, ${side.name}, ${String(seconds)} s`);
    const result = await playRound(system, { ...about, side: side.name, seconds }, this.settings.around);
    this.rounds.push(result);
    return result;
  }

  async #findMax(side: Side, most: number): Promise<void> {
    const about = { scenario: 'talk', seed: this.settings.seed } as const;
    const alone =
      this.rounds.find((round) => round.calls === 1 && round.side === side.name && round.scenario === 'talk') ??
      (await this.#round(side, { ...about, calls: 1 }));
    const limitMs = (alone.voiceToVoiceMs.p95 ?? 0) * P95_HOLDS;
    this.max[side.name] = await largest(
      async (calls) => {
        const { voiceToVoiceMs, livedThrough } = await this.#round(side, { ...about, calls });
        return livedThrough === calls && (voiceToVoiceMs.p95 ?? Infinity) <= limitMs;
      },
      { from: 10, most, toWithin: 5 },
    );
  }

  /** Another environment wants another system, another switch only patience. */
  async #systemFor(side: Side): Promise<System> {
    const sameEnv = JSON.stringify(side.env) === JSON.stringify(this.#side?.env);
    if (this.#system !== undefined && !sameEnv) {
      await this.#system.stop();
      this.#system = undefined;
    }
    const fresh = this.#system === undefined;
    this.#system ??= await this.#start(side);
    if (fresh || JSON.stringify(side.flags) !== JSON.stringify(this.#side?.flags))
      await setFlags(this.#system, side.flags);
    if (fresh) await this.#prepare(this.#system);
    this.#side = side;
    return this.#system;
  }

  async #prepare(system: System): Promise<void> {
    await rehearse(system, this.settings.around);
    const calls = Math.min(WARM_UP_CALLS, Math.max(1, ...this.settings.calls, this.settings.max ?? 1));
    say(`… ${String(calls)} calls until everything is compiled, not measured`);
    await warmUp(system, calls, this.settings.around);
  }

  async #start(side: Side): Promise<System> {
    say('… bringing the system up');
    const profile = this.settings.profile
      ? { NODE_OPTIONS: `--cpu-prof --cpu-prof-dir=${path.resolve('.data/profiles')}` }
      : {};
    return await startSystem({
      CONFIG_FILE: path.join(import.meta.dirname, 'config.bench.yaml'),
      ...profile,
      ...side.env,
    });
  }
}

async function setFlags(system: System, flags: Side['flags']): Promise<void> {
  if (Object.keys(flags).length === 0) return;
  const response = await system.api('/feature', {
    method: 'PATCH',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(flags),
  });
  if (!response.ok) throw new Error(`switches: ${await response.text()}`);
  await pause(FLAGS_IN_FORCE_MS);
}

function tell(file: BenchFile): void {
  const { machine, revision } = file;
  say('');
  say(
    `${machine.cpu}, ${String(machine.cores)} cores, Node ${machine.node}; ${revision.commit.slice(0, 10)}${revision.changed ? ' with changes' : ''}; ${file.date}`,
  );
  say(
    `Providers in sequence: ${String(file.inSequenceMs)} ms. CPU in milliseconds a call-second; all other times in milliseconds.`,
  );
  say('');
  say(table(file.rounds));
  say('');
  say(costTable(file.rounds));
  for (const line of ratios(
    file.rounds,
    file.settings.sides.map(({ name }) => name),
  ))
    say(line);
  for (const [side, calls] of Object.entries(file.max))
    say(`Most calls with p95 within ${String(P95_HOLDS)} of one call's, ${side}: ${String(calls)}`);
}

function tellReplay({ replay }: BenchFile): void {
  if (!replay) return;
  const { turns, toolEvery, events, bytes } = replay;
  const { ms, cpuMs, withStartMs } = replay.replay;
  say(
    `A call of ${String(turns)} turns, one in ${String(toolEvery)} with a tool: ${String(events)} events, ${String(Math.round(bytes / 1_024))} KB, replayed in ${String(Math.round(ms))} ms (${String(Math.round(cpuMs))} ms of processor; ${String(Math.round(withStartMs))} ms with a worker's start)`,
  );
}

async function main(): Promise<void> {
  const settings = benchSettings(process.argv.slice(2));
  if (settings.help) {
    process.stdout.write(HELP);
    return;
  }
  const file =
    settings.from === null ? await measured(settings) : (JSON.parse(readFileSync(settings.from, 'utf8')) as BenchFile);
  tell(file);
  tellReplay(file);
  if (settings.chart) for (const drawn of drawCharts(file.rounds, file.inSequenceMs)) say(`drawn: ${drawn}`);
}

async function measured(settings: BenchSettings): Promise<BenchFile> {
  const bench = new Bench(settings);
  const about = circumstances();
  const file = (): BenchFile => ({
    ...about,
    settings,
    delays: settings.around.delays,
    inSequenceMs: inSequenceMs(settings.around.delays),
    rounds: bench.rounds,
    max: bench.max,
    replay: bench.replay,
  });
  try {
    await bench.run();
  } finally {
    // Also what was measured before something went wrong.
    if (settings.json !== null) writeFileSync(settings.json, `${JSON.stringify(file(), null, 1)}\n`);
  }
  return file();
}

await main().catch((error: unknown) => {
  process.stderr.write(`bench: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(1);
});
