/** What people read, written; and what an earlier call left behind. */
import type { CallDocument } from '../domain/call-document.ts';
import type { ClaimValues } from '../domain/claim.ts';
import type { CallId } from '../domain/ids.ts';
import { memoryOf } from '../domain/recap.ts';
import type { CallbackDocument, CallbackStore, CallStore } from '../providers/store.ts';
import { withFailures } from './failures.ts';

export interface StoreDeps {
  store: CallStore & CallbackStore;
}

export type StoreActivities = ReturnType<typeof createStoreActivities>;

export function createStoreActivities({ store }: StoreDeps) {
  return withFailures({
    saveCall: (document: CallDocument): Promise<void> => store.saveCall(document),
    saveInsight: (insight: Pick<CallDocument, 'call_id' | 'synthesis' | 'next' | 'crm'>): Promise<void> =>
      store.saveInsight(insight),
    saveCallback: (document: CallbackDocument): Promise<void> => store.saveCallback(document),
    /** Null = we know nothing of it. */
    async recallCall({ callId }: { callId: CallId }): Promise<{ recap: string; claim: ClaimValues } | null> {
      const document = await store.findCall(callId);
      return document === null ? null : { recap: memoryOf(document), claim: document.claim };
    },
  });
}
