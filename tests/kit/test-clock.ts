/** A pacer whose time passes only when a test says so. */
import { Beats, type Pacer } from '../../media/pacer.ts';

const STEP_MS = 20;

export class TestClock implements Pacer {
  readonly #beats = new Beats();
  #nowMs = 1_000_000;

  nowMs(): number {
    return this.#nowMs;
  }

  each(onBeat: (nowMs: number) => void): () => void {
    return this.#beats.each(onBeat);
  }

  after(delayMs: number, then: () => void): () => void {
    return this.#beats.at(this.#nowMs + delayMs, then);
  }

  /** Resolves when so much time has passed. */
  wait(ms: number): Promise<void> {
    return new Promise((resolve) => {
      this.after(ms, resolve);
    });
  }

  /** The process stands still: no beat, no input; then one beat before anything that has come meanwhile is read. */
  async standStill(ms: number): Promise<void> {
    this.#nowMs += ms;
    this.#beats.beat(this.#nowMs);
    await settled();
  }

  /** Beat by beat; what each beat sets off is finished before the next. */
  async advance(ms: number): Promise<void> {
    for (const endMs = this.#nowMs + ms; this.#nowMs < endMs;) {
      this.#nowMs += STEP_MS;
      this.#beats.beat(this.#nowMs);
      await settled();
    }
  }

  /** At most 60 s of it. */
  async advanceUntil(what: string, holds: () => boolean): Promise<void> {
    for (let step = 0; !holds(); step += 1) {
      if (step > 3_000) throw new Error(`a minute has passed without: ${what}`);
      await this.advance(STEP_MS);
    }
  }
}

/** Promises already on their way have had their turn. */
export async function settled(): Promise<void> {
  for (let round = 0; round < 3; round += 1) await new Promise((resolve) => setImmediate(resolve));
}
