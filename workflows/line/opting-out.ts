/** "Never call me again": whatever waits to reach this customer is told at once, by signal; the rest is written down. */
import { isCancellation, log } from '@temporalio/workflow';
import { callbackWorkflowId, callWorkflowId, type E164 } from '../../domain/ids.ts';
import { OPTED_OUT, type OptOutWish, type TextBack } from '../../domain/opt-out.ts';
import { withdrawn } from '../callback/messages.ts';
import { customerOptedOut } from '../call/messages.ts';
import { stoppingContacts, texting } from '../proxies.ts';
import { tell } from '../telling.ts';
import type { LineState } from './state.ts';

/** [OO4] Promises and ringing phones first: for those nobody is needed but Temporal itself. */
export async function stopReaching(state: LineState, customerNumber: E164 | null, wish: OptOutWish): Promise<void> {
  const calls = state.calls.filter(({ stands, callId }) => stands === 'live' && callId !== wish.callId);
  await Promise.all([
    ...state.pendingCallbackIds.map((id) =>
      tell(callbackWorkflowId(id), (promise) => promise.signal(withdrawn, { reason: OPTED_OUT, optedOut: true })),
    ),
    ...calls.map(({ callId }) => tell(callWorkflowId(callId), (call) => call.signal(customerOptedOut))),
  ]);
  if (customerNumber === null) return;
  const { reply, callId, ...rest } = wish;
  await stoppingContacts('Nobody calls this customer any more: lists and promises').stopContacts({
    ...rest,
    customerNumber,
  });
  if (reply !== null) await textBack(customerNumber, reply);
}

/** [OO6] One confirmation, and nothing else. */
export async function textBack(customerNumber: E164, reply: TextBack): Promise<void> {
  try {
    await texting('Confirm it by text message', '30s').sendReminder({ ...reply, to: customerNumber });
  } catch (error) {
    if (isCancellation(error)) throw error;
    log.warn('the confirmation could not be sent', { error: String(error) });
  }
}
