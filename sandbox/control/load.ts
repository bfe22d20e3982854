/** What the sandbox itself costs and how punctual it is, so that a bad measurement can be told from a bad meter. */
import type { RecordableHistogram } from 'node:perf_hooks';
import { renderings } from '../voice/espeak.ts';

export class LoadMeter {
  readonly #lateness: RecordableHistogram;
  #since = mark();

  constructor(lateness: RecordableHistogram) {
    this.#lateness = lateness;
  }

  /** Counts from now on. */
  reset(): void {
    this.#lateness.reset();
    this.#since = mark();
  }

  view(): object {
    const spoken = renderings();
    const rendered = spoken.count - this.#since.renderings;
    const cpu = process.cpuUsage(this.#since.cpu);
    return {
      lastedMs: Math.round(performance.now() - this.#since.atMs),
      cpuMs: Math.round((cpu.user + cpu.system) / 1_000),
      /** Phrases spoken anew by espeak, which costs a core for a tenth of a second each. */
      rendered: rendered === 0 ? [] : spoken.lately.slice(-rendered),
      /** How late its clock's steps came, which is how long its event loop was held up. */
      clockLateMs: summary(this.#lateness),
    };
  }
}

const mark = (): { atMs: number; cpu: NodeJS.CpuUsage; renderings: number } => ({
  atMs: performance.now(),
  cpu: process.cpuUsage(),
  renderings: renderings().count,
});

function summary(histogram: RecordableHistogram): object {
  const ms = (value: number): number => Math.round((value / 1_000) * 10) / 10;
  return {
    p50: ms(histogram.percentile(50)),
    p95: ms(histogram.percentile(95)),
    p99: ms(histogram.percentile(99)),
    max: ms(histogram.max),
  };
}
