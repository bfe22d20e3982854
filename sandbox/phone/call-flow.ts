/** One leg's way through its NCCO: where the list comes from, which action runs, what replaces the rest, how it ends. */
import { perform } from './actions.ts';
import type { Leg } from './leg.ts';
import { detectMachine } from './machine-detection.ts';
import { parseNcco, type Action, type Ncco } from './ncco.ts';
import type { OutboundOrder, PhoneNetwork } from './network.ts';
import type { WebhookAnswer, WebhookTarget } from './webhooks.ts';

/** Fallback URLs get two attempts, whatever the failure. */
const FALLBACK_ATTEMPTS = 2;

export class CallFlow {
  readonly network: PhoneNetwork;
  readonly leg: Leg;
  #list: Action[] = [];
  #step: AbortController | undefined;

  constructor(network: PhoneNetwork, leg: Leg) {
    this.network = network;
    this.leg = leg;
    void leg.ended.then(() => {
      this.#step?.abort();
    });
  }

  async runInbound(answered: () => void): Promise<void> {
    const ncco = await this.#ask(this.network.options.answer);
    if (this.leg.over) return;
    if (ncco === undefined || ncco.length === 0) {
      await this.leg.end({ by: 'platform', sipCode: ncco === undefined ? '503' : '200' });
      return;
    }
    answered();
    await this.runList(ncco);
  }

  async runOutbound(order: OutboundOrder): Promise<void> {
    const rung = await this.network.ring(this.leg, { timeoutS: order.ringingTimerS, headers: order.headers });
    if (!rung.answered) return;
    const lengthTimer = setTimeout(() => {
      void this.leg.end({ by: 'platform', sipCode: '200' });
    }, order.lengthTimerS * 1000);
    void this.leg.ended.then(() => {
      clearTimeout(lengthTimer);
    });
    const detected =
      order.detection === undefined ? Promise.resolve() : detectMachine(this.network, this.leg, order.detection);
    if (order.detection?.waits === true) await detected;
    if (this.leg.over) return;
    const ncco = Array.isArray(order.ncco) ? order.ncco : await this.#ask(order.ncco);
    if (ncco === undefined) await this.leg.end({ by: 'platform', sipCode: '503' });
    else await this.runList(ncco);
  }

  /** PUT transfer, or an event's reply: this list instead of what is left. */
  replace(ncco: Ncco): void {
    this.#list = [...ncco];
    this.#step?.abort();
  }

  /** An NCCO from a webhook's reply, if that is one; a bad one is told as an error. */
  nccoIn(answer: WebhookAnswer): Ncco | undefined {
    if (!answer.ok || !Array.isArray(answer.body) || answer.body.length === 0) return undefined;
    const parsed = parseNcco(answer.body);
    if ('ncco' in parsed) return parsed.ncco;
    this.tellError(parsed.reason, undefined);
    return undefined;
  }

  /** The events of an action go to its own URL, else where the leg's go. */
  targetOf(action: { eventUrl?: [string] | undefined; eventMethod: 'GET' | 'POST' }): WebhookTarget | undefined {
    return action.eventUrl === undefined ? this.leg.events : { url: action.eventUrl[0], method: action.eventMethod };
  }

  /** Plays the NCCO at `url` in a callee's ear alone, before that leg joins this one. */
  async briefing(far: Leg, url: string): Promise<void> {
    const ear = new CallFlow(this.network, far);
    const answer = await this.network.webhooks.ask({ url, method: 'GET' }, ear.answerPayload());
    const parsed = answer.ok ? parseNcco(answer.body) : { reason: answer.reason };
    if (!('ncco' in parsed)) {
      ear.tellError(parsed.reason, undefined);
      return;
    }
    const over = new AbortController();
    void far.ended.then(() => {
      over.abort();
    });
    for (const action of parsed.ncco) if (!over.signal.aborted) await perform(ear, action, over.signal);
  }

  tellError(reason: string, target: WebhookTarget | undefined): void {
    const event = { reason, conversation_uuid: this.leg.conversationUuid, timestamp: new Date().toISOString() };
    const to = target ?? this.leg.events;
    if (to !== undefined) void this.network.webhooks.tell(to, event);
  }

  answerPayload(): object {
    const { about, uuid, conversationUuid } = this.leg;
    return {
      from: about.from,
      to: about.to,
      uuid,
      conversation_uuid: conversationUuid,
      endpoint_type: about.endpointType,
      region_url: this.network.options.regionUrl,
    };
  }

  async runList(ncco: Ncco): Promise<void> {
    this.#list = [...ncco];
    for (;;) {
      const action = this.#list.shift();
      if (action === undefined || this.leg.over) break;
      const step = new AbortController();
      this.#step = step;
      try {
        const instead = await perform(this, action, step.signal);
        if (instead !== undefined && !step.signal.aborted) this.#list = [...instead];
      } catch (error) {
        this.network.options.log.error({ err: error, action: action.action }, 'NCCO action failed');
        this.tellError(error instanceof Error ? error.message : String(error), undefined);
      }
    }
    await this.leg.end({ by: 'platform', sipCode: '200' });
  }

  async #ask(target: WebhookTarget): Promise<Ncco | undefined> {
    const payload = this.answerPayload();
    const answer = await this.network.webhooks.ask(target, payload);
    const parsed = answer.ok ? parseNcco(answer.body) : { reason: answer.reason };
    if ('ncco' in parsed) return parsed.ncco;
    this.tellError(parsed.reason, undefined);
    return await this.#askFallback(target, payload, parsed.reason);
  }

  async #askFallback(failed: WebhookTarget, payload: object, reason: string): Promise<Ncco | undefined> {
    const { fallback } = this.network.options;
    if (fallback === undefined) return undefined;
    for (let attempt = 0; attempt < FALLBACK_ATTEMPTS; attempt += 1) {
      const answer = await this.network.webhooks.ask(fallback, {
        ...payload,
        reason,
        original_request: { url: failed.url, type: 'answer' },
      });
      const parsed = answer.ok ? parseNcco(answer.body) : undefined;
      if (parsed !== undefined && 'ncco' in parsed) return parsed.ncco;
    }
    return undefined;
  }
}
