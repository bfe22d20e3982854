/** What the sandbox itself costs and how punctual it is, so that a bad measurement can be told from a bad meter. */
import { monitorEventLoopDelay, type RecordableHistogram } from 'node:perf_hooks';
import { renderings } from '../voice/espeak.ts';

type LoopDelay = ReturnType<typeof monitorEventLoopDelay>;

const RESOLUTION_MS = 5;

export class LoadMeter {
  readonly #loop: LoopDelay = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
  readonly #lateness: RecordableHistogram;
  #since = mark();

  constructor(lateness: RecordableHistogram) {
    this.#lateness = lateness;
  }

  /** Counts from now on. */
  reset(): void {
    this.#loop.enable();
    this.#loop.reset();
    this.#lateness.reset();
    this.#since = mark();
  }

  view(): object {
    const cpu = process.cpuUsage(this.#since.cpu);
    return {
      lastedMs: Math.round(performance.now() - this.#since.atMs),
      cpuMs: Math.round((cpu.user + cpu.system) / 1_000),
      /** Phrases spoken anew by espeak, which costs a core for a tenth of a second each. */
      rendered: renderings() - this.#since.renderings,
      clockLateMs: summary(this.#lateness, 1_000),
      loopDelayMs: summary(this.#loop, 1e6),
    };
  }
}

const mark = (): { atMs: number; cpu: NodeJS.CpuUsage; renderings: number } => ({
  atMs: performance.now(),
  cpu: process.cpuUsage(),
  renderings: renderings(),
});

function summary(histogram: RecordableHistogram | LoopDelay, unitsAMs: number): object {
  const ms = (value: number): number => Math.round((value / unitsAMs) * 10) / 10;
  return {
    p50: ms(histogram.percentile(50)),
    p95: ms(histogram.percentile(95)),
    p99: ms(histogram.percentile(99)),
    max: ms(histogram.max),
  };
}
