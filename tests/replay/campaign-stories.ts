/** Campaigns that are recorded. */
import type { Weekday } from '../../domain/calling-hours.ts';
import { SHIPPED_RETRY_PLAN } from '../../domain/campaign-retry.ts';
import { changeCampaign, pauseCampaign, resumeCampaign, stopCampaign } from '../../workflows/campaign/messages.ts';
import { CallCentre, phoneNumbers } from '../kit/call-centre.ts';
import { CampaignFleet } from '../kit/campaign-fleet.ts';
import { jumpingClock, untilTrue } from '../workflow/house.ts';
import { recordHistory } from './recording.ts';

/** At its own pace, paused, resumed, its hours changed, without a store for a while, a call that nobody told of, and stopped. */
export async function campaignGoneThrough(): Promise<void> {
  const env = await jumpingClock();
  {
    await using centre = new CallCentre(env);
    centre.answers = (number) => (number.endsWith('3') ? 'busy' : 'rejected');
    await centre.up();
    await centre.list(phoneNumbers(20));
    await centre.start({ concurrency: 4, attemptsPerMinute: 6 });
    await untilTrue(() => centre.rings >= 4);
    await centre.handle.executeUpdate(pauseCampaign, { args: [{ reason: 'lunch' }] });
    await env.sleep('10 minutes');
    await centre.handle.executeUpdate(changeCampaign, { args: [{ windows: centre.hours['default'] ?? null }] });
    await centre.handle.executeUpdate(resumeCampaign, { args: [{ reason: '' }] });
    await untilTrue(() => centre.rings >= 8);
    centre.storeAway = true;
    await env.sleep('5 minutes');
    centre.storeAway = false;
    await untilTrue(() => centre.rings >= 10);
    centre.tells = false;
    await untilTrue(() => centre.rings >= 12);
    await env.sleep('10 minutes');
    centre.tells = true;
    await centre.handle.executeUpdate(stopCampaign, { args: [{ reason: 'enough' }] });
    await centre.over();
    await recordHistory(centre.handle, 'campaign.stopped');
  }
  await env.teardown();
}

/** It pauses by itself, finds nobody to try, and is completed; one whose hours never met was looked at anew before. */
export async function campaignWithNobodyLeft(): Promise<void> {
  const env = await jumpingClock();
  {
    await using centre = new CallCentre(env);
    centre.answers = () => 'failed';
    const workdays: Weekday[] = [1, 2, 3, 4, 5];
    centre.hours = { default: [{ days: workdays, from: '00:00', to: '24:00' }] };
    await centre.up();
    await centre.list(phoneNumbers(10), { country: null });
    await centre.start({
      windows: [{ days: [7], from: '10:00', to: '12:00' }],
      breaker: { of: 10, share: 0.5, probeAfterMin: 10 },
      retry: { ...SHIPPED_RETRY_PLAN, attemptsMax: 1 },
    });
    await untilTrue(async () => (await centre.progress()).needsHours === 10);
    await centre.handle.executeUpdate(changeCampaign, { args: [{ windows: null }] });
    await centre.over();
    await recordHistory(centre.handle, 'campaign.nobody-left');
  }
  await env.teardown();
}

/** The last of several runs, begun with what the one before carried over. */
export async function campaignOfManyRuns(): Promise<void> {
  await using fleet = await CampaignFleet.open({ seed: 3, freshRunAt: 60 });
  fleet.startWorker();
  await fleet.list(phoneNumbers(40));
  await fleet.start({ concurrency: 5 });
  await fleet.over();
  await recordHistory(fleet.handle, 'campaign.fresh-run');
}
