/** What a leg is to do next so that it meets the bot: on a media host that answered just now. */
import { phrase } from '../domain/phrases.ts';
import type { HostId } from '../domain/ids.ts';
import { COST_OF_CONNECT } from '../domain/pacing.ts';
import { meetTheBot, type BotMeeting } from '../providers/bot-meeting.ts';
import type { MediaHost } from '../providers/media-directory.ts';
import type { CallPlan, PlanStep } from '../providers/telephony.ts';
import { createCreationBudget } from './creation-budget.ts';
import type { ApiPorts } from './ports.ts';
import { Returns } from './returns.ts';

export interface BotPlans {
  /** `granted`: who dialled has accounted for it. `[bot, "one moment", bot on another host]`: the second connect holds the call if the first is lost and the webhook with it. Null = no host lives. */
  meeting(meeting: BotMeeting, wish: { prefer: HostId | null; granted: boolean }): Promise<CallPlan | null>;
  /** After a fault: at once where the account's budget allows it, else with a hold phrase before it. Null = no host has come in time, or too many have failed. */
  back(meeting: BotMeeting, deadMediaUrl: string | null): Promise<CallPlan | null>;
}

/** The network's own limit. */
const CREATIONS_PER_SECOND = 3;
/** A hold phrase lasts about this long. */
const PHRASE_MS = 2_000;
/** A restarted host needs about three seconds, more than five on a busy machine; the network waits ten for this reply. */
const HOST_WAIT_MS = 8_000;
const HOST_PROBE_MS = 200;

export function createBotPlans(ports: ApiPorts): BotPlans {
  const budget = createCreationBudget(CREATIONS_PER_SECOND);
  const returns = new Returns();
  const { media, settings, nowMs } = ports;

  /** [PA2] Made at once, whatever the account's budget says; dials wait for it. */
  const noteLeg = (): void =>
    void ports.creations.note(COST_OF_CONNECT).catch((error: unknown) => {
      ports.log.debug({ err: error }, 'a connect was not noted in the account’s budget');
    });
  const onTwoHosts = (meeting: BotMeeting, [first, second]: [MediaHost, MediaHost]): CallPlan =>
    meetTheBot({ publicUrl: settings.publicUrl, mintMediaToken: ports.mintMediaToken }, meeting, {
      first,
      second,
      reached: 'next',
    });

  return {
    async meeting(meeting, { prefer, granted }) {
      const hosts = inOrder(await media.all(), { prefer, avoidUrl: null });
      if (hosts === null) return null;
      budget.take(nowMs());
      if (!granted) noteLeg();
      return onTwoHosts(meeting, hosts);
    },
    async back(meeting, deadMediaUrl) {
      if (!returns.note(meeting.callId, nowMs())) return null;
      const hosts = await living(media, deadMediaUrl);
      if (hosts === null) return null;
      noteLeg();
      const phrases = Math.ceil(budget.take(nowMs()) / PHRASE_MS);
      const hold = Array.from({ length: phrases }, (_, index) => holdPhrase(meeting.language, index));
      return [...hold, ...onTwoHosts(meeting, hosts)];
    },
  };
}

const holdPhrase = (language: string, pick: number): PlanStep => ({
  do: 'say',
  text: phrase('waiting', language, { pick }),
  language,
});

/** Waits a little for a host to come up. */
async function living(media: ApiPorts['media'], deadMediaUrl: string | null): Promise<[MediaHost, MediaHost] | null> {
  const untilMs = performance.now() + HOST_WAIT_MS;
  for (;;) {
    const hosts = inOrder(await media.all(), { prefer: null, avoidUrl: deadMediaUrl });
    if (hosts !== null || performance.now() >= untilMs) return hosts;
    await new Promise((resolve) => setTimeout(resolve, HOST_PROBE_MS));
  }
}

/** First and second choice of one look around: preferred, then least loaded; the one that was lost comes last. */
function inOrder(
  hosts: MediaHost[],
  wish: { prefer: HostId | null; avoidUrl: string | null },
): [MediaHost, MediaHost] | null {
  const lost = (host: MediaHost): boolean => wish.avoidUrl !== null && sameAddress(host.publicUrl, wish.avoidUrl);
  const rank = (host: MediaHost): number => (lost(host) ? 2 : host.hostId === wish.prefer ? 0 : 1);
  const [first, second] = hosts
    .filter((host) => !host.draining)
    .sort((one, other) => rank(one) - rank(other) || one.liveCalls - other.liveCalls);
  return first === undefined ? null : [first, second ?? first];
}

/** Tokens differ from connect to connect. */
function sameAddress(one: string, other: string): boolean {
  if (!URL.canParse(one) || !URL.canParse(other)) return false;
  const [a, b] = [new URL(one), new URL(other)];
  return a.host === b.host && a.pathname === b.pathname;
}
