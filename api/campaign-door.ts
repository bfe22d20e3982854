/** Port: running campaigns as the api asks them. Failures are those of the call door. */
import type { CampaignId } from '../domain/ids.ts';
import type { CampaignChange, CampaignInput, CampaignProgress } from '../workflows/campaign/messages.ts';

export interface CampaignDoor {
  /** A campaign that runs already goes on as it is. */
  start(input: CampaignInput): Promise<'started' | 'running'>;
  pause(campaignId: CampaignId, reason: string): Promise<CampaignProgress>;
  resume(campaignId: CampaignId): Promise<CampaignProgress>;
  stop(campaignId: CampaignId): Promise<CampaignProgress>;
  change(campaignId: CampaignId, change: CampaignChange): Promise<CampaignProgress>;
  /** Null = it does not run. */
  progress(campaignId: CampaignId): Promise<CampaignProgress | null>;
  contactsChanged(campaignId: CampaignId): Promise<'told' | 'not_found'>;
}
