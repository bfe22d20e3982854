/** The host's only line to Temporal: attach, commit a turn, open a call that could not be opened before. Patient: Temporal may be away. */
import { setTimeout as pause } from 'node:timers/promises';
import {
  WithStartWorkflowOperation,
  WorkflowNotFoundError,
  WorkflowUpdateFailedError,
  type Client,
  type Connection,
} from '@temporalio/client';
import { ApplicationFailure } from '@temporalio/common';
import { asLegId, callWorkflowId, CALLS_QUEUE, asE164, type CallId, type E164, type NumberKey } from '../domain/ids.ts';
import { inboundOpening, TASK_LOST_AFTER } from '../domain/open-call.ts';
import { leanTurn } from '../domain/turn-wire.ts';
import type { Initiate } from '../domain/initiate.ts';
import type { MediaHeaders } from '../providers/telephony.ts';
import type { Logger } from '../telemetry/log.ts';
import {
  attachMedia,
  takeTurn,
  type AttachRequest,
  type MediaSeed,
  type TurnRequest,
} from '../workflows/call/messages.ts';
import { openCall } from '../workflows/line/messages.ts';

export type Provisional = NonNullable<MediaHeaders['provisional']>;

export interface CallLink {
  /** `request` is asked for again at each try. Null = there is no such call. */
  attach(callId: CallId, request: () => AttachRequest, signal: AbortSignal): Promise<MediaSeed | null>;
  /** `refused`: the call will not have it; asking again would not help. */
  commit(callId: CallId, request: TurnRequest, signal: AbortSignal): Promise<'accepted' | 'refused'>;
  open(proposedCallId: CallId, provisional: Provisional, signal: AbortSignal): Promise<CallId>;
}

export interface CallLinkKit {
  client: Client;
  connection: Pick<Connection, 'withDeadline'>;
  numberKey: (number: E164) => NumberKey;
  initiateFor: (botNumber: string) => Initiate;
  resumeWithinMs: () => number;
  log: Logger;
}

/** One try. Usually 20-50 ms; a server that restarts answers nothing at first, and hanging on to it would cost the next try. */
const TRY_MS = 2_000;
const FIRST_PAUSE_MS = 100;
const MOST_PAUSE_MS = 1_000;
/** A call may be a moment younger than its socket; after this it is none of ours. */
const UNKNOWN_FOR_MS = 5_000;
/** What the server says of an update that a fresh run of the same call has to be asked again. */
const ASK_AGAIN = new Set(['AcceptedUpdateCompletedWorkflow', 'WorkflowTaskFailed']);

export function createCallLink(kit: CallLinkKit): CallLink {
  const once = <Answer>(ask: () => Promise<Answer>): Promise<Answer> =>
    kit.connection.withDeadline(Date.now() + TRY_MS, ask);
  const call = (callId: CallId) => kit.client.workflow.getHandle(callWorkflowId(callId));
  return {
    attach: (callId, request, signal) =>
      persist({ what: 'attach', callId, log: kit.log, signal }, async () => {
        const asked = { ...request(), lean: true as const };
        return await once(() => call(callId).executeUpdate(attachMedia, { args: [asked], updateId: asked.connectId }));
      }),
    async commit(callId, request, signal) {
      const lean = leanTurn(request);
      const handle = await persist({ what: 'takeTurn', callId, log: kit.log, signal }, () =>
        once(() =>
          call(callId).startUpdate(takeTurn, { args: [lean], updateId: request.turnId, waitForStage: 'ACCEPTED' }),
        ),
      );
      return handle === null ? 'refused' : 'accepted';
    },
    async open(proposedCallId, provisional, signal) {
      const opened = await persist({ what: 'openCall', callId: proposedCallId, log: kit.log, signal }, () =>
        once(() => openOnLine(kit, proposedCallId, provisional)),
      );
      return opened?.callId ?? proposedCallId;
    },
  };
}

/** The door asked the same and gave up: whichever of us Temporal heard first, the answer is one. */
function openOnLine(kit: CallLinkKit, proposedCallId: CallId, provisional: Provisional) {
  const { workflowId, updateId, line, request } = inboundOpening(
    {
      proposedCallId,
      legId: asLegId(provisional.legId),
      conversationId: provisional.conversationId,
      regionUrl: provisional.regionUrl === '' ? null : provisional.regionUrl,
      from: provisional.from === '' ? null : asE164(provisional.from),
      to: asE164(provisional.to),
      startedAtMs: Date.now(),
    },
    { numberKey: kit.numberKey, initiate: kit.initiateFor(provisional.to), resumeWithinMs: kit.resumeWithinMs() },
  );
  const startWorkflowOperation = new WithStartWorkflowOperation('line', {
    workflowId,
    taskQueue: CALLS_QUEUE,
    args: [line],
    workflowIdConflictPolicy: 'USE_EXISTING',
    workflowIdReusePolicy: 'ALLOW_DUPLICATE',
    workflowTaskTimeout: TASK_LOST_AFTER,
    staticSummary: 'One customer’s thread of calls',
  });
  return kit.client.workflow.executeUpdateWithStart(openCall, { args: [request], updateId, startWorkflowOperation });
}

interface Patience {
  what: string;
  callId: CallId;
  log: Logger;
  signal: AbortSignal;
}

/** Asked until answered, refused, or no longer wanted (the signal's reason is thrown). Null = refused or unknown. */
async function persist<Answer>(
  { what, callId, log, signal }: Patience,
  ask: () => Promise<Answer>,
): Promise<Answer | null> {
  let unknownSinceMs: number | null = null;
  for (let pauseMs = FIRST_PAUSE_MS; ; pauseMs = Math.min(pauseMs * 2, MOST_PAUSE_MS)) {
    signal.throwIfAborted();
    try {
      return await ask();
    } catch (error) {
      signal.throwIfAborted();
      if (isRefusal(error)) {
        log.warn({ err: error, what, callId }, 'the call refuses');
        return null;
      }
      if (error instanceof WorkflowNotFoundError) {
        unknownSinceMs ??= performance.now();
        if (performance.now() - unknownSinceMs > UNKNOWN_FOR_MS) {
          log.warn({ err: error, what, callId }, 'there is no such call');
          return null;
        }
      } else {
        unknownSinceMs = null;
        log.warn({ err: error, what, callId }, 'Temporal does not answer; asking again');
      }
      await pause(pauseMs, undefined, { signal });
    }
  }
}

function isRefusal(error: unknown): boolean {
  if (!(error instanceof WorkflowUpdateFailedError)) return false;
  const { cause } = error;
  return !(cause instanceof ApplicationFailure && ASK_AGAIN.has(cause.type ?? ''));
}
