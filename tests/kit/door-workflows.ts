/** The smallest `line` and `call` that keep the messages' promises: enough to see that the api speaks to Temporal rightly. */
import { ApplicationFailure, condition, defineSignal, setHandler, startChild } from '@temporalio/workflow';
import { openedDocument } from '../../api/documents.ts';
import { callWorkflowId, type LegId } from '../../domain/ids.ts';
import type { LegEvent } from '../../domain/leg.ts';
import { admitLeg, callView, hangUp, legChanged, say, type CallInput } from '../../workflows/call/messages.ts';
import { lineLegChanged, openCall, type LineInput } from '../../workflows/line/messages.ts';

export const finish = defineSignal('finish');

export async function line(input: LineInput): Promise<LegEvent[]> {
  const events: LegEvent[] = [];
  let over = false;
  setHandler(finish, () => {
    over = true;
  });
  setHandler(lineLegChanged, (event) => {
    events.push(event);
  });
  setHandler(openCall, async (request) => {
    const { numberKey, customerNumber } = input;
    const { botNumber, direction, initiate, leg, proposedCallId: callId } = request;
    const args: [CallInput] = [
      { callId, numberKey, customerNumber, botNumber, direction, initiate, callback: null, leg },
    ];
    await startChild(call, { workflowId: callWorkflowId(callId), args, parentClosePolicy: 'ABANDON' });
    return { outcome: 'new', callId };
  });
  await condition(() => over);
  return events;
}

export async function call(input: CallInput): Promise<LegEvent[]> {
  const events: LegEvent[] = [];
  let admitted: LegId | null = null;
  let over = false;
  setHandler(legChanged, (event) => {
    events.push(event);
  });
  setHandler(admitLeg, ({ leg }) => {
    admitted ??= leg.legId;
    return Promise.resolve({ admitted: admitted === leg.legId, preferHostId: null });
  });
  setHandler(say, ({ text }) => {
    if (text === 'forbidden') throw ApplicationFailure.nonRetryable('not while an operator has the line', 'not_now');
    return Promise.resolve({ turnId: 'said-1' as never });
  });
  setHandler(hangUp, () => {
    over = true;
    return Promise.resolve({ callId: input.callId });
  });
  const { callId, customerNumber, botNumber, direction, initiate } = input;
  const document = openedDocument({ callId, direction, customerNumber, botNumber, initiate, atMs: 0 });
  setHandler(callView, () => ({ document, customerLegId: admitted, mediaHostId: null, briefing: null }));
  await condition(() => over);
  return events;
}
