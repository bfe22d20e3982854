import { expect, test } from 'vitest';
import { ANY_TIME, type CallingHours } from '../../domain/calling-hours.ts';
import {
  afterTryMs,
  allowedAtMs,
  allowedByCountryMs,
  inWordsThere,
  openTo,
  promisesMet,
  promiseTitled,
  wallClockMs,
  whichIsMeant,
  type PendingPromise,
  type PromiseOutcome,
} from '../../domain/due.ts';
import { asCallbackId, asCallId } from '../../domain/ids.ts';

const at = (iso: string): number => Date.parse(iso);
const MINUTE = 60_000;
const WORKDAYS: CallingHours = [{ days: [1, 2, 3, 4, 5], from: '09:00', to: '20:00' }];

test.each<[PromiseOutcome[], number | null]>([
  [['no_answer'], 5],
  [['no_answer', 'busy'], 5],
  [['no_answer', 'no_answer', 'no_answer'], 60],
  [['busy', 'busy', 'busy', 'busy'], null],
  [['rejected'], 60],
  [['rejected', 'rejected'], null],
  [['failed', 'failed'], 30],
  [['line_busy', 'line_busy', 'no_answer'], 5],
  [['no_answer', 'line_busy'], 2],
  [['cancelled'], 5],
  [['opted_out'], null],
  [['answered'], null],
])('[CB1] after %j it is tried again in %s minutes', (attempts, minutes) => {
  expect(afterTryMs(attempts)).toBe(minutes === null ? null : minutes * MINUTE);
});

test('[CB30] after a machine there is one more try, an hour later', () => {
  expect(afterTryMs(['voicemail'])).toBe(60 * MINUTE);
  expect(afterTryMs(['no_answer', 'voicemail', 'voicemail'])).toBeNull();
});

test('[CB13] outside the hours it moves to the next allowed moment', () => {
  const place = { zones: ['Europe/Berlin'], rules: [WORKDAYS], promisedAtMs: null };
  expect(allowedAtMs(at('2026-11-21T10:00:00Z'), place)).toBe(at('2026-11-23T08:00:00Z'));
  expect(allowedAtMs(at('2026-11-23T10:00:00Z'), place)).toBe(at('2026-11-23T10:00:00Z'));
});

test('[CB13] a time asked for exactly holds for an hour, and no longer', () => {
  const promisedAtMs = at('2026-11-21T10:00:00Z');
  const place = { zones: ['Europe/Berlin'], rules: [WORKDAYS], promisedAtMs };
  expect(allowedAtMs(promisedAtMs, place)).toBe(promisedAtMs);
  expect(allowedAtMs(promisedAtMs + 20 * MINUTE, place)).toBe(promisedAtMs + 20 * MINUTE);
  expect(allowedAtMs(promisedAtMs + 61 * MINUTE, place)).toBe(at('2026-11-23T08:00:00Z'));
});

test('[CB13] where several zones are open all of them must allow it', () => {
  const place = { zones: ['America/New_York', 'America/Los_Angeles'], rules: [WORKDAYS], promisedAtMs: null };
  expect(allowedAtMs(at('2026-11-23T14:30:00Z'), place)).toBe(at('2026-11-23T17:00:00Z'));
  expect(allowedAtMs(at('2026-11-24T02:00:00Z'), place)).toBe(at('2026-11-24T17:00:00Z'));
  expect(allowedAtMs(at('2026-11-24T02:00:00Z'), { ...place, rules: [[]] })).toBeNull();
  expect(allowedAtMs(at('2026-11-24T02:00:00Z'), { ...place, rules: [ANY_TIME] })).toBe(at('2026-11-24T02:00:00Z'));
});

test('[CB27] hours that never meet the country’s leave those alone; where none are left nobody is rung', () => {
  const sundays: CallingHours = [{ days: [7], from: '09:00', to: '20:00' }];
  const place = { zones: ['Europe/Berlin'], promisedAtMs: null, country: WORKDAYS };
  const atNight = at('2026-11-24T02:00:00Z');
  expect(allowedByCountryMs(atNight, { ...place, own: sundays })).toBe(at('2026-11-24T08:00:00Z'));
  expect(allowedByCountryMs(atNight, { ...place, own: null })).toBe(at('2026-11-24T08:00:00Z'));
  expect(allowedByCountryMs(atNight, { ...place, own: [{ days: [3], from: '10:00', to: '11:00' }] })).toBe(
    at('2026-11-25T09:00:00Z'),
  );
  expect(allowedByCountryMs(atNight, { ...place, country: [], own: sundays })).toBeNull();
  const farApart = ['Pacific/Auckland', 'Atlantic/Azores'];
  const noons: CallingHours = [{ days: [1, 2, 3, 4, 5, 6, 7], from: '12:00', to: '13:00' }];
  expect(allowedByCountryMs(atNight, { ...place, zones: farApart, country: noons, own: null })).toBeNull();
});

