/** Looking for calls that came while we could not answer: the network's list beside what our workflows and the store know. */
import { heartbeat } from '@temporalio/activity';
import { WorkflowExecutionAlreadyStartedError, type Client } from '@temporalio/client';
import {
  asCallbackId,
  callbackWorkflowId,
  CALLS_QUEUE,
  callWorkflowId,
  lineWorkflowId,
  type CallbackId,
  type CallId,
  type E164,
  type LegId,
  type NumberKey,
} from '../domain/ids.ts';
import type { Initiate } from '../domain/initiate.ts';
import {
  MISSED_CALL_TITLE,
  missedDocument,
  rangAgain,
  verdictOn,
  type InboundLeg,
  type MissedLeg,
  type MissedVerdict,
} from '../domain/missed-calls.ts';
import { lineKeyOf } from '../domain/open-call.ts';
import { phrase } from '../domain/phrases.ts';
import { callIdOfLeg } from '../providers/call-ids.ts';
import type { CallStore } from '../providers/store.ts';
import type { Telephony } from '../providers/telephony.ts';
import type { Logger } from '../telemetry/log.ts';
import { callbackAttributes, type CallbackInput } from '../workflows/callback/messages.ts';
import { lineView } from '../workflows/line/messages.ts';
import { withFailures } from './failures.ts';
import { createLineActivities } from './lines.ts';
import { unlessGone } from './running-workflows.ts';

export interface MissedCallDeps {
  client: Pick<Client, 'workflow'>;
  telephony: Pick<Telephony, 'listInbound'>;
  store: Pick<CallStore, 'saveCall' | 'hasLeg'>;
  numberKey: (number: E164) => NumberKey;
  /** Null = no number of ours. */
  initiateOf: (botNumber: E164) => Initiate | null;
  resumeWithinMs: () => number;
  allowedPrefixes: readonly string[];
  nowMs: () => number;
  log: Logger;
}

export interface FoundMissed {
  /** Oldest first. */
  missed: MissedLeg[];
  /** The first leg that no workflow knows and that is not over; somebody may be listening to the fallback. */
  onTheLineSinceMs: number | null;
  /** There were more than are looked at in one go; null = these are all. */
  lookedUntilMs: number | null;
}

/** An answer to Temporal holds two megabytes; these are 150 kB. */
const MOST_AT_ONCE = 500;
/** Each is up to four questions. */
const ASKED_AT_ONCE = 20;

export type MissedCallActivities = ReturnType<typeof createMissedCallActivities>;

export function createMissedCallActivities(deps: MissedCallDeps) {
  return withFailures({
    async findMissed({ sinceMs }: { sinceMs: number }): Promise<FoundMissed> {
      const listed = await deps.telephony.listInbound({ sinceMs });
      const ours = listed
        .filter(({ to }) => deps.initiateOf(to) !== null)
        .sort((one, other) => one.startedAtMs - other.startedAtMs);
      const unknown: InboundLeg[] = [];
      let looked = 0;
      while (looked < ours.length && unknown.length < MOST_AT_ONCE) {
        const some = ours.slice(looked, looked + ASKED_AT_ONCE);
        const known = await Promise.all(some.map((leg) => isKnown(deps, leg)));
        unknown.push(...some.filter((_, index) => known[index] === false));
        looked += some.length;
        heartbeat(looked);
      }
      return {
        missed: unknown
          .filter(({ over }) => over)
          .map((leg) => ({ ...leg, callId: callIdOfLeg(leg.legId), cameAgain: rangAgain(leg, ours) })),
        onTheLineSinceMs: unknown.find(({ over }) => !over)?.startedAtMs ?? null,
        lookedUntilMs: looked < ours.length ? (ours[looked - 1]?.startedAtMs ?? null) : null,
      };
    },
    async ringBackMissed({ leg }: { leg: MissedLeg }): Promise<{ verdict: MissedVerdict | 'promised_already' }> {
      const { callId, from, to, startedAtMs } = leg;
      const initiate = deps.initiateOf(to);
      if (initiate === null) return { verdict: 'not_allowed' };
      const outline = { callId, legId: leg.legId, customerNumber: from, botNumber: to, initiate, atMs: startedAtMs };
      await deps.store.saveCall(missedDocument(outline));
      const diallable = from !== null && deps.allowedPrefixes.some((prefix) => from.startsWith(prefix));
      const verdict = verdictOn(leg, { nowMs: deps.nowMs(), diallable });
      deps.log.warn({ callId, legId: leg.legId, verdict, pii: { from } }, 'a call was missed');
      if (verdict !== 'ring_back' || from === null) return { verdict };
      return { verdict: await promiseToRing(deps, { leg, from, initiate }) };
    },
  });
}

