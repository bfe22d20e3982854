/** A text of ours that did not arrive, or did after all: told to the call that sent it; where that is over, a colleague gets a task. */
import type { CallDocument } from '../domain/call-document.ts';
import { AFTER_FAILED_TRANSFER_MS } from '../domain/due.ts';
import { asCallbackId, asCallId, asE164, type CallbackId } from '../domain/ids.ts';
import { ownerOf } from '../domain/sms.ts';
import { inTask, TEXT_FAILED_TASK, type TextReport } from '../domain/text-news.ts';
import { callIdFrom } from '../providers/call-ids.ts';
import type { DeliveryReport } from '../providers/sms.ts';
import type { CallbackDocument } from '../providers/store.ts';
import { CallDoorError } from './call-door.ts';
import { initiateFor, type ApiPorts } from './ports.ts';

/** [SM8] [SM9] Repeated until it is done: the call knows a repeat, and a task has an id of its own. */
export async function tellOfText(
  ports: ApiPorts,
  { messageId, ref, detail }: DeliveryReport,
  became: TextReport['became'],
): Promise<void> {
  const owner = ref === null ? '' : ownerOf(ref);
  if (owner === '') {
    ports.log.info({ messageId }, 'nobody waits to hear of this text message');
    return;
  }
  const report = { messageId, ref, became, reason: detail };
  if ((await ports.calls.textReported(asCallId(owner), report)) === 'told') return;
  const taskId = asCallbackId(callIdFrom(`text-failed:${messageId}`));
  if (became === 'arrived') await takeBack(ports, taskId);
  else await giveTask(ports, { owner, report, taskId });
}

/** [SM9] */
async function giveTask(
  ports: ApiPorts,
  { owner, report, taskId }: { owner: string; report: TextReport; taskId: CallbackId },
): Promise<void> {
  const call = await ports.store.findCall(owner);
  const lost = call === null ? reminderOf(await ports.store.findCallback(owner)) : textIn(call, report);
  if (lost === null) {
    ports.log.warn({ messageId: report.messageId, owner }, 'a text message has failed of which nothing is known');
    return;
  }
  const { text, callId, number, ours, language } = lost;
  const { flags, settings } = ports;
  const initiate = initiateFor(settings, ours);
  const nowMs = ports.nowMs();
  await ports.calls.startCallback({
    callbackId: taskId,
    numberKey: ports.numberKey(asE164(number)),
    customerNumber: asE164(number),
    botNumber: asE164(ours),
    initiate: { ...initiate, language: language ?? initiate.language },
    title: TEXT_FAILED_TASK,
    description: inTask([{ text, arrived: false, reason: report.reason }]),
    dueAtMs: nowMs + AFTER_FAILED_TRANSFER_MS,
    fromCallId: callId === null ? null : asCallId(callId),
    createdAtMs: nowMs,
    resumeWithinMs: flags.current().callback_timeout_hour * 3_600_000,
    owner: 'human',
  });
}

interface LostText {
  text: string;
  callId: string | null;
  number: string;
  ours: string;
  language: string | null;
}

function textIn(call: CallDocument, { messageId, ref }: TextReport): LostText | null {
  const found = call.messages.find(
    ({ persona, sms }) =>
      persona === 'assistant' &&
      sms !== undefined &&
      (sms.message_id === messageId || (ref !== null && sms.ref === ref)),
  );
  if (found === undefined) return null;
  const { call_id: callId, phone_number: number, bot_phone_number: ours, lang: language } = call;
  return { text: found.content, callId, number, ours, language };
}

/** Who is rung as well hears of it there. */
function reminderOf(reminder: CallbackDocument | null): LostText | null {
  if (reminder?.channel !== 'sms') return null;
  const { title, description, call_id: callId, phone_number: number, bot_phone_number: ours } = reminder;
  return { text: description === '' ? title : description, callId, number, ours, language: null };
}

/** It may have been done, or never have been given. */
async function takeBack({ calls }: ApiPorts, taskId: CallbackId): Promise<void> {
  try {
    await calls.cancelCallback(taskId, 'it has arrived after all');
  } catch (error) {
    if (!(error instanceof CallDoorError) || error.kind === 'away') throw error;
  }
}
