/** Ringing somebody. The network has no idempotency key, so nothing here is retried: the call workflow reconciles first. */
import { ApplicationFailure } from '@temporalio/common';
import type { AttemptId, CallId, E164 } from '../domain/ids.ts';
import type { DialledLeg, Telephony } from '../providers/telephony.ts';
import { withFailures } from './failures.ts';

export interface DialDeps {
  telephony: Telephony;
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
}

export type DialActivities = ReturnType<typeof createDialActivities>;

export function createDialActivities(deps: DialDeps) {
  return withFailures({
    dial(input: DialInput): Promise<DialledLeg> {
      refuseForeignPrefix(input.to, deps.allowedPrefixes);
      const path = `${input.callId}/${input.attemptId}`;
      return deps.telephony.dial({
        attemptId: input.attemptId,
        to: input.to,
        from: input.from,
        answerUrl: `${deps.publicUrl}/vonage/answer/${path}`,
        eventUrl: `${deps.publicUrl}/vonage/event/${path}`,
        ringTimeoutS: input.ringTimeoutS,
      });
    },
    findDialled(query: { to: E164; sinceMs: number }): Promise<DialledLeg[]> {
      return deps.telephony.findDialled(query);
    },
  });
}

export function refuseForeignPrefix(number: string, allowed: readonly string[]): void {
  if (allowed.some((prefix) => number.startsWith(prefix))) return;
  throw ApplicationFailure.create({
    type: 'bad_request',
    nonRetryable: true,
    message: 'the number begins with none of dialing.allowed_prefixes',
  });
}
