/** Posts what happens to the application: signed, with Vonage's deadlines and its one retry, and with whatever faults are on. */
import { randomBytes } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import type { Logger } from 'pino';
import { webhookToken, type WebhookSigner } from './signature.ts';
import type { Faults } from './faults.ts';

export interface WebhookTarget {
  url: string;
  method: 'GET' | 'POST';
}

export type WebhookAnswer = { ok: true; body: unknown } | { ok: false; reason: string; retryable: boolean };

export interface WebhooksOptions {
  signer: WebhookSigner | undefined;
  faults: Faults;
  log: Logger;
  /** Before the one retry; Vonage gives no figure, short enough to stay within a caller's patience. */
  retryDelayMs?: number;
}

/** Vonage's own maxima: an NCCO must be there within 5 s, an event be taken within 10. */
export const ANSWER_DEADLINE_MS = 5_000;
export const EVENT_DEADLINE_MS = 10_000;
const RETRIED_STATUSES = new Set([429, 503, 504]);

export class Webhooks {
  readonly #options: WebhooksOptions;

  constructor(options: WebhooksOptions) {
    this.#options = options;
  }

  /** Asks for an NCCO. */
  async ask(target: WebhookTarget, payload: object): Promise<WebhookAnswer> {
    return await this.#withRetry(target, payload, ANSWER_DEADLINE_MS);
  }

  /** Tells an event; the answer may matter (synchronous connect). Never throws. */
  async tell(target: WebhookTarget, payload: object): Promise<WebhookAnswer> {
    const { faults } = this.#options;
    const status = 'status' in payload ? String(payload.status) : '';
    if (faults.loseWebhooks.includes(status)) return { ok: false, reason: 'lost by a fault', retryable: false };
    const waitMs = faults.delayWebhooksMs + Math.floor(Math.random() * faults.reorderWebhooksMs);
    if (waitMs > 0) await pause(waitMs);
    const request = this.#request(target, payload);
    for (let i = 0; i < faults.duplicateWebhooks; i += 1) void this.#once(request, EVENT_DEADLINE_MS);
    if (faults.repeatLaterMs > 0) void pause(faults.repeatLaterMs).then(() => this.#once(request, EVENT_DEADLINE_MS));
    const answer = await this.#once(request, EVENT_DEADLINE_MS);
    return answer.ok || !answer.retryable ? answer : await this.#again(target, payload, EVENT_DEADLINE_MS);
  }

  async #withRetry(target: WebhookTarget, payload: object, deadlineMs: number): Promise<WebhookAnswer> {
    const answer = await this.#once(this.#request(target, payload), deadlineMs);
    return answer.ok || !answer.retryable ? answer : await this.#again(target, payload, deadlineMs);
  }

  async #again(target: WebhookTarget, payload: object, deadlineMs: number): Promise<WebhookAnswer> {
    await pause(this.#options.retryDelayMs ?? 500);
    return await this.#once(this.#request(target, payload), deadlineMs);
  }

  #request(target: WebhookTarget, payload: object): PreparedRequest {
    if (target.method === 'GET') {
      const url = new URL(target.url);
      for (const [name, value] of Object.entries(payload)) {
        if (value !== null && value !== undefined)
          url.searchParams.set(name, typeof value === 'object' ? JSON.stringify(value) : String(value));
      }
      return { url: url.href, method: 'GET', headers: this.#authorization(undefined) };
    }
    const body = JSON.stringify(payload);
    return {
      url: target.url,
      method: 'POST',
      body,
      headers: { 'content-type': 'application/json', ...this.#authorization(body) },
    };
  }

  #authorization(body: string | undefined): Record<string, string> {
    const { signer, faults } = this.#options;
    if (signer === undefined) return {};
    const used = faults.forgeSignatures ? { ...signer, secret: randomBytes(16).toString('hex') } : signer;
    return { authorization: `Bearer ${webhookToken(used, body, Date.now())}` };
  }

  async #once(request: PreparedRequest, deadlineMs: number): Promise<WebhookAnswer> {
    const { url, ...init } = request;
    try {
      const response = await fetch(url, { ...init, signal: AbortSignal.timeout(deadlineMs) });
      const text = await response.text();
      if (!response.ok) return this.#refused(url, `HTTP ${response.status}`, RETRIED_STATUSES.has(response.status));
      return { ok: true, body: text === '' ? undefined : parsed(text) };
    } catch (error) {
      const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
      return this.#refused(url, cause instanceof Error ? cause.message : String(cause), true);
    }
  }

  #refused(url: string, reason: string, retryable: boolean): WebhookAnswer {
    this.#options.log.warn({ url: new URL(url).pathname, reason, retryable }, 'webhook not taken');
    return { ok: false, reason, retryable };
  }
}

interface PreparedRequest {
  url: string;
  method: 'GET' | 'POST';
  headers: Record<string, string>;
  body?: string;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
