/** A contact's way through a campaign: each step a new state of it. */
import type { CallingHours } from './calling-hours.ts';
import { hoursOfCountry, nextCallableMs, zoneNow } from './calling-hours.ts';
import type { AttemptOutcome, AttemptResult, ContactDisposition, ContactState } from './campaign.ts';
import { afterAttempt, type RetryPlan } from './campaign-retry.ts';

/** The fields that a step reads and writes; the rest of the contact stays as it is. */
export interface ContactProgress {
  /** Grows with each change; a change of an older state is refused. */
  revision: number;
  country: string | null;
  /** Given, or by the number; several where the number does not tell. */
  zones: string[];
  /** The customer's own hours; null = no wish. */
  hours: CallingHours | null;
  state: ContactState;
  due_at_ms: number;
  waits_for: 'turn' | 'window' | 'retry' | 'line';
  /** Claims so far: the next attempt's identity is made from it. */
  tries: number;
  /** Of the run of the dialling activity that took the contact. */
  batch_id: string | null;
  attempts: ContactAttempt[];
  disposition: ContactDisposition | null;
  /** What befell it besides attempts, newest last. */
  notes: { at_ms: number; what: string }[];
}

export interface ContactAttempt {
  attempt_id: string;
  call_id: string;
  at_ms: number;
  /** Looked up right before the dial: was the number opted out or on the do-not-call list? */
  gate: { checked_at_ms: number; opted_out: boolean };
  /** Null = under way. */
  outcome: AttemptOutcome | null;
  ended_at_ms: number | null;
  /** Of the run of the activity that wrote the outcome: a repeat of it may say so again. */
  record_id: string | null;
}

/** Nobody has rung it yet. */
export const newProgress = (
  place: Pick<ContactProgress, 'country' | 'zones' | 'hours'> & { dueAtMs: number },
): ContactProgress => ({
  revision: 1,
  country: place.country,
  zones: place.zones,
  hours: place.hours,
  state: 'pending',
  due_at_ms: place.dueAtMs,
  waits_for: 'turn',
  tries: 0,
  batch_id: null,
  attempts: [],
  disposition: null,
  notes: [],
});

/** About 200 bytes each; the retry plan ends long before, lines that are busy might not. */
const ATTEMPTS_KEPT = 50;
const NOTES_KEPT = 20;

export const changed = <Contact extends ContactProgress>(
  contact: Contact,
  change: Partial<ContactProgress>,
): Contact => ({
  ...contact,
  ...change,
  revision: contact.revision + 1,
});

export const withNote = (contact: ContactProgress, atMs: number, what: string): ContactProgress['notes'] =>
  [...contact.notes, { at_ms: atMs, what }].slice(-NOTES_KEPT);

export interface HoursInForce {
  byCountry: Readonly<Record<string, CallingHours>>;
  campaign: CallingHours | null;
}

export type Readiness<Contact> = { may: 'dial' } | { may: 'not_now'; contact: Contact };

/** [CH1-CH4] May this contact be rung now? If not, the contact as it waits, asks or is given up. */
export function readiness<Contact extends ContactProgress>(
  contact: Contact,
  hours: HoursInForce,
  nowMs: number,
): Readiness<Contact> {
  const zone = zoneNow(contact.zones, nowMs);
  if (zone === null) {
    const notes = withNote(contact, nowMs, 'the number does not tell the zone: somebody has to say it');
    return { may: 'not_now', contact: changed(contact, { state: 'needs_zone', notes }) };
  }
  const ownRules = [hoursOfCountry(contact.country, hours.byCountry), contact.hours].filter((each) => each !== null);
  const callableMs = nextCallableMs(nowMs, zone, hours.campaign === null ? ownRules : [...ownRules, hours.campaign]);
  if (callableMs === null)
    return { may: 'not_now', contact: withoutHours(contact, nowMs, nextCallableMs(nowMs, zone, ownRules) !== null) };
  if (callableMs > nowMs)
    return { may: 'not_now', contact: changed(contact, { due_at_ms: callableMs, waits_for: 'window' }) };
  return { may: 'dial' };
}

