/** One customer's thread: who calls whom on this number, one thing at a time. */
import {
  allHandlersFinished,
  condition,
  continueAsNew,
  log,
  patched,
  setCurrentDetails,
  setHandler,
  startChild,
  workflowInfo,
} from '@temporalio/workflow';
import { openTo, promisesMet, type PendingPromise } from '../../domain/due.ts';
import { callbackWorkflowId, callWorkflowId, type CallId } from '../../domain/ids.ts';
import type { LegEvent } from '../../domain/leg.ts';
import { TASK_LOST_AFTER } from '../../domain/open-call.ts';
import { call } from '../call/workflow.ts';
import { customerCame } from '../callback/messages.ts';
import { closeCall, legChanged, legJoined, textReceived, type Promises } from '../call/messages.ts';
import { callAttributes } from '../search-attributes.ts';
import { tell } from '../telling.ts';
import { decide, forget, isIdle, nextDeadlineMs, ownerOf, record } from './decide.ts';
import {
  callbackPending,
  callStands,
  lineLegChanged,
  lineView,
  openCall,
  optedIn,
  optedOut,
  type LineInput,
  type OpenCallOutcome,
  type OpenCallRequest,
} from './messages.ts';
import { stopReaching, textBack } from './opting-out.ts';
import { newLine, type LineState } from './state.ts';
import { lookAtCalls, newWatch, nextLookMs, noteInStore, stillStands, watchCall, type Watch } from './watching.ts';

/** A start whose first message never came (its sender gave up) must not stay for ever. */
const FIRST_MESSAGE_MS = 60_000;
/** The server takes 2,000 distinct updates a run. */
const UPDATES_A_RUN = 1_500;

interface LineRun {
  input: LineInput;
  state: LineState;
  /** Calls whose workflow is not there yet: nothing can be told to them. */
  starting: Set<CallId>;
  /** It need not wait for a first call. */
  heardWish: boolean;
  watch: Watch;
}

const newRun = (input: LineInput): LineRun => ({
  input,
  state: input.carried ?? newLine(),
  starting: new Set(),
  heardWish: false,
  watch: newWatch(),
});

export async function line(input: LineInput): Promise<void> {
  const run = newRun(input);
  const { state } = run;
  setHandler(openCall, (request) => open(run, request));
  setHandler(lineLegChanged, (event) => forward(run, event));
  setHandler(callStands, ({ callId, stands, botNumber }) => {
    note(state, { callId, stands, botNumber: botNumber ?? null });
  });
  setHandler(callbackPending, ({ callbackId, pending, promise }) => {
    const others = state.pendingCallbackIds.filter((id) => id !== callbackId);
    state.pendingCallbackIds = pending ? [...others, callbackId] : others;
    const promises = (state.promises ?? []).filter((each) => each.callbackId !== callbackId);
    state.promises = pending && promise !== undefined ? [...promises, promise] : promises;
  });
  listenToWishes(run);
  setHandler(lineView, () => viewOf(state));

  if (isIdle(state))
    await condition(() => !isIdle(state) || run.heardWish, FIRST_MESSAGE_MS, { summary: 'Waiting for the first call' });
  for (;;) {
    setCurrentDetails(inWords(state));
    if (isIdle(state) && settled(run)) return;
    if (crowded(state) && settled(run))
      await continueAsNew<typeof line>({ ...input, carried: { ...state, updates: 0 } });
    await untilSomethingHappens(run);
    await closeOverdue(run);
    await lookAtCalls(run);
  }
}

/** [OO4] A line may be opened for it alone. */
function listenToWishes(run: LineRun): void {
  const { state, input } = run;
  setHandler(optedOut, async (wish) => {
    run.heardWish = true;
    await stopReaching(state, input.customerNumber, wish);
  });
  setHandler(optedIn, async ({ reply }) => {
    run.heardWish = true;
    if (input.customerNumber !== null) await textBack(input.customerNumber, reply);
  });
}

/** Nobody waits for an answer, and nothing is being told; nor noted, where this run would end with it. */
const settled = ({ state, watch }: LineRun): boolean =>
  allHandlersFinished() && watch.telling === 0 && (watch.noting === 0 || !(isIdle(state) || crowded(state)));

