/** How a leg gets (back) to the bot: the steps for the network, with a fresh ticket for a media host that lives. */
import type { CallId, ConnectId, E164, HostId } from '../domain/ids.ts';
import { phrase } from '../domain/phrases.ts';
import type { MediaDirectory, MediaHost } from '../providers/media-directory.ts';
import { ProviderError } from '../providers/provider-error.ts';
import type { CallPlan, PlanStep } from '../providers/telephony.ts';

/** A connect's identity and the address with its ticket: one for each connect, from a cryptographic source. */
export interface MediaTickets {
  issue(host: MediaHost, callId: CallId, usableForMs: number): { connectId: ConnectId; url: string };
}

/** The network ends every call after two hours; a step behind others is reached at any time before. */
const LATER_STEP_MS = 2 * 3_600_000;
const NEXT_STEP_MS = 60_000;

export interface BotPlanDeps {
  directory: MediaDirectory;
  tickets: MediaTickets;
  publicUrl: string;
}

export interface BotWish {
  callId: CallId;
  botNumber: E164;
  language: string;
  avoid: HostId[];
  prefer: HostId | null;
}

/** `later`: other steps come before the bot. */
export type BotPlace = 'next' | 'later';

/** `[connect, one moment, connect]`: where the webhook about a lost socket is lost too, the list goes on. */
export async function botPlan(
  deps: BotPlanDeps,
  wish: BotWish,
  place: BotPlace = 'next',
): Promise<{ plan: CallPlan; hostId: HostId }> {
  const first = await deps.directory.choose({ prefer: wish.prefer, avoid: wish.avoid });
  if (first === null) throw new ProviderError('media', 'unreachable', { message: 'no media host answers' });
  const second = (await deps.directory.choose({ avoid: [...wish.avoid, first.hostId] })) ?? first;
  const connect = (host: MediaHost, usableForMs: number): PlanStep => {
    const { connectId, url } = deps.tickets.issue(host, wish.callId, usableForMs);
    return {
      do: 'bot',
      mediaUrl: url,
      headers: { callId: wish.callId, connectId },
      eventUrl: `${deps.publicUrl}/vonage/event/${wish.callId}`,
      from: wish.botNumber,
    };
  };
  const oneMoment: PlanStep = { do: 'say', text: phrase('one_moment', wish.language), language: wish.language };
  const plan: CallPlan = [
    connect(first, place === 'next' ? NEXT_STEP_MS : LATER_STEP_MS),
    oneMoment,
    connect(second, LATER_STEP_MS),
  ];
  return { plan, hostId: first.hostId };
}
