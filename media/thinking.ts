/**
 * One reply from whichever tier can give it: a silent tier is joined by the next, a failed one replaced by it, and the
 * rules answer when no model does. What is yielded was said by one tier from its beginning, or goes on where another broke off.
 */
import type { AnsweredBy, ModelUsage } from '../domain/conversation.ts';
import type { ToolCall } from '../domain/tools.ts';
import type { Llm, LlmEvent, LlmRequest } from '../providers/llm.ts';
import { ProviderError } from '../providers/provider-error.ts';
import type { Logger } from '../telemetry/log.ts';
import type { Breaker } from './breaker.ts';
import { NO_LONGER_WANTED } from './no-longer-wanted.ts';
import type { Pacer } from './pacer.ts';

export type Thought =
  | { type: 'text'; text: string }
  | { type: 'tool_call'; call: ToolCall }
  /** A model broke off: its tool calls are void, its unfinished sentence too. */
  | { type: 'broken_off' }
  /** `answer_hard_timeout_sec` is over and nobody has said a word: the rules will. */
  | { type: 'given_up' }
  | { type: 'done'; usage: ModelUsage; model: string; tier: AnsweredBy };

export interface ThinkingKit {
  /** In the order in which they are asked. */
  models: Llm[];
  rules: Llm;
  breaker: Breaker;
  pacer: Pacer;
  log: Logger;
}

/** A model says its first word within a second as a rule; the next tier is asked beside one that is still silent after this. */
const JOINED_AFTER_MS = 2_500;
/** Called off while it had said nothing for this long: the customer would wait as long in the next turn. */
const TOO_SILENT_MS = 4_000;
/** Between two words of a stream that lives there are milliseconds. */
const STALLED_AFTER_MS = 6_000;

export async function* think(
  request: LlmRequest,
  kit: ThinkingKit,
  options: { hardMs: number; signal: AbortSignal; spoken: () => string },
): AsyncGenerator<Thought> {
  let models = kit.models.filter((model) => kit.breaker.allows(model.tier, kit.pacer.nowMs()));
  while (models.length > 0) {
    const race = new Race(goingOn(request, options.spoken()), { ...kit, models }, options);
    for await (const thought of race.thoughts()) {
      yield thought;
      if (thought.type === 'done') return;
    }
    options.signal.throwIfAborted();
    models = race.left;
  }
  for await (const event of kit.rules.stream(goingOn(request, options.spoken()), options.signal))
    yield thoughtOf(event, kit.rules.tier);
}

/** [LM46] `spoken`: whole sentences alone; of the one that broke off nothing will be heard. */
function goingOn(request: LlmRequest, spoken: string): LlmRequest {
  if (spoken === '') return request;
  const hint = `Your reply broke off after these words, which the customer has heard: "${spoken}". Go on from there without repeating them.`;
  return { ...request, system: { ...request.system, volatile: `${request.system.volatile}\n\n${hint}` } };
}

function thoughtOf(event: LlmEvent, tier: AnsweredBy): Thought {
  switch (event.type) {
    case 'text':
    case 'tool_call':
      return event;
    case 'done':
      return { type: 'done', usage: event.usage, model: event.model, tier };
  }
}

/** Models started one after another until one speaks; from then on it alone is heard. */
class Race {
  /** Not asked yet. */
  left: Llm[];
  readonly #request: LlmRequest;
  readonly #kit: ThinkingKit;
  readonly #running = new Map<Llm, AbortController>();
  readonly #startedAtMs = new Map<Llm, number>();
  readonly #thoughts: Thought[] = [];
  #winner: Llm | null = null;
  #over = false;
  #wake: () => void = () => undefined;
  readonly #callOff = new Set<() => void>();
  #callOffStall: () => void = () => undefined;

