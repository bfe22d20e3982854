/** Promises: a reminder by its title, and for what has to be done at its time, a workflow that will see to it. */
import { getExternalWorkflowHandle, isCancellation, log, patched, startChild, uuid4 } from '@temporalio/workflow';
import type { Reminder } from '../../domain/conversation.ts';
import { dueAtMs, type PendingPromise } from '../../domain/due.ts';
import { asCallbackId, callbackWorkflowId, type CallbackId } from '../../domain/ids.ts';
import { customerLeft, type CallbackInput } from '../callback/messages.ts';
import { callback } from '../callback/workflow.ts';
import { askingLines } from '../proxies.ts';
import { callbackAttributes } from '../search-attributes.ts';
import { keepForLater } from './saving.ts';
import type { CallRun } from './state.ts';

type Promised = Omit<Reminder, 'createdAtMs' | 'callbackId'>;

const MINUTE_MS = 60_000;
/** Media hosts and workers agree on the time to this. */
const CLOCKS_DIFFER_MS = 2_000;

/** [CB3] The title is the key: the same promise again moves it and doubles nothing. */
export async function remind(run: CallRun, given: Promised): Promise<void> {
  const { record } = run.state;
  // [OO8] What the bot has to promise by itself, to who wants no calls, a colleague does.
  const byColleague = record.facts.mayNotCall === true && given.owner === 'assistant';
  const promise: Promised = byColleague ? { ...given, owner: 'human' } : given;
  const known = record.facts.reminders.find((each) => each.title.toLowerCase() === promise.title.toLowerCase());
  const standing = known?.callbackId ?? null;
  const callbackId = seenTo(promise) ? await book(run, promise, standing) : standing;
  const reminder: Reminder = {
    ...promise,
    title: known?.title ?? promise.title,
    createdAtMs: known?.createdAtMs ?? Date.now(),
    callbackId,
  };
  const others = record.facts.reminders.filter((each) => each !== known);
  record.facts = { ...record.facts, reminders: [...others, reminder] };
  keepForLater(run);
}

/** [CB18] By the bot, by a colleague who is told, or by a customer who wants to be reminded; calls of the release before kept the first alone. */
function seenTo({ owner, channel }: Promised): boolean {
  if (owner === 'assistant') return true;
  return (owner === 'human' || channel !== undefined) && patched('reminders-of-others');
}

async function book(run: CallRun, promise: Promised, inThisCall: string | null): Promise<CallbackId | null> {
  const { record } = run.state;
  // Nobody to ring: the reminder stands for people to read.
  if (record.customerNumber === null) return null;
  const due = dueAtMs(promise.dueDateTime, Date.now());
  const standing = inThisCall === null ? await promisedBefore(run, promise.title) : asCallbackId(inThisCall);
  if (standing !== null) {
    const { rescheduled } = await askingLines('Move the promised call').rescheduleCallback({
      callbackId: standing,
      dueAtMs: due,
      title: promise.title,
      description: promise.description,
      ...(promise.words === undefined ? {} : { words: promise.words }),
      updateId: `${record.callId}:${due}`,
    });
    if (rescheduled) return standing;
    log.info('the promised call has been made already: a new one is booked');
  }
  const { owner, channel, words, zone } = promise;
  return await startCallback(run, {
    title: promise.title,
    description: promise.description,
    dueAtMs: due,
    owner,
    exact: promise.flexible !== true,
    ...(channel === undefined ? {} : { channel }),
    ...(words === undefined ? {} : { words }),
    ...(zone === undefined ? {} : { zone }),
  });
}

/** [CB16] Across calls too. */
async function promisedBefore(run: CallRun, title: string): Promise<CallbackId | null> {
  if (!patched('promises-across-calls')) return null;
  const { numberKey } = run.input;
  return (await askingLines('Has this been promised before?').pendingPromise({ numberKey, title })).callbackId;
}

type WhatFor = Pick<CallbackInput, 'title' | 'description' | 'dueAtMs'> &
  Partial<Pick<CallbackInput, 'owner' | 'exact' | 'channel' | 'words' | 'zone' | 'kind'>>;

async function startCallback(run: CallRun, what: WhatFor): Promise<CallbackId | null> {
  const { numberKey } = run.input;
  const { customerNumber, callId, botNumber, initiate, facts } = run.state.record;
  if (customerNumber === null) return null;
  const callbackId = asCallbackId(uuid4());
  await startChild(callback, {
    workflowId: callbackWorkflowId(callbackId),
    parentClosePolicy: 'ABANDON',
    workflowIdReusePolicy: 'REJECT_DUPLICATE',
    args: [
      {
        ...what,
        callbackId,
        numberKey,
        customerNumber,
        botNumber,
        // In the language that they came to speak.
        initiate: { ...initiate, language: facts.language, speechSpeed: facts.speechSpeed },
        fromCallId: callId,
        createdAtMs: Date.now(),
        resumeWithinMs: run.state.rules.resumeWithinMs,
      },
    ],
    typedSearchAttributes: callbackAttributes({ numberKey, botNumber, dueAtMs: what.dueAtMs }),
    staticSummary: `${initiate.botCompany} promised to call back`,
  });
  return callbackId;
}

/** [CB17] The line broke off in the middle: we ring, unless they do so first. Once: a call of that kind is not followed by another. */
export function isRungBack({ state, input }: CallRun): boolean {
  const { initiate, facts } = state.record;
  const promised = facts.reminders.some(({ owner, callbackId }) => owner === 'assistant' && callbackId !== null);
  return (
    facts.mayNotCall !== true &&
    (initiate.ringBackAfterMin ?? 0) > 0 &&
    state.everAttached &&
    !promised &&
    input.callback?.kind !== 'ring_back'
  );
}

export async function ringBack(run: CallRun): Promise<void> {
  const { initiate } = run.state.record;
  await startCallback(run, {
    title: 'Go on with the call that broke off',
    description: initiate.task,
    dueAtMs: Date.now() + (initiate.ringBackAfterMin ?? 0) * MINUTE_MS,
    exact: true,
    kind: 'ring_back',
  });
}

/** [CB15] The customer has come first: what was promised is known in this call, and settled by it. */
export function meetPromises(run: CallRun, promises: PendingPromise[]): void {
  if (promises.length === 0) return;
  const { state } = run;
  const met = promises.map((promise) => ({ ...promise, sinceMs: Date.now() }));
  const ids = new Set(met.map(({ callbackId }) => callbackId));
  state.promises = [...(state.promises ?? []).filter(({ callbackId }) => !ids.has(callbackId)), ...met];
}

/** Who hangs up without a word has settled nothing. */
export async function settlePromises(run: CallRun): Promise<void> {
  const { state } = run;
  const { callId, transcript } = state.record;
  const promises = state.promises ?? [];
  state.promises = [];
  for (const { callbackId, sinceMs } of promises) {
    const talked = transcript.some(
      ({ persona, text, atMs }) => persona === 'human' && text !== '' && atMs >= sinceMs - CLOCKS_DIFFER_MS,
    );
    try {
      await getExternalWorkflowHandle(callbackWorkflowId(callbackId)).signal(customerLeft, { callId, talked });
    } catch (error) {
      if (isCancellation(error)) throw error;
      log.info('the promise is settled already', { callbackId, error: String(error) });
    }
  }
}
