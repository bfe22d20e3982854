/** One leg as the network keeps it: who, which state, what its party says and hears, and the events that tell of it. */
import { randomUUID } from 'node:crypto';
import { Player } from './player.ts';
import type { Room, Spoken } from './room.ts';
import { mix, type Frame } from './sound.ts';
import type { WebhookAnswer, WebhookTarget } from './webhooks.ts';

export type LegStatus =
  | 'started'
  | 'ringing'
  | 'answered'
  | 'machine'
  | 'human'
  | 'disconnected'
  | 'completed'
  | 'busy'
  | 'cancelled'
  | 'timeout'
  | 'unanswered'
  | 'rejected'
  | 'failed';

/** Whoever is at the far end: a phone or a media socket. */
export interface Party {
  say(): Frame | undefined;
  hear(frame: Frame | undefined): void;
  digit?(digit: string): void;
  /** The network has ended the leg. */
  gone(): void;
}

export interface LegEnd {
  by: 'platform' | 'user';
  sipCode: string;
}

export interface LegDescription {
  direction: 'inbound' | 'outbound';
  endpointType: 'phone' | 'sip' | 'websocket' | 'app' | 'vbc';
  from: string;
  to: string;
  events: WebhookTarget | undefined;
  conversationUuid?: string;
}

export interface LegEventsOut {
  tell(leg: Leg, payload: object): Promise<WebhookAnswer>;
}

/** In Vonage's manner prices are text; the figures are its list price for a British mobile. */
const RATE_EUR_A_MINUTE = 0.0124;
export const MEDIA_RATE_EUR_A_MINUTE = 0.0004;

const OVER: readonly LegStatus[] = ['completed', 'busy', 'cancelled', 'timeout', 'unanswered', 'rejected', 'failed'];

export class Leg {
  readonly uuid = randomUUID();
  readonly about: LegDescription;
  readonly createdAtMs = Date.now();
  readonly player = new Player();
  readonly ended: Promise<LegEnd>;
  /** PUT transfer has given this leg a list of its own: whoever connected it has lost it. */
  readonly takenAway = new AbortController();
  independent = false;
  conversationUuid: string;
  status: LegStatus = 'started';
  events: WebhookTarget | undefined;
  room: Room | undefined;
  /** Recorders and recognisers: told all that is said in the room this leg is in, whichever that is. */
  readonly listeners = new Set<(spoken: readonly Spoken[]) => void>();
  party: Party | undefined;
  answeredAtMs: number | undefined;
  endedAtMs: number | undefined;
  muted = false;
  earmuffed = false;
  canHear: ReadonlySet<string> | undefined;
  /** Told first when a key is pressed on this leg: an input action. */
  onDigit: ((digit: string) => void) | undefined;
  readonly #out: LegEventsOut;
  readonly #settleEnd: (end: LegEnd) => void;

  constructor(about: LegDescription, out: LegEventsOut) {
    const settled = Promise.withResolvers<LegEnd>();
    this.about = about;
    this.conversationUuid = about.conversationUuid ?? `CON-${randomUUID()}`;
    this.events = about.events;
    this.ended = settled.promise;
    this.#settleEnd = settled.resolve;
    this.#out = out;
  }

  get over(): boolean {
    return OVER.includes(this.status);
  }

  say(): Frame | undefined {
    const frame = this.party?.say();
    return this.muted ? undefined : frame;
  }

  hear(others: Frame | undefined): void {
    const played = this.player.next();
    this.party?.hear(mix([this.earmuffed ? undefined : others, played]));
  }

  hears(other: Leg): boolean {
    return other !== this && (this.canHear === undefined || this.canHear.has(other.uuid));
  }

  press(digit: string): void {
    this.onDigit?.(digit);
    this.room?.digit(this, digit);
  }

  answered(party: Party): void {
    this.party = party;
    this.answeredAtMs = Date.now();
    void this.move('answered', { start_time: null, rate: null, network: null });
  }

  /** A new status and the event that tells it; its answer may hold an NCCO. */
  async move(status: LegStatus, extra: object = {}): Promise<WebhookAnswer> {
    if (status !== 'disconnected') this.status = status;
    return await this.tell({ ...this.#common(), status, ...extra });
  }

  async tell(payload: object): Promise<WebhookAnswer> {
    return await this.#out.tell(this, payload);
  }

  /** Ends the leg, whatever it was doing; `completed` unless another end is named. Twice is once. */
  async end(end: LegEnd, status: LegStatus = 'completed', extra: object = {}): Promise<WebhookAnswer> {
    if (this.over) return { ok: false, reason: 'already over', retryable: false };
    this.endedAtMs = Date.now();
    this.status = status;
    this.player.stop();
    this.room?.leave(this);
    this.party?.gone();
    // The record of the leg is kept, its far end and all that hangs on it is not.
    this.party = undefined;
    this.#settleEnd(end);
    if (status === 'completed') return await this.#tellCompleted(end);
    const answer = await this.tell({ ...this.#common(), status, sip_code: end.sipCode, ...extra });
    // Every call ends with `completed`, but one that was rejected.
    if (status !== 'rejected') void this.#tellCompleted(end);
    return answer;
  }

  async #tellCompleted(end: LegEnd): Promise<WebhookAnswer> {
    return await this.tell({ ...this.#common(), status: 'completed', ...this.#completedFacts(end) });
  }

  becomeIndependent(): void {
    this.independent = true;
    this.takenAway.abort();
  }

  view(): object {
    return {
      uuid: this.uuid,
      conversation_uuid: this.conversationUuid,
      to: { type: this.about.endpointType, [this.#addressKey()]: this.about.to },
      from: { type: 'phone', number: this.about.from },
      status: this.status,
      direction: this.about.direction,
      ...(this.endedAtMs === undefined ? {} : this.#account()),
      ...(this.answeredAtMs === undefined ? {} : { start_time: isoSeconds(this.answeredAtMs) }),
      network: '23430',
    };
  }

  #addressKey(): string {
    if (this.about.endpointType === 'phone') return 'number';
    return { sip: 'uri', websocket: 'uri', app: 'user', vbc: 'extension' }[this.about.endpointType];
  }

  #common(): object {
    return {
      from: this.about.from,
      to: this.about.to,
      uuid: this.uuid,
      conversation_uuid: this.conversationUuid,
      direction: this.about.direction,
      timestamp: new Date().toISOString(),
    };
  }

  #completedFacts(end: LegEnd): object {
    return { ...this.#account(), network: '23430', disconnected_by: end.by, sip_code: end.sipCode };
  }

  #account(): object {
    const answeredAtMs = this.answeredAtMs ?? this.endedAtMs ?? Date.now();
    const endedAtMs = this.endedAtMs ?? Date.now();
    const seconds = Math.ceil((endedAtMs - answeredAtMs) / 1000);
    const rate = this.about.endpointType === 'websocket' ? MEDIA_RATE_EUR_A_MINUTE : RATE_EUR_A_MINUTE;
    return {
      start_time: isoSeconds(answeredAtMs),
      end_time: isoSeconds(endedAtMs),
      duration: String(seconds),
      rate: rate.toFixed(8),
      price: ((rate * seconds) / 60).toFixed(8),
    };
  }
}

function isoSeconds(atMs: number): string {
  return new Date(atMs).toISOString().replace(/\.\d{3}Z$/u, '.000Z');
}
