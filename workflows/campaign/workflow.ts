/** Rings a list of contacts: so many at once, at the account's pace, in everybody's own hours, again where nobody was reached. */
import {
  allHandlersFinished,
  ApplicationFailure,
  condition,
  continueAsNew,
  setCurrentDetails,
  setHandler,
  workflowInfo,
} from '@temporalio/workflow';
import { isoTime } from '../../domain/document.ts';
import { keepingContacts, ringingContacts } from '../proxies.ts';
import {
  attemptEnded,
  changeCampaign,
  contactsChanged,
  pauseCampaign,
  progress,
  resumeCampaign,
  stopCampaign,
  type CampaignChange,
  type CampaignInput,
  type CampaignProgress,
} from './messages.ts';
import {
  letGoOn,
  LOOK_EVERY_MS,
  newState,
  noteEnded,
  noteRecorded,
  noteStarted,
  progressOf,
  setStatus,
  type CampaignState,
} from './state.ts';
import { nextMomentMs, nextStep, room, type Step } from './steps.ts';

/** A dialling activity begins attempts for so long; a pause or a stop takes hold within that. */
const BATCH_MS = 2_000;
/** The account has no leg to give, or every place is taken: asked again after this. */
const NO_ROOM_MS = 1_000;
/** A ring, a doubt about it and a short talk are over by then; a longer talk is looked at again. */
const QUIET_MS = 3 * 60_000;

interface CampaignRun {
  input: CampaignInput;
  state: CampaignState;
  /** Something was told since the last look. */
  news: boolean;
}

export async function campaign(input: CampaignInput): Promise<CampaignProgress> {
  const { carried, ...plain } = input;
  const run: CampaignRun = { input: plain, state: carried ?? newState(plain, Date.now()), news: false };
  const { state } = run;
  listen(run);

  for (;;) {
    const step = nextStep(state, Date.now());
    setCurrentDetails(inWords(state));
    if (step === 'end') {
      if (await ended(run)) return progressOf(state);
    } else if (step !== null) {
      await take(run, step);
    } else {
      await untilSomethingHappens(run);
    }
    if (workflowInfo().continueAsNewSuggested && allHandlersFinished())
      return await continueAsNew<typeof campaign>({ ...plain, carried: { ...state, runs: state.runs + 1 } });
  }
}

async function take(run: CampaignRun, step: Exclude<Step, 'end'>): Promise<void> {
  switch (step) {
    case 'save':
      return await save(run);
    case 'record':
      return await record(run);
    case 'cancel':
      return await cancelOpen(run);
    case 'reopen':
      return await reopen(run);
    case 'dial':
      return await dialSome(run, room(run.state));
    case 'probe':
      return await dialSome(run, 1);
    case 'look':
      return await look(run);
  }
}

function listen(run: CampaignRun): void {
  const { state } = run;
  setHandler(progress, () => progressOf(state));
  setHandler(attemptEnded, (result) => {
    noteEnded(state, result);
    run.news = true;
  });
  setHandler(contactsChanged, () => {
    state.dialAtMs = Date.now();
    run.news = true;
  });
  listenToPeople(run);
}

function listenToPeople(run: CampaignRun): void {
  const { state } = run;
  const answered = (): CampaignProgress => {
    run.news = true;
    return progressOf(state);
  };
  const validator = (_request: object): void => {
    if (state.status !== 'running' && state.status !== 'paused')
      throw ApplicationFailure.nonRetryable(`the campaign is ${state.status}`, 'not_running');
  };
  const pause = ({ reason }: { reason: string }): CampaignProgress => {
    setStatus(state, 'paused', reason);
    state.probe = null;
    return answered();
  };
  const resume = (_request: { reason: string }): CampaignProgress => {
    letGoOn(state, Date.now());
    return answered();
  };
  const stop = ({ reason }: { reason: string }): CampaignProgress => {
    setStatus(state, 'stopping', reason);
    state.cancelWanted = true;
    return answered();
  };
  const change = (changes: CampaignChange): CampaignProgress => {
    state.settings = { ...state.settings, ...changes };
    state.windowsChanged ||= changes.windows !== undefined;
    state.saved = false;
    return answered();
  };
  setHandler(pauseCampaign, pause, { validator });
  setHandler(resumeCampaign, resume, { validator });
  setHandler(stopCampaign, stop, { validator });
  setHandler(changeCampaign, change, { validator });
}

async function untilSomethingHappens(run: CampaignRun): Promise<void> {
  const { state } = run;
  const moment = nextMomentMs(state);
  const happened = (): boolean => run.news;
  if (moment === null) await condition(happened);
  else
    await condition(happened, Math.max(1, moment - Date.now()), {
      summary:
        state.status === 'paused' ? 'Then one contact is tried' : 'The next contact is due, or calls are looked at',
    });
  run.news = false;
}

async function save({ input, state }: CampaignRun): Promise<void> {
  state.saved = true;
  state.version += 1;
  await keepingContacts(`Save the campaign (${state.status})`).saveCampaign({
    campaign_id: input.campaignId,
    version: state.version,
    name: input.name,
    status: state.status,
    reason: state.reason,
    settings: state.settings,
    created_at: isoTime(input.createdAtMs),
    updated_at: isoTime(Date.now()),
  });
}

