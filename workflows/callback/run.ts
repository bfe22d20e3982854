/** What a callback knows, how it is told and asked, and how it is kept for readers. */
import { ApplicationFailure, patched, setHandler, uuid4 } from '@temporalio/workflow';
import { isoTime } from '../../domain/document.ts';
import { LINE_BUSY_RETRY_MS, type PendingPromise } from '../../domain/due.ts';
import { asAttemptId, lineWorkflowId, type AttemptId, type CallId } from '../../domain/ids.ts';
import type { DialOutcome } from '../../domain/leg.ts';
import { callbackPending } from '../line/messages.ts';
import { askingLines, saving } from '../proxies.ts';
import { tell } from '../telling.ts';
import {
  attemptEnded,
  callbackView,
  cancelCallback,
  completeCallback,
  customerCame,
  customerLeft,
  reschedule,
  withdrawn,
  type CallbackAttempt,
  type CallbackInput,
  type CallbackView,
  type Rescheduling,
} from './messages.ts';

const ATTEMPTS_KEPT = 50;

interface Settled {
  status: 'cancelled' | 'done';
  reason: string;
}

export interface CallbackRun {
  input: CallbackInput;
  view: CallbackView;
  title: string;
  description: string;
  words: string | null;
  exact: boolean;
  /** The time that was asked for; calling hours and tries move the view's, not this one. */
  promisedAtMs: number;
  /** Attempts whose outcome has come, maybe before they were waited for. */
  outcomes: Map<AttemptId, DialOutcome>;
  /** The customer is on the line by themselves, in this call. */
  heldBy: CallId | null;
  version: number;
  savedAs: CallbackView['status'] | null;
  /** The promise as the line was last told of it. */
  told: string | null;
  /** No try follows the one under way, and no further time. */
  optedOut: boolean;
  /** Moved or reworded, and not written down yet. */
  moved: boolean;
  /** How often it was moved, and the move for which its text was sent; null = it was not. */
  moves: number;
  textedFor: number | null;
  /** Promised once more while it rang, or settled then and why: whichever came last. */
  renewed: Rescheduling | null;
  settled: Settled | null;
  /** Begun by a release that knows zones, channels and recurrence. */
  planned: boolean;
}

export function openRun(input: CallbackInput, planned: boolean): CallbackRun {
  const { callbackId, dueAtMs, carried } = input;
  return {
    input,
    view: { callbackId, status: 'pending', dueAtMs, attempts: [] },
    title: input.title,
    description: input.description,
    words: input.words ?? null,
    exact: input.exact === true,
    promisedAtMs: dueAtMs,
    outcomes: new Map(),
    heldBy: null,
    version: carried?.version ?? 0,
    savedAs: null,
    told: null,
    optedOut: false,
    moved: false,
    moves: 0,
    textedFor: null,
    renewed: null,
    settled: null,
    planned,
  };
}

export function listen(run: CallbackRun): void {
  const { view } = run;
  setHandler(callbackView, () => viewOf(run));
  setHandler(attemptEnded, ({ attemptId, outcome }) => {
    run.outcomes.set(attemptId, outcome);
  });
  setHandler(
    reschedule,
    (change) => {
      if (view.status === 'dialling') {
        run.renewed = change;
        run.settled = null;
        return { ...viewOf(run), dueAtMs: change.dueAtMs };
      }
      takeChange(run, change);
      return viewOf(run);
    },
    {
      validator: ({ anew }) => {
        if (anew !== true || view.status !== 'dialling') mustBeOpen(view);
      },
    },
  );
  const openOrRinging = {
    validator: (_request: { reason: string }) => {
      if (view.status !== 'dialling') mustBeOpen(view);
    },
  };
  setHandler(cancelCallback, ({ reason }) => settle(run, { status: 'cancelled', reason }), openOrRinging);
  setHandler(completeCallback, ({ reason }) => settle(run, { status: 'done', reason }), openOrRinging);
  listenToCustomer(run);
}

function takeChange(run: CallbackRun, change: Rescheduling): void {
  const { view } = run;
  view.dueAtMs = change.dueAtMs;
  // Colleagues' tasks are put off as well.
  view.status = 'pending';
  run.promisedAtMs = change.dueAtMs;
  run.title = change.title ?? run.title;
  run.description = change.description ?? run.description;
  run.words = change.words === undefined ? run.words : change.words;
  run.exact = change.exact ?? run.exact;
  run.input = changed(run.input, change);
  run.heldBy = null;
  run.moves += 1;
  run.moved = patched('moves-are-saved');
}

/** [CB25] */
function changed(input: CallbackInput, { dueAtMs, given, speaks }: Rescheduling): CallbackInput {
  const { carried } = input;
  const begins = given?.rule === undefined ? {} : { dueAtMs };
  const initiate = given?.initiate ?? input.initiate;
  return {
    ...input,
    ...given,
    ...begins,
    initiate: { ...initiate, ...speaks },
    ...(carried === undefined || given?.rule === undefined ? {} : { carried: { ...carried, startAtMs: dueAtMs } }),
  };
}

