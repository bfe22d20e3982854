import { endedByForce } from '../domain/document.ts';
import type { CallId } from '../domain/ids.ts';
import type { CallStore } from '../providers/store.ts';

/** [LN14] The record of a call whose workflow is no more. False = there is none, or it says already that the call has closed. */
export async function closeGoneCall(
  store: Pick<CallStore, 'findCall' | 'saveCall'>,
  { callId, nowMs }: { callId: CallId; nowMs: number },
): Promise<boolean> {
  const document = await store.findCall(callId);
  const ended = document === null ? null : endedByForce(document, nowMs);
  if (ended === null) return false;
  await store.saveCall(ended);
  return true;
}
