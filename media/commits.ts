/** What the customer said, on its way into history: one after another, each until it is accepted, however long Temporal is away. */
import { randomUUID } from 'node:crypto';
import { asTurnId, type ConnectId, type TurnId } from '../domain/ids.ts';
import type { HeardReport } from '../domain/conversation.ts';
import type { TurnRequest } from '../workflows/call/messages.ts';
import type { Pacer } from './pacer.ts';
import type { TurnTiming } from './reply.ts';
import type { Utterance } from './turn-taker.ts';

export interface CommitKit {
  connectId: ConnectId;
  pacer: Pacer;
  /** Resolves when the call knows of it. Waits for the call to be attached. */
  send: (request: TurnRequest) => Promise<'accepted' | 'refused'>;
  takeHeard: () => HeardReport[];
  /** Nothing has come back for a while. */
  onWait: () => void;
  onRefused: () => void;
  /** The leg has ended meanwhile, as a rule. */
  onFault: (error: unknown) => void;
}

interface Waiting {
  turnId: TurnId;
  utterance: Utterance;
}

/** An accepted turn is usually taken up within 20 ms; silence beyond this wants a word, and a worker's restart takes 2-4 s. */
const WAIT_PHRASE_MS = 2_500;
/** An accepted turn whose answer has not been asked for by then holds nobody up any longer. */
const GIVEN_UP_MS = 15_000;
const REMEMBERED_TIMINGS = 20;

export class Commits {
  readonly #kit: CommitKit;
  readonly #waiting: Waiting[] = [];
  #sending: Waiting | null = null;
  /** Accepted, and not taken up by an answer. */
  #accepted: { turnId: TurnId; atMs: number } | null = null;
  /** Taken up while still being sent. */
  readonly #taken = new Set<string>();
  readonly #timings = new Map<string, TurnTiming>();
  #callOffPhrase: () => void = () => undefined;
  #saidWait = false;

  constructor(kit: CommitKit) {
    this.#kit = kit;
  }

  /** Something of the customer's has no answer yet. */
  get pending(): boolean {
    return (
      this.#sending !== null ||
      this.#waiting.length > 0 ||
      (this.#accepted !== null && this.#kit.pacer.nowMs() - this.#accepted.atMs < GIVEN_UP_MS)
    );
  }

  /** Turns that no answer has taken up. */
  get unanswered(): TurnId[] {
    return [
      ...(this.#accepted === null ? [] : [this.#accepted.turnId]),
      ...(this.#sending === null ? [] : [this.#sending.turnId]),
    ];
  }

  timingOf(turnId: string): TurnTiming {
    return (
      this.#timings.get(turnId) ?? {
        lastSpeechAtMs: null,
        endpointingMs: null,
        recognizerMs: null,
        committedAtMs: null,
      }
    );
  }

  add(utterance: Utterance): void {
    const last = this.#waiting.at(-1);
    if (last?.utterance.via === 'speech' && utterance.via === 'speech') {
      last.utterance = {
        ...utterance,
        utterance: `${last.utterance.utterance} ${utterance.utterance}`,
        spokenAtMs: last.utterance.spokenAtMs,
      };
    } else this.#waiting.push({ turnId: asTurnId(randomUUID()), utterance });
    if (this.#sending === null) void this.#sendAll().catch(this.#kit.onFault);
  }

  /** An answer is asked for, maybe before our own update has come back. */
  answerBegins(turnId: string): void {
    if (this.#sending?.turnId === turnId) this.#taken.add(turnId);
    else if (this.#accepted?.turnId === turnId) this.#accepted = null;
    else return;
    this.#calm();
  }

  stop(): void {
    this.#callOffPhrase();
    this.#waiting.length = 0;
  }

  async #sendAll(): Promise<void> {
    for (let next = this.#waiting.shift(); next !== undefined; next = this.#waiting.shift()) {
      this.#sending = next;
      this.#armPhrase();
      const { turnId, utterance } = next;
      this.#remember(turnId, utterance.timing);
      const { timing: _, ...said } = utterance;
      const verdict = await this.#sent({
        turnId,
        connectId: this.#kit.connectId,
        heard: this.#kit.takeHeard(),
        ...said,
        spokenAtMs: Math.round(said.spokenAtMs),
      });
      if (verdict === 'accepted' && !this.#taken.delete(turnId))
        this.#accepted = { turnId, atMs: this.#kit.pacer.nowMs() };
      if (verdict === 'refused') {
        this.#calm();
        this.#kit.onRefused();
      }
    }
  }

  async #sent(request: TurnRequest): Promise<'accepted' | 'refused'> {
    try {
      return await this.#kit.send(request);
    } finally {
      this.#sending = null;
    }
  }

  #calm(): void {
    this.#callOffPhrase();
    this.#saidWait = false;
  }

  #armPhrase(): void {
    this.#callOffPhrase();
    if (this.#saidWait) return;
    this.#callOffPhrase = this.#kit.pacer.after(WAIT_PHRASE_MS, () => {
      this.#saidWait = true;
      this.#kit.onWait();
    });
  }

  #remember(turnId: string, timing: TurnTiming): void {
    this.#timings.set(turnId, timing);
    for (const oldest of this.#timings.keys()) {
      if (this.#timings.size <= REMEMBERED_TIMINGS) break;
      this.#timings.delete(oldest);
    }
  }
}
