/**
 * `/vonage/…`: the phone network's webhooks. They come twice, late, out of order and forged: the signature decides who speaks, the memory
 * gives a repeat its earlier answer. Statuses other than 200 are for what is not a webhook at all: the network asks again once at most,
 * and what it makes of an error may be the end of the call.
 */
import { Hono } from 'hono';
import { z } from 'zod';
import { asAttemptId, asCallId } from '../domain/ids.ts';
import type { LegRole } from '../domain/leg.ts';
import { phrase } from '../domain/phrases.ts';
import type { RawWebhook } from '../providers/phone-door.ts';
import type { CallPlan } from '../providers/telephony.ts';
import { apology, arrivedLeg, createAnswering, type Answering, type WebhookParts } from './answering.ts';
import { takeEvent } from './events.ts';
import { checked, sendJson, type WebhookDoor, type WebhookHandler } from './webhook-door.ts';
import { WebhookMemory } from './webhook-memory.ts';

export interface WebhookOptions {
  /** As long as a token is taken. */
  memoryMs: number;
}

/** Beside a query that takes 20 ms on a live call; the operator hears silence meanwhile. */
const BRIEFING_MS = 2_000;

export function webhookRoutes(parts: WebhookParts, options: WebhookOptions): Hono {
  const { ports } = parts;
  const router = new Hono();
  const memory = new WebhookMemory(options.memoryMs);
  const answering = createAnswering(parts);
  const reply = (plan: CallPlan): unknown => ports.phone.reply(plan);
  const door: WebhookDoor = {
    ports,
    memory,
    verify: (webhook, nowMs) => ports.phone.verify(webhook, nowMs),
    publicUrl: null,
    send: sendJson,
  };
  const on = (path: string, handler: WebhookHandler): void => {
    router.on(['GET', 'POST'], path, (context) => checked(door, context, handler));
  };
  const eventAt =
    (role: LegRole | null): WebhookHandler =>
    async (webhook, context) => {
      const { callId, attemptId } = context.req.param() as { callId?: string; attemptId?: string };
      const address = {
        callId: callId === undefined ? null : asCallId(callId),
        attemptId: attemptId === undefined ? null : asAttemptId(attemptId),
        role,
      };
      const plan = await takeEvent(parts, webhook, address);
      return plan === null ? {} : reply(plan);
    };

  on('/answer', async (webhook) => reply(await answerOnce(parts, { memory, answering }, webhook)));
  on('/answer/:callId/:attemptId', async (webhook, context) => {
    const { callId, attemptId } = context.req.param() as { callId: string; attemptId: string };
    const incoming = ports.phone.parseAnswer(webhook, ports.nowMs());
    return reply(await answering.outbound({ callId: asCallId(callId), attemptId: asAttemptId(attemptId), incoming }));
  });
  on('/event', eventAt(null));
  on('/event/:callId', eventAt('media'));
  on('/event/:callId/operator', eventAt('operator'));
  on('/event/:callId/:attemptId', eventAt('customer'));
  on('/briefing/:callId', async (_webhook, context) => reply(await briefing(parts, context.req.param('callId') ?? '')));
  on('/fallback', async (webhook) => reply(await fallback(parts, answering, webhook)));
  return router;
}

/** Unsigned repeats too get the first answer: the leg is the answer webhook's identity. */
async function answerOnce(
  parts: WebhookParts,
  held: { memory: WebhookMemory; answering: Answering },
  webhook: RawWebhook,
): Promise<CallPlan> {
  const { ports } = parts;
  const incoming = ports.phone.parseAnswer(webhook, ports.nowMs());
  const id = `answer:${incoming.legId}`;
  const before = held.memory.recall(id, '', ports.nowMs());
  if (before.kind === 'repeat') return (await before.reply).body as CallPlan;
  const plan = held.answering.inbound(incoming).catch((error: unknown) => {
    ports.log.error({ err: error, legId: incoming.legId }, 'answer failed');
    return apology(parts, arrivedLeg(incoming, ports));
  });
  held.memory.remember(id, { hash: '', reply: plan.then((body) => ({ status: 200, body })) }, ports.nowMs());
  return await plan;
}

/** Spoken into the operator's ear; without it the call is still theirs. */
async function briefing({ ports }: WebhookParts, callId: string): Promise<CallPlan> {
  const view = await ports.calls.callView(asCallId(callId), BRIEFING_MS).catch((error: unknown) => {
    ports.log.warn({ err: error, callId }, 'no briefing: the call could not be asked');
    return null;
  });
  const language = view?.document.lang ?? ports.settings.defaults.language;
  return [{ do: 'say', text: view?.briefing ?? phrase('one_moment', language), language }];
}

const originalRequest = z.looseObject({ original_request: z.looseObject({ url: z.string() }).optional() });

/** Our answer could not be had before. What was asked then is answered now: the network has one more try than we thought. */
async function fallback(parts: WebhookParts, answering: Answering, webhook: RawWebhook): Promise<CallPlan> {
  const { ports } = parts;
  const incoming = ports.phone.parseAnswer(webhook, ports.nowMs());
  const original = originalPath(webhook);
  ports.log.warn({ legId: incoming.legId, original }, 'the network fell back: an earlier webhook went unanswered');
  const [, kind, callId, attemptId] = /\/vonage\/(answer|event)(?:\/([^/]+))?(?:\/([^/]+))?$/.exec(original) ?? [];
  try {
    if (kind === 'answer' && callId !== undefined && attemptId !== undefined) {
      return await answering.outbound({ callId: asCallId(callId), attemptId: asAttemptId(attemptId), incoming });
    }
    if (kind === 'event' && callId !== undefined) {
      const known = await parts.facts.of(asCallId(callId), null);
      const plan = await parts.plans.back({ callId: asCallId(callId), ...known }, null);
      if (plan !== null) return plan;
    }
    return await answering.inbound(incoming);
  } catch (error) {
    ports.log.error({ err: error, legId: incoming.legId }, 'fallback failed too');
    return apology(parts, arrivedLeg(incoming, ports));
  }
}

function originalPath(webhook: RawWebhook): string {
  if (webhook.body.length === 0) return '';
  const parsed = originalRequest.safeParse(JSON.parse(Buffer.from(webhook.body).toString('utf8')));
  const url = parsed.data?.original_request?.url ?? '';
  return URL.canParse(url) ? new URL(url).pathname : '';
}
