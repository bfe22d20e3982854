/** How a leg gets (back) to the bot: the steps for the network, each connect with a ticket of its own. */
import type { CallId, ConnectId } from '../domain/ids.ts';
import { phrase } from '../domain/phrases.ts';
import type { MediaHost } from './media-directory.ts';
import { mediaUrl } from './media-token.ts';
import type { CallPlan, MediaHeaders, PlanStep } from './telephony.ts';

export interface BotMeeting {
  callId: CallId;
  botNumber: string;
  language: string;
  provisional?: NonNullable<MediaHeaders['provisional']>;
}

export interface MeetingMeans {
  publicUrl: string;
  /** One for each connect, from a cryptographic source. */
  mintMediaToken: (callId: CallId, usableForMs: number) => { token: string; connectId: ConnectId };
}

export interface MeetingPlace {
  first: Pick<MediaHost, 'publicUrl'>;
  /** Holds the call if the first is lost and the webhook about it with it. */
  second: Pick<MediaHost, 'publicUrl'>;
  /** `later`: other steps come before the bot. */
  reached: 'next' | 'later';
}

/** The network connects within a second or two of our reply; a minute also covers a paced reconnect behind others. */
const NEXT_STEP_MS = 60_000;
/** The network ends every call after two hours; a step behind others is reached at any time before. */
const LATER_STEP_MS = 2 * 3_600_000;

/** `[connect, one moment, connect]`: where the webhook about a lost socket is lost too, the list goes on. */
export function meetTheBot(means: MeetingMeans, meeting: BotMeeting, place: MeetingPlace): CallPlan {
  const { callId, botNumber, language, provisional } = meeting;
  const connect = (host: Pick<MediaHost, 'publicUrl'>, usableForMs: number): PlanStep => {
    const { token, connectId } = means.mintMediaToken(callId, usableForMs);
    return {
      do: 'bot',
      mediaUrl: mediaUrl(host, token),
      headers: { callId, connectId, ...(provisional === undefined ? {} : { provisional }) },
      eventUrl: `${means.publicUrl}/vonage/event/${callId}`,
      from: botNumber,
    };
  };
  return [
    connect(place.first, place.reached === 'next' ? NEXT_STEP_MS : LATER_STEP_MS),
    { do: 'say', text: phrase('one_moment', language), language },
    connect(place.second, LATER_STEP_MS),
  ];
}
