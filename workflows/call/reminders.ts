/** Promises: a reminder by its title, and for what the bot itself has promised, a workflow that will call. */
import { log, startChild, uuid4 } from '@temporalio/workflow';
import type { Reminder } from '../../domain/conversation.ts';
import { dueAtMs } from '../../domain/due.ts';
import { asCallbackId, callbackWorkflowId, type CallbackId } from '../../domain/ids.ts';
import { callback } from '../callback/workflow.ts';
import { callbackAttributes } from '../search-attributes.ts';
import { askingLines } from '../proxies.ts';
import { keepForLater } from './saving.ts';
import type { CallRun } from './state.ts';

type Promised = Pick<Reminder, 'title' | 'description' | 'dueDateTime' | 'owner'>;

/** [CB3] The title is the key: the same promise again moves it and doubles nothing. */
export async function remind(run: CallRun, promise: Promised): Promise<void> {
  const { record } = run.state;
  const known = record.facts.reminders.find((each) => each.title.toLowerCase() === promise.title.toLowerCase());
  const callbackId =
    promise.owner === 'assistant' ? await book(run, promise, known?.callbackId ?? null) : (known?.callbackId ?? null);
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

async function book(run: CallRun, promise: Promised, standing: string | null): Promise<CallbackId | null> {
  const { record } = run.state;
  const { customerNumber, callId } = record;
  // Nobody to ring: the reminder stands for people to read.
  if (customerNumber === null) return null;
  const due = dueAtMs(promise.dueDateTime, Date.now());
  if (standing !== null) {
    const { rescheduled } = await askingLines('Move the promised call').rescheduleCallback({
      callbackId: asCallbackId(standing),
      dueAtMs: due,
      title: promise.title,
      description: promise.description,
      updateId: `${callId}:${due}`,
    });
    if (rescheduled) return asCallbackId(standing);
    log.info('the promised call has been made already: a new one is booked');
  }
  const callbackId = asCallbackId(uuid4());
  const { numberKey } = run.input;
  await startChild(callback, {
    workflowId: callbackWorkflowId(callbackId),
    parentClosePolicy: 'ABANDON',
    workflowIdReusePolicy: 'REJECT_DUPLICATE',
    args: [
      {
        callbackId,
        numberKey,
        customerNumber,
        botNumber: record.botNumber,
        initiate: record.initiate,
        title: promise.title,
        description: promise.description,
        dueAtMs: due,
        fromCallId: callId,
        createdAtMs: Date.now(),
        resumeWithinMs: run.state.rules.resumeWithinMs,
      },
    ],
    typedSearchAttributes: callbackAttributes({ numberKey, botNumber: record.botNumber, dueAtMs: due }),
    staticSummary: `${record.initiate.botCompany} promised to call back`,
  });
  return callbackId;
}
