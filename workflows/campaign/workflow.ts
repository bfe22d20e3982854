/** Rings a list of contacts: so many at once, at the account's pace, in everybody's own hours, again where nobody was reached. */
import {
  allHandlersFinished,
  ApplicationFailure,
  condition,
  continueAsNew,
  patched,
  setCurrentDetails,
  setHandler,
  workflowInfo,
} from '@temporalio/workflow';
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
import { letGoOn, newState, noteDue, noteEnded, progressOf, setStatus } from './state.ts';
import { nextMomentMs, nextStep, room, type Step } from './steps.ts';
import { cancelOpen, dialSome, inWords, look, record, reopen, save, type CampaignRun } from './work.ts';

/**
 * [CG12] A worker that takes a campaign over goes through its history first, and has the three seconds of a task for it: on a machine that
 * was full, the task of one with some 3,000 events was seen to fail three times running. The server itself suggests a fresh run at 4,096.
 */
const FRESH_RUN_AT_EVENTS = 1_000;

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
    // What is told while the run is changed goes to the next.
    if (isLong() && allHandlersFinished())
      return await continueAsNew<typeof campaign>({ ...plain, carried: { ...state, runs: state.runs + 1 } });
  }
}

function isLong(): boolean {
  const { continueAsNewSuggested, historyLength } = workflowInfo();
  return continueAsNewSuggested || (historyLength >= FRESH_RUN_AT_EVENTS && patched('fresh-run-sooner'));
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
    noteDue(state, Date.now());
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

/** False = something came up after all. */
async function ended(run: CampaignRun): Promise<boolean> {
  const { state } = run;
  const { status, reason } = state;
  // [CG7] What made it pause is told of one that ends in its pause.
  if (status === 'running' || status === 'paused') setStatus(state, 'completed', reason);
  if (state.status === 'stopping') setStatus(state, 'stopped', state.reason);
  run.news = false;
  while (!state.saved) await save(run);
  await condition(allHandlersFinished);
  if (!run.news && state.unrecorded.length === 0) return true;
  if (state.status === 'completed') setStatus(state, status, reason);
  return false;
}