/** One leg, one promise: its id follows from the leg. */
const callbackIdOf = (callId: CallId): CallbackId => asCallbackId(`missed-${callId}`);

/** [MC1] By the call that it opened, by our promise for it, by the call that it came back to, or by its line. */
async function isKnown(deps: MissedCallDeps, leg: InboundLeg): Promise<boolean> {
  const { client, store, numberKey } = deps;
  const callId = callIdOfLeg(leg.legId);
  return (
    (await exists(client, callWorkflowId(callId))) ||
    (await exists(client, callbackWorkflowId(callbackIdOf(callId)))) ||
    (await store.hasLeg(leg.legId)) ||
    (await isOnLine(client, { workflowId: lineWorkflowId(lineKeyOf(leg, numberKey)), legId: leg.legId }))
  );
}

async function exists(client: MissedCallDeps['client'], workflowId: string): Promise<boolean> {
  return (await unlessGone(client.workflow.getHandle(workflowId).describe())) !== null;
}

async function isOnLine(
  client: MissedCallDeps['client'],
  { workflowId, legId }: { workflowId: string; legId: LegId },
): Promise<boolean> {
  const view = await unlessGone(client.workflow.getHandle(workflowId).query(lineView));
  return view?.legIds.includes(legId) ?? false;
}

/** [MC2] At the next moment at which they may be rung, and in words that say whose fault it was. */
async function promiseToRing(
  deps: MissedCallDeps,
  { leg, from, initiate }: { leg: MissedLeg; from: E164; initiate: Initiate },
): Promise<'ring_back' | 'promised_already'> {
  const { client } = deps;
  const numberKey = deps.numberKey(from);
  const pending = await createLineActivities({ client }).pendingPromise({ numberKey, title: MISSED_CALL_TITLE });
  if (pending.callbackId !== null) return 'promised_already';
  const callbackId = callbackIdOf(leg.callId);
  const nowMs = deps.nowMs();
  const input: CallbackInput = {
    callbackId,
    numberKey,
    customerNumber: from,
    botNumber: leg.to,
    initiate,
    title: MISSED_CALL_TITLE,
    description: `The customer rang on ${new Date(leg.startedAtMs).toISOString().slice(0, 16)} (UTC) and we could not answer. Say sorry, once.`,
    words: phrase('we_missed_you', initiate.language),
    dueAtMs: nowMs,
    fromCallId: null,
    createdAtMs: nowMs,
    resumeWithinMs: deps.resumeWithinMs(),
    owner: 'assistant',
    exact: false,
  };
  try {
    await client.workflow.start('callback', {
      workflowId: callbackWorkflowId(callbackId),
      taskQueue: CALLS_QUEUE,
      args: [input],
      workflowIdReusePolicy: 'REJECT_DUPLICATE',
      typedSearchAttributes: callbackAttributes({ numberKey, botNumber: leg.to, dueAtMs: nowMs }),
      staticSummary: 'For a call that we missed',
    });
    return 'ring_back';
  } catch (error) {
    if (error instanceof WorkflowExecutionAlreadyStartedError) return 'promised_already';
    throw error;
  }
}
