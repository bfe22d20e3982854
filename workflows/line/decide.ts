/** What becomes of a request to this line. Pure: recorded before anything is awaited. */
import type { CallId, LegId } from '../../domain/ids.ts';
import type { OpenCallRequest } from './messages.ts';
import type { LineCall, LineState } from './state.ts';

const LEGS_KEPT = 20;

export type LineDecision =
  | { kind: 'new' }
  /** The customer is (back) on a call that stands. */
  | { kind: 'join'; callId: CallId }
  /** The same request again. */
  | { kind: 'repeat'; callId: CallId }
  | { kind: 'busy'; callId: CallId };

/** [LN1-LN4] Inbound is never refused; outbound never disturbs somebody who is on the line. */
export function decide(line: LineState, request: OpenCallRequest, nowMs: number): LineDecision {
  const owner = request.leg === null ? undefined : ownerOf(line, request.leg.legId);
  if (owner !== undefined) return { kind: 'repeat', callId: owner };
  if (line.calls.some((call) => call.callId === request.proposedCallId))
    return { kind: 'repeat', callId: request.proposedCallId };
  const live = line.calls.findLast((call) => call.stands === 'live');
  if (request.direction === 'outbound')
    return live === undefined ? { kind: 'new' } : { kind: 'busy', callId: live.callId };
  const fits = (call: LineCall): boolean =>
    (call.botNumber === null || call.botNumber === request.botNumber || request.text?.anyNumber === true) &&
    (call.stands === 'live' || (call.resumableUntilMs ?? 0) > nowMs);
  const standing = line.calls.findLast((call) => call.stands === 'live' && fits(call)) ?? line.calls.findLast(fits);
  return standing === undefined ? { kind: 'new' } : { kind: 'join', callId: standing.callId };
}

export function record(line: LineState, request: OpenCallRequest, decision: LineDecision): void {
  if (decision.kind === 'busy') return;
  const callId = decision.kind === 'new' ? request.proposedCallId : decision.callId;
  if (decision.kind === 'new') {
    line.calls.push({
      callId,
      botNumber: request.botNumber,
      stands: 'live',
      resumableUntilMs: null,
      resumeWithinMs: request.resumeWithinMs,
    });
  }
  if (decision.kind === 'join') {
    line.calls = line.calls.map((call) =>
      call.callId === callId
        ? { ...call, stands: 'live', resumableUntilMs: null, resumeWithinMs: request.resumeWithinMs }
        : call,
    );
  }
  if (request.leg !== null && ownerOf(line, request.leg.legId) === undefined) {
    line.legs = [...line.legs, { legId: request.leg.legId, callId }].slice(-LEGS_KEPT);
  }
}

export function forget(line: LineState, callId: CallId): void {
  line.calls = line.calls.filter((call) => call.callId !== callId);
  line.legs = line.legs.filter((leg) => leg.callId !== callId);
}

export const ownerOf = (line: LineState, legId: LegId): CallId | undefined =>
  line.legs.find((leg) => leg.legId === legId)?.callId;

export function nextDeadlineMs(line: LineState): number | null {
  const deadlines = line.calls.flatMap((call) => (call.resumableUntilMs === null ? [] : [call.resumableUntilMs]));
  return deadlines.length === 0 ? null : Math.min(...deadlines);
}

export const isIdle = (line: LineState): boolean => line.calls.length === 0 && line.pendingCallbackIds.length === 0;
