/** A campaign's own record: what became of attempts, and of the list. */
import { attemptOutcomeOf, type AttemptResult } from '../domain/campaign.ts';
import { afterResult } from '../domain/campaign-contact.ts';
import type { RetryPlan } from '../domain/campaign-retry.ts';
import type { AttemptId, CallId, CampaignId, ContactId } from '../domain/ids.ts';
import type { Disposition } from '../domain/insight.ts';
import type { CampaignDocument, CampaignStore, ContactDocument } from '../providers/campaigns.ts';
import { heartbeats } from './beating.ts';

export interface CampaignRecordDeps {
  /** Null = the call goes on. */
  dispositionOf: (callId: CallId) => Promise<Disposition | null>;
  campaigns: CampaignStore;
}

export interface RecordResultsInput {
  campaignId: CampaignId;
  /** Unlike any other of this campaign; the same when the activity is repeated. */
  recordId: string;
  results: AttemptResult[];
  /** Null = no more attempts. */
  retry: RetryPlan | null;
  nowMs: number;
}

export interface SilentAttempt {
  contactId: ContactId;
  attemptId: AttemptId;
  callId: CallId;
  sinceMs: number;
}

export type CampaignRecordActivities = ReturnType<typeof createCampaignRecordActivities>;

/** Lists may be long, and a dead worker is missed after ten seconds. */
const HEARTBEAT_MS = 2_000;

export function createCampaignRecordActivities({ dispositionOf, campaigns }: CampaignRecordDeps) {
  return {
    saveCampaign: (document: CampaignDocument): Promise<void> => campaigns.saveCampaign(document),
    /** When the next of these contacts is due; null = none of them is rung again. */
    async recordResults(input: RecordResultsInput): Promise<{ applied: AttemptId[]; nextDueAtMs: number | null }> {
      using _beating = heartbeats(HEARTBEAT_MS);
      const applied: AttemptId[] = [];
      const dueAtMs: number[] = [];
      for (const result of input.results) {
        const contact = await recordOne(campaigns, result, input);
        if (contact === null) continue;
        applied.push(result.attemptId);
        if (contact.state === 'pending') dueAtMs.push(contact.due_at_ms);
      }
      return { applied, nextDueAtMs: dueAtMs.length === 0 ? null : Math.min(...dueAtMs) };
    },
    async lookAtAttempts(input: { attempts: SilentAttempt[]; nowMs: number }): Promise<{ ended: AttemptResult[] }> {
      using _beating = heartbeats(HEARTBEAT_MS);
      const ended: AttemptResult[] = [];
      for (const { contactId, attemptId, callId } of input.attempts) {
        const disposition = await dispositionOf(callId);
        if (disposition !== null)
          ended.push({ contactId, attemptId, outcome: attemptOutcomeOf(disposition), endedAtMs: input.nowMs });
      }
      return { ended };
    },
    async reopenWindows(change: { campaignId: CampaignId; nowMs: number }): Promise<void> {
      using _beating = heartbeats(HEARTBEAT_MS);
      await campaigns.reopenWindows(change);
    },
    async cancelOpen({ campaignId }: { campaignId: CampaignId }): Promise<void> {
      using _beating = heartbeats(HEARTBEAT_MS);
      await campaigns.cancelOpen(campaignId);
    },
  };
}

/** [CG1] The contact with the outcome in its record, written for this asking; null = it was there before, or there is no such attempt. */
async function recordOne(
  campaigns: CampaignStore,
  result: AttemptResult,
  input: RecordResultsInput,
): Promise<ContactDocument | null> {
  for (;;) {
    const contact = await campaigns.findContact(input.campaignId, result.contactId);
    if (contact === null) return null;
    const after = afterResult(
      contact,
      { ...result, recordId: input.recordId },
      { plan: input.retry, nowMs: input.nowMs },
    );
    if (after === null) {
      const isOurs = ({ attempt_id, record_id }: ContactDocument['attempts'][number]): boolean =>
        attempt_id === result.attemptId && record_id === input.recordId;
      return contact.attempts.some(isOurs) ? contact : null;
    }
    if (await campaigns.changeContact(after)) return after;
  }
}