/** [CB25] [CB26] After the try that they came into. */
export function takeUpWishes(run: CallbackRun): void {
  const { renewed, settled, view } = run;
  run.renewed = null;
  if (run.optedOut) return;
  if (renewed !== null) takeChange(run, renewed);
  // Its last try may have failed, and it is done all the same.
  if (settled !== null && (isOpen(view) || (view.status === 'failed' && settled.status === 'done')))
    Object.assign(view, settled);
}

/** [CB15-CB17] The customer comes first, or wants no call any more. */
function listenToCustomer(run: CallbackRun): void {
  const { view } = run;
  setHandler(withdrawn, ({ reason, optedOut }) => {
    if (optedOut === true && ownerOf(run.input) === 'human') return;
    // One that rings this moment is ended by its call.
    if (optedOut === true) run.optedOut = true;
    if (isOpen(view) || (view.status === 'dialling' && patched('taken-back-while-it-rings')))
      settle(run, { status: 'cancelled', reason });
  });
  setHandler(customerCame, ({ callId }) => {
    const { input } = run;
    if (input.kind === 'ring_back' && view.status === 'pending')
      settle(run, { status: 'cancelled', reason: 'the customer rang first' });
    // While it is being opened the line says that it is busy: the try is followed by the wait.
    else if (input.kind !== 'ring_back' && (view.status === 'pending' || view.status === 'dialling'))
      run.heldBy = callId;
  });
  setHandler(customerLeft, ({ callId, talked }) => {
    if (run.heldBy !== callId) return;
    run.heldBy = null;
    if (view.status !== 'pending') return;
    if (!talked) {
      view.dueAtMs = Math.max(view.dueAtMs, Date.now() + LINE_BUSY_RETRY_MS);
      return;
    }
    note(run, { attemptId: asAttemptId(uuid4()), atMs: Date.now(), outcome: 'merged', callId });
    settle(run, { status: 'done', reason: 'the customer rang first' });
  });
}

/** [CB5] [CB32] While it rings: who has answered talks on, and no try follows. */
function settle(run: CallbackRun, settled: Settled): CallbackView {
  if (isOpen(run.view)) Object.assign(run.view, settled);
  else {
    run.renewed = null;
    run.settled = settled;
  }
  return viewOf(run);
}

const isOpen = (view: CallbackView): boolean => view.status === 'pending' || view.status === 'due';

function mustBeOpen(view: CallbackView): void {
  if (!isOpen(view)) throw ApplicationFailure.nonRetryable(`the callback is ${view.status}`, 'not_pending');
}

export function note(run: CallbackRun, attempt: CallbackAttempt): void {
  run.view.attempts = [...run.view.attempts, attempt].slice(-ATTEMPTS_KEPT);
}

const viewOf = ({ view, title, description, input }: CallbackRun): CallbackView => ({
  ...view,
  title,
  description,
  ...(input.rule == null ? {} : { occurrence: occurrenceOf(input) }),
});

export const occurrenceOf = (input: CallbackInput): number => input.carried?.occurrence ?? 1;
export const ownerOf = (input: CallbackInput) => input.owner ?? 'assistant';
export const channelOf = (input: CallbackInput) => input.channel ?? 'call';

export async function save(run: CallbackRun): Promise<void> {
  const { input, view } = run;
  run.version += 1;
  run.moved = false;
  run.savedAs = view.status;
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
    owner: ownerOf(input),
    channel: channelOf(input),
    zone: input.zone ?? null,
    recurrence: input.rule ?? null,
    occurrence: occurrenceOf(input),
    reason: view.reason ?? null,
    attempts: [...(input.carried?.earlier ?? []), ...view.attempts].slice(-ATTEMPTS_KEPT).map((each) => ({
      attempt_id: each.attemptId,
      at: isoTime(each.atMs),
      outcome: each.outcome,
      call_id: each.callId,
    })),
    created_at: isoTime(input.createdAtMs),
    updated_at: isoTime(Date.now()),
  });
}

/** The line lives as long as a promise hangs on it, so that whoever rings first is told of it. */
export async function tellLine(run: CallbackRun, pending: boolean): Promise<void> {
  const { input } = run;
  const { callbackId, numberKey, customerNumber } = input;
  if (pending && run.planned) {
    const promise = promiseOf(run);
    const told = JSON.stringify(promise);
    if (run.told === told) return;
    run.told = told;
    await askingLines('Let the customer’s line know of the promise').noteOnLine({
      line: { numberKey, customerNumber },
      promise,
    });
    return;
  }
  // Where no line is open nothing is to be kept there.
  await tell(lineWorkflowId(numberKey), (line) => line.signal(callbackPending, { callbackId, pending }));
}

/** [CB15] A reminder has its time: only what the bot itself has to say can be said earlier. */
function promiseOf({ input, view, title, description }: CallbackRun): PendingPromise {
  const { callbackId, botNumber, fromCallId } = input;
  const once = ownerOf(input) === 'assistant' && channelOf(input) !== 'sms' && input.rule == null;
  return {
    callbackId,
    title,
    description,
    dueAtMs: view.dueAtMs,
    botNumber,
    whenTheyCome: input.kind === 'ring_back' ? 'cancel' : once ? 'merge' : 'keep',
    fromCallId,
    owner: ownerOf(input),
    channel: channelOf(input),
    ...(input.zone == null ? {} : { zone: input.zone }),
    ...(input.rule == null ? {} : { recurs: true }),
  };
}
