/** What happens to legs: told to their workflow by plain signals, and answered at once where the network asks what to do next. */
import { asCallId, asE164, type AttemptId, type CallId } from '../domain/ids.ts';
import { endsLeg, type LegEvent, type LegRole, type LegStatus } from '../domain/leg.ts';
import { lineKeyOf } from '../domain/open-call.ts';
import { phrase } from '../domain/phrases.ts';
import type { EventParties, RawWebhook } from '../providers/phone-door.ts';
import type { CallPlan } from '../providers/telephony.ts';
import type { WebhookParts } from './answering.ts';

export interface EventAddress {
  /** Null = the bare address: the inbound customer's own leg. */
  callId: CallId | null;
  attemptId: AttemptId | null;
  role: LegRole | null;
}

/** After these the network takes a new instruction from the reply, where the connect was synchronous. */
const ASKS_FOR_MORE: ReadonlySet<LegStatus> = new Set([
  'disconnected',
  'failed',
  'unanswered',
  'rejected',
  'timeout',
  'busy',
]);

/** Null = nothing to say. */
export async function takeEvent(
  parts: WebhookParts,
  webhook: RawWebhook,
  address: EventAddress,
): Promise<CallPlan | null> {
  const { ports } = parts;
  const parsed = ports.phone.parseEvent(webhook, { nowMs: ports.nowMs(), role: address.role });
  const parties = ports.phone.partiesOf(webhook);
  if (parsed === null) return null;
  const event: LegEvent = { ...parsed, attemptId: address.attemptId };
  const callId = address.callId ?? callIdFromHeaders(parties);
  ports.log.info(
    { callId, legId: event.legId, role: event.role, status: event.status, detail: event.detail },
    'leg event',
  );
  const told = callId === null ? tellLine(parts, event, parties) : tellCall(parts, callId, event);
  const asksForMore = callId !== null && event.role !== 'customer' && ASKS_FOR_MORE.has(event.status);
  if (!asksForMore) {
    await told;
    return null;
  }
  return await wayBack(parts, callId, parties);
}

/** A lost socket reported at the bare address still names its call in the headers that we gave it. */
const callIdFromHeaders = (parties: EventParties): CallId | null =>
  parties.mediaHeaders === null ? null : asCallId(parties.mediaHeaders.callId);

function tellCall({ ports, errands }: WebhookParts, callId: CallId, event: LegEvent): Promise<void> {
  return errands.run(`tell call ${callId} of ${event.status}`, () => ports.calls.legChanged(callId, event));
}

async function tellLine({ ports, errands }: WebhookParts, event: LegEvent, parties: EventParties): Promise<void> {
  // An error names no leg, so there is nobody to tell.
  if (event.legId === null || event.role !== 'customer') return;
  const key = lineKeyOf(
    { legId: event.legId, from: parties.customer === null ? null : asE164(parties.customer) },
    ports.numberKey,
  );
  await errands.run(`tell the line of leg ${event.legId} ${event.status}`, async () => {
    const told = await ports.calls.lineLegChanged(key, event);
    // [MC1] The end of a call that nobody knows: the door may have been away when it came.
    if (told === 'not_found' && parties.direction === 'inbound' && endsLeg(event.status))
      await ports.calls.lookForMissed();
  });
}

/** To the bot, on a host that lives. */
async function wayBack(parts: WebhookParts, callId: CallId, parties: EventParties): Promise<CallPlan> {
  const { ports, plans, facts } = parts;
  const known = await facts.of(callId, null);
  const provisional = parties.mediaHeaders?.provisional;
  const meeting = { callId, ...known, ...(provisional === undefined ? {} : { provisional }) };
  const plan = await plans.back(meeting, parties.mediaUrl);
  if (plan !== null) return plan;
  ports.log.error({ callId }, 'no media host takes the call; it ends with an apology and can be resumed');
  return [{ do: 'say', text: phrase('missed_call_apology', known.language), language: known.language }];
}
