import { describe, expect, test } from 'vitest';
import { dispositionOf, dispositionOfDial, isFinished, type ConversationEnd } from '../../domain/disposition.ts';
import { ATTEMPTS_MAX, dueAtMs, retryDelayMs } from '../../domain/due.ts';

const end: ConversationEnd = {
  endedOnPurpose: false,
  transferred: false,
  claimComplete: false,
  dialogState: 'COLLECTING_DATA',
  callbackBooked: false,
  everAttached: true,
};

describe('how a call came out', () => {
  test('[CL5] an unfinished conversation can be resumed, a finished one not', () => {
    expect(isFinished(end)).toBe(false);
    expect(isFinished({ ...end, endedOnPurpose: true })).toBe(true);
    expect(isFinished({ ...end, transferred: true })).toBe(true);
    expect(isFinished({ ...end, claimComplete: true, dialogState: 'FAREWELL' })).toBe(true);
    expect(isFinished({ ...end, claimComplete: true, dialogState: 'PROCESSING' })).toBe(false);
  });

  test('[CL5] each end has its word', () => {
    expect(dispositionOf(end)).toBe('dropped');
    expect(dispositionOf({ ...end, everAttached: false })).toBe('missed');
    expect(dispositionOf({ ...end, callbackBooked: true })).toBe('callback_booked');
    expect(dispositionOf({ ...end, transferred: true, callbackBooked: true })).toBe('transferred');
    expect(dispositionOf({ ...end, endedOnPurpose: true })).toBe('completed');
    expect(dispositionOf({ ...end, optedOut: true, callbackBooked: true })).toBe('opted_out');
    expect(dispositionOfDial('cancelled')).toBe('no_answer');
  });
});

describe('promised calls', () => {
  test('[CB1] 5, 15, 60 minutes, then no more', () => {
    const minutes = Array.from({ length: ATTEMPTS_MAX }, (_, made) => retryDelayMs(made + 1)).map((delay) =>
      delay === null ? null : delay / 60_000,
    );
    expect(minutes).toEqual([5, 15, 60, null]);
  });

  test('[CB2] what is past or cannot be read is due in a minute', () => {
    expect(dueAtMs('2026-01-01T10:00:00Z', Date.parse('2026-01-02T10:00:00Z'))).toBe(
      Date.parse('2026-01-02T10:01:00Z'),
    );
    expect(dueAtMs('soon', 1_000)).toBe(61_000);
    expect(dueAtMs('2026-01-03T10:00:00+01:00', 0)).toBe(Date.parse('2026-01-03T09:00:00Z'));
  });
});
