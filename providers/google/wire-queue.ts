/** Turns a stream's events into an iteration that an abort or a silence of the other side ends at once. */

type Item<Message> = { kind: 'message'; message: Message } | { kind: 'end' } | { kind: 'failed'; error: unknown };

export class WireQueue<Message> {
  readonly #items: Item<Message>[] = [];
  #wake: (() => void) | undefined;

  push(item: Item<Message>): void {
    this.#items.push(item);
    this.#wake?.();
  }

  /** The next item; `onIdle` makes the error for having waited `idleMs`. */
  async next(idleMs: number, onIdle: () => Error): Promise<Item<Message>> {
    for (;;) {
      const item = this.#items.shift();
      if (item !== undefined) return item;
      if (!(await this.#arrival(idleMs))) return { kind: 'failed', error: onIdle() };
    }
  }

  #arrival(idleMs: number): Promise<boolean> {
    return new Promise((resolve) => {
      const timer = setTimeout(() => {
        resolve(false);
      }, idleMs);
      this.#wake = () => {
        this.#wake = undefined;
        clearTimeout(timer);
        resolve(true);
      };
    });
  }
}
