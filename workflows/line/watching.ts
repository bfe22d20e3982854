/** Calls that end without a word: ended by force, or timed out. Whoever waits for them is told. */
import { isCancellation, log, patched, type ChildWorkflowHandle } from '@temporalio/workflow';
import { callbackWorkflowId, campaignWorkflowId, type CallId } from '../../domain/ids.ts';
import { attemptEnded as promiseAttemptEnded, customerLeft } from '../callback/messages.ts';
import { attemptEnded as contactAttemptEnded } from '../campaign/messages.ts';
import type { call } from '../call/workflow.ts';
import { lookingAtCalls, saving } from '../proxies.ts';
import { tell } from '../telling.ts';
import { forget } from './decide.ts';
import type { OpenCallRequest } from './messages.ts';
import type { LineState } from './state.ts';

/** Of this run alone. */
export interface Watch {
  /** Calls whose end the server itself tells: those that this run has opened. */
  heard: Set<CallId>;
  /** When the others are looked at; null = there are none. */
  lookAtMs: number | null;
  looks: number;
  /** Words on their way to others: the line stays for them. */
  telling: number;
  /** Calls that are gone, on their way into the store: it may be away for hours, and the line lives on meanwhile. */
  noting: number;
}

interface Watched {
  state: LineState;
  watch: Watch;
}

export const newWatch = (): Watch => ({ heard: new Set(), lookAtMs: null, looks: 0, telling: 0, noting: 0 });

const FIRST_LOOK_MS = 60_000;
/** A look is seven events: an hour on the line costs ten of them. */
const LOOK_MAX_MS = 8 * 60_000;

/** [LN12] The server tells a parent of a call's end however it came. One that ends as it should has told its line before. */
export function watchCall(
  run: Watched,
  started: Promise<ChildWorkflowHandle<typeof call>>,
  request: OpenCallRequest,
): void {
  run.watch.heard.add(request.proposedCallId);
  listen(run, started, request).catch((error: unknown) => {
    if (!isCancellation(error)) log.error('nobody was told of a call’s end', { error: String(error) });
  });
}

async function listen(
  run: Watched,
  started: Promise<ChildWorkflowHandle<typeof call>>,
  request: OpenCallRequest,
): Promise<void> {
  const { state, watch } = run;
  const callId = request.proposedCallId;
  try {
    await ended(await started);
  } catch {
    // It has not begun: whoever asked for it sees to that.
    watch.heard.delete(callId);
    return;
  }
  watch.heard.delete(callId);
  if (state.calls.some((each) => each.callId === callId) && patched('hears-of-calls-that-end'))
    await noteGone(run, callId, request);
}

async function ended(child: ChildWorkflowHandle<typeof call>): Promise<void> {
  try {
    await child.result();
  } catch (error) {
    log.info('a call has not ended by itself', { workflowId: child.workflowId, error: String(error) });
  }
}

/** Nobody is on the line any more: what is promised may ring, and what has rung is tried again by its plan. */
async function noteGone({ state, watch }: Watched, callId: CallId, request?: OpenCallRequest): Promise<void> {
  log.warn('a call has ended without a word', { callId });
  forget(state, callId);
  noteInStore(watch, callId);
  watch.telling += 1;
  await Promise.all([...promisesFreed(state, callId), ...attemptsFailed(request)]);
  watch.telling -= 1;
}

/** [LN14] */
export function noteInStore(watch: Watch, callId: CallId): void {
  if (!patched('notes-calls-that-are-gone')) return;
  watch.noting += 1;
  saving('Note that the call was ended by force')
    .noteGoneCall({ callId, nowMs: Date.now() })
    .catch((error: unknown) => {
      if (!isCancellation(error)) log.error('it was not noted that a call is gone', { callId, error: String(error) });
    })
    .finally(() => {
      watch.noting -= 1;
    });
}

/** What was to be told to the customer in that call. */
const promisesFreed = (state: LineState, callId: CallId): Promise<boolean>[] =>
  state.pendingCallbackIds.map((id) =>
    tell(callbackWorkflowId(id), (promise) => promise.signal(customerLeft, { callId, talked: false })),
  );

function attemptsFailed({ callback, campaign }: Partial<OpenCallRequest> = {}): Promise<boolean>[] {
  return [
    ...(callback == null
      ? []
      : [
          tell(callbackWorkflowId(callback.callbackId), (promise) =>
            promise.signal(promiseAttemptEnded, { attemptId: callback.attemptId, outcome: 'failed' }),
          ),
        ]),
    ...(campaign === undefined
      ? []
      : [
          tell(campaignWorkflowId(campaign.campaignId), (list) =>
            list.signal(contactAttemptEnded, {
              contactId: campaign.contactId,
              attemptId: campaign.attemptId,
              outcome: 'failed',
              endedAtMs: Date.now(),
            }),
          ),
        ]),
  ];
}

const unheard = (state: LineState, watch: Watch): CallId[] =>
  state.calls.filter(({ stands, callId }) => stands === 'live' && !watch.heard.has(callId)).map(({ callId }) => callId);

/** When to look at the calls that another run of this line has opened; null = there are none. */
export function nextLookMs(state: LineState, watch: Watch): number | null {
  if (unheard(state, watch).length === 0 || !patched('looks-at-calls-of-earlier-runs')) {
    watch.lookAtMs = null;
    watch.looks = 0;
    return null;
  }
  watch.lookAtMs ??= Date.now() + Math.min(LOOK_MAX_MS, FIRST_LOOK_MS * 2 ** watch.looks);
  return watch.lookAtMs;
}

/** [LN13] At growing pauses. */
export async function lookAtCalls(run: Watched): Promise<void> {
  const { state, watch } = run;
  if (watch.lookAtMs === null || watch.lookAtMs > Date.now()) return;
  watch.lookAtMs = null;
  watch.looks += 1;
  for (const callId of unheard(state, watch)) {
    if (await stillStands(callId)) continue;
    if (unheard(state, watch).includes(callId)) await noteGone(run, callId);
  }
}

/** [LN11] Where nobody can tell it stands. */
export async function stillStands(callId: CallId): Promise<boolean> {
  try {
    return await lookingAtCalls('Is that call still there?').callRuns({ callId });
  } catch (error) {
    if (isCancellation(error)) throw error;
    log.warn('nobody can tell whether the call still stands', { callId, error: String(error) });
    return true;
  }
}
