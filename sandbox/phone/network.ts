/** The phone network: its legs, its conversations, its numbers, and the way in and out of it. */
import type { Logger } from 'pino';
import type { SpokenRegister } from '../voice/spoken.ts';
import { PHASES, startClock, type Clock } from './clock.ts';
import { noFaults, type Faults } from './faults.ts';
import type { Handset, Ringing } from './handset.ts';
import { Leg, type LegDescription, type LegEnd, type LegStatus } from './leg.ts';
import { CallFlow } from './call-flow.ts';
import type { Ncco } from './ncco.ts';
import type { PhoneCall, Registers } from './phone-call.ts';
import { RateLimit } from './rate-limit.ts';
import { Room } from './room.ts';
import type { WebhookSigner } from './signature.ts';
import { Webhooks, type WebhookAnswer, type WebhookTarget } from './webhooks.ts';

export interface NetworkOptions {
  answer: WebhookTarget;
  event: WebhookTarget;
  fallback: WebhookTarget | undefined;
  signer: WebhookSigner | undefined;
  /** Told to the application as the host to control its calls through. */
  regionUrl: string;
  spoken: SpokenRegister;
  bot: SpokenRegister;
  log: Logger;
}

export interface OutboundOrder {
  about: Omit<LegDescription, 'direction'>;
  ringingTimerS: number;
  lengthTimerS: number;
  headers: Record<string, unknown>;
  detection: MachineDetection | undefined;
  /** Given with the order, or asked for when the leg is answered. */
  ncco: Ncco | WebhookTarget;
}

export interface MachineDetection {
  hangUpOnMachine: boolean;
  /** The NCCO waits for the verdict. */
  waits: boolean;
  onlyBeep: boolean;
  beepTimeoutS: number;
}

/** What became of ringing a leg. */
export type RingOutcome = { answered: true } | { answered: false; reply: WebhookAnswer };

/** Vonage's limit on creations, NCCO connects included. */
const CREATIONS_A_SECOND = 3;
/** Legs stay readable after their end; Vonage keeps them two days. */
const KEPT_LEGS = 5_000;
const KEPT_CALLS = 500;
/** Two minutes on both sides are 8 MB. */
const KEPT_CALL_SOUNDS = 30;
const KEPT_FILES = 100;

export class PhoneNetwork {
  readonly options: NetworkOptions;
  readonly faults: Faults = noFaults();
  readonly creations = new RateLimit(CREATIONS_A_SECOND, Date.now, () => this.faults.rateLimit);
  readonly webhooks: Webhooks;
  readonly legs = new Map<string, Leg>();
  readonly flows = new Map<string, CallFlow>();
  readonly calls = new Map<string, PhoneCall>();
  readonly conversations = new Map<string, Room>();
  readonly files = new Map<string, Buffer>();
  /** How often each number was rung. */
  readonly rings = new Map<string, number>();
  readonly #rooms = new Set<Room>();
  #roomCount = 0;
  readonly #handsets: (number: string) => Handset | undefined;
  readonly #clock: Clock;