/** Into the contacts' own record; what comes meanwhile is written next. */
async function record({ input, state }: CampaignRun): Promise<void> {
  const results = state.unrecorded;
  state.records += 1;
  const { applied, nextDueAtMs } = await keepingContacts(`Write down ${results.length} outcomes`).recordResults({
    campaignId: input.campaignId,
    recordId: `${workflowInfo().firstExecutionRunId}:${state.records}`,
    results,
    retry: state.status === 'stopping' ? null : state.settings.retry,
    nowMs: Date.now(),
  });
  noteRecorded(state, { results, applied: new Set(applied), nowMs: Date.now() });
  state.dialAtMs = soonest(state.dialAtMs, nextDueAtMs);
}

async function cancelOpen({ input, state }: CampaignRun): Promise<void> {
  await keepingContacts('Cancel whoever has not been rung').cancelOpen({ campaignId: input.campaignId });
  state.cancelWanted = false;
  state.dialAtMs = null;
  state.needsZone = 0;
}

async function reopen({ input, state }: CampaignRun): Promise<void> {
  state.windowsChanged = false;
  await keepingContacts('Look at everybody’s hours anew').reopenWindows({
    campaignId: input.campaignId,
    nowMs: Date.now(),
  });
  state.dialAtMs = Date.now();
}

async function dialSome(run: CampaignRun, limit: number): Promise<void> {
  const { input, state } = run;
  const probing = state.status === 'paused';
  const askedAtMs = Date.now();
  state.batches += 1;
  // What is told while the activity works asks for another look after it.
  state.dialAtMs = null;
  const dialled = await ringingContacts(`Ring up to ${limit} contacts`).dialContacts({
    campaignId: input.campaignId,
    batchId: `${workflowInfo().firstExecutionRunId}:${state.batches}`,
    settings: state.settings,
    limit,
    nowMs: askedAtMs,
    forMs: BATCH_MS,
  });
  noteStarted(state, dialled.started);
  for (const result of dialled.ended) noteEnded(state, result);
  const [first] = dialled.started;
  if (probing && state.probe !== null) state.probe.attemptId = first?.attemptId ?? null;
  if (probing && first === undefined && state.probe !== null)
    state.probe.atMs = Math.max(dialled.nextDueAtMs ?? Number.MAX_SAFE_INTEGER, Date.now() + NO_ROOM_MS);
  state.needsZone = dialled.needsZone ?? state.needsZone;
  const nextMs = dialled.full ? Date.now() + NO_ROOM_MS : dialled.nextDueAtMs;
  const notBeforeMs = askedAtMs + paceMs(state, dialled.started.length);
  state.dialAtMs = soonest(state.dialAtMs, nextMs === null ? null : Math.max(nextMs, notBeforeMs));
}

/** [CG2] The campaign's own pace. */
function paceMs({ settings }: CampaignState, started: number): number {
  return settings.attemptsPerMinute === null ? 0 : Math.ceil((started * 60_000) / settings.attemptsPerMinute);
}

/** [CG10] Calls of whose end nobody has told: a worker, a signal or a whole call was lost. */
async function look({ state }: CampaignRun): Promise<void> {
  state.lookAtMs = Date.now() + LOOK_EVERY_MS;
  const silent = state.inFlight.filter(({ sinceMs }) => sinceMs <= Date.now() - QUIET_MS);
  if (silent.length === 0) return;
  const { ended: results } = await keepingContacts('What became of calls that nobody told of?').lookAtAttempts({
    attempts: silent,
    nowMs: Date.now(),
  });
  for (const result of results) noteEnded(state, result);
}

/** False = something came up after all. */
async function ended(run: CampaignRun): Promise<boolean> {
  const { state } = run;
  if (state.status === 'running') setStatus(state, 'completed', null);
  if (state.status === 'stopping') setStatus(state, 'stopped', state.reason);
  run.news = false;
  while (!state.saved) await save(run);
  await condition(allHandlersFinished);
  if (!run.news && state.unrecorded.length === 0) return true;
  if (state.status === 'completed') setStatus(state, 'running', null);
  return false;
}

const soonest = (one: number | null, other: number | null): number | null =>
  one === null ? other : other === null ? one : Math.min(one, other);

function inWords(state: CampaignState): string {
  const outcomes = Object.entries(state.outcomes).map(([outcome, count]) => `${outcome.replace('_', ' ')} ${count}`);
  return [
    `**${state.status}**${state.reason === null ? '' : `: ${state.reason}`}`,
    `On the line or ringing: ${state.inFlight.length}. Attempts: ${state.attempts}.`,
    outcomes.length === 0 ? '' : `Outcomes: ${outcomes.join(', ')}.`,
    state.needsZone === 0 ? '' : `${state.needsZone} contacts wait for somebody to say in which zone they live.`,
    state.dialAtMs === null ? '' : `Next look at the list: ${isoTime(state.dialAtMs)}.`,
  ]
    .filter((line) => line !== '')
    .join('\n\n');
}
