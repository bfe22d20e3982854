/**
 * What every webhook passes first: the signature decides who speaks, the memory gives a repeat its earlier answer. Statuses other than 200 are for
 * what is not a webhook at all, and for what the vendor should bring again.
 */
import type { Context } from 'hono';
import { z } from 'zod';
import type { RawWebhook, WebhookVerdict } from '../providers/phone-door.ts';
import type { ApiPorts } from './ports.ts';
import type { Reply, WebhookMemory } from './webhook-memory.ts';

export interface WebhookDoor {
  ports: Pick<ApiPorts, 'log' | 'nowMs'>;
  memory: WebhookMemory;
  verify: (webhook: RawWebhook, nowMs: number) => WebhookVerdict;
  /** As the vendor was given it, where that is signed too; null = as it came. */
  publicUrl: string | null;
  send: (context: Context, reply: Reply) => Response;
}

export type WebhookHandler = (webhook: RawWebhook, context: Context) => Promise<unknown>;

export async function checked(door: WebhookDoor, context: Context, handler: WebhookHandler): Promise<Response> {
  const { ports, memory, verify, send } = door;
  const webhook = await rawWebhook(context, door.publicUrl);
  const verdict = verify(webhook, ports.nowMs());
  if (!verdict.ok) return refuse(door, context, verdict.reason);
  const { tokenId, payloadHash } = verdict;
  const before =
    tokenId === null ? { kind: 'first' as const } : memory.recall(`token:${tokenId}`, payloadHash, ports.nowMs());
  if (before.kind === 'forged') return refuse(door, context, 'token used before for another message');
  if (before.kind === 'repeat') return send(context, await before.reply);
  const answer = handled(door, context, () => handler(webhook, context));
  if (tokenId !== null) memory.remember(`token:${tokenId}`, { hash: payloadHash, reply: answer }, ports.nowMs());
  return send(context, await answer);
}

function refuse({ ports }: WebhookDoor, context: Context, reason: string): Response {
  ports.log.warn({ path: context.req.path, reason }, 'webhook refused');
  return context.json({ type: 'about:blank', title: 'Webhook refused', status: 401, detail: reason }, 401, {
    'content-type': 'application/problem+json',
  });
}

async function handled({ ports }: WebhookDoor, context: Context, handler: () => Promise<unknown>): Promise<Reply> {
  try {
    return { status: 200, body: await handler() };
  } catch (error) {
    const malformed = error instanceof z.ZodError;
    ports.log.error({ err: error, path: context.req.path }, malformed ? 'webhook not understood' : 'webhook failed');
    // 503 is the one failure that the network tries again.
    const status = malformed ? 400 : 503;
    return {
      status,
      body: { type: 'about:blank', title: malformed ? 'Not a webhook that we know' : 'Webhook failed', status },
    };
  }
}

export const sendJson = (context: Context, { status, body }: Reply): Response =>
  context.json(body as Record<string, unknown>, status as 200);

async function rawWebhook(context: Context, publicUrl: string | null): Promise<RawWebhook> {
  const { method, url } = context.req;
  const asked = new URL(url);
  return {
    method,
    url: publicUrl === null ? url : `${publicUrl}${asked.pathname}${asked.search}`,
    headers: context.req.header(),
    body: new Uint8Array(await context.req.arrayBuffer()),
  };
}
