/** One clock for all calls of a process: a beat every 20 ms, and moments to come that are looked at on the beat. */
import { FRAME_MS } from './frames.ts';

export interface Pacer {
  nowMs(): number;
  /** Until the function returned is called. */
  each(onBeat: (nowMs: number) => void): () => void;
  /** Once, on the first beat at or after that delay; the function returned calls it off. */
  after(delayMs: number, then: () => void): () => void;
}

interface Moment {
  atMs: number;
  then: () => void;
}

/** What both the real pacer and a test's own clock are made of: `beat` is theirs to call. */
export class Beats {
  readonly #listeners = new Set<(nowMs: number) => void>();
  readonly #moments = new Set<Moment>();

  get idle(): boolean {
    return this.#listeners.size === 0 && this.#moments.size === 0;
  }

  each(onBeat: (nowMs: number) => void): () => void {
    this.#listeners.add(onBeat);
    return () => this.#listeners.delete(onBeat);
  }

  at(atMs: number, then: () => void): () => void {
    const moment = { atMs, then };
    this.#moments.add(moment);
    return () => this.#moments.delete(moment);
  }

  beat(nowMs: number): void {
    for (const moment of this.#moments) {
      if (moment.atMs > nowMs) continue;
      this.#moments.delete(moment);
      moment.then();
    }
    for (const listener of this.#listeners) listener(nowMs);
  }
}

/** Follows the wall at its start and never jumps. */
export function createPacer(): Pacer {
  const beats = new Beats();
  const { timeOrigin } = performance;
  const nowMs = (): number => timeOrigin + performance.now();
  let timer: NodeJS.Timeout | undefined;
  const run = (): void => {
    timer ??= setInterval(() => {
      beats.beat(nowMs());
      if (!beats.idle) return;
      clearInterval(timer);
      timer = undefined;
    }, FRAME_MS);
  };
  return {
    nowMs,
    each(onBeat) {
      run();
      return beats.each(onBeat);
    },
    after(delayMs, then) {
      run();
      return beats.at(nowMs() + delayMs, then);
    },
  };
}
