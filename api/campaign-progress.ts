/** How far a campaign is: what its workflow says, and its contacts. */
import type { z } from '@hono/zod-openapi';
import { isoTime } from '../domain/document.ts';
import { NO_PLACE_FOR_CAMPAIGNS } from '../domain/pacing.ts';
import type { CampaignId } from '../domain/ids.ts';
import type { CampaignDocument, ContactCount } from '../providers/campaigns.ts';
import type { CampaignProgress } from '../workflows/campaign/messages.ts';
import type { progressResource } from './campaign-schemas.ts';

/** Null = that one cannot be asked at the moment, or no longer. */
interface Told {
  document: CampaignDocument | null;
  counts: ContactCount[] | null;
  live: CampaignProgress | null;
}

export function progressShown(
  campaignId: CampaignId,
  { document, counts, live }: Told,
): z.infer<typeof progressResource> {
  const byState = summed(counts ?? [], ({ state }) => state);
  return {
    campaign_id: campaignId,
    status: live?.status ?? document?.status ?? 'draft',
    reason: live === null ? (document?.reason ?? null) : live.reason,
    contacts: counts === null ? null : counts.reduce((total, { count }) => total + count, 0),
    by_state: byState,
    by_disposition: summed(counts ?? [], ({ disposition }) => disposition),
    attempts: live?.attempts ?? document?.attempts ?? 0,
    in_flight: counts === null ? (live?.inFlight ?? 0) : (byState['in_flight'] ?? 0),
    next_due_at: momentShown(live?.nextDueAtMs ?? null),
    probe_at: momentShown(live?.probeAtMs ?? null),
    waiting_for: counts === null ? 'store' : (live?.waitsFor ?? null),
    asks: asked(campaignId, {
      zone: byState['needs_zone'] ?? live?.needsZone ?? 0,
      hours: byState['needs_hours'] ?? live?.needsHours ?? 0,
      places: live?.waitsFor === 'configuration',
    }),
  };
}

/** [CH3] [CH6] Null = nobody waits for a person. */
function asked(campaignId: CampaignId, needing: { zone: number; hours: number; places: boolean }): string | null {
  const at = `PATCH /campaign/${campaignId}`;
  const asks = [
    needing.zone === 0
      ? null
      : `${needing.zone} contacts are not rung because their zone is not known: ${at}/contacts/{phone} with a zone`,
    needing.hours === 0
      ? null
      : `${needing.hours} contacts are not rung because the campaign's hours never meet their own: ${at} with other windows`,
    needing.places ? NO_PLACE_FOR_CAMPAIGNS : null,
  ].filter((each) => each !== null);
  return asks.length === 0 ? null : asks.join('; ');
}

/** What no calendar holds; campaigns of before kept "never" as such a number. */
const BEYOND_ALL_DATES_MS = 8.64e15;
const momentShown = (atMs: number | null): string | null =>
  atMs === null || atMs > BEYOND_ALL_DATES_MS ? null : isoTime(atMs);

function summed(counts: ContactCount[], what: (count: ContactCount) => string | null): Record<string, number> {
  const sums: Record<string, number> = {};
  for (const each of counts) {
    const name = what(each);
    if (name !== null) sums[name] = (sums[name] ?? 0) + each.count;
  }
  return sums;
}
