/** The workflows as the api sees them, in memory. Scripted by the test; asked for more than scripted it fails loudly. */
import { CallDoorError, type CallDoor, type OpenCallAsk } from '../../api/call-door.ts';
import type { CallId, NumberKey } from '../../domain/ids.ts';
import type { LegEvent } from '../../domain/leg.ts';
import type { OptOutWish, TextBack } from '../../domain/opt-out.ts';
import type { AdmitLegAnswer, AdmitLegRequest, CallView } from '../../workflows/call/messages.ts';
import type { CallbackInput } from '../../workflows/callback/messages.ts';
import type { OpenCallOutcome } from '../../workflows/line/messages.ts';

export interface FakeTemporal extends CallDoor {
  /** Nobody answers. */
  away: boolean;
  opened: OpenCallAsk[];
  told: { callId: CallId; event: LegEvent }[];
  toldLine: { numberKey: NumberKey; event: LegEvent }[];
  promised: CallbackInput[];
  wishes: { numberKey: NumberKey; wish: OptOutWish }[];
  returned: { numberKey: NumberKey; reply: TextBack }[];
  admissions: { callId: CallId; request: AdmitLegRequest }[];
  asked: { what: string; callId: string; detail: unknown }[];
  views: Map<CallId, CallView>;
  /** Calls whose workflow has ended. */
  ended: Set<CallId>;
  /** What a line says to an outbound request; a number that is not here is free. */
  busy: Map<NumberKey, CallId>;
  /** How often missed calls were looked for. */
  looks: number;
  /** No line is open. */
  noLines: boolean;
  admit: (request: AdmitLegRequest) => AdmitLegAnswer;
}

export function createFakeTemporal(): FakeTemporal {
  const outcomes = new Map<string, OpenCallOutcome>();
  const present = (): void => {
    if (fake.away) throw new CallDoorError('away', 'no answer in time');
  };
  const live = (callId: CallId): void => {
    present();
    if (fake.ended.has(callId) || !fake.views.has(callId))
      throw new CallDoorError('not_found', 'that workflow has ended or never was');
  };
  const fake: FakeTemporal = {
    away: false,
    opened: [],
    told: [],
    toldLine: [],
    promised: [],
    wishes: [],
    returned: [],
    admissions: [],
    asked: [],
    looks: 0,
    noLines: false,
    views: new Map(),
    ended: new Set(),
    busy: new Map(),
    admit: () => ({ admitted: true, preferHostId: null }),
    async openCall(ask) {
      present();
      const id = `${ask.numberKey} ${ask.updateId}`;
      const before = outcomes.get(id);
      if (before !== undefined) return before;
      fake.opened.push(ask);
      const busyWith = ask.request.direction === 'outbound' ? fake.busy.get(ask.numberKey) : undefined;
      const outcome: OpenCallOutcome =
        busyWith === undefined
          ? { outcome: 'new', callId: ask.request.proposedCallId }
          : { outcome: 'busy', callId: busyWith };
      outcomes.set(id, outcome);
      return outcome;
    },
    async admitLeg(callId, request) {
      present();
      if (fake.ended.has(callId)) throw new CallDoorError('not_found', 'that workflow has ended or never was');
      fake.admissions.push({ callId, request });
      return fake.admit(request);
    },
    async legChanged(callId, event) {
      present();
      if (fake.ended.has(callId)) return 'not_found';
      fake.told.push({ callId, event });
      return 'told';
    },
    async lineLegChanged(numberKey, event) {
      present();
      fake.toldLine.push({ numberKey, event });
      return fake.noLines ? 'not_found' : 'told';
    },
    async textReported(callId, report) {
      present();
      if (fake.ended.has(callId) || !fake.views.has(callId)) return 'not_found';
      fake.asked.push({ what: 'textReported', callId, detail: report });
      return 'told';
    },
    async callView(callId) {
      live(callId);
      return fake.views.get(callId) as CallView;
    },
    async hangUp(callId, reason) {
      live(callId);
      fake.asked.push({ what: 'hangUp', callId, detail: reason });
    },
    async say(callId, text) {
      live(callId);
      fake.asked.push({ what: 'say', callId, detail: text });
      return { turnId: 'said-1' };
    },
    async transfer(callId, request) {
      live(callId);
      fake.asked.push({ what: 'transfer', callId, detail: request });
    },
    async startCallback(input) {
      present();
      fake.promised.push(input);
      return { callbackId: input.callbackId, status: 'pending', dueAtMs: input.dueAtMs, attempts: [] };
    },
    async pendingCallback(numberKey, title) {
      present();
      const standing = fake.promised.find((each) => each.numberKey === numberKey && each.title === title);
      return standing?.callbackId ?? null;
    },
    async lookForMissed() {
      present();
      fake.looks += 1;
    },
    async completeCallback(callbackId, reason) {
      present();
      fake.asked.push({ what: 'complete', callId: callbackId, detail: reason });
      return { callbackId, status: 'done', dueAtMs: 0, attempts: [] };
    },
    async rescheduleCallback(callbackId, change) {
      present();
      fake.asked.push({ what: 'reschedule', callId: callbackId, detail: change });
      return { callbackId, status: 'pending', dueAtMs: change.dueAtMs, attempts: [] };
    },
    async cancelCallback(callbackId, reason) {
      present();
      fake.asked.push({ what: 'cancel', callId: callbackId, detail: reason });
      return { callbackId, status: 'cancelled', dueAtMs: 0, attempts: [] };
    },
    async optedOut({ numberKey }, wish) {
      present();
      fake.wishes.push({ numberKey, wish });
    },
    async optedIn({ numberKey }, reply) {
      present();
      fake.returned.push({ numberKey, reply });
    },
    async ping() {
      present();
    },
  };
  return fake;
}
