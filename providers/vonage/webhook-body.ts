/** What Vonage's webhooks have in common. */
import { z } from 'zod';
import type { RawWebhook } from '../phone-door.ts';

/** Throws on what is no JSON at all. */
export const jsonOf = ({ body }: RawWebhook): unknown =>
  z.preprocess((value) => parseJson(value as string), z.looseObject({})).parse(Buffer.from(body).toString('utf8'));

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/** Null and what cannot be read: now. */
export function timeOf(timestamp: string | null | undefined, nowMs: number): number {
  const parsed = Date.parse(timestamp ?? '');
  return Number.isNaN(parsed) ? nowMs : parsed;
}
