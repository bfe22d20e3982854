/** Legs as their webhooks tell: twice, late and in any order. Everything here only takes note. */
import { patched } from '@temporalio/workflow';
import { endsLeg, type LegEvent, type LegStatus } from '../../domain/leg.ts';
import type { LegDocument } from '../../domain/call-document.ts';
import { isoTime } from '../../domain/document.ts';
import type { AdmitLegAnswer, AdmitLegRequest, CallInput } from './messages.ts';
import { save } from './saving.ts';
import type { CallRun, CallState } from './state.ts';

const EVENTS_REMEMBERED = 80;
const LEGS_KEPT = 60;

export function noteLeg(run: CallRun, event: LegEvent): void {
  const { state } = run;
  if (state.eventKeys.includes(event.eventKey)) return;
  state.eventKeys = [...state.eventKeys, event.eventKey].slice(-EVENTS_REMEMBERED);
  writeDown(state, event);
  switch (event.role) {
    case 'media':
      return;
    case 'operator':
      state.transfer?.events.push({ status: event.status, durationS: event.durationS, detail: event.detail });
      return;
    case 'customer':
      noteCustomerLeg(state, event);
  }
}

function noteCustomerLeg(state: CallState, event: LegEvent): void {
  const { legId } = event;
  if (legId === null) return;
  if (state.attempt !== null && event.attemptId === state.attempt.attemptId)
    noteDialledLeg(state, { legId, regionUrl: event.regionUrl, status: event.status });
  if (state.customer?.legId !== legId) return;
  if (event.regionUrl !== null) state.customer.regionUrl = event.regionUrl;
  if (endsLeg(event.status)) loseCustomer(state);
}

/** The status only moves on: an end stays an end whatever comes after it. */
export function noteDialledLeg(
  state: CallState,
  leg: { legId: NonNullable<LegEvent['legId']>; regionUrl: string | null; status: LegStatus },
): void {
  const { attempt } = state;
  if (attempt === null) return;
  const known = attempt.legs.find((each) => each.legId === leg.legId);
  if (known === undefined) {
    attempt.legs.push(leg);
  } else {
    known.regionUrl = leg.regionUrl ?? known.regionUrl;
    if (rank(leg.status) >= rank(known.status) && !(endsLeg(known.status) && leg.status === 'completed'))
      known.status = leg.status;
  }
  const answered = leg.status === 'answered' || leg.status === 'human';
  const ended = known !== undefined && endsLeg(known.status);
  if (answered && !ended && state.customer === null && state.record.phase === 'dialling') admit(state, leg);
}

function rank(status: LegStatus): number {
  if (endsLeg(status)) return 3;
  if (status === 'answered' || status === 'human' || status === 'machine') return 2;
  return status === 'ringing' ? 1 : 0;
}

function admit(state: CallState, leg: { legId: NonNullable<LegEvent['legId']>; regionUrl: string | null }): void {
  state.customer = { legId: leg.legId, regionUrl: leg.regionUrl, answeredAtMs: Date.now() };
}

/** [DI5] The first leg of an attempt that answers is the call's; a second gets nothing to do. */
export function admitFirstLeg(run: CallRun, request: AdmitLegRequest): AdmitLegAnswer {
  const { state } = run;
  const { attempt } = state;
  const refused: AdmitLegAnswer = { admitted: false, preferHostId: null };
  if (attempt?.attemptId !== request.attemptId) return refused;
  const { legId, regionUrl } = request.leg;
  if (state.customer === null && state.record.phase === 'dialling') {
    noteDialledLeg(state, { legId, regionUrl, status: 'answered' });
    if (state.customer === null && !attempt.legs.some((leg) => leg.legId === legId && endsLeg(leg.status)))
      admit(state, { legId, regionUrl });
  }
  return legId === currentLegId(state) ? { admitted: true, preferHostId: attempt.preferHostId } : refused;
}

const currentLegId = (state: CallState) => state.customer?.legId ?? null;

/** [LN2] The customer is (back) on a new leg; the address of one that it replaces is returned, to be released. */
export function joinLeg(run: CallRun, leg: NonNullable<CallInput['leg']>): CallState['customer'] {
  const { state } = run;
  const replaced = state.customer?.legId === leg.legId ? null : state.customer;
  const { phase } = state.record;
  const back = phase === 'resumable' || phase === 'texting' || replaced !== null;
  state.customer = { legId: leg.legId, regionUrl: leg.regionUrl, answeredAtMs: leg.startedAtMs };
  state.legEnded = false;
  // [AD4] Who rings in is no machine.
  if (state.machine !== undefined && patched('a-person-after-a-machine')) delete state.machine;
  state.closeWanted = null;
  state.hangUpWanted = null;
  state.media = null;
  state.pending = null;
  if (back) state.openingWhy = 'resumed';
  // The customer has rung while we were ringing them.
  else if (phase === 'dialling') state.openingWhy = 'first_time';
  return replaced;
}

export function loseCustomer(state: CallState): void {
  state.customer = null;
  state.media = null;
  state.legEnded = true;
}

function writeDown(state: CallState, event: LegEvent): void {
  const { legId } = event;
  if (legId === null) return;
  const { record } = state;
  const known = record.legs.find((leg) => leg.leg_id === legId);
  const leg: LegDocument = known ?? {
    leg_id: legId,
    role: event.role,
    started_at: isoTime(event.atMs),
    answered_at: null,
    ended_at: null,
    end_status: null,
    duration_s: null,
    price_eur: null,
  };
  if (known === undefined) record.legs = [...record.legs, leg].slice(-LEGS_KEPT);
  const at = isoTime(event.atMs);
  if (at < leg.started_at) leg.started_at = at;
  if (event.status === 'answered') leg.answered_at = at;
  if (endsLeg(event.status)) {
    leg.ended_at = leg.ended_at ?? at;
    if (leg.end_status === null || leg.end_status === 'completed') leg.end_status = event.status;
  }
  leg.duration_s = event.durationS ?? leg.duration_s;
  leg.price_eur = event.priceEur ?? leg.price_eur;
}

/** The customer's own leg, which no webhook of ours has told of. */
export function rememberLeg(run: CallRun, leg: NonNullable<CallInput['leg']>): void {
  const { record } = run.state;
  if (record.legs.some((each) => each.leg_id === leg.legId)) return;
  const startedAt = isoTime(leg.startedAtMs);
  const document = {
    leg_id: leg.legId,
    role: 'customer' as const,
    started_at: startedAt,
    answered_at: startedAt,
    ended_at: null,
    end_status: null,
    duration_s: null,
    price_eur: null,
  };
  record.legs = [...record.legs, document];
  save(run);
}
