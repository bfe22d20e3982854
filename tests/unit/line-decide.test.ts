import { expect, test } from 'vitest';
import { asCallId, asE164, asLegId, type LegId } from '../../domain/ids.ts';
import type { OpenCallRequest } from '../../workflows/line/messages.ts';
import { decide, isIdle, nextDeadlineMs, ownerOf, record } from '../../workflows/line/decide.ts';
import { newLine, type LineState } from '../../workflows/line/state.ts';

const BOT = asE164('+15550100999');
const initiate = {
  botCompany: '',
  botName: '',
  task: '',
  operatorNumber: null,
  claim: [],
  language: 'en-US',
  speechSpeed: 1,
  scenario: null,
};

function request(callId: string, legId: LegId | null = null, more: Partial<OpenCallRequest> = {}): OpenCallRequest {
  const leg = legId === null ? null : { legId, regionUrl: null, conversationId: 'CON', startedAtMs: 0 };
  return {
    direction: leg === null ? 'outbound' : 'inbound',
    proposedCallId: asCallId(callId),
    botNumber: BOT,
    initiate,
    leg,
    callback: null,
    resumeWithinMs: 1_000,
    ...more,
  };
}

function lineWith(stands: 'live' | 'resumable', untilMs: number | null = null): LineState {
  return {
    ...newLine(),
    calls: [{ callId: asCallId('c1'), botNumber: BOT, stands, resumableUntilMs: untilMs, resumeWithinMs: 1_000 }],
  };
}

test('[LN1-LN4] [LN8] who asks for what, and what stands', () => {
  expect(decide(newLine(), request('c2', asLegId('l')), 0)).toEqual({ kind: 'new' });
  expect(decide(lineWith('live'), request('c2', asLegId('l')), 0)).toEqual({ kind: 'join', callId: 'c1' });
  expect(decide(lineWith('live'), request('c2'), 0)).toEqual({ kind: 'busy', callId: 'c1' });
  expect(decide(lineWith('resumable', 500), request('c2', asLegId('l')), 499)).toEqual({ kind: 'join', callId: 'c1' });
  expect(decide(lineWith('resumable', 500), request('c2', asLegId('l')), 500)).toEqual({ kind: 'new' });
  expect(decide(lineWith('resumable', 500), request('c2'), 0)).toEqual({ kind: 'new' });
  expect(decide(lineWith('live'), request('c2', asLegId('l'), { botNumber: asE164('+15550100777') }), 0)).toEqual({
    kind: 'new',
  });
});

test('[LN7] the same leg or the same call asked for again is a repeat', () => {
  const line = newLine();
  const first = request('c1', asLegId('l1'));
  record(line, first, decide(line, first, 0));
  expect(decide(line, request('other', asLegId('l1')), 0)).toEqual({ kind: 'repeat', callId: 'c1' });
  expect(decide(line, request('c1'), 0)).toEqual({ kind: 'repeat', callId: 'c1' });
});

test('[LN6] the newest twenty legs are known by their call', () => {
  const line = newLine();
  for (let index = 0; index < 30; index += 1) {
    const each = request('c1', asLegId(`l${index}`));
    record(line, each, decide(line, each, 0));
  }
  expect(line.calls).toHaveLength(1);
  expect(ownerOf(line, asLegId('l29'))).toBe('c1');
  expect(ownerOf(line, asLegId('l9'))).toBeUndefined();
});

test('[LN5] the nearest deadline counts; a line with nothing on it is idle', () => {
  expect(nextDeadlineMs(lineWith('resumable', 500))).toBe(500);
  expect(nextDeadlineMs(lineWith('live'))).toBeNull();
  expect(isIdle(newLine())).toBe(true);
  expect(isIdle({ ...newLine(), pendingCallbackIds: ['p' as LineState['pendingCallbackIds'][number]] })).toBe(false);
});
