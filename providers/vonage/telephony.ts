/** Call control through Vonage's SDK. */
import type { Vonage } from '@vonage/server-sdk';
import { z } from 'zod';
import { asE164, asLegId } from '../../domain/ids.ts';
import { endsLeg, type LegAddress, type LegStatus } from '../../domain/leg.ts';
import type { InboundLeg } from '../../domain/missed-calls.ts';
import { ProviderError } from '../provider-error.ts';
import type { CallPlan, DialledLeg, DialRequest, Telephony } from '../telephony.ts';
import { controlHost, vonageClient, type VonageAccount } from './account.ts';
import { nccoFromPlan } from './codec.ts';
import { legStatusFrom } from './door.ts';
import { inDoubt, vonageError } from './errors.ts';
import { e164From, withoutPlus } from './numbers.ts';

export interface VonageTelephonyOptions {
  timeoutMs?: number;
  /** Between tries of a control request on a leg that is too young for it. */
  youngLegPauseMs?: number;
}

/** A leg answers 400 to control requests in its first two seconds. */
const YOUNG_LEG_TRIES = 4;
const YOUNG_LEG_PAUSE_MS = 700;
/** Their clock and ours. */
const CLOCK_SKEW_MS = 10_000;
/** The least that every version of the vendor's documents allows. */
const BEEP_TIMEOUT_S = 45;
const PAGE = 100;
const MOST_PAGES = 10;
/** Twenty thousand legs: after a day's outage of a busy house. */
const MOST_PAGES_OF_A_DAY = 200;

type VoiceCall = Parameters<Vonage['voice']['createOutboundCall']>[0];

const endpoint = z.looseObject({ number: z.union([z.string(), z.number().transform(String)]).optional() });
const listedCall = z.looseObject({
  uuid: z.string(),
  conversation_uuid: z.string().nullish(),
  /** An object on some pages of the reference, a list on others. */
  to: z.union([endpoint, z.array(endpoint)]).nullish(),
  from: z.union([endpoint, z.array(endpoint)]).nullish(),
  status: z.string(),
  direction: z.string().nullish(),
  start_time: z.string().nullish(),
  end_time: z.string().nullish(),
});
type ListedCall = z.infer<typeof listedCall>;
const callPage = z.looseObject({
  count: z.number().optional(),
  _embedded: z.looseObject({ calls: z.array(listedCall) }).optional(),
});

export function createVonageTelephony(account: VonageAccount, options: VonageTelephonyOptions = {}): Telephony {
  const clients = new Map<string, Vonage>();
  const clientFor = (regionUrl: string | null): Vonage => {
    const apiHost = controlHost(account, regionUrl);
    const known = clients.get(apiHost ?? '');
    if (known !== undefined) return known;
    const client = vonageClient(account, {
      ...(apiHost === null ? {} : { apiHost }),
      ...(options.timeoutMs === undefined ? {} : { timeoutMs: options.timeoutMs }),
    });
    clients.set(apiHost ?? '', client);
    return client;
  };
  const pauseMs = options.youngLegPauseMs ?? YOUNG_LEG_PAUSE_MS;
  const legStatus = (leg: LegAddress): Promise<LegStatus | null> => readStatus(clientFor(leg.regionUrl), leg);
  return {
    dial: (request) => dial(clientFor(null), request),
    findDialled: (query) => findDialled(clientFor(null), query),
    listInbound: (query) => listInbound(clientFor(null), query),
    legStatus,
    hangUp: (leg) => hangUp(clientFor(leg.regionUrl), leg, pauseMs),
    transfer: (leg, plan) => transfer(clientFor(leg.regionUrl), { leg, plan }, pauseMs),
  };
}

async function dial(client: Vonage, request: DialRequest): Promise<DialledLeg> {
  const call = {
    to: [{ type: 'phone', number: withoutPlus(request.to) }],
    from: { type: 'phone', number: withoutPlus(request.from) },
    answerUrl: [request.answerUrl],
    answerMethod: 'POST',
    eventUrl: [request.eventUrl],
    eventMethod: 'POST',
    ringingTimer: request.ringTimeoutS,
    // `default` = beside the call; the other modes leave whoever answers in silence for 4-5 s.
    ...(request.detectMachine === true
      ? { advancedMachineDetection: { behavior: 'continue', mode: 'default', beepTimeout: BEEP_TIMEOUT_S } }
      : {}),
  };
  try {
    const { uuid, conversationUUID, status } = await client.voice.createOutboundCall(call as unknown as VoiceCall);
    if (typeof uuid !== 'string' || uuid === '') throw inDoubt('dial: the reply names no leg');
    return {
      legId: asLegId(uuid),
      conversationId: conversationUUID,
      status: legStatusFrom(status) ?? 'started',
      startedAtMs: Date.now(),
    };
  } catch (error) {
    throw await vonageError(error, { what: 'dial', creates: true });
  }
}

