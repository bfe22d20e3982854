/** What a campaign knows: bounded, whatever the length of its list. */
import { breakerTrips, noteOutcome } from '../../domain/campaign-breaker.ts';
import type { AttemptOutcome, AttemptResult, CampaignSettings, CampaignStatus } from '../../domain/campaign.ts';
import type { AttemptId, CallId, ContactId } from '../../domain/ids.ts';
import type { CampaignInput, CampaignProgress } from './messages.ts';

export interface InFlight {
  contactId: ContactId;
  attemptId: AttemptId;
  callId: CallId;
  sinceMs: number;
}

export interface Probe {
  /** Null = nobody can be tried, or only a person lets it go on. */
  atMs: number | null;
  attemptId: AttemptId | null;
  failures: number;
  /** When one was to be tried the list had nobody left. */
  nobodyLeft?: boolean;
}

/** `places`: all calls that campaigns may hold at once are under way. `configuration`: they may hold none. */
export type WaitsFor = 'store' | 'workers' | 'places' | 'configuration';

export interface CampaignState {
  status: CampaignStatus;
  reason: string | null;
  settings: CampaignSettings;
  version: number;
  startedAtMs: number;
  inFlight: InFlight[];
  /** Ended, and not in the contacts' own record yet. */
  unrecorded: AttemptResult[];
  /** Ended before the activity that began them was back. */
  early: AttemptId[];
  attempts: number;
  outcomes: Partial<Record<AttemptOutcome, number>>;
  /** The newest, for the breaker. */
  recent: AttemptOutcome[];
  /** Tripped: when one contact is tried, and how often that was in vain. */
  probe: Probe | null;
  /** The contacts are looked through not before; null = nobody is pending. */
  dialAtMs: number | null;
  /** The campaign's own pace: whoever is due, none is rung before. */
  notBeforeMs?: number;
  needsZone: number;
  /** Missing = nobody. */
  needsHours?: number;
  lookAtMs: number;
  windowsChanged: boolean;
  cancelWanted: boolean;
  saved: boolean;
  waitsFor?: WaitsFor | null;
  batches: number;
  records: number;
  runs: number;
}

const MINUTE_MS = 60_000;
/** Calls whose end nobody has told are looked at so often. */
export const LOOK_EVERY_MS = 2 * MINUTE_MS;
const PROBE_MAX_MS = 120 * MINUTE_MS;

export function newState(input: CampaignInput, nowMs: number): CampaignState {
  return {
    status: 'running',
    reason: null,
    settings: input.settings,
    version: input.version,
    startedAtMs: nowMs,
    inFlight: [],
    unrecorded: [],
    early: [],
    attempts: 0,
    outcomes: {},
    recent: [],
    probe: null,
    dialAtMs: nowMs,
    needsZone: 0,
    lookAtMs: nowMs + LOOK_EVERY_MS,
    windowsChanged: false,
    cancelWanted: false,
    saved: false,
    batches: 0,
    records: 0,
    runs: 1,
  };
}

export function progressOf(state: CampaignState): CampaignProgress {
  const { status, reason, attempts, outcomes, needsZone, settings, startedAtMs, runs } = state;
  return {
    status,
    reason,
    inFlight: state.inFlight.length,
    attempts,
    outcomes,
    nextDueAtMs: state.dialAtMs,
    needsZone,
    needsHours: state.needsHours ?? 0,
    probeAtMs: state.probe?.atMs ?? null,
    waitsFor: state.waitsFor ?? null,
    settings,
    startedAtMs,
    runs,
  };
}

export function noteStarted(state: CampaignState, started: readonly InFlight[]): void {
  for (const attempt of started) {
    const known = state.inFlight.some(({ attemptId }) => attemptId === attempt.attemptId);
    if (!known && !state.early.includes(attempt.attemptId)) state.inFlight.push(attempt);
  }
  state.early = [];
}

