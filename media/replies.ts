/** The turns being answered on one leg, by id; the last few are remembered, so that a repeated question finds its answer. */
import { NO_LATENCY, NO_USAGE } from '../domain/conversation.ts';
import type { AnswerTurnInput, AnswerTurnOutcome } from '../workflows/call/messages.ts';
import { EarlyReplies } from './early-replies.ts';
import { Reply, type ReplyKit } from './reply.ts';

const REMEMBERED = 8;

export class Replies {
  /** Begun, and not asked for yet. */
  readonly early: EarlyReplies;
  readonly #kit: ReplyKit;
  readonly #replies = new Map<string, Reply>();
  /** Turns overtaken before their answer was even asked for. */
  readonly #overtaken = new Set<string>();

  constructor(kit: Omit<ReplyKit, 'earlyCosts'>) {
    this.#kit = { ...kit, earlyCosts: () => this.early.takeCosts() };
    this.early = new EarlyReplies(this.#kit);
  }

  get running(): boolean {
    return [...this.#replies.values()].some((reply) => reply.running);
  }

  knows(turnId: string): boolean {
    return this.#replies.has(turnId);
  }

  async answer(input: AnswerTurnInput, cancelled: AbortSignal): Promise<AnswerTurnOutcome> {
    const reply = this.#replyTo(input);
    const drop = (): void => {
      reply.drop();
    };
    cancelled.addEventListener('abort', drop, { once: true });
    try {
      if (cancelled.aborted) drop();
      return await reply.round(input);
    } finally {
      cancelled.removeEventListener('abort', drop);
    }
  }

  /** The customer has spoken on: whatever is still being answered is old. */
  overtake(turnIds: string[]): void {
    for (const turnId of turnIds) this.#overtaken.add(turnId);
    for (const reply of this.#replies.values()) reply.drop();
  }

  #replyTo(input: AnswerTurnInput): Reply {
    const known = this.#replies.get(input.turnId);
    if (known !== undefined) return known;
    const overtaken = this.#overtaken.delete(input.turnId);
    const { memory } = this.#kit;
    memory.learn(input.facts);
    memory.noteResults(input.toolResults);
    const reply = new Reply(input, this.#kit, overtaken ? null : this.early.claim(input));
    this.#replies.set(input.turnId, reply);
    if (overtaken) reply.drop();
    for (const oldest of this.#replies.keys()) {
      if (this.#replies.size <= REMEMBERED) break;
      this.#replies.delete(oldest);
    }
    return reply;
  }
}

/** This host holds no such leg, or holds it no longer. */
export function nobodyThere(input: AnswerTurnInput): AnswerTurnOutcome {
  return {
    turnId: input.turnId,
    round: input.round,
    said: '',
    heardText: '',
    heardComplete: false,
    ended: 'leg_gone',
    toolCalls: [],
    answeredBy: 'phrase',
    model: '',
    usage: { ...NO_USAGE },
    latency: { ...NO_LATENCY },
    style: 'none',
  };
}