function untilSomethingHappens(run: LineRun): Promise<unknown> {
  const { state, watch } = run;
  const deadline = nextDeadlineMs(state);
  const look = nextLookMs(state, watch);
  const before = JSON.stringify(state);
  const somethingHappened = (): boolean =>
    settled(run) && (JSON.stringify(state) !== before || isIdle(state) || crowded(state));
  if (look !== null && (deadline === null || look < deadline))
    return condition(somethingHappened, Math.max(1, look - Date.now()), { summary: 'Is that call still there?' });
  if (deadline === null) return condition(somethingHappened);
  return condition(somethingHappened, Math.max(1, deadline - Date.now()), {
    summary: 'Until then the customer can ring back and go on where they were',
  });
}

/** [LN5] The resume deadline is kept here and nowhere else. */
async function closeOverdue({ state }: LineRun): Promise<void> {
  const overdue = state.calls.filter((call) => call.resumableUntilMs !== null && call.resumableUntilMs <= Date.now());
  state.calls = state.calls.filter((call) => !overdue.includes(call));
  for (const { callId } of overdue) {
    await tell(callWorkflowId(callId), (call) =>
      call.signal(closeCall, { reason: 'the time to ring back has passed' }),
    );
  }
}

async function open(run: LineRun, request: OpenCallRequest): Promise<OpenCallOutcome> {
  const { state } = run;
  state.updates += 1;
  const decision = decide(state, request, Date.now());
  record(state, request, decision);
  switch (decision.kind) {
    case 'busy':
      return await busyUnlessGone(run, request, decision.callId);
    case 'repeat':
      await condition(() => !run.starting.has(decision.callId));
      return { outcome: decision.callId === request.proposedCallId ? 'new' : 'resumed', callId: decision.callId };
    case 'new':
      return await openNew(run, request);
    case 'join':
      return await join(run, request, decision.callId);
  }
}

/** [LN11] A call that was ended by force told nobody: whoever finds the line busy has it looked at. */
async function busyUnlessGone(run: LineRun, request: OpenCallRequest, callId: CallId): Promise<OpenCallOutcome> {
  const stands = run.starting.has(callId) || !patched('looks-at-live-calls') || (await stillStands(callId));
  if (stands) return { outcome: 'busy', callId };
  forget(run.state, callId);
  noteInStore(run.watch, callId);
  return await open(run, request);
}

/** [CB15-CB17] What was promised to this customer is told in the call with which they come first. */
function promisesFor({ state }: LineRun, { direction, botNumber }: OpenCallRequest): PendingPromise[] {
  return direction === 'outbound' ? [] : promisesMet(state.promises ?? [], { botNumber, nowMs: Date.now() });
}

/** Nothing rings while they are on the line; each promise is kept, or comes back, as that call goes. */
async function tellPromises(promises: PendingPromise[], callId: CallId): Promise<void> {
  await Promise.allSettled(
    promises.map(({ callbackId }) =>
      tell(callbackWorkflowId(callbackId), (promise) => promise.signal(customerCame, { callId })),
    ),
  );
}

/** [CB15] [CB26] What the call itself has to know. */
function promisesIn(run: LineRun, promises: PendingPromise[], { botNumber, callback }: OpenCallRequest): Promises {
  const merged = promises.filter(({ whenTheyCome }) => whenTheyCome === 'merge');
  const keeps = callback?.callbackId ?? null;
  const promised = openTo(run.state.promises ?? [], { botNumber, keeps });
  return { ...(merged.length === 0 ? {} : { promises: merged }), promised };
}