  constructor(options: NetworkOptions, handsets: (number: string) => Handset | undefined) {
    this.options = options;
    this.#handsets = handsets;
    this.webhooks = new Webhooks({ signer: options.signer, faults: this.faults, log: options.log });
    this.#clock = startClock();
    this.#clock.onTick((phase) => {
      for (const room of this.#rooms) if (room.phase === phase) room.tick();
    });
  }

  get registers(): Registers {
    return { spoken: this.options.spoken, bot: this.options.bot };
  }

  /** How late its own clock ran. */
  get lateness(): Clock['lateness'] {
    return this.#clock.lateness;
  }

  close(): void {
    this.#clock.close();
    for (const leg of this.legs.values()) {
      leg.events = undefined;
      void leg.end({ by: 'platform', sipCode: '200' });
    }
  }

  resetFaults(): void {
    Object.assign(this.faults, noFaults());
  }

  newLeg(about: LegDescription): Leg {
    const leg = new Leg(about, { tell: (one, payload) => this.#tell(one, payload) });
    this.legs.set(leg.uuid, leg);
    if (this.legs.size > KEPT_LEGS) this.legs.delete(this.legs.keys().next().value ?? '');
    this.newRoom().enter(leg);
    void leg.ended.then(() => {
      this.flows.delete(leg.uuid);
      this.#sweepRooms();
    });
    return leg;
  }

  newRoom(): Room {
    this.#roomCount += 1;
    const room = new Room(this.#roomCount % PHASES);
    this.#rooms.add(room);
    return room;
  }

  keepFile(id: string, file: Buffer): void {
    this.files.set(id, file);
    if (this.files.size > KEPT_FILES) this.files.delete(this.files.keys().next().value ?? '');
  }

  #noteCall(call: PhoneCall, leg: Leg): void {
    this.calls.set(call.id, call);
    // Also when the leg was over before the handset had picked up.
    void leg.ended.then(() => {
      call.gone();
    });
    const over = [...this.calls.values()].filter((one) => one.state === 'over');
    for (const old of over.slice(0, -KEPT_CALL_SOUNDS)) old.forgetSound();
    for (const old of over.slice(0, -KEPT_CALLS)) this.calls.delete(old.id);
  }

  /** Removes rooms that nobody is in. */
  #sweepRooms(): void {
    for (const room of this.#rooms) {
      const named = [...this.conversations.values()].includes(room);
      if (room.legs.size === 0 && !named) this.#rooms.delete(room);
    }
  }

  /** A customer dials one of the application's numbers. */
  callIn(call: PhoneCall, play: () => void): Leg {
    const leg = this.newLeg({
      direction: 'inbound',
      endpointType: 'phone',
      from: call.settings.number,
      to: call.other,
      events: this.options.event,
    });
    this.#noteCall(call, leg);
    call.line = this.line(leg);
    const flow = new CallFlow(this, leg);
    this.flows.set(leg.uuid, flow);
    void leg.move('started');
    void leg.move('ringing');
    void flow.runInbound(() => {
      call.answered(this.line(leg));
      leg.answered(call);
      play();
    });
    return leg;
  }

  /** POST /v1/calls. */
  callOut(order: OutboundOrder): Leg {
    const leg = this.newLeg({ ...order.about, direction: 'outbound' });
    const flow = new CallFlow(this, leg);
    this.flows.set(leg.uuid, flow);
    void flow.runOutbound(order);
    return leg;
  }

  /** Rings the leg's number until it is answered or not; the events are told on the way. */
  async ring(leg: Leg, how: { timeoutS: number; headers: Record<string, unknown> }): Promise<RingOutcome> {
    const { to } = leg.about;
    void leg.move('started');
    const handset = this.#handsets(to);
    if (handset === undefined) {
      return {
        answered: false,
        reply: await leg.end({ by: 'user', sipCode: '404' }, 'failed', { detail: 'cannot_route' }),
      };
    }
    this.rings.set(to, (this.rings.get(to) ?? 0) + 1);
    void leg.move('ringing');
    const stop = new AbortController();
    const outcome = await new Promise<RingResult>((resolve) => {
      const timer = setTimeout(() => {
        resolve({ kind: 'refused', status: 'timeout', sipCode: '487', extra: {} });
      }, how.timeoutS * 1000);
      stop.signal.addEventListener('abort', () => {
        clearTimeout(timer);
      });
      void leg.ended.then(() => {
        resolve({ kind: 'ended' });
      });
      handset.ring(this.#ringing(leg, how.headers, { over: stop.signal, resolve }));
    });
    stop.abort();
    if (outcome.kind === 'answered') {
      leg.answered(outcome.call);
      return { answered: true };
    }
    if (outcome.kind === 'ended')
      return { answered: false, reply: { ok: false, reason: 'ended while ringing', retryable: false } };
    return {
      answered: false,
      reply: await leg.end({ by: 'user', sipCode: outcome.sipCode }, outcome.status, outcome.extra),
    };
  }

  machineAt(number: string): boolean {
    return this.#handsets(number)?.machine === true;
  }

  line(leg: Leg): { legUuid: string; press(digit: string): void; hangUp(): void; drop(): void } {
    const end = (by: LegEnd['by'], sipCode: string): void => {
      void leg.end(
        { by, sipCode },
        leg.about.direction === 'inbound' && leg.answeredAtMs === undefined ? 'cancelled' : 'completed',
      );
    };
    return {
      legUuid: leg.uuid,
      press: (digit) => {
        leg.press(digit);
      },
      hangUp: () => {
        end('user', '200');
      },
      drop: () => {
        end('platform', '408');
      },
    };
  }

  #ringing(
    leg: Leg,
    headers: Record<string, unknown>,
    how: { over: AbortSignal; resolve: (result: RingResult) => void },
  ): Ringing {
    return {
      legUuid: leg.uuid,
      from: leg.about.from,
      to: leg.about.to,
      headers,
      over: how.over,
      answer: (call) => {
        this.#noteCall(call, leg);
        how.resolve({ kind: 'answered', call });
        return this.line(leg);
      },
      refuse: (refusal) => {
        how.resolve({ kind: 'refused', ...REFUSED[refusal] });
      },
    };
  }

  async #tell(leg: Leg, payload: object): Promise<WebhookAnswer> {
    if (leg.events === undefined) return { ok: false, reason: 'no event url', retryable: false };
    return await this.webhooks.tell(leg.events, payload);
  }
}

type RingResult =
  | { kind: 'answered'; call: PhoneCall }
  | { kind: 'refused'; status: LegStatus; sipCode: string; extra: object }
  | { kind: 'ended' };

const REFUSED = {
  busy: { status: 'busy', sipCode: '486', extra: {} },
  rejected: { status: 'rejected', sipCode: '603', extra: { detail: 'declined' } },
  unreachable: { status: 'unanswered', sipCode: '480', extra: { detail: 'unavailable' } },
  'out of service': { status: 'failed', sipCode: '404', extra: { detail: 'number_out_of_service' } },
} as const satisfies Record<string, { status: LegStatus; sipCode: string; extra: object }>;
