/** Somebody picked up, or rang us: what their leg is to do. Whatever is away, an instruction goes back within the network's five seconds. */
import { asE164, asLegId, type AttemptId, type CallId, type LegId } from '../domain/ids.ts';
import { missedDocument } from '../domain/missed-calls.ts';
import { inboundOpening, type ArrivedLeg } from '../domain/open-call.ts';
import { phrase } from '../domain/phrases.ts';
import { callIdOfLeg } from '../providers/call-ids.ts';
import type { IncomingCall } from '../providers/phone-door.ts';
import type { CallPlan, MediaHeaders } from '../providers/telephony.ts';
import type { OpenCallOutcome } from '../workflows/line/messages.ts';
import type { BotPlans } from './bot-plans.ts';
import { CallDoorError } from './call-door.ts';
import type { CallFactsBook } from './call-facts.ts';
import type { Errands } from './errands.ts';
import { initiateFor, type ApiPorts } from './ports.ts';

/** With the probe of the media hosts beside it, the reply stays well below the network's 5 s. */
const ASK_MS = 2_500;
const MOST_ATTEMPTS = 10_000;

export interface Answering {
  inbound(incoming: IncomingCall): Promise<CallPlan>;
  outbound(asked: { callId: CallId; attemptId: AttemptId; incoming: IncomingCall }): Promise<CallPlan>;
}

export interface WebhookParts {
  ports: ApiPorts;
  plans: BotPlans;
  facts: CallFactsBook;
  errands: Errands;
}

export function createAnswering(parts: WebhookParts): Answering {
  /** Legs let in by this process, for the time that Temporal cannot be asked. */
  const admitted = new Map<AttemptId, LegId>();
  return {
    inbound: (incoming) => answerInbound(parts, incoming),
    async outbound(asked) {
      const plan = await answerOutbound(parts, asked, admitted.get(asked.attemptId) ?? null);
      if (plan.length > 0) admitted.set(asked.attemptId, asLegId(asked.incoming.legId));
      const [oldest] = admitted.keys();
      if (admitted.size > MOST_ATTEMPTS && oldest !== undefined) admitted.delete(oldest);
      return plan;
    },
  };
}

async function answerInbound(parts: WebhookParts, incoming: IncomingCall): Promise<CallPlan> {
  const { ports, plans, facts } = parts;
  const leg = arrivedLeg(incoming, ports);
  const initiate = initiateFor(ports.settings, leg.to);
  if (!(await plans.hasHost())) return apology(parts, leg);
  const opened = await openInTime(ports, leg);
  const callId = opened?.callId ?? leg.proposedCallId;
  const meeting = { callId, botNumber: leg.to, language: initiate.language };
  facts.note(callId, meeting);
  const plan = await plans.meeting(opened === null ? { ...meeting, provisional: provisionalOf(leg) } : meeting, {
    prefer: null,
    granted: false,
  });
  return plan ?? apology(parts, leg);
}

export function arrivedLeg(incoming: IncomingCall, ports: Pick<ApiPorts, 'settings'>): ArrivedLeg {
  const legId = asLegId(incoming.legId);
  return {
    proposedCallId: callIdOfLeg(legId),
    legId,
    conversationId: incoming.conversationId,
    regionUrl: incoming.regionUrl,
    from: incoming.from === null ? null : asE164(incoming.from),
    to: incoming.to.startsWith('+') ? asE164(incoming.to) : ports.settings.botNumber,
    startedAtMs: incoming.atMs,
  };
}

/** The media host opens the call itself when the time for it has passed here. */
function provisionalOf(leg: ArrivedLeg): NonNullable<MediaHeaders['provisional']> {
  return {
    legId: leg.legId,
    from: leg.from ?? '',
    to: leg.to,
    conversationId: leg.conversationId,
    regionUrl: leg.regionUrl ?? '',
  };
}

async function openInTime(ports: ApiPorts, leg: ArrivedLeg): Promise<OpenCallOutcome | null> {
  const { line, request, updateId } = inboundOpening(leg, {
    numberKey: ports.numberKey,
    initiate: initiateFor(ports.settings, leg.to),
    resumeWithinMs: ports.flags.current().callback_timeout_hour * 3_600_000,
  });
  try {
    return await ports.calls.openCall({ ...line, request, updateId, withinMs: ASK_MS });
  } catch (error) {
    ports.log.warn(
      { err: error, legId: leg.legId, callId: leg.proposedCallId },
      'call not opened in time; the media host greets and opens it',
    );
    return null;
  }
}

/** [MC1] Nobody can talk: say so, leave a trace that somebody rang, and see that they are rung back. */
export function apology({ ports, errands }: WebhookParts, leg: ArrivedLeg): CallPlan {
  const initiate = initiateFor(ports.settings, leg.to);
  const document = missedDocument({
    callId: leg.proposedCallId,
    legId: leg.legId,
    customerNumber: leg.from,
    botNumber: leg.to,
    initiate,
    atMs: leg.startedAtMs,
  });
  ports.log.error(
    { callId: leg.proposedCallId, legId: leg.legId, pii: { from: leg.from } },
    'no media host lives: a caller heard our apology',
  );
  void errands.run('record a missed call', () => ports.store.saveCall(document));
  void errands.run('look for missed calls', () => ports.calls.lookForMissed());
  const variables = { company: initiate.botCompany, botName: initiate.botName };
  return [
    { do: 'say', text: phrase('missed_call_apology', initiate.language, { variables }), language: initiate.language },
  ];
}

async function answerOutbound(
  { ports, plans, facts }: WebhookParts,
  asked: { callId: CallId; attemptId: AttemptId; incoming: IncomingCall },
  admittedBefore: LegId | null,
): Promise<CallPlan> {
  const { callId, attemptId, incoming } = asked;
  const legId = asLegId(incoming.legId);
  const leg = { legId, regionUrl: incoming.regionUrl, conversationId: incoming.conversationId };
  const known = facts.of(callId, null);
  const answer = await ports.calls.admitLeg(callId, { attemptId, leg }, ASK_MS).catch((error: unknown) => {
    if (error instanceof CallDoorError && error.kind !== 'away') {
      ports.log.warn({ err: error, callId, attemptId, legId }, 'answered leg not wanted');
      return { admitted: false, preferHostId: null };
    }
    ports.log.warn({ err: error, callId, attemptId, legId }, 'call cannot be asked; its first answered leg is let in');
    return { admitted: admittedBefore === null || admittedBefore === legId, preferHostId: null };
  });
  if (!answer.admitted) return [];
  const { botNumber, language } = await known;
  const plan = await plans.meeting({ callId, botNumber, language }, { prefer: answer.preferHostId, granted: true });
  return plan ?? [{ do: 'say', text: phrase('missed_call_apology', language), language }];
}
