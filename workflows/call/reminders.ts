/** Promises: a reminder by its title, and for what has to be done at its time, a workflow that will see to it. */
import { log, patched, startChild, uuid4 } from '@temporalio/workflow';
import type { OpenPromise, Reminder } from '../../domain/conversation.ts';
import { haveTalked } from '../../domain/dialog-transcript.ts';
import { asOpen, dueAtMs, sameTitle } from '../../domain/due.ts';
import { asCallbackId, callbackWorkflowId, type CallbackId } from '../../domain/ids.ts';
import { customerLeft, withdrawn, type CallbackInput } from '../callback/messages.ts';
import { callback } from '../callback/workflow.ts';
import { askingLines } from '../proxies.ts';
import { callbackAttributes } from '../search-attributes.ts';
import { tell } from '../telling.ts';
import { keepForLater } from './saving.ts';
import type { Promises, ToolEffect } from './messages.ts';
import type { CallRun } from './state.ts';

type Promised = Omit<Reminder, 'createdAtMs' | 'callbackId'>;

const MINUTE_MS = 60_000;
/** Media hosts and workers agree on the time to this. */
const CLOCKS_DIFFER_MS = 2_000;

/** What stands under the title already, as far as it decides. */
type Standing = Pick<Reminder, 'owner' | 'channel'> & { callbackId: CallbackId };

/** [CB3] [CB25] The title is the key: the same promise again changes it and doubles nothing. */
export async function remind(run: CallRun, told: Promised): Promise<void> {
  const { record } = run.state;
  const whole = patched('reminders-change-whole');
  // [OO8] What the bot has to promise by itself, to who wants no calls, a colleague does.
  const byColleague = record.facts.mayNotCall === true && told.owner === 'assistant';
  const given: Promised = byColleague ? { ...told, owner: 'human' } : told;
  const known = record.facts.reminders.find((each) => sameTitle(each.title, given.title));
  const standing = seenTo(given) || whole ? await standingFor(run, given.title, known) : null;
  const promise = whole ? carriedOn(given, standing) : given;
  const reminder: Reminder = {
    ...promise,
    title: known?.title ?? promise.title,
    createdAtMs: known?.createdAtMs ?? Date.now(),
    callbackId: seenTo(promise)
      ? await book(run, promise, standing)
      : whole
        ? await letGo(run, standing)
        : (known?.callbackId ?? null),
  };
  const others = record.facts.reminders.filter((each) => each !== known);
  record.facts = { ...record.facts, reminders: [...others, reminder] };
  keepForLater(run);
}

/** [CB25] "Make it Friday" says nothing of how they are reached: that stays as long as it is the same one's task. */
function carriedOn(given: Promised, standing: Standing | null): Promised {
  const { channel } = standing ?? {};
  return given.channel !== undefined || channel === undefined || standing?.owner !== given.owner
    ? given
    : { ...given, channel };
}

/** [CB18] By the bot, by a colleague who is told, or by a customer who wants to be reminded; calls of the release before kept the first alone. */
function seenTo({ owner, channel }: Promised): boolean {
  if (owner === 'assistant') return true;
  return (owner === 'human' || channel !== undefined) && patched('reminders-of-others');
}

/** [CB16] In this call or an earlier one. */
async function standingFor(run: CallRun, title: string, known: Reminder | undefined): Promise<Standing | null> {
  if (run.state.record.customerNumber === null) return null;
  if (known !== undefined && known.callbackId !== null) return { ...known, callbackId: asCallbackId(known.callbackId) };
  if (!patched('promises-across-calls')) return null;
  const { numberKey } = run.input;
  const before = await askingLines('Has this been promised before?').pendingPromise({ numberKey, title });
  const { callbackId, owner = 'assistant', channel } = before;
  return callbackId === null ? null : { callbackId, owner, ...(channel === undefined ? {} : { channel }) };
}

