/** Vonage's webhooks as facts. Order is not guaranteed, repeats happen, numbers come as strings: protocols differ by event, not by name. */
import { z } from 'zod';
import { asLegId } from '../../domain/ids.ts';
import type { LegEvent, LegRole, LegStatus } from '../../domain/leg.ts';
import type { EventParties, IncomingCall, PhoneDoor, RawWebhook } from '../phone-door.ts';
import { nccoFromPlan, parseMediaHeaders } from './codec.ts';
import { e164From } from './numbers.ts';
import { sha256Hex, verifyWebhook, webhookHash } from './signature.ts';
import { jsonOf, timeOf } from './webhook-body.ts';

export interface VonageDoorOptions {
  /** Null = webhooks are not checked. */
  signatureSecret: string | null;
  maxAgeMs: number;
}

const LEG_STATUSES = [
  'started',
  'ringing',
  'answered',
  'human',
  'machine',
  'busy',
  'cancelled',
  'timeout',
  'unanswered',
  'rejected',
  'failed',
  'disconnected',
  'completed',
] as const satisfies readonly LegStatus[];
/** Null = a word that says nothing about a leg. */
export const legStatusFrom = (status: string): LegStatus | null =>
  LEG_STATUSES.find((known) => known === status) ?? null;

const text = z.string().nullish();
const party = z.union([z.string(), z.number().transform(String)]).nullish();
const answer = z.looseObject({
  uuid: z.string().min(1),
  conversation_uuid: z.string().default(''),
  from: party,
  to: party,
  region_url: text,
});
const event = z.looseObject({
  uuid: text,
  /** Machine detection names the leg so. */
  call_uuid: text,
  conversation_uuid: text,
  status: text,
  direction: text,
  timestamp: text,
  from: party,
  to: party,
  detail: text,
  sub_state: text,
  sip_code: z.union([z.string(), z.number()]).nullish(),
  reason: text,
  region_url: text,
  duration: z.union([z.string(), z.number()]).nullish(),
  price: z.union([z.string(), z.number()]).nullish(),
  headers: z.unknown().optional(),
});
export function createVonageDoor(options: VonageDoorOptions): PhoneDoor {
  const { signatureSecret: secret, maxAgeMs } = options;
  return {
    verify: (webhook, nowMs) =>
      secret === null
        ? { ok: true, tokenId: null, payloadHash: webhookHash(webhook) }
        : verifyWebhook(webhook, { secret, maxAgeMs }, nowMs),
    parseAnswer,
    parseEvent,
    partiesOf,
    reply: nccoFromPlan,
  };
}

/** Fields of a webhook: the JSON body of a POST, the query of a GET. Throws on a body that is not JSON. */
function fieldsOf(webhook: RawWebhook): unknown {
  if (webhook.body.length === 0) return Object.fromEntries(new URL(webhook.url).searchParams);
  const type = webhook.headers['content-type'] ?? '';
  if (type.startsWith('application/x-www-form-urlencoded'))
    return Object.fromEntries(new URLSearchParams(Buffer.from(webhook.body).toString('utf8')));
  return jsonOf(webhook);
}

function parseAnswer(webhook: RawWebhook, nowMs: number): IncomingCall {
  const given = answer.parse(fieldsOf(webhook));
  return {
    legId: given.uuid,
    conversationId: given.conversation_uuid,
    from: e164From(given.from),
    to: e164From(given.to) ?? given.to ?? '',
    regionUrl: given.region_url ?? null,
    atMs: nowMs,
  };
}

function parseEvent(webhook: RawWebhook, context: { nowMs: number; role: LegRole | null }): LegEvent | null {
  const given = event.parse(fieldsOf(webhook));
  const role = context.role ?? (isMediaUrl(given.to) || isMediaUrl(given.from) ? 'media' : 'customer');
  const status = statusOf(given);
  if (status === null) return null;
  const legId = given.uuid ?? given.call_uuid ?? null;
  const identity =
    given.timestamp === '' || given.timestamp == null ? sha256Hex(webhook.body).slice(0, 16) : given.timestamp;
  return {
    eventKey: `${legId ?? given.conversation_uuid ?? 'unknown'}:${status}:${identity}`,
    legId: legId === null ? null : asLegId(legId),
    conversationId: given.conversation_uuid ?? null,
    role,
    status,
    attemptId: null,
    atMs: timeOf(given.timestamp, context.nowMs),
    detail:
      given.detail ?? given.sub_state ?? given.reason ?? (given.sip_code == null ? null : `sip ${given.sip_code}`),
    regionUrl: given.region_url ?? null,
    durationS: numberOf(given.duration),
    priceEur: numberOf(given.price),
  };
}

/** An `error` event has a reason and no status: a connect that could not be made. It names no leg. */
function statusOf(given: z.infer<typeof event>): LegStatus | null {
  if (typeof given.status === 'string') return legStatusFrom(given.status);
  const somethingElse = ['conversation_uuid_from', 'speech', 'dtmf', 'recording_url', 'payload'].some(
    (key) => key in given,
  );
  return !somethingElse && typeof given.reason === 'string' ? 'failed' : null;
}

function partiesOf(webhook: RawWebhook): EventParties {
  const given = event.parse(fieldsOf(webhook));
  const direction = given.direction === 'inbound' || given.direction === 'outbound' ? given.direction : null;
  const [customer, ours] = direction === 'outbound' ? [given.to, given.from] : [given.from, given.to];
  const media = [given.to, given.from].find(isMediaUrl);
  return {
    customer: e164From(customer),
    ours: e164From(ours),
    direction,
    mediaUrl: media ?? null,
    mediaHeaders: parseMediaHeaders(given.headers),
  };
}

const isMediaUrl = (address: string | null | undefined): address is string => /^wss?:\/\//.test(address ?? '');

function numberOf(value: string | number | null | undefined): number | null {
  if (value === null || value === undefined || value === '') return null;
  const number = Number(value);
  return Number.isFinite(number) ? number : null;
}
