/** A customer's wish not to be called, in the store and told to all that would have called them. Repeating it changes nothing. */
import type { Client } from '@temporalio/client';
import { asCampaignId, asCallbackId, callbackWorkflowId, campaignWorkflowId, type E164 } from '../domain/ids.ts';
import { OPTED_OUT, type OptOutSource } from '../domain/opt-out.ts';
import { optOutEverywhere, stopContactsOf } from '../providers/opting-out.ts';
import type { Store } from '../providers/store.ts';
import { withdrawn } from '../workflows/callback/messages.ts';
import { contactsChanged } from '../workflows/campaign/messages.ts';
import { withFailures } from './failures.ts';
import { unlessGone } from './running-workflows.ts';

export interface OptOutDeps {
  client: Client;
  store: Pick<Store, 'campaigns' | 'optOuts' | 'openCallbacksOf'>;
}

export interface StopContactsInput {
  customerNumber: E164;
  source: OptOutSource;
  reason: string | null;
  atMs: number;
  /** It stands in the store already; written again it could undo a later change of mind. */
  written: boolean;
}

export type OptOutActivities = ReturnType<typeof createOptOutActivities>;

export function createOptOutActivities({ client, store }: OptOutDeps) {
  return withFailures({
    async stopContacts({ customerNumber, source, reason, atMs, written }: StopContactsInput): Promise<void> {
      const wish = { phone_number: customerNumber, source, reason, at: new Date(atMs).toISOString() };
      const { campaignIds } = written
        ? await stopContactsOf(store.campaigns, customerNumber, atMs)
        : await optOutEverywhere(store, wish);
      // The line may not have heard of the newest of them.
      const callbacks = await store.openCallbacksOf(customerNumber);
      await Promise.all([
        ...campaignIds.map((id) =>
          unlessGone(client.workflow.getHandle(campaignWorkflowId(asCampaignId(id))).signal(contactsChanged)),
        ),
        ...callbacks.map(({ callback_id }) =>
          unlessGone(
            client.workflow
              .getHandle(callbackWorkflowId(asCallbackId(callback_id)))
              .signal(withdrawn, { reason: OPTED_OUT, optedOut: true }),
          ),
        ),
      ]);
    },
  });
}
