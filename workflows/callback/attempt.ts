/** One try at ringing the customer for a promise, through their line. */
import { condition, log, uuid4 } from '@temporalio/workflow';
import {
  afterTryMs,
  ATTEMPTS_MAX,
  LATE_MS,
  LINE_BUSY_RETRY_MS,
  retryDelayMs,
  type PromiseOutcome,
} from '../../domain/due.ts';
import { asAttemptId, asCallId, type AttemptId } from '../../domain/ids.ts';
import { OPTED_OUT } from '../../domain/opt-out.ts';
import type { DialOutcome } from '../../domain/leg.ts';
import { askingLines } from '../proxies.ts';
import type { CallbackAttempt } from './messages.ts';
import { note, save, type CallbackRun } from './run.ts';

/** Waiting for the account's legs takes twenty minutes, ringing and every doubt about it three; who has not heard by then asks the line again. */
const ATTEMPT_MS = 30 * 60_000;
const DEFAULT_RESUME_MS = 3 * 3_600_000;

export async function attempt(run: CallbackRun): Promise<void> {
  const { view, input } = run;
  const attemptId = asAttemptId(uuid4());
  const atMs = Date.now();
  const late = isLate(run, atMs);
  view.status = 'dialling';
  await save(run);
  if (run.optedOut || run.settled !== null) {
    callOff(run);
    return;
  }
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
        words: run.words,
        late,
        triesAgain: run.planned && afterTryMs([...dialsOf(run), 'voicemail']) !== null,
        ...(input.kind === undefined ? {} : { kind: input.kind }),
      },
      resumeWithinMs: input.resumeWithinMs ?? DEFAULT_RESUME_MS,
    },
  });
  if (opened.outcome === 'busy') {
    note(run, { attemptId, atMs, outcome: 'line_busy', callId: opened.callId });
    // Who is on the line has come by themselves: a line that broke off is mended.
    view.status = input.kind === 'ring_back' ? 'cancelled' : 'pending';
    view.dueAtMs = Date.now() + LINE_BUSY_RETRY_MS;
    if (run.optedOut) callOff(run);
    return;
  }
  const outcome = await outcomeOf(run, attemptId);
  note(run, { attemptId, atMs, outcome, callId: opened.callId });
  decide(run, outcome);
}

async function outcomeOf(run: CallbackRun, attemptId: AttemptId): Promise<DialOutcome> {
  await condition(() => run.outcomes.has(attemptId), ATTEMPT_MS, { summary: 'It rings' });
  return run.outcomes.get(attemptId) ?? 'failed';
}

/** [CB14] Who was rung before and did not answer has nothing to be told. */
function isLate(run: CallbackRun, nowMs: number): boolean {
  const promisedAtMs = run.exact ? run.promisedAtMs : run.view.dueAtMs;
  return dialsOf(run).every((outcome) => outcome === 'line_busy') && nowMs - promisedAtMs > LATE_MS;
}

const dialsOf = ({ view }: CallbackRun): PromiseOutcome[] =>
  view.attempts
    .map(({ outcome }) => outcome)
    .filter((outcome) => outcome !== null && !NO_DIAL.has(outcome)) as PromiseOutcome[];

const NO_DIAL: ReadonlySet<NonNullable<CallbackAttempt['outcome']>> = new Set([
  'merged',
  'sms',
  'sms_perhaps',
  'sms_failed',
]);

/** [CB5] [CB22] [CB32] */
function callOff({ view, optedOut, settled }: CallbackRun): void {
  const optOut = { status: 'cancelled', reason: OPTED_OUT } as const;
  Object.assign(view, optedOut ? optOut : (settled ?? optOut));
}

/** [CB1] */
function decide(run: CallbackRun, outcome: DialOutcome): void {
  const { view } = run;
  if (outcome === 'answered') {
    view.status = 'done';
    return;
  }
  if (outcome === 'opted_out' || run.optedOut) {
    callOff(run);
    return;
  }
  const made = dialsOf(run).filter((each) => each !== 'line_busy').length;
  const delayMs = run.planned ? afterTryMs(dialsOf(run)) : retryDelayMs(made);
  view.status = delayMs === null ? 'failed' : 'pending';
  if (delayMs !== null) view.dueAtMs = Date.now() + delayMs;
  log.info('a promised call was not answered', { outcome, made, of: ATTEMPTS_MAX });
}
