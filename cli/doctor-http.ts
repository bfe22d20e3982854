/** One small GET, with what the doctor wants to know of the answer. */
import { reason } from './doctor-findings.ts';

/** Longer than a slow line needs, shorter than a person's patience with the whole list. */
const ANSWER_MS = 8_000;

export interface Answer {
  status: number;
  body: unknown;
  /** The server's clock, where it says. */
  atMs: number | null;
  askedAtMs: number;
  answeredAtMs: number;
}

export type Asked = { answered: true; answer: Answer } | { answered: false; why: string };

export async function ask(url: string, headers: Record<string, string> = {}): Promise<Asked> {
  const askedAtMs = Date.now();
  try {
    const reply = await fetch(url, { headers, redirect: 'manual', signal: AbortSignal.timeout(ANSWER_MS) });
    const answeredAtMs = Date.now();
    const text = await reply.text();
    const date = Date.parse(reply.headers.get('date') ?? '');
    return {
      answered: true,
      answer: {
        status: reply.status,
        body: parsed(text),
        atMs: Number.isNaN(date) ? null : date,
        askedAtMs,
        answeredAtMs,
      },
    };
  } catch (error) {
    return { answered: false, why: reason(error) };
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