async function openNew(run: LineRun, request: OpenCallRequest): Promise<OpenCallOutcome> {
  const callId = request.proposedCallId;
  const { initiate, direction, botNumber } = request;
  const { numberKey, customerNumber } = run.input;
  run.starting.add(callId);
  try {
    const promises = promisesFor(run, request);
    const started = startChild(call, {
      workflowId: callWorkflowId(callId),
      workflowIdReusePolicy: 'REJECT_DUPLICATE',
      workflowTaskTimeout: TASK_LOST_AFTER,
      parentClosePolicy: 'ABANDON',
      args: [
        {
          callId,
          numberKey,
          customerNumber,
          botNumber,
          direction,
          initiate,
          callback: request.callback,
          ...(request.campaign === undefined ? {} : { campaign: request.campaign }),
          leg: request.leg,
          ...(request.text === undefined ? {} : { text: request.text }),
          ...promisesIn(run, promises, request),
        },
      ],
      typedSearchAttributes: callAttributes({
        numberKey,
        botNumber,
        direction,
        language: initiate.language,
        scenario: initiate.scenario,
        phase: direction === 'outbound' ? 'dialling' : request.text === undefined ? 'live' : 'texting',
        campaignId: request.campaign?.campaignId ?? null,
      }),
      staticSummary:
        direction === 'outbound'
          ? `${initiate.botCompany} calls the customer`
          : `A customer ${request.text === undefined ? 'calls' : 'writes to'} ${initiate.botCompany}`,
      staticDetails: request.callback === null ? initiate.task : `Promised call: ${request.callback.title}`,
    });
    watchCall(run, started, request);
    if (promises.length > 0) void tellPromises(promises, callId);
    await started;
  } catch (error) {
    // Its id was used by a call that has closed: a very late repeat of the request that opened it.
    log.warn('this call has been before', { callId, error: String(error) });
    forget(run.state, callId);
  } finally {
    run.starting.delete(callId);
  }
  return { outcome: 'new', callId };
}

/** [LN2] [TM1] The new leg or text joins the call that stands; should that have ended this moment, a new call takes it. */
async function join(run: LineRun, request: OpenCallRequest, callId: CallId): Promise<OpenCallOutcome> {
  const { leg, text } = request;
  await condition(() => !run.starting.has(callId));
  const promises = promisesFor(run, request);
  const known = promisesIn(run, promises, request);
  const told = await tell(callWorkflowId(callId), async (call) => {
    if (leg !== null) await call.signal(legJoined, { ...leg, ...known });
    else if (text !== undefined) await call.signal(textReceived, { ...text, ...known });
    else throw new Error('an inbound call has a leg or a text');
  });
  if (told) {
    await tellPromises(promises, callId);
    return { outcome: 'resumed', callId };
  }
  forget(run.state, callId);
  record(run.state, request, { kind: 'new' });
  return await openNew(run, request);
}

/** [LN6] The inbound customer's own leg: its webhooks know no call, so the line does. */
async function forward(run: LineRun, event: LegEvent): Promise<void> {
  const callId = event.legId === null ? undefined : ownerOf(run.state, event.legId);
  if (callId === undefined) return;
  await condition(() => !run.starting.has(callId));
  await tell(callWorkflowId(callId), (call) => call.signal(legChanged, event));
}

function note(
  state: LineState,
  {
    callId,
    stands,
    botNumber,
  }: { callId: CallId; stands: 'live' | 'resumable' | 'closed'; botNumber: LineState['calls'][number]['botNumber'] },
): void {
  const known = state.calls.find((each) => each.callId === callId);
  const others = state.calls.filter((each) => each.callId !== callId);
  if (stands === 'closed') {
    state.calls = others;
    return;
  }
  const standing = known ?? { callId, botNumber, stands, resumableUntilMs: null, resumeWithinMs: 0 };
  const resumableUntilMs = stands === 'resumable' ? Date.now() + standing.resumeWithinMs : null;
  state.calls = [...others, { ...standing, stands, resumableUntilMs }];
}

const crowded = (state: LineState): boolean => workflowInfo().continueAsNewSuggested || state.updates >= UPDATES_A_RUN;

function viewOf(state: LineState) {
  const resumable = state.calls.findLast((each) => each.stands === 'resumable');
  return {
    liveCallId: state.calls.findLast((each) => each.stands === 'live')?.callId ?? null,
    resumableCallId: resumable?.callId ?? null,
    resumableUntilMs: resumable?.resumableUntilMs ?? null,
    pendingCallbackIds: state.pendingCallbackIds,
    promises: state.promises ?? [],
    legIds: state.legs.map(({ legId }) => legId),
  };
}

function inWords(state: LineState): string {
  const { liveCallId, resumableCallId, resumableUntilMs, pendingCallbackIds } = viewOf(state);
  return [
    liveCallId === null ? 'Nobody is on the line.' : `On the line: call ${liveCallId}.`,
    resumableCallId === null || resumableUntilMs === null
      ? ''
      : `Call ${resumableCallId} can go on until ${new Date(resumableUntilMs).toISOString()}.`,
    pendingCallbackIds.length === 0 ? '' : `Promised calls: ${pendingCallbackIds.length}.`,
  ].join(' ');
}
