/** What the stand-in may do wrong, settable while it runs. */

export interface ModelFaults {
  /** Before the response's headers. */
  headerDelayMs: number;
  /** Before the first token, with pings meanwhile as the vendor sends them. */
  firstTokenDelayMs: number;
  /** Between tokens. */
  perTokenMs: number;
  /** Instead of an answer. `retryAfterS` becomes the header. */
  http: { status: number; retryAfterS?: number } | null;
  /** After that many events nothing more comes; the socket stays open. */
  stallAfterEvents: number | null;
  pingsWhileStalled: boolean;
  /** After that many events the socket is destroyed. */
  cutAfterEvents: number | null;
  /** The body ends properly, but before `message_delta` and `message_stop`. */
  endWithoutStop: boolean;
  /** An `error` event in the stream, after that many events. */
  streamError: { type: string; afterEvents: number } | null;
  /** Only requests for these models fare so; null = all. */
  models: string[] | null;
  /** One of these, told by the customer's last words, instead of the rules' answer to a conversation: the same words get the same reply. */
  replies: string[] | null;
  /** For that many requests, then all is well again; null = until it is changed. */
  times: number | null;
}

export const NO_FAULTS: ModelFaults = {
  headerDelayMs: 0,
  firstTokenDelayMs: 0,
  perTokenMs: 0,
  http: null,
  stallAfterEvents: null,
  pingsWhileStalled: false,
  cutAfterEvents: null,
  endWithoutStop: false,
  streamError: null,
  models: null,
  replies: null,
  times: null,
};

/** Given instead of the rules' answer, in the order queued. */
export interface ScriptedReply {
  text?: string;
  toolCalls?: {
    name: string;
    arguments?: Record<string, unknown>;
    /** As it goes over the wire, broken if need be. */ rawArguments?: string;
  }[];
  stopReason?: 'end_turn' | 'max_tokens' | 'tool_use' | 'refusal' | 'stop_sequence';
}

export interface SeenRequest {
  headers: Record<string, string>;
  body: unknown;
  /** Status given, 0 while it is open. */
  status: number;
}

const REMEMBERED = 200;

export class FaultDesk {
  #faults: ModelFaults = { ...NO_FAULTS };
  #script: ScriptedReply[] = [];
  readonly requests: SeenRequest[] = [];

  current(): ModelFaults {
    return { ...this.#faults };
  }

  set(change: Partial<ModelFaults>): ModelFaults {
    this.#faults = { ...this.#faults, ...change };
    return this.current();
  }

  reset(): void {
    this.#faults = { ...NO_FAULTS };
    this.#script = [];
    this.requests.length = 0;
  }

  queue(...replies: ScriptedReply[]): void {
    this.#script.push(...replies);
  }

  /** Those that this request meets; counts it. */
  take(model: string): ModelFaults {
    const faults = this.#faults;
    if (faults.models !== null && !faults.models.includes(model)) return NO_FAULTS;
    if (faults.times === null) return faults;
    if (faults.times <= 0) return NO_FAULTS;
    this.#faults = { ...faults, times: faults.times - 1 };
    return faults;
  }

  nextScripted(): ScriptedReply | null {
    return this.#script.shift() ?? null;
  }

  remember(request: SeenRequest): void {
    this.requests.push(request);
    if (this.requests.length > REMEMBERED) this.requests.shift();
  }
}
