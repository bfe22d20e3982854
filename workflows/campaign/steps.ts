/** What a campaign does next: pure, so that each moment's choice can be told from its state alone. */
import type { CampaignState } from './state.ts';

export type Step = 'save' | 'record' | 'cancel' | 'reopen' | 'dial' | 'probe' | 'look' | 'end';

/** Results are written together; a contact's history may lag so much behind its call. */
const BATCH_MAX = 25;

export function nextStep(state: CampaignState, nowMs: number): Step | null {
  if (!state.saved) return 'save';
  if (state.unrecorded.length > 0) return 'record';
  if (state.cancelWanted) return 'cancel';
  if (state.windowsChanged) return 'reopen';
  if (state.inFlight.length > 0 && state.lookAtMs <= nowMs) return 'look';
  switch (state.status) {
    case 'running':
      if (room(state) > 0 && (dialMomentMs(state) ?? Number.POSITIVE_INFINITY) <= nowMs) return 'dial';
      return nobodyIsLeft(state) ? 'end' : null;
    case 'paused':
      if (state.probe?.nobodyLeft === true && nobodyIsLeft(state)) return 'end';
      return probeIsDue(state, nowMs) ? 'probe' : null;
    case 'stopping':
      return state.inFlight.length === 0 ? 'end' : null;
    case 'draft':
    case 'stopped':
    case 'completed':
      return 'end';
  }
}

const nobodyIsLeft = ({ dialAtMs, needsZone, needsHours = 0, inFlight }: CampaignState): boolean =>
  dialAtMs === null && needsZone + needsHours + inFlight.length === 0;

export const room = ({ settings, inFlight }: CampaignState): number =>
  Math.min(BATCH_MAX, settings.concurrency - inFlight.length);

/** [CG2] */
const dialMomentMs = ({ dialAtMs, notBeforeMs }: CampaignState): number | null =>
  dialAtMs === null ? null : Math.max(dialAtMs, notBeforeMs ?? 0);

function probeIsDue({ probe }: CampaignState, nowMs: number): boolean {
  return probe?.atMs != null && probe.attemptId === null && probe.atMs <= nowMs;
}

/** When time alone brings the next step; null = something has to happen. */
export function nextMomentMs(state: CampaignState): number | null {
  const moments = [
    state.inFlight.length > 0 ? state.lookAtMs : null,
    state.status === 'running' && room(state) > 0 ? dialMomentMs(state) : null,
    state.status === 'paused' && state.probe?.attemptId === null ? state.probe.atMs : null,
  ].filter((moment) => moment !== null);
  return moments.length === 0 ? null : Math.min(...moments);
}
