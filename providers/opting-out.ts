/** [OO3] "Never call me again", however it was said: from this moment on nobody on any list rings this number. */
import { optedOut } from '../domain/campaign-contact.ts';
import type { CampaignStore, OptOut, OptOutStore } from './campaigns.ts';

export interface StoppedContacts {
  /** Contacts that were waiting for a call and are not called any more. */
  stopped: number;
  /** Whose lists they were on. */
  campaignIds: string[];
}

export interface OptingOut extends StoppedContacts {
  /** False = that was their wish already. */
  isNew: boolean;
}

/** The wish is written first: whatever is begun after it meets it at the look before the dial. */
export async function optOutEverywhere(
  { campaigns, optOuts }: { campaigns: CampaignStore; optOuts: OptOutStore },
  optOut: OptOut,
): Promise<OptingOut> {
  const isNew = await optOuts.addOptOut(optOut);
  return { isNew, ...(await stopContactsOf(campaigns, optOut.phone_number, Date.parse(optOut.at))) };
}

export async function stopContactsOf(
  campaigns: CampaignStore,
  phoneNumber: string,
  atMs: number,
): Promise<StoppedContacts> {
  const campaignIds = new Set<string>();
  let stopped = 0;
  for (;;) {
    const open = await campaigns.openContactsOf(phoneNumber);
    if (open.length === 0) return { stopped, campaignIds: [...campaignIds] };
    for (const contact of open) {
      campaignIds.add(contact.campaign_id);
      // A contact that changes under us is looked at once more.
      if (await campaigns.changeContact(optedOut(contact, atMs))) stopped += 1;
    }
  }
}
