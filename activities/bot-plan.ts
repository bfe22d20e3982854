/** A leg's way to the bot, on hosts that live. */
import type { HostId } from '../domain/ids.ts';
import { meetTheBot, type BotMeeting, type MeetingMeans, type MeetingPlace } from '../providers/bot-meeting.ts';
import type { MediaDirectory } from '../providers/media-directory.ts';
import { ProviderError } from '../providers/provider-error.ts';
import type { CallPlan } from '../providers/telephony.ts';

export interface BotPlanDeps extends MeetingMeans {
  directory: MediaDirectory;
}

export interface BotWish extends BotMeeting {
  avoid: HostId[];
  prefer: HostId | null;
}

export async function botPlan(
  deps: BotPlanDeps,
  wish: BotWish,
  reached: MeetingPlace['reached'] = 'next',
): Promise<{ plan: CallPlan; hostId: HostId }> {
  const first = await deps.directory.choose({ prefer: wish.prefer, avoid: wish.avoid });
  if (first === null) throw new ProviderError('media', 'unreachable', { message: 'no media host answers' });
  const second = (await deps.directory.choose({ avoid: [...wish.avoid, first.hostId] })) ?? first;
  return { plan: meetTheBot(deps, wish, { first, second, reached }), hostId: first.hostId };
}
