/** A bundle for very many promises: the real callback and line, and a call that only rings. The call's own story is told by its own tests. */
import { getExternalWorkflowHandle, proxyActivities } from '@temporalio/workflow';
import { callbackWorkflowId, lineWorkflowId } from '../../domain/ids.ts';
import type { DialOutcome } from '../../domain/leg.ts';
import { attemptEnded } from '../../workflows/callback/messages.ts';
import type { CallInput, CallResult } from '../../workflows/call/messages.ts';
import { callStands } from '../../workflows/line/messages.ts';

export { callback } from '../../workflows/callback/workflow.ts';
export { line } from '../../workflows/line/workflow.ts';

export interface PromisedNetwork {
  ringOnce(input: { callbackId: string; callId: string; atMs: number }): Promise<{ outcome: DialOutcome }>;
}

/** Generous: after a task that ran out of its time this server's clock jumps no more. Whether a real dial rang is another story. */
const network = proxyActivities<PromisedNetwork>({ startToCloseTimeout: '1 minute' });

export async function call({ callId, callback, numberKey }: CallInput): Promise<CallResult> {
  if (callback === null) throw new Error('only for promises');
  const { callbackId, attemptId } = callback;
  const { outcome } = await network.ringOnce({ callbackId, callId, atMs: Date.now() });
  await getExternalWorkflowHandle(lineWorkflowId(numberKey)).signal(callStands, { callId, stands: 'closed' });
  await getExternalWorkflowHandle(callbackWorkflowId(callbackId)).signal(attemptEnded, { attemptId, outcome });
  return { callId, disposition: outcome === 'answered' ? 'completed' : 'no_answer' };
}
