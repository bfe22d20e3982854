/** Answers already given: a repeated webhook gets the same one. Held for as long as a token is taken, then forgotten. */
export interface Reply {
  status: number;
  body: unknown;
}

export type Remembered = { kind: 'first' } | { kind: 'repeat'; reply: Promise<Reply> } | { kind: 'forged' };

interface Entry {
  hash: string;
  reply: Promise<Reply>;
  untilMs: number;
}

/** At a hundred webhooks a second this holds more than their lifetime of five minutes. */
const MOST = 50_000;

export class WebhookMemory {
  readonly #entries = new Map<string, Entry>();
  readonly #keepMs: number;

  constructor(keepMs: number) {
    this.#keepMs = keepMs;
  }

  /** `id` names the webhook, `hash` its content: the same id over another content is a forgery. */
  recall(id: string, hash: string, nowMs: number): Remembered {
    const entry = this.#entries.get(id);
    if (entry === undefined || entry.untilMs <= nowMs) return { kind: 'first' };
    return entry.hash === hash ? { kind: 'repeat', reply: entry.reply } : { kind: 'forged' };
  }

  /** A reply that failed is forgotten, so that the repeat is a new try. */
  remember(id: string, entry: { hash: string; reply: Promise<Reply> }, nowMs: number): void {
    this.#sweep(nowMs);
    this.#entries.set(id, { ...entry, untilMs: nowMs + this.#keepMs });
    entry.reply.then(
      (reply) => reply.status >= 500 && this.#entries.delete(id),
      () => this.#entries.delete(id),
    );
  }

  /** Insertion order is age order. */
  #sweep(nowMs: number): void {
    for (const [id, entry] of this.#entries) {
      if (entry.untilMs > nowMs && this.#entries.size < MOST) return;
      this.#entries.delete(id);
    }
  }
}
