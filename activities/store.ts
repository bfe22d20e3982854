/** What people read, written; and what an earlier call left behind. */
import type { CallDocument } from '../domain/call-document.ts';
import type { ClaimValues } from '../domain/claim.ts';
import type { CallId, E164 } from '../domain/ids.ts';
import { memoryOf } from '../domain/recap.ts';
import { earlierCalls } from '../domain/resume.ts';
import type { OptOutStore } from '../providers/campaigns.ts';
import type { CallbackDocument, CallbackStore, CallStore } from '../providers/store.ts';
import { withFailures } from './failures.ts';
import { closeGoneCall } from './gone-calls.ts';

export interface StoreDeps {
  store: CallStore & CallbackStore & { optOuts: Pick<OptOutStore, 'isOptedOut'> };
}

/** Some of them were rung in vain. */
const CALLS_LOOKED_AT = 10;

export type StoreActivities = ReturnType<typeof createStoreActivities>;

export function createStoreActivities({ store }: StoreDeps) {
  return withFailures({
    saveCall: (document: CallDocument): Promise<void> => store.saveCall(document),
    saveInsight: (insight: Pick<CallDocument, 'call_id' | 'synthesis' | 'next' | 'crm'>): Promise<void> =>
      store.saveInsight(insight),
    saveCallback: (document: CallbackDocument): Promise<void> => store.saveCallback(document),
    /** [LN14] */
    async noteGoneCall(gone: { callId: CallId; nowMs: number }): Promise<void> {
      await closeGoneCall(store, gone);
    },
    /** [CL15] Null = they never talked with us. */
    async recallCustomer(asked: {
      phoneNumber: E164;
      except: CallId;
      /** Recalled by itself. */
      known?: CallId;
      nowMs: number;
    }): Promise<{ notes: string | null; mayNotCall: boolean }> {
      const { phoneNumber, except, known = null, nowMs } = asked;
      const [documents, mayNotCall] = await Promise.all([
        store.listCalls({ phoneNumber, limit: CALLS_LOOKED_AT }),
        store.optOuts.isOptedOut(phoneNumber),
      ]);
      return { notes: earlierCalls(documents, { nowMs, except, known }), mayNotCall };
    },
    /** Null = we know nothing of it. */
    async recallCall({ callId }: { callId: CallId }): Promise<{ recap: string; claim: ClaimValues } | null> {
      const document = await store.findCall(callId);
      return document === null ? null : { recap: memoryOf(document), claim: document.claim };
    },
  });
}
