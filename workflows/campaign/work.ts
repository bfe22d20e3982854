/** What a campaign has done for it, step by step: each piece is an activity that may be repeated. */
import {
  ActivityFailure,
  ApplicationFailure,
  isCancellation,
  patched,
  setCurrentDetails,
  workflowInfo,
} from '@temporalio/workflow';
import { isoTime } from '../../domain/document.ts';
import type { AttemptId } from '../../domain/ids.ts';
import { keepingContacts, ringingContacts, type Patience } from '../proxies.ts';
import type { CampaignInput } from './messages.ts';
import {
  LOOK_EVERY_MS,
  noteDue,
  noteEnded,
  noteRecorded,
  noteStarted,
  soonest,
  type CampaignState,
  type Probe,
  type WaitsFor,
} from './state.ts';

/** A dialling activity begins attempts for so long; a pause or a stop takes hold within that. */
const BATCH_MS = 2_000;
/** The account has no leg to give, or every place is taken: asked again after this. */
const NO_ROOM_MS = 1_000;
/** Somebody has to change the configuration first. */
const NO_PLACE_MS = 60_000;
/** A ring, a doubt about it and a short talk are over by then; a longer talk is looked at again. */
const QUIET_MS = 3 * 60_000;

export interface CampaignRun {
  input: CampaignInput;
  state: CampaignState;
  /** Something was told since the last look. */
  news: boolean;
}

/** [CG11] What cannot be done now is said, and done when it can; each piece of work may be repeated. */
async function patiently<Result>(
  { state }: CampaignRun,
  work: (patience: Patience) => Promise<Result>,
): Promise<Result> {
  try {
    return await work('a few tries');
  } catch (error) {
    if (isCancellation(error) || !(error instanceof ActivityFailure)) throw error;
    state.waitsFor =
      error.cause instanceof ApplicationFailure && error.cause.type === 'ProviderError' ? 'store' : 'workers';
    setCurrentDetails(inWords(state));
    const result = await work('for ever');
    state.waitsFor = null;
    return result;
  }
}

export async function save(run: CampaignRun): Promise<void> {
  const { input, state } = run;
  state.saved = true;
  state.version += 1;
  const document = {
    campaign_id: input.campaignId,
    version: state.version,
    name: input.name,
    status: state.status,
    reason: state.reason,
    settings: state.settings,
    attempts: state.attempts,
    created_at: isoTime(input.createdAtMs),
    updated_at: isoTime(Date.now()),
  };
  await patiently(run, (patience) =>
    keepingContacts(`Save the campaign (${document.status})`, patience).saveCampaign(document),
  );
}

/** Into the contacts' own record; what comes meanwhile is written next. */
export async function record(run: CampaignRun): Promise<void> {
  const { input, state } = run;
  // A copy: what is told while these are written would count as written with them.
  const results = patched('results-as-sent') ? [...state.unrecorded] : state.unrecorded;
  state.records += 1;
  const asked = {
    campaignId: input.campaignId,
    recordId: `${workflowInfo().firstExecutionRunId}:${state.records}`,
    results,
    retry: state.status === 'stopping' ? null : state.settings.retry,
    nowMs: Date.now(),
  };
  const { applied, nextDueAtMs } = await patiently(run, (patience) =>
    keepingContacts(`Write down ${results.length} outcomes`, patience).recordResults(asked),
  );
  noteRecorded(state, { results, applied: new Set(applied), nowMs: Date.now() });
  noteDue(state, nextDueAtMs);
}

export async function cancelOpen(run: CampaignRun): Promise<void> {
  const { input, state } = run;
  await patiently(run, (patience) =>
    keepingContacts('Cancel whoever has not been rung', patience).cancelOpen({ campaignId: input.campaignId }),
  );
  state.cancelWanted = false;
  state.dialAtMs = null;
  state.needsZone = 0;
  state.needsHours = 0;
}

export async function reopen(run: CampaignRun): Promise<void> {
  const { input, state } = run;
  state.windowsChanged = false;
  const change = { campaignId: input.campaignId, nowMs: Date.now() };
  await patiently(run, (patience) => keepingContacts('Look at everybody’s hours anew', patience).reopenWindows(change));
  noteDue(state, Date.now());
}

