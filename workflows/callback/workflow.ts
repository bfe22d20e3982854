/** A promise to call: sleeps until it is due, however long and whatever restarts meanwhile, then rings through the customer's line. */
import {
  allHandlersFinished,
  ApplicationFailure,
  condition,
  getExternalWorkflowHandle,
  isCancellation,
  log,
  setCurrentDetails,
  setHandler,
  upsertSearchAttributes,
  uuid4,
} from '@temporalio/workflow';
import { isoTime } from '../../domain/document.ts';
import { ATTEMPTS_MAX, LINE_BUSY_RETRY_MS, retryDelayMs } from '../../domain/due.ts';
import { asAttemptId, asCallId, lineWorkflowId, type AttemptId } from '../../domain/ids.ts';
import type { DialOutcome } from '../../domain/leg.ts';
import { callbackPending } from '../line/messages.ts';
import { askingLines, saving } from '../proxies.ts';
import { moment } from '../search-attributes.ts';
import {
  attemptEnded,
  callbackView,
  cancelCallback,
  reschedule,
  type CallbackInput,
  type CallbackView,
} from './messages.ts';

/** Ringing and every doubt about it take at most three minutes; who has not heard by then asks the line again. */
const ATTEMPT_MS = 10 * 60_000;
const ATTEMPTS_KEPT = 50;
const DEFAULT_RESUME_MS = 3 * 3_600_000;

interface CallbackRun {
  input: CallbackInput;
  view: CallbackView;
  title: string;
  description: string;
  /** Attempts whose outcome has come, maybe before they were waited for. */
  outcomes: Map<AttemptId, DialOutcome>;
  version: number;
}

/**
 * It may live for months, across many releases: changes of its commands go behind patched(). No versioning behaviour is declared
 * here: a server refuses every task that names one from workers which are not part of a versioned deployment.
 */
export async function callback(input: CallbackInput): Promise<CallbackView> {
  const { callbackId, dueAtMs, title, description } = input;
  const run: CallbackRun = {
    input,
    view: { callbackId, status: 'pending', dueAtMs, attempts: [] },
    title,
    description,
    outcomes: new Map(),
    version: 0,
  };
  const { view } = run;
  listen(run);
  await tellLine(run, true);
  await save(run);

  while (view.status === 'pending') {
    await untilDue(run);
    if (view.status === 'pending') await attempt(run);
    await save(run);
  }
  await tellLine(run, false);
  await condition(allHandlersFinished);
  return view;
}

function listen(run: CallbackRun): void {
  const { view } = run;
  setHandler(callbackView, () => view);
  setHandler(attemptEnded, ({ attemptId, outcome }) => {
    run.outcomes.set(attemptId, outcome);
  });
  setHandler(
    reschedule,
    (change) => {
      view.dueAtMs = change.dueAtMs;
      run.title = change.title ?? run.title;
      run.description = change.description ?? run.description;
      return view;
    },
    {
      validator: (_request) => {
        mustBePending(view);
      },
    },
  );
  setHandler(
    cancelCallback,
    () => {
      view.status = 'cancelled';
      return view;
    },
    {
      validator: (_request) => {
        mustBePending(view);
      },
    },
  );
}

function mustBePending(view: CallbackView): void {
  if (view.status !== 'pending') throw ApplicationFailure.nonRetryable(`the callback is ${view.status}`, 'not_pending');
}

/** [CB4] One absolute deadline: an outage on the way neither loses nor doubles it. */
async function untilDue({ view, title }: CallbackRun): Promise<void> {
  for (;;) {
    const due = view.dueAtMs;
    const waitMs = due - Date.now();
    upsertSearchAttributes([moment('DueAt', due)]);
    setCurrentDetails(`Rings on ${isoTime(due)}`);
    if (waitMs <= 0) return;
    const changed = await condition(() => view.dueAtMs !== due || view.status !== 'pending', waitMs, {
      summary: `Call the customer on ${isoTime(due)}: ${title}`,
    });
    if (!changed || view.status !== 'pending') return;
  }
}

async function attempt(run: CallbackRun): Promise<void> {
  const { view, input } = run;
  const attemptId = asAttemptId(uuid4());
  const atMs = Date.now();
  view.status = 'dialling';
  await save(run);
  const opened = await askingLines('Open the promised call on the customer’s line').openLineCall({
    line: { numberKey: input.numberKey, customerNumber: input.customerNumber },
    updateId: attemptId,
    request: {
      direction: 'outbound',
      proposedCallId: asCallId(uuid4()),
      botNumber: input.botNumber,
      initiate: input.initiate,
      leg: null,
      callback: {
        callbackId: input.callbackId,
        attemptId,
        title: run.title,
        description: run.description,
        fromCallId: input.fromCallId,
      },
      resumeWithinMs: input.resumeWithinMs ?? DEFAULT_RESUME_MS,
    },
  });
  if (opened.outcome === 'busy') {
    view.attempts = withAttempt(view, { attemptId, atMs, outcome: 'line_busy', callId: opened.callId });
    view.status = 'pending';
    view.dueAtMs = Date.now() + LINE_BUSY_RETRY_MS;
    return;
  }
  const outcome = await outcomeOf(run, attemptId);
  view.attempts = withAttempt(view, { attemptId, atMs, outcome, callId: opened.callId });
  decide(run, outcome);
}

const withAttempt = (view: CallbackView, attempt: CallbackView['attempts'][number]): CallbackView['attempts'] =>
  [...view.attempts, attempt].slice(-ATTEMPTS_KEPT);

async function outcomeOf(run: CallbackRun, attemptId: AttemptId): Promise<DialOutcome> {
  await condition(() => run.outcomes.has(attemptId), ATTEMPT_MS, { summary: 'It rings' });
  return run.outcomes.get(attemptId) ?? 'failed';
}

/** [CB1] */
function decide({ view }: CallbackRun, outcome: DialOutcome): void {
  if (outcome === 'answered') {
    view.status = 'done';
    return;
  }
  const made = view.attempts.filter((each) => each.outcome !== 'line_busy').length;
  const delayMs = retryDelayMs(made);
  view.status = delayMs === null ? 'failed' : 'pending';
  if (delayMs !== null) view.dueAtMs = Date.now() + delayMs;
  log.info('a promised call was not answered', { outcome, made, of: ATTEMPTS_MAX });
}

async function save(run: CallbackRun): Promise<void> {
  const { input, view } = run;
  run.version += 1;
  await saving(`Save the callback (${view.status})`).saveCallback({
    callback_id: input.callbackId,
    version: run.version,
    call_id: input.fromCallId,
    phone_number: input.customerNumber,
    bot_phone_number: input.botNumber,
    title: run.title,
    description: run.description,
    due_date_time: isoTime(view.dueAtMs),
    status: view.status,
    attempts: view.attempts.map((each) => ({
      attempt_id: each.attemptId,
      at: isoTime(each.atMs),
      outcome: each.outcome,
      call_id: each.callId,
    })),
    created_at: isoTime(input.createdAtMs),
    updated_at: isoTime(Date.now()),
  });
}

/** For the line's own view; where no line is open there is nothing to keep. */
async function tellLine({ input }: CallbackRun, pending: boolean): Promise<void> {
  try {
    await getExternalWorkflowHandle(lineWorkflowId(input.numberKey)).signal(callbackPending, {
      callbackId: input.callbackId,
      pending,
    });
  } catch (error) {
    if (isCancellation(error)) throw error;
  }
}