async function findDialled(client: Vonage, query: { to: string; sinceMs: number }): Promise<DialledLeg[]> {
  const sinceMs = query.sinceMs - CLOCK_SKEW_MS;
  const number = withoutPlus(query.to);
  const listed = await listCalls(client, { sinceMs, mostPages: MOST_PAGES });
  const found = listed.filter((call) => rang(call, number, sinceMs)).map((call) => dialled(call, query.sinceMs));
  return found.sort((one, other) => other.startedAtMs - one.startedAtMs);
}

/** [MC6] Of legs to numbers the newest first; what the vendor tells of no number it was withheld. */
async function listInbound(client: Vonage, { sinceMs }: { sinceMs: number }): Promise<InboundLeg[]> {
  const listed = await listCalls(client, { sinceMs: sinceMs - CLOCK_SKEW_MS, mostPages: MOST_PAGES_OF_A_DAY });
  return listed.flatMap((call) => {
    const to = e164From(numberIn(call.to));
    if (call.direction !== 'inbound' || to === null) return [];
    const from = e164From(numberIn(call.from));
    const startedAtMs = Date.parse(call.start_time ?? call.end_time ?? '');
    const status = legStatusFrom(call.status);
    return [
      {
        legId: asLegId(call.uuid),
        from: from === null ? null : asE164(from),
        to: asE164(to),
        startedAtMs: Number.isNaN(startedAtMs) ? sinceMs : startedAtMs,
        over: status !== null && endsLeg(status),
      },
    ];
  });
}

const numberIn = (parties: ListedCall['to']): string | null => [parties ?? []].flat()[0]?.number ?? null;

async function listCalls(client: Vonage, query: { sinceMs: number; mostPages: number }): Promise<ListedCall[]> {
  const found: ListedCall[] = [];
  try {
    for (let page = 0; page < query.mostPages; page += 1) {
      const filter = {
        dateStart: new Date(query.sinceMs).toISOString(),
        pageSize: PAGE,
        recordIndex: page * PAGE,
        order: 'desc',
      };
      const reply: unknown = await client.voice.search(filter as Parameters<Vonage['voice']['search']>[0]);
      const calls = callPage.parse(reply)._embedded?.calls ?? [];
      found.push(...calls);
      if (calls.length < PAGE) break;
    }
  } catch (error) {
    throw await vonageError(error, { what: 'list calls', creates: false });
  }
  return found;
}

function rang(call: ListedCall, number: string, sinceMs: number): boolean {
  const endpoints = [call.to ?? []].flat();
  const startedAtMs = Date.parse(call.start_time ?? '');
  const inTime = Number.isNaN(startedAtMs) || startedAtMs >= sinceMs;
  return call.direction !== 'inbound' && inTime && endpoints.some((to) => withoutPlus(to.number ?? '') === number);
}

function dialled(call: ListedCall, sinceMs: number): DialledLeg {
  const startedAtMs = Date.parse(call.start_time ?? '');
  return {
    legId: asLegId(call.uuid),
    conversationId: call.conversation_uuid ?? null,
    status: legStatusFrom(call.status) ?? 'started',
    startedAtMs: Number.isNaN(startedAtMs) ? sinceMs : startedAtMs,
  };
}

async function readStatus(client: Vonage, leg: LegAddress): Promise<LegStatus | null> {
  try {
    return legStatusFrom((await client.voice.getCall(leg.legId)).status);
  } catch (error) {
    const known = await vonageError(error, { what: 'read leg', creates: false });
    if (known.kind === 'not_found') return null;
    throw known;
  }
}

/** A leg that has ended, or that nobody knows any more, is hung up. */
async function hangUp(client: Vonage, leg: LegAddress, pauseMs: number): Promise<void> {
  try {
    await onceOldEnough(() => client.voice.hangupCall(leg.legId), { what: 'hang up', pauseMs });
  } catch (error) {
    if (!(error instanceof ProviderError)) throw error;
    if (error.kind === 'not_found') return;
    if (error.kind !== 'bad_request') throw error;
    const status = await readStatus(client, leg);
    if (status !== null && !endsLeg(status)) throw error;
  }
}

async function transfer(
  client: Vonage,
  { leg, plan }: { leg: LegAddress; plan: CallPlan },
  pauseMs: number,
): Promise<void> {
  await onceOldEnough(() => client.voice.transferCallWithNCCO(leg.legId, nccoFromPlan(plan)), {
    what: 'transfer',
    pauseMs,
  });
}

async function onceOldEnough(
  request: () => Promise<unknown>,
  { what, pauseMs }: { what: string; pauseMs: number },
): Promise<void> {
  for (let tries = 1; ; tries += 1) {
    try {
      await request();
      return;
    } catch (error) {
      const known = await vonageError(error, { what, creates: false });
      if (known.kind !== 'bad_request' || tries >= YOUNG_LEG_TRIES) throw known;
      await new Promise((resolve) => setTimeout(resolve, pauseMs));
    }
  }
}