export async function dialSome(run: CampaignRun, limit: number): Promise<void> {
  const { input, state } = run;
  const probing = state.status === 'paused';
  const askedAtMs = Date.now();
  state.batches += 1;
  // What is told while the activity works asks for another look after it.
  state.dialAtMs = null;
  const asked = {
    campaignId: input.campaignId,
    batchId: `${workflowInfo().firstExecutionRunId}:${state.batches}`,
    settings: state.settings,
    limit,
    status: state.status,
    forMs: BATCH_MS,
  };
  const dialled = await patiently(run, (patience) =>
    ringingContacts(`Ring up to ${limit} contacts`, patience).dialContacts({
      ...asked,
      isFirst: patience === 'a few tries',
    }),
  );
  noteStarted(state, dialled.started);
  for (const result of dialled.ended) noteEnded(state, result);
  const [first] = dialled.started;
  if (probing && state.probe !== null)
    state.probe = afterTrying(state.probe, { first, nextDueAtMs: dialled.nextDueAtMs });
  state.needsZone = dialled.needsZone ?? state.needsZone;
  state.needsHours = dialled.needsHours ?? state.needsHours ?? 0;
  state.waitsFor = waitsForPlace(dialled.noPlace);
  const nextMs = dialled.full
    ? Date.now() + (state.waitsFor === 'configuration' ? NO_PLACE_MS : NO_ROOM_MS)
    : dialled.nextDueAtMs;
  const notBeforeMs = askedAtMs + paceMs(state, dialled.started.length);
  if (state.settings.attemptsPerMinute !== null && patched('keeps-pace')) state.notBeforeMs = notBeforeMs;
  state.dialAtMs = soonest(state.dialAtMs, nextMs === null ? null : Math.max(nextMs, notBeforeMs));
}

/** [CG16] */
function waitsForPlace(noPlace: 'taken' | 'none_at_all' | undefined): WaitsFor | null {
  switch (noPlace) {
    case 'taken':
      return 'places';
    case 'none_at_all':
      return 'configuration';
    case undefined:
      return null;
  }
}

/** [CG7] Who was tried, or when somebody can be. */
function afterTrying(
  probe: Probe,
  { first, nextDueAtMs }: { first: { attemptId: AttemptId } | undefined; nextDueAtMs: number | null },
): Probe {
  if (first !== undefined) return { ...probe, attemptId: first.attemptId };
  if (nextDueAtMs === null && patched('nobody-left-to-try'))
    return { ...probe, atMs: null, attemptId: null, nobodyLeft: true };
  const atMs = Math.max(nextDueAtMs ?? Number.MAX_SAFE_INTEGER, Date.now() + NO_ROOM_MS);
  return { ...probe, atMs, attemptId: null };
}

/** [CG2] The campaign's own pace. */
function paceMs({ settings }: CampaignState, started: number): number {
  return settings.attemptsPerMinute === null ? 0 : Math.ceil((started * 60_000) / settings.attemptsPerMinute);
}

/** [CG10] Calls of whose end nobody has told: a worker, a signal or a whole call was lost. */
export async function look(run: CampaignRun): Promise<void> {
  const { state } = run;
  state.lookAtMs = Date.now() + LOOK_EVERY_MS;
  const silent = state.inFlight.filter(({ sinceMs }) => sinceMs <= Date.now() - QUIET_MS);
  if (silent.length === 0) return;
  const asked = { attempts: silent, nowMs: Date.now() };
  const { ended: results } = await patiently(run, (patience) =>
    keepingContacts('What became of calls that nobody told of?', patience).lookAtAttempts(asked),
  );
  for (const result of results) noteEnded(state, result);
}

const WAITING: Record<WaitsFor, string> = {
  store: 'It waits for the store, and goes on by itself.',
  workers: 'It waits for the workers, and goes on by itself.',
  places: 'All calls that campaigns may hold at once are under way; it goes on when one ends.',
  configuration: '`dialing.calls_at_once` less what is reserved for inbound leaves campaigns no call.',
};

export function inWords(state: CampaignState): string {
  const outcomes = Object.entries(state.outcomes).map(([outcome, count]) => `${outcome.replace('_', ' ')} ${count}`);
  return [
    `**${state.status}**${state.reason === null ? '' : `: ${state.reason}`}`,
    state.waitsFor == null ? '' : WAITING[state.waitsFor],
    `On the line or ringing: ${state.inFlight.length}. Attempts: ${state.attempts}.`,
    outcomes.length === 0 ? '' : `Outcomes: ${outcomes.join(', ')}.`,
    state.needsZone === 0 ? '' : `${state.needsZone} contacts wait for somebody to say in which zone they live.`,
    (state.needsHours ?? 0) === 0 ? '' : `${state.needsHours} contacts wait for other hours of the campaign.`,
    state.dialAtMs === null ? '' : `Next look at the list: ${isoTime(state.dialAtMs)}.`,
  ]
    .filter((line) => line !== '')
    .join('\n\n');
}