  constructor(request: LlmRequest, kit: ThinkingKit, options: { hardMs: number; signal: AbortSignal }) {
    this.#request = request;
    this.#kit = kit;
    this.left = [...kit.models];
    const stop = (): void => {
      if (this.#winner === null && !this.#over) this.#noteSilent(TOO_SILENT_MS);
      this.#end();
    };
    options.signal.addEventListener('abort', stop, { once: true });
    this.#callOff.add(() => {
      options.signal.removeEventListener('abort', stop);
    });
    this.#callOff.add(
      kit.pacer.after(options.hardMs, () => {
        this.#giveUp();
      }),
    );
    if (options.signal.aborted) this.#end();
    else this.#startNext();
  }

  async *thoughts(): AsyncGenerator<Thought> {
    try {
      for (;;) {
        for (let next = this.#thoughts.shift(); next !== undefined; next = this.#thoughts.shift()) yield next;
        if (this.#over) return;
        await new Promise<void>((resolve) => {
          this.#wake = resolve;
        });
      }
    } finally {
      this.#end();
    }
  }

  #startNext(): void {
    const model = this.left.shift();
    if (model === undefined) {
      if (this.#running.size === 0) this.#end();
      return;
    }
    const abort = new AbortController();
    this.#running.set(model, abort);
    this.#startedAtMs.set(model, this.#kit.pacer.nowMs());
    void this.#listen(model, abort);
    const callOff = this.#kit.pacer.after(JOINED_AFTER_MS, () => {
      if (this.#winner === null && !this.#over && this.#running.has(model) && this.left.length > 0) this.#startNext();
    });
    this.#callOff.add(callOff);
  }

  async #listen(model: Llm, abort: AbortController): Promise<void> {
    try {
      for await (const event of model.stream(this.#request, abort.signal)) {
        if (abort.signal.aborted || this.#over) return;
        if (event.type === 'done' && this.#winner === null)
          throw new ProviderError(model.tier, 'vendor_fault', { message: `an empty reply (${event.stopReason})` });
        this.#speaks(model);
        this.#push(thoughtOf(event, model.tier));
        if (event.type === 'done') {
          this.#kit.breaker.succeeded(model.tier);
          this.#end();
          return;
        }
      }
      if (!abort.signal.aborted)
        throw new ProviderError(model.tier, 'vendor_fault', { message: 'the stream ended in mid-reply' });
    } catch (error) {
      if (!abort.signal.aborted && !this.#over) this.#failed(model, error);
    }
  }

  #speaks(model: Llm): void {
    if (this.#winner === null) {
      this.#winner = model;
      for (const [other, abort] of this.#running) {
        if (other === model) continue;
        // Asked first and still silent: not waited for in the next turn either.
        if (this.#kit.models.indexOf(other) < this.#kit.models.indexOf(model)) this.#silent(other);
        abort.abort(NO_LONGER_WANTED);
      }
    }
    this.#callOffStall();
    this.#callOffStall = this.#kit.pacer.after(STALLED_AFTER_MS, () => {
      const message = `no word for ${String(STALLED_AFTER_MS)} ms in mid-reply`;
      const stalled = new ProviderError(model.tier, 'timeout', { message });
      this.#running.get(model)?.abort(stalled);
      this.#failed(model, stalled);
    });
  }

  #failed(model: Llm, error: unknown): void {
    this.#running.delete(model);
    const kind = error instanceof ProviderError ? error.kind : 'vendor_fault';
    this.#kit.log.warn({ err: error, tier: model.tier, kind }, 'a model has failed');
    // A request that the vendor refuses says nothing about the vendor.
    if (kind !== 'bad_request') {
      const retryAfterMs = error instanceof ProviderError ? error.retryAfterMs : null;
      this.#kit.breaker.failed(
        model.tier,
        { how: 'error', retryAfterMs: kind === 'credentials' ? Infinity : retryAfterMs },
        this.#kit.pacer.nowMs(),
      );
    }
    if (this.#winner === model) {
      this.#push({ type: 'broken_off' });
      this.#end();
    } else if (this.#winner === null) this.#startNext();
  }

  #giveUp(): void {
    if (this.#winner !== null || this.#over) return;
    for (const model of this.#running.keys()) this.#silent(model);
    this.left = [];
    this.#push({ type: 'given_up' });
    this.#end();
  }

  #noteSilent(forMs: number): void {
    const nowMs = this.#kit.pacer.nowMs();
    for (const model of this.#running.keys()) {
      if (nowMs - (this.#startedAtMs.get(model) ?? nowMs) >= forMs) this.#silent(model);
    }
  }

  /** Stopped as a failure of its own, not as something that nobody wants any longer. */
  #silent(model: Llm): void {
    this.#kit.breaker.failed(model.tier, { how: 'silence' }, this.#kit.pacer.nowMs());
    this.#running.get(model)?.abort(new ProviderError(model.tier, 'timeout', { message: 'not a word came' }));
  }

  #push(thought: Thought): void {
    this.#thoughts.push(thought);
    this.#wake();
  }

  #end(): void {
    if (this.#over) return;
    this.#over = true;
    for (const callOff of this.#callOff) callOff();
    this.#callOffStall();
    for (const abort of this.#running.values()) abort.abort(NO_LONGER_WANTED);
    this.#wake();
  }
}
