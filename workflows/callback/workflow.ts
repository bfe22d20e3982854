/** A promise to a customer: sleeps until it is due, however long and whatever restarts meanwhile, then does what was promised. */
import {
  allHandlersFinished,
  condition,
  continueAsNew,
  isCancellation,
  log,
  patched,
  setCurrentDetails,
  upsertSearchAttributes,
  uuid4,
} from '@temporalio/workflow';
import { isoTime } from '../../domain/document.ts';
import { asAttemptId } from '../../domain/ids.ts';
import { OPTED_OUT } from '../../domain/opt-out.ts';
import { planning, reporting, texting } from '../proxies.ts';
import { moment } from '../search-attributes.ts';
import { attempt } from './attempt.ts';
import type { CallbackInput, CallbackView } from './messages.ts';
import {
  channelOf,
  listen,
  note,
  occurrenceOf,
  openRun,
  ownerOf,
  save,
  takeUpWishes,
  tellLine,
  type CallbackRun,
} from './run.ts';

/** No leg lives longer than two hours; a call that has not told by then never will. */
const HELD_MS = 3 * 3_600_000;
/** Calling hours are looked at again where they put it off by more than this. */
const AT_ONCE_MS = 1_000;

/**
 * It may live for months, across many releases: changes of its commands go behind patched(). No versioning behaviour is declared
 * here: a server refuses every task that names one from workers which are not part of a versioned deployment.
 */
export async function callback(input: CallbackInput): Promise<CallbackView> {
  const run = openRun(input, patched('callback-planned'));
  const { view } = run;
  listen(run);
  if (!run.planned) await tellLine(run, true);
  await save(run);

  while (view.status === 'pending') {
    await untilDue(run);
    if (view.status === 'pending') await keep(run);
    takeUpWishes(run);
    await save(run);
    if (taskIsDue(view)) await untilSettled(run);
  }
  // Called off while something else was being written down.
  if (run.planned && run.savedAs !== view.status) await save(run);
  const next = await nextTime(run);
  await condition(allHandlersFinished);
  if (next !== null && !run.optedOut) return await comeAgain(run, next);
  await tellLine(run, false);
  await condition(allHandlersFinished);
  return view;
}

/** Told by a function: its status moves while it is waited for. */
const taskIsDue = ({ status }: CallbackView): boolean => status === 'due';

/** [CB4] One absolute deadline: an outage on the way neither loses nor doubles it. */
async function untilDue(run: CallbackRun): Promise<void> {
  const { view } = run;
  for (;;) {
    if (run.heldBy !== null) await untilTheyHaveGone(run);
    if (view.status !== 'pending') return;
    // [CB23] Who reads it sees it as it stands.
    if (run.moved) await save(run);
    if (run.planned) await tellLine(run, true);
    const due = view.dueAtMs;
    const waitMs = due - Date.now();
    upsertSearchAttributes([moment('DueAt', due)]);
    setCurrentDetails(`Rings on ${isoTime(due)}`);
    if (waitMs <= 0) return;
    const changed = await condition(
      () => view.dueAtMs !== due || view.status !== 'pending' || run.heldBy !== null || run.moved,
      waitMs,
      { summary: `Call the customer on ${isoTime(due)}: ${run.title}` },
    );
    if (!changed || view.status !== 'pending') return;
  }
}

/** [CB15] They are on the line by themselves: what was to be said is said there. */
async function untilTheyHaveGone(run: CallbackRun): Promise<void> {
  setCurrentDetails('The customer has rung first.');
  const left = await condition(() => run.heldBy === null || run.view.status !== 'pending', HELD_MS, {
    summary: 'The customer has rung first: is it settled?',
  });
  if (!left) run.heldBy = null;
}

async function keep(run: CallbackRun): Promise<void> {
  const { input, view } = run;
  if (!run.planned) {
    await attempt(run);
    return;
  }
  if (ownerOf(input) === 'human') {
    await handToColleague(run);
    return;
  }
  const { customerNumber, zone, hours } = input;
  const nowMs = Date.now();
  const place = await planning('May they be rung now?').placeCallback({
    customerNumber,
    zone: zone ?? null,
    hours: hours ?? null,
    promisedAtMs: run.exact ? run.promisedAtMs : null,
    nowMs,
  });
  // While it was asked the promise may have been moved, called off, or met by the customer.
  if (view.status !== 'pending' || run.heldBy !== null || view.dueAtMs > nowMs) return;
  if (place.optedOut) {
    view.status = 'cancelled';
    view.reason = OPTED_OUT;
    return;
  }
  // [CB27] Nobody may be rung, or written to, at any hour: somebody has to look at it.
  if (place.atMs === null) {
    run.input = { ...input, owner: 'human' };
    view.reason = 'no hour of the week is allowed for a call';
    await handToColleague(run);
    return;
  }
  if (place.atMs > nowMs + AT_ONCE_MS) {
    view.dueAtMs = place.atMs;
    view.reason = 'put off to the calling hours';
    return;
  }
  await reach(run);
}

