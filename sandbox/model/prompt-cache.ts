/** Counts input as the vendor bills it: what stands before a cache marker is written once and then read. */
import { createHash } from 'node:crypto';
import type { Usage } from './events.ts';
import { cachedPrefix, type MessageBody } from './message-request.ts';

/** The vendor's smallest cacheable prefix, of its newest models. */
const MIN_TOKENS = 512;
const TTL_MS = 5 * 60_000;

export class PromptCache {
  #warmUntilMs = new Map<string, number>();

  count(body: MessageBody, nowMs: number): Omit<Usage, 'output_tokens'> {
    const prefix = cachedPrefix(body);
    const all = tokens(JSON.stringify([body.tools, body.system, body.messages]));
    const cached = prefix === null ? 0 : tokens(prefix);
    if (prefix === null || cached < MIN_TOKENS) {
      return { input_tokens: all, cache_creation_input_tokens: 0, cache_read_input_tokens: 0 };
    }
    const key = createHash('sha256').update(body.model).update(prefix).digest('hex');
    const warm = (this.#warmUntilMs.get(key) ?? 0) > nowMs;
    this.#warmUntilMs.set(key, nowMs + TTL_MS);
    return {
      input_tokens: Math.max(0, all - cached),
      cache_creation_input_tokens: warm ? 0 : cached,
      cache_read_input_tokens: warm ? cached : 0,
    };
  }
}

/** About four characters each. */
const tokens = (text: string): number => Math.ceil(text.length / 4);
