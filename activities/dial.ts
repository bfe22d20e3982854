/** Ringing somebody. The network has no idempotency key, so nothing here is retried: the call workflow reconciles first. */
import { setTimeout as pause } from 'node:timers/promises';
import { ApplicationFailure } from '@temporalio/common';
import type { AttemptId, CallId, E164 } from '../domain/ids.ts';
import { COST_OF_DIAL, PERSON_AHEAD_MS } from '../domain/pacing.ts';
import type { CreationLedger, OptOutStore } from '../providers/campaigns.ts';
import type { DialledLeg, Telephony } from '../providers/telephony.ts';
import { withFailures } from './failures.ts';

export interface DialDeps {
  telephony: Telephony;
  optOuts: Pick<OptOutStore, 'isOptedOut'>;
  creations: Pick<CreationLedger, 'take'>;
  publicUrl: string;
  /** Numbers must begin with one of these. */
  allowedPrefixes: readonly string[];
}

export interface DialInput {
  callId: CallId;
  attemptId: AttemptId;
  to: E164;
  from: E164;
  ringTimeoutS: number;
  /** Promised to the customer: their wish for no calls would have ended the promise in Temporal itself, and a machine is not the customer. */
  promised?: true;
  /** Its legs were granted before, for this moment. */
  granted?: true;
  /** A campaign's: its legs are granted already. */
  campaign?: { detectMachine: boolean };
}

/** Below the limit of this activity, less the network's own answer; for longer the call itself waits. */
const WAITED_HERE_MS = 1_500;
const ASK_AGAIN_MS = 1_000;
/** Hundreds stand before it. */
const FULL_FOR_MS = 20_000;

export type DialActivities = ReturnType<typeof createDialActivities>;

export function createDialActivities(deps: DialDeps) {
  return withFailures({
    async dial(input: DialInput): Promise<DialledLeg> {
      refuseForeignPrefix(input.to, deps.allowedPrefixes);
      if (input.campaign === undefined && input.granted !== true) await awaitLegs(deps);
      await refuseOptedOut(input, deps);
      const path = `${input.callId}/${input.attemptId}`;
      return await deps.telephony.dial({
        attemptId: input.attemptId,
        to: input.to,
        from: input.from,
        answerUrl: `${deps.publicUrl}/vonage/answer/${path}`,
        eventUrl: `${deps.publicUrl}/vonage/event/${path}`,
        ringTimeoutS: input.ringTimeoutS,
        detectMachine: input.promised === true || input.campaign?.detectMachine === true,
      });
    },
    findDialled(query: { to: E164; sinceMs: number }): Promise<DialledLeg[]> {
      return deps.telephony.findDialled(query);
    },
  });
}

/** What goes with a rate limit, the network's or ours. */
export interface NotNow {
  vendor: string;
  retryAfterMs: number | null;
  /** Told by our own budget: the network was not asked. `granted` = the legs are this call's, once it has waited. */
  legs?: 'granted' | 'refused';
}

/** Nothing was rung: the call waits and asks again. */
const notNow = (message: string, when: Omit<NotNow, 'vendor'>): ApplicationFailure =>
  ApplicationFailure.create({
    type: 'rate_limit',
    message,
    details: [{ vendor: 'account', ...when } satisfies NotNow],
  });

/** [PA4] Whoever is rung by a person's wish goes before every campaign. A ledger that is away holds up nobody: the network says no by itself. */
async function awaitLegs({ creations }: DialDeps): Promise<void> {
  const waitMs = await creations.take({ creations: COST_OF_DIAL, withinMs: PERSON_AHEAD_MS }).catch(() => 0);
  if (waitMs === null)
    throw notNow('the account’s budget of new legs is given away', { retryAfterMs: FULL_FOR_MS, legs: 'refused' });
  if (waitMs > WAITED_HERE_MS)
    throw notNow('the account makes these legs later', { retryAfterMs: waitMs, legs: 'granted' });
  if (waitMs > 0) await pause(waitMs);
}

/** [OO2] The last thing before any dial. While the wishes cannot be looked up, nobody is rung but who was promised it. */
async function refuseOptedOut({ to, promised }: DialInput, { optOuts }: DialDeps): Promise<void> {
  const optedOut = await optOuts.isOptedOut(to).catch(() => {
    if (promised === true) return false;
    throw notNow('the opt-outs cannot be looked up', { retryAfterMs: 2 * ASK_AGAIN_MS });
  });
  if (optedOut)
    throw ApplicationFailure.create({ type: 'opted_out', nonRetryable: true, message: 'the customer has opted out' });
}

export function refuseForeignPrefix(number: string, allowed: readonly string[]): void {
  if (allowed.some((prefix) => number.startsWith(prefix))) return;
  throw ApplicationFailure.create({
    type: 'bad_request',
    nonRetryable: true,
    message: 'the number begins with none of dialing.allowed_prefixes',
  });
}
