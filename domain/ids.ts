/**
 * Identities and workflow ids. Ids and search attributes are never encrypted, so a phone number enters them only as a
 * {@link NumberKey}: the number itself, or its HMAC where a key is configured (`providers/number-key.ts` decides at the edge).
 */
type Branded<Name extends string> = string & { readonly __brand: Name };

export type CallId = Branded<'CallId'>;
/** Vonage's uuid of one phone connection. */
export type LegId = Branded<'LegId'>;
export type TurnId = Branded<'TurnId'>;
export type CallbackId = Branded<'CallbackId'>;
export type CampaignId = Branded<'CampaignId'>;
/** A person on a campaign's list: made from the number, so that the same number twice is the same contact. */
export type ContactId = Branded<'ContactId'>;
/** One try at ringing somebody; its leg's webhooks carry it, so a second leg for it can be refused. */
export type AttemptId = Branded<'AttemptId'>;
/** New for each start of a media process: a restarted process never receives tasks for sockets that it does not hold. */
export type HostId = Branded<'HostId'>;
/** One media websocket: the nonce of the token that opened it. */
export type ConnectId = Branded<'ConnectId'>;
/** A customer's number as ids may show it. */
export type NumberKey = Branded<'NumberKey'>;
/** `+` and digits. */
export type E164 = Branded<'E164'>;

export const asCallId = (text: string): CallId => text as CallId;
export const asLegId = (text: string): LegId => text as LegId;
export const asTurnId = (text: string): TurnId => text as TurnId;
export const asCallbackId = (text: string): CallbackId => text as CallbackId;
export const asCampaignId = (text: string): CampaignId => text as CampaignId;
export const asContactId = (text: string): ContactId => text as ContactId;
export const asAttemptId = (text: string): AttemptId => text as AttemptId;
export const asHostId = (text: string): HostId => text as HostId;
export const asConnectId = (text: string): ConnectId => text as ConnectId;
export const asNumberKey = (text: string): NumberKey => text as NumberKey;
export const asE164 = (text: string): E164 => text as E164;

/** Callers without a number get a line of their own. */
export const anonymousKey = (legId: LegId): NumberKey => asNumberKey(`anon:${legId}`);

export const lineWorkflowId = (key: NumberKey): string => `line:${key}`;
export const callWorkflowId = (callId: CallId): string => `call:${callId}`;
export const callbackWorkflowId = (callbackId: CallbackId): string => `callback:${callbackId}`;
export const campaignWorkflowId = (campaignId: CampaignId): string => `campaign:${campaignId}`;
export const wrapUpWorkflowId = (callId: CallId, ordinal: number): string => `wrap-up:${callId}:${ordinal}`;

/** The one search for calls that came while we could not answer. */
export const MISSED_CALLS_WORKFLOW_ID = 'missed-calls';

/** Task queues. Workflows and shared activities, slow work, and one queue a media process. */
export const CALLS_QUEUE = 'calls';
export const INSIGHTS_QUEUE = 'insights';
export const mediaQueue = (hostId: HostId): string => `media:${hostId}`;