/** What is told of an attempt: its end, and how it came out after the customer had rung back. */
const sameNews = (one: AttemptResult, other: AttemptResult): boolean =>
  one.attemptId === other.attemptId && one.rungBack === other.rungBack;

export function noteEnded(state: CampaignState, result: AttemptResult): void {
  const { attemptId } = result;
  if (state.unrecorded.some((each) => sameNews(each, result))) return;
  if (result.rungBack === true) {
    state.unrecorded.push(result);
    return;
  }
  if (!state.inFlight.some((each) => each.attemptId === attemptId)) state.early.push(attemptId);
  state.inFlight = state.inFlight.filter((each) => each.attemptId !== attemptId);
  state.unrecorded.push(result);
}

/** Only what the contacts' own record took counts: whatever is told twice is in it once. */
export function noteRecorded(
  state: CampaignState,
  { results, applied, nowMs }: { results: readonly AttemptResult[]; applied: ReadonlySet<AttemptId>; nowMs: number },
): void {
  state.unrecorded = state.unrecorded.filter((each) => !results.some((written) => sameNews(each, written)));
  for (const result of results.filter(({ attemptId }) => applied.has(attemptId))) {
    const { outcome } = result;
    if (result.rungBack === true) {
      state.outcomes = moved(state.outcomes, outcome);
      continue;
    }
    if (outcome !== 'line_busy') state.attempts += 1;
    state.outcomes = { ...state.outcomes, [outcome]: (state.outcomes[outcome] ?? 0) + 1 };
    mindBreaker(state, result, nowMs);
  }
}

/** [CG17] One attempt still. */
const moved = (outcomes: CampaignState['outcomes'], to: AttemptOutcome): CampaignState['outcomes'] => {
  const before = { ...outcomes, dropped: (outcomes.dropped ?? 0) - 1 };
  return { ...before, [to]: (before[to] ?? 0) + 1 };
};

/** [CG7] */
function mindBreaker(state: CampaignState, { attemptId, outcome }: AttemptResult, nowMs: number): void {
  const { breaker } = state.settings;
  const { probe } = state;
  if (probe !== null) {
    if (probe.attemptId !== attemptId) return;
    if (outcome !== 'failed') {
      letGoOn(state, nowMs);
      return;
    }
    const failures = probe.failures + 1;
    state.probe = { atMs: probeAtMs(state, failures, nowMs), attemptId: null, failures };
    return;
  }
  state.recent = noteOutcome(state.recent, outcome, breaker);
  const why = breakerTrips(state.recent, breaker);
  if (why === null || state.status !== 'running') return;
  setStatus(state, 'paused', why);
  state.probe = { atMs: probeAtMs(state, 0, nowMs), attemptId: null, failures: 0 };
}

function probeAtMs({ settings }: CampaignState, failures: number, nowMs: number): number | null {
  const { probeAfterMin } = settings.breaker;
  return probeAfterMin === null ? null : nowMs + Math.min(probeAfterMin * MINUTE_MS * 2 ** failures, PROBE_MAX_MS);
}

/** Somebody is pending, from that moment on. */
export function noteDue(state: CampaignState, dueAtMs: number | null): void {
  state.dialAtMs = soonest(state.dialAtMs, dueAtMs);
  if (dueAtMs === null || state.probe?.nobodyLeft !== true) return;
  state.probe = { ...state.probe, atMs: dueAtMs, nobodyLeft: false };
}

export const soonest = (one: number | null, other: number | null): number | null =>
  one === null ? other : other === null ? one : Math.min(one, other);

export function letGoOn(state: CampaignState, nowMs: number): void {
  setStatus(state, 'running', null);
  state.probe = null;
  state.recent = [];
  state.dialAtMs = nowMs;
}

export function setStatus(state: CampaignState, status: CampaignStatus, reason: string | null): void {
  state.status = status;
  state.reason = reason;
  state.saved = false;
}