/** [CH6] Hours of the campaign's can be changed; between country and customer it can do nothing. */
const withoutHours = <Contact extends ContactProgress>(
  contact: Contact,
  nowMs: number,
  campaignIsInTheWay: boolean,
): Contact =>
  campaignIsInTheWay
    ? changed(contact, {
        state: 'needs_hours',
        notes: withNote(contact, nowMs, 'the hours of the campaign never meet those of country and customer'),
      })
    : changed(contact, {
        state: 'done',
        disposition: 'never_callable',
        notes: withNote(contact, nowMs, 'country and customer allow no common hour'),
      });

export const optedOut = <Contact extends ContactProgress>(contact: Contact, nowMs: number): Contact =>
  changed(contact, {
    state: 'done',
    disposition: 'opted_out',
    notes: withNote(contact, nowMs, 'not called: opted out or on the do-not-call list'),
  });

export interface Taken {
  batchId: string;
  attemptId: string;
  callId: string;
  nowMs: number;
}

/** The look at the opt-outs is part of the attempt's record. */
export const taken = <Contact extends ContactProgress>(
  contact: Contact,
  { batchId, attemptId, callId, nowMs }: Taken,
): Contact =>
  changed(contact, {
    state: 'in_flight',
    tries: contact.tries + 1,
    batch_id: batchId,
    attempts: [
      ...contact.attempts,
      {
        attempt_id: attemptId,
        call_id: callId,
        at_ms: nowMs,
        gate: { checked_at_ms: nowMs, opted_out: false },
        outcome: null,
        ended_at_ms: null,
        record_id: null,
      },
    ].slice(-ATTEMPTS_KEPT),
  });

/** [CG17] They rang back after the line had dropped, and are not rung again; meanwhile their line may have been asked for in vain. */
function afterRingBack<Contact extends ContactProgress>(
  contact: Contact,
  { attemptId, outcome, endedAtMs, recordId }: AttemptResult & { recordId: string },
): Contact | null {
  const served = contact.attempts.find((each) => each.attempt_id === attemptId && each.outcome === 'dropped');
  if (served === undefined) return null;
  const since = contact.attempts.slice(contact.attempts.indexOf(served) + 1);
  if (since.some((each) => each.outcome !== 'line_busy')) return null;
  const finished = { ...served, outcome, ended_at_ms: endedAtMs, record_id: recordId };
  return changed(contact, {
    attempts: contact.attempts.map((each) => (each === served ? finished : each)),
    state: 'done',
    disposition: outcome,
  });
}

/** [CG3] The attempt under way has ended; null = this one is not under way. A plan of null = no more attempts. */
export function afterResult<Contact extends ContactProgress>(
  contact: Contact,
  result: AttemptResult & { recordId: string },
  { plan, nowMs }: { plan: RetryPlan | null; nowMs: number },
): Contact | null {
  if (result.rungBack === true) return afterRingBack(contact, result);
  const current = contact.attempts.at(-1);
  if (contact.state !== 'in_flight' || current?.attempt_id !== result.attemptId || current.outcome !== null)
    return null;
  const { outcome, endedAtMs, recordId } = result;
  const earlier = contact.attempts.slice(0, -1);
  const attempts = [...earlier, { ...current, outcome, ended_at_ms: endedAtMs, record_id: recordId }];
  const next =
    plan === null
      ? { next: 'done' as const }
      : afterAttempt(
          outcome,
          earlier.map((each) => each.outcome),
          plan,
        );
  if (next.next === 'done') return changed(contact, { attempts, batch_id: null, state: 'done', disposition: outcome });
  return changed(contact, {
    attempts,
    batch_id: null,
    state: 'pending',
    due_at_ms: nowMs + next.afterMs,
    waits_for: outcome === 'line_busy' ? 'line' : 'retry',
  });
}
