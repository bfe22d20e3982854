/** The pace of one leg's frames. Fifty frames a second each way are boiled down to the worst of each second: that is what is heard, and costs nothing. */

const FRAME_MS = 20;
const EVERY_MS = 1_000;
/** The network sends nothing while nobody speaks: after such a pause the pace begins anew. */
const PAUSE_MS = 200;

export interface Worst {
  in: (ms: number) => void;
  out: (ms: number) => void;
}

export class LegFrames {
  readonly #tell: Worst;
  #dueAtMs = 0;
  #lastInAtMs = -Infinity;
  #inSentence = false;
  #playedUntilMs = 0;
  #worstIn = { ms: 0, sinceMs: 0 };
  #worstOut = { ms: 0, sinceMs: 0 };

  constructor(tell: Worst) {
    this.#tell = tell;
  }

  /** A frame has come: how much later than real time has it. */
  cameIn(nowMs: number): void {
    if (nowMs - this.#lastInAtMs > PAUSE_MS) this.#dueAtMs = nowMs;
    this.#lastInAtMs = nowMs;
    const lateMs = nowMs - this.#dueAtMs;
    // A far side whose clock is ahead sets the pace.
    this.#dueAtMs = Math.min(this.#dueAtMs, nowMs) + FRAME_MS;
    this.#worstIn = this.#noted(this.#worstIn, { ms: lateMs, nowMs }, this.#tell.in);
  }

  /** A frame has gone out: for how long had the network nothing left to play of this sentence. */
  wentOut(nowMs: number): void {
    if (!this.#inSentence) this.#playedUntilMs = nowMs;
    this.#inSentence = true;
    const gapMs = Math.max(0, nowMs - this.#playedUntilMs);
    this.#playedUntilMs = Math.max(this.#playedUntilMs, nowMs) + FRAME_MS;
    this.#worstOut = this.#noted(this.#worstOut, { ms: gapMs, nowMs }, this.#tell.out);
  }

  /** A word went out: `notify` ends a sentence, `clear` breaks it off. A pause between sentences is no gap. */
  sentenceOver(): void {
    this.#inSentence = false;
  }

  #noted(
    worst: { ms: number; sinceMs: number },
    { ms, nowMs }: { ms: number; nowMs: number },
    tell: (ms: number) => void,
  ): { ms: number; sinceMs: number } {
    const now = { ms: Math.max(worst.ms, ms), sinceMs: worst.sinceMs === 0 ? nowMs : worst.sinceMs };
    if (nowMs - now.sinceMs < EVERY_MS) return now;
    tell(now.ms);
    return { ms: 0, sinceMs: nowMs };
  }
}
