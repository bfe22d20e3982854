/** [OO3] "Never call me again", however it was said: from this moment on nobody on any list rings this number. */
import { optedOut } from '../domain/campaign-contact.ts';
import type { CampaignStore, OptOut, OptOutStore } from './campaigns.ts';

export interface OptingOut {
  /** False = that was their wish already. */
  isNew: boolean;
  /** Contacts that were waiting for a call and are not called any more. */
  stopped: number;
  /** Whose lists they were on. */
  campaignIds: string[];
}

/** The wish is written first: whatever is begun after it meets it at the look before the dial. */
export async function optOutEverywhere(
  { campaigns, optOuts }: { campaigns: CampaignStore; optOuts: OptOutStore },
  optOut: OptOut,
): Promise<OptingOut> {
  const isNew = await optOuts.addOptOut(optOut);
  const campaignIds = new Set<string>();
  let stopped = 0;
  for (;;) {
    const open = await campaigns.openContactsOf(optOut.phone_number);
    if (open.length === 0) return { isNew, stopped, campaignIds: [...campaignIds] };
    for (const contact of open) {
      campaignIds.add(contact.campaign_id);
      // A contact that changes under us is looked at once more.
      if (await campaigns.changeContact(optedOut(contact, Date.parse(optOut.at)))) stopped += 1;
    }
  }
}