test('[CB12] a time without offset is on the customer’s clock, also where a change leaves it out or doubles it', () => {
  expect(wallClockMs('2026-11-26T10:00', 'Europe/Berlin')).toBe(at('2026-11-26T09:00:00Z'));
  expect(wallClockMs('2026-03-29 02:30', 'Europe/Berlin')).toBe(at('2026-03-29T01:30:00Z'));
  expect(wallClockMs('2026-10-25T02:30', 'Europe/Berlin')).toBe(at('2026-10-25T00:30:00Z'));
  expect(wallClockMs('2026-02-30T10:00', 'Europe/Berlin')).toBeNull();
  expect(wallClockMs('tomorrow', 'Europe/Berlin')).toBeNull();
});

test('[CB12] what was noted is said back on that clock', () => {
  expect(inWordsThere(at('2026-11-26T09:05:00Z'), 'Europe/Berlin')).toBe('Thursday 26 November, 10:05 (Europe/Berlin)');
});

const promise = (changes: Partial<PendingPromise> = {}): PendingPromise => ({
  callbackId: asCallbackId('cb'),
  title: 'Tell about the repair',
  description: '',
  dueAtMs: at('2026-11-26T09:00:00Z'),
  botNumber: '+1',
  whenTheyCome: 'merge',
  fromCallId: null,
  ...changes,
});

test('[CB15] [CB17] a promise is met by a call to the same number within twelve hours, and a ring-back by any', () => {
  const nowMs = at('2026-11-26T00:00:00Z');
  const met = (changes: Partial<PendingPromise>): boolean =>
    promisesMet([promise(changes)], { botNumber: '+1', nowMs }).length === 1;
  expect(met({})).toBe(true);
  expect(met({ dueAtMs: at('2026-11-25T22:00:00Z') })).toBe(true);
  expect(met({ dueAtMs: at('2026-11-26T12:01:00Z') })).toBe(false);
  expect(met({ botNumber: '+2' })).toBe(false);
  expect(met({ whenTheyCome: 'keep' })).toBe(false);
  expect(met({ whenTheyCome: 'cancel', dueAtMs: at('2026-11-27T12:00:00Z') })).toBe(true);
});

test('[CB16] a title is the same however it is written', () => {
  expect(promiseTitled([promise()], ' tell about the REPAIR')?.callbackId).toBe('cb');
  expect(promiseTitled([promise()], 'Tell about the bill')).toBeUndefined();
});

test('[CB26] what may be told: of the same number, not what is being kept, no task of which no call knows', () => {
  const told = (changes: Partial<PendingPromise>): boolean =>
    openTo([promise(changes)], { botNumber: '+1', keeps: asCallbackId('kept') }).length === 1;
  const fromCallId = asCallId('call');
  expect(told({})).toBe(true);
  expect(told({ botNumber: '+2' })).toBe(false);
  expect(told({ whenTheyCome: 'cancel' })).toBe(false);
  expect(told({ callbackId: asCallbackId('kept') })).toBe(false);
  expect(told({ callbackId: asCallbackId('kept'), recurs: true })).toBe(true);
  expect(told({ owner: 'human' })).toBe(false);
  expect(told({ owner: 'human', fromCallId })).toBe(true);
});

test('[CB26] which one is taken back', () => {
  const call = { title: 'Call', owner: 'assistant', callbackId: 'cb-1' } as const;
  const text = { title: 'Text', owner: 'customer', callbackId: 'cb-2' } as const;
  const task = { title: 'Contract', owner: 'human', callbackId: 'cb-3' } as const;
  const theirs = { title: 'Passport', owner: 'customer', callbackId: null } as const;
  expect(whichIsMeant([call, task, theirs], null)).toEqual({ kind: 'one', promise: call });
  expect(whichIsMeant([task], null)).toEqual({ kind: 'one', promise: task });
  expect(whichIsMeant([call, text], null)).toEqual({ kind: 'several', open: [call, text] });
  expect(whichIsMeant([call, text, task], ' contract')).toEqual({ kind: 'one', promise: task });
  expect(whichIsMeant([call, text], 'The bill')).toEqual({ kind: 'none', open: [call, text] });
  expect(whichIsMeant([], null)).toEqual({ kind: 'none', open: [] });
});
