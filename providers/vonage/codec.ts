/** Plans as NCCO. Vonage reads these names literally: the SDK's types have some of them wrong. */
import { z } from 'zod';
import type { CallPlan, MediaHeaders, PlanStep } from '../telephony.ts';
import { withoutPlus } from './numbers.ts';

type Action = Record<string, unknown>;

/** Longest text that a talk action takes. */
const TALK_MAX_CHARS = 1_500;
/** Shortest that a wait action takes. */
const WAIT_LEAST_S = 0.1;
/** A connect's `headers`, as JSON. */
const HEADERS_MAX_BYTES = 512;

export function nccoFromPlan(plan: CallPlan): Action[] {
  return plan.map(actionFrom);
}

function actionFrom(step: PlanStep): Action {
  switch (step.do) {
    case 'bot':
      return {
        action: 'connect',
        from: withoutPlus(step.from),
        // Without it the replies to `disconnected`, `failed` and the like are ignored.
        eventType: 'synchronous',
        eventUrl: [step.eventUrl],
        eventMethod: 'POST',
        endpoint: [
          {
            type: 'websocket',
            uri: step.mediaUrl,
            'content-type': 'audio/l16;rate=16000',
            headers: boundedHeaders(step.headers),
          },
        ],
      };
    case 'say':
      return { action: 'talk', text: cut(step.text, TALK_MAX_CHARS), language: step.language };
    case 'wait':
      return { action: 'wait', timeout: Math.max(WAIT_LEAST_S, step.ms / 1_000) };
    case 'operator':
      return {
        action: 'connect',
        from: withoutPlus(step.from),
        eventType: 'synchronous',
        eventUrl: [step.eventUrl],
        eventMethod: 'POST',
        timeout: step.ringTimeoutS,
        endpoint: [{ type: 'phone', number: withoutPlus(step.number), onAnswer: { url: step.briefingUrl } }],
      };
  }
}

/** The region can be done without: a leg is then controlled through the default host. */
function boundedHeaders(headers: MediaHeaders): MediaHeaders {
  if (bytes(headers) <= HEADERS_MAX_BYTES || headers.provisional === undefined) return headers;
  const trimmed = { ...headers, provisional: { ...headers.provisional, regionUrl: '' } };
  return bytes(trimmed) <= HEADERS_MAX_BYTES ? trimmed : { callId: headers.callId, connectId: headers.connectId };
}

const bytes = (value: unknown): number => Buffer.byteLength(JSON.stringify(value), 'utf8');

/** Ends at a word, unless that is far back. */
export function cut(text: string, maxChars: number): string {
  if (text.length <= maxChars) return text;
  const head = text.slice(0, maxChars - 1);
  const word = head.lastIndexOf(' ');
  return `${(word > maxChars - 80 ? head.slice(0, word) : head).trimEnd()}…`;
}

const mediaHeaders = z.looseObject({
  callId: z.string().min(1),
  connectId: z.string().min(1),
  provisional: z
    .object({ legId: z.string(), from: z.string(), to: z.string(), conversationId: z.string(), regionUrl: z.string() })
    .optional(),
});

/** Our headers as they come back; null = not ours. */
export function parseMediaHeaders(value: unknown): MediaHeaders | null {
  const parsed = mediaHeaders.safeParse(value);
  if (!parsed.success) return null;
  const { callId, connectId, provisional } = parsed.data;
  return {
    callId,
    connectId: connectId as MediaHeaders['connectId'],
    ...(provisional === undefined ? {} : { provisional }),
  };
}
