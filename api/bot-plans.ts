/** What a leg is to do next so that it meets the bot: on a media host that answered just now. */
import { phrase, type PhraseKind } from '../domain/phrases.ts';
import type { HostId } from '../domain/ids.ts';
import { COST_OF_CONNECT } from '../domain/pacing.ts';
import { meetTheBot, type BotMeeting } from '../providers/bot-meeting.ts';
import type { MediaHost } from '../providers/media-directory.ts';
import type { CallPlan, PlanStep } from '../providers/telephony.ts';
import { createCreationBudget } from './creation-budget.ts';
import type { ApiPorts } from './ports.ts';
import { Returns } from './returns.ts';

export interface BotPlans {
  /** [RC21] Does any host take new legs? */
  hasHost(): Promise<boolean>;
  /** `granted`: who dialled has accounted for it. `[bot, "one moment", bot on another host]`: the second connect holds the call if the first is lost and the webhook with it. Null = no host lives. */
  meeting(meeting: BotMeeting, wish: { prefer: HostId | null; granted: boolean }): Promise<CallPlan | null>;
  /** After a fault: at once where the account's budget allows it, else with a hold phrase before it. Null = no host has come in time, or too many have failed. */
  back(meeting: BotMeeting, deadMediaUrl: string | null): Promise<CallPlan | null>;
}

/** Nobody hears silence for longer. */
const SILENCE_MS = 4_000;
/** Before the later tries of those whom the network has refused twice. */
const AGAIN_MS = 2_000;
/** A host that is busy may let one look pass; with the wait for Temporal before it this stays below the five seconds that the network waits for the answer to a call. */
const LOOK_MS = 1_000;
/** A call that was given to a host counts there at the next look by then. */
const COUNTED_AFTER_MS = 3_000;
/** A restarted host needs about three seconds, more than five on a busy machine; the network waits ten for this reply. */
const HOST_WAIT_MS = 8_000;
const HOST_PROBE_MS = 200;

export function createBotPlans(ports: ApiPorts): BotPlans {
  const budget = createCreationBudget(ports.settings.creationsPerSecond);
  const returns = new Returns();
  const given = new Map<HostId, number[]>();
  const { media, settings, nowMs } = ports;

  /** [PA2] Made at once, whatever the account's budget says; dials wait for it. */
  const noteLeg = (): void =>
    void ports.creations.note(COST_OF_CONNECT).catch((error: unknown) => {
      ports.log.debug({ err: error }, 'a connect was not noted in the account’s budget');
    });
  const onTwoHosts = (meeting: BotMeeting, [first, second]: [MediaHost, MediaHost]): CallPlan => {
    given.set(first.hostId, [...(given.get(first.hostId) ?? []), nowMs()]);
    return meetTheBot({ publicUrl: settings.publicUrl, mintMediaToken: ports.mintMediaToken }, meeting, {
      first,
      second,
      reached: 'next',
    });
  };
  /** Those that come together are shared out, though none of them is on a host yet. */
  const all = async (): Promise<MediaHost[]> => {
    const hosts = await media.all();
    const sinceMs = nowMs() - COUNTED_AFTER_MS;
    for (const [hostId, atMs] of given) {
      const lately = atMs.filter((each) => each > sinceMs);
      if (lately.length > 0) given.set(hostId, lately);
      else given.delete(hostId);
    }
    return hosts.map((host) => ({ ...host, liveCalls: host.liveCalls + (given.get(host.hostId)?.length ?? 0) }));
  };

  return {
    async hasHost() {
      return (await living(all, { prefer: null, avoidUrl: null }, LOOK_MS)) !== null;
    },
    async meeting(meeting, { prefer, granted }) {
      const hosts = await living(all, { prefer, avoidUrl: null }, LOOK_MS);
      if (hosts === null) return null;
      if (granted) return onTwoHosts(meeting, hosts);
      const waitMs = budget.take(nowMs());
      noteLeg();
      return paced({ waitMs, kind: 'one_moment', language: meeting.language }, () => onTwoHosts(meeting, hosts));
    },
    async back(meeting, deadMediaUrl) {
      if (!returns.note(meeting.callId, nowMs())) return null;
      const hosts = await living(all, { prefer: null, avoidUrl: deadMediaUrl }, HOST_WAIT_MS);
      if (hosts === null) return null;
      noteLeg();
      return paced({ waitMs: budget.take(nowMs()), kind: 'waiting', language: meeting.language }, () =>
        onTwoHosts(meeting, hosts),
      );
    },
  };
}

/** [RC7] Who has to wait was one of many: somebody else's leg may be made in their second, so theirs is tried twice as often. */
function paced(first: Hold, meet: () => CallPlan): CallPlan {
  if (first.waitMs === 0) return meet();
  return [...hold(first), ...meet(), ...hold({ ...first, waitMs: AGAIN_MS, kind: 'waiting' }), ...meet()];
}

interface Hold {
  waitMs: number;
  kind: PhraseKind;
  language: string;
}

/** The silence is what is to be waited; phrases come on top, the more the longer it is, so that nobody overtakes. */
function hold({ waitMs, kind, language }: Hold): CallPlan {
  const parts = Math.ceil(waitMs / SILENCE_MS);
  return Array.from({ length: parts }, (_, pick): PlanStep[] => [
    { do: 'say', text: phrase(kind, language, { pick }), language },
    { do: 'wait', ms: waitMs / parts },
  ]).flat();
}

interface HostWish {
  prefer: HostId | null;
  avoidUrl: string | null;
}

/** Waits a little for a host to come up. */
async function living(
  all: () => Promise<MediaHost[]>,
  wish: HostWish,
  waitMs: number,
): Promise<[MediaHost, MediaHost] | null> {
  const untilMs = performance.now() + waitMs;
  for (;;) {
    const hosts = inOrder(await all(), wish);
    if (hosts !== null || performance.now() >= untilMs) return hosts;
    await new Promise((resolve) => setTimeout(resolve, HOST_PROBE_MS));
  }
}

/** First and second choice of one look around: preferred, then least loaded; the one that was lost comes last. */
function inOrder(hosts: MediaHost[], wish: HostWish): [MediaHost, MediaHost] | null {
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
