/** What was on one phone's line, and when, by the machine's own clock: the network's ticks of 20 ms are too coarse to measure with. */

/** First and last moment, since the epoch, of a run of frames that have something in common. */
export type Span = [fromMs: number, untilMs: number];

export interface LineTimeline {
  /** Loud frames as the phone sent them. */
  customer: Span[];
  /** Loud frames as the phone played them. */
  bot: Span[];
  /** Ticks at which the network had nothing to play, once it had begun. */
  dry: Span[];
}

/** Three hours of talk; what comes after is not kept. */
const KEPT_SPANS = 20_000;

export class LineRecord {
  readonly #customer = new Spans();
  readonly #bot = new Spans();
  readonly #dry = new Spans();
  #begun = false;

  said(isLoud: boolean): void {
    this.#customer.note(isLoud);
  }

  heard(frame: { isThere: boolean; isLoud: boolean }): void {
    this.#begun ||= frame.isThere;
    this.#bot.note(frame.isLoud);
    this.#dry.note(this.#begun && !frame.isThere);
  }

  view(): LineTimeline {
    return { customer: this.#customer.all, bot: this.#bot.all, dry: this.#dry.all };
  }
}

class Spans {
  readonly all: Span[] = [];
  #open: Span | undefined;

  note(is: boolean): void {
    if (!is) {
      this.#open = undefined;
      return;
    }
    const now = clockMs();
    if (this.#open !== undefined) {
      this.#open[1] = now;
      return;
    }
    this.#open = [now, now];
    if (this.all.length < KEPT_SPANS) this.all.push(this.#open);
  }
}

/** Since the epoch, to a tenth of a millisecond. */
export function clockMs(): number {
  return Math.round((performance.timeOrigin + performance.now()) * 10) / 10;
}