async function book(run: CallRun, promise: Promised, standing: Standing | null): Promise<CallbackId | null> {
  const { record } = run.state;
  // Nobody to ring: the reminder stands for people to read.
  if (record.customerNumber === null) return null;
  const { title, description, owner, channel, words, zone } = promise;
  const exact = promise.flexible !== true;
  const due = dueAtMs(promise.dueDateTime, Date.now());
  if (standing !== null) {
    const { language, speechSpeed } = record.facts;
    const { rescheduled } = await askingLines('Change the promise').rescheduleCallback({
      callbackId: standing.callbackId,
      dueAtMs: due,
      title,
      description,
      exact,
      ...(words === undefined ? {} : { words }),
      given: {
        owner,
        channel: channel ?? 'call',
        fromCallId: record.callId,
        ...(zone === undefined ? {} : { zone }),
      },
      speaks: { language, speechSpeed },
      anew: true,
      updateId: `${record.callId}:${uuid4()}`,
    });
    if (rescheduled) return stands(run, { ...promise, callbackId: standing.callbackId, dueAtMs: due });
    log.info('the promised call has been made already: a new one is booked');
  }
  const callbackId = await startCallback(run, {
    title,
    description,
    dueAtMs: due,
    owner,
    exact,
    ...(channel === undefined ? {} : { channel }),
    ...(words === undefined ? {} : { words }),
    ...(zone === undefined ? {} : { zone }),
  });
  return callbackId === null ? null : stands(run, { ...promise, callbackId, dueAtMs: due });
}

/** [CB26] */
function stands(run: CallRun, promise: Promised & { callbackId: CallbackId; dueAtMs: number }): CallbackId {
  const { callbackId } = promise;
  const { record } = run.state;
  const before = record.facts.promised?.find((each) => each.callbackId === callbackId);
  const standing = { ...before, ...asOpen(promise) };
  record.facts = { ...record.facts, promised: [...without(run, callbackId), standing] };
  return callbackId;
}

const without = ({ state }: CallRun, callbackId: string): OpenPromise[] =>
  (state.record.facts.promised ?? []).filter((each) => each.callbackId !== callbackId);

/** [CB25] They do it themselves now, and want no word of it. */
async function letGo(run: CallRun, standing: Standing | null): Promise<null> {
  if (standing !== null) await withdraw(run, standing.callbackId, 'the customer does it themselves');
  return null;
}

/** [CB26] What the tool finds to take back. */
export function revocable({ state }: CallRun): { promised: OpenPromise[]; reminders: Reminder[] } {
  const { promised = [], reminders } = state.record.facts;
  return { promised, reminders: reminders.filter(({ callbackId }) => callbackId === null) };
}

/** [CB26] */
export async function takeBack(run: CallRun, what: NonNullable<ToolEffect['takesBack']>): Promise<void> {
  const { record } = run.state;
  if (what.callbackId !== null) await withdraw(run, asCallbackId(what.callbackId), 'the customer needs it no more');
  const reminders = record.facts.reminders.filter(
    ({ title, callbackId }) => callbackId !== what.callbackId || !sameTitle(title, what.title),
  );
  record.facts = { ...record.facts, reminders };
  keepForLater(run);
}

async function withdraw(run: CallRun, callbackId: CallbackId, reason: string): Promise<void> {
  const { record } = run.state;
  record.facts = { ...record.facts, promised: without(run, callbackId) };
  await tell(callbackWorkflowId(callbackId), (promise) => promise.signal(withdrawn, { reason }));
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
export function meetPromises(run: CallRun, { promises = [], promised }: Promises): void {
  const { state } = run;
  if (promised !== undefined) state.record.facts = { ...state.record.facts, promised };
  if (promises.length === 0) return;
  const met = promises.map((promise) => ({ ...promise, sinceMs: Date.now() }));
  const ids = new Set(met.map(({ callbackId }) => callbackId));
  state.promises = [...(state.promises ?? []).filter(({ callbackId }) => !ids.has(callbackId)), ...met];
}

/** [CB31] Who hangs up, or is cut off, before anything was answered has settled nothing. */
export async function settlePromises(run: CallRun, finished: boolean): Promise<void> {
  const { state } = run;
  const { callId, transcript } = state.record;
  const promises = state.promises ?? [];
  state.promises = [];
  for (const { callbackId, sinceMs } of promises) {
    const talked = finished || haveTalked(transcript, sinceMs - CLOCKS_DIFFER_MS);
    await tell(callbackWorkflowId(callbackId), (promise) => promise.signal(customerLeft, { callId, talked }));
  }
}