async function reach(run: CallbackRun): Promise<void> {
  const { view } = run;
  const channel = channelOf(run.input);
  view.reason = null;
  const texted =
    view.attempts.some(({ outcome }) => outcome?.startsWith('sms') === true) &&
    (run.textedFor === run.moves || !patched('moved-texts-are-sent'));
  const sent = channel === 'call' || texted || (await sendText(run));
  // Called off, moved, or met by the customer while it was being sent.
  if (view.status !== 'pending' || view.dueAtMs > Date.now()) return;
  if (channel === 'sms') view.status = sent ? 'done' : 'failed';
  else if (run.heldBy === null) await attempt(run);
}

/** [CB19] Once for each time that it is due; what the network does not acknowledge is not sent again. */
async function sendText(run: CallbackRun): Promise<boolean> {
  const { input, title, description, words, moves } = run;
  run.textedFor = moves;
  const attemptId = asAttemptId(uuid4());
  const atMs = Date.now();
  try {
    const { sent } = await texting('Send the reminder', channelOf(input) === 'sms' ? '24h' : '30s').sendReminder({
      from: input.botNumber,
      to: input.customerNumber,
      text: `${input.initiate.botCompany}: ${words ?? (description === '' ? title : description)}`,
      idempotencyKey: `${input.callbackId}/${occurrenceOf(input)}${moves === 0 ? '' : `/${moves}`}`,
    });
    note(run, { attemptId, atMs, outcome: sent === 'sent' ? 'sms' : 'sms_perhaps', callId: null });
    return true;
  } catch (error) {
    if (isCancellation(error)) throw error;
    log.warn('the reminder could not be sent', { error: String(error) });
    note(run, { attemptId, atMs, outcome: 'sms_failed', callId: null });
    return false;
  }
}

/** [CB18] A colleague's task: shown where people look, and told to whoever integrates. */
async function handToColleague(run: CallbackRun): Promise<void> {
  const { input, view } = run;
  view.status = 'due';
  await save(run);
  try {
    await reporting('Tell the outgoing webhook that it is due').postWebhook({
      eventId: `${input.callbackId}:due:${occurrenceOf(input)}`,
      type: 'reminder.due',
      atMs: Date.now(),
      body: {
        callback_id: input.callbackId,
        title: run.title,
        description: run.description,
        due_date_time: isoTime(view.dueAtMs),
        phone_number: input.customerNumber,
        call_id: input.fromCallId,
      },
    });
  } catch (error) {
    if (isCancellation(error)) throw error;
    log.error('the webhook was not taken', { error: String(error) });
  }
}

/** Until somebody says that it is done; a task that comes again is replaced by the next one. */
async function untilSettled(run: CallbackRun): Promise<void> {
  const { view } = run;
  const next = await nextTime(run);
  const settled = (): boolean => view.status !== 'due';
  setCurrentDetails('A colleague’s task');
  if (next === null) await condition(settled);
  else await condition(settled, Math.max(1, next - Date.now()), { summary: 'Then it is due again' });
  if (settled()) await save(run);
}

/** Null = it does not come again. Times that passed meanwhile are not made up for. */
async function nextTime(run: CallbackRun): Promise<number | null> {
  const { input, view } = run;
  const calledOff = view.status === 'cancelled' || run.settled?.status === 'cancelled' || run.optedOut;
  if (input.rule == null || calledOff) return null;
  const { atMs } = await planning('When is it due again?').nextTime({
    rule: input.rule,
    zone: input.zone ?? null,
    customerNumber: input.customerNumber,
    startAtMs: input.carried?.startAtMs ?? input.dueAtMs,
    afterMs: Math.max(input.dueAtMs, run.promisedAtMs, Date.now()),
  });
  return atMs;
}

/** [CB20] */
async function comeAgain(run: CallbackRun, dueAtMs: number): Promise<CallbackView> {
  const { input, view, version, title, description, words, exact } = run;
  return await continueAsNew<typeof callback>({
    ...input,
    dueAtMs,
    title,
    description,
    words,
    exact,
    carried: {
      startAtMs: input.carried?.startAtMs ?? input.dueAtMs,
      occurrence: occurrenceOf(input) + 1,
      version,
      earlier: [...(input.carried?.earlier ?? []), ...view.attempts],
    },
  });
}
