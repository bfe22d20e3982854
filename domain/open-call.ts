/**
 * How an arriving call is opened: the same words from the door and from a media host that greeted while Temporal was away.
 * The leg's identity is the update's, so whoever asks second gets the first answer.
 */
import { anonymousKey, asCallId, lineWorkflowId, type CallId, type E164, type LegId, type NumberKey } from './ids.ts';
import type { Initiate } from './initiate.ts';

/**
 * A task that a worker took with it when it died goes to another after this. The server's own ten seconds are too long for somebody
 * on the line; replaying a long call takes some hundred milliseconds.
 */
export const TASK_LOST_AFTER = '3s';

export interface ArrivedLeg {
  /** Made from the leg's uuid: taken when this opens a new call. */
  proposedCallId: CallId;
  legId: LegId;
  conversationId: string;
  regionUrl: string | null;
  /** Null = withheld. */
  from: E164 | null;
  to: E164;
  startedAtMs: number;
}

export interface OpeningContext {
  numberKey(number: E164): NumberKey;
  initiate: Initiate;
  /** 0 = an unfinished call is never resumed. */
  resumeWithinMs: number;
}

/** `line` and `request` have the shapes of `workflows/line/messages.ts`. */
export function inboundOpening(leg: ArrivedLeg, context: OpeningContext) {
  const numberKey = leg.from === null ? anonymousKey(leg.legId) : context.numberKey(leg.from);
  return {
    workflowId: lineWorkflowId(numberKey),
    updateId: `answer:${leg.legId}`,
    line: { numberKey, customerNumber: leg.from },
    request: {
      direction: 'inbound' as const,
      proposedCallId: leg.proposedCallId,
      botNumber: leg.to,
      initiate: context.initiate,
      leg: {
        legId: leg.legId,
        regionUrl: leg.regionUrl,
        conversationId: leg.conversationId,
        startedAtMs: leg.startedAtMs,
      },
      callback: null,
      resumeWithinMs: context.resumeWithinMs,
    },
  };
}

/** A hash (32 hex digits or more) in the shape of a UUID, version 8: made by its maker's own rule. */
export function callIdFromHash(hex: string): CallId {
  const variant = ((Number.parseInt(hex.charAt(16), 16) & 0x3) | 0x8).toString(16);
  return asCallId(
    [hex.slice(0, 8), hex.slice(8, 12), `8${hex.slice(13, 16)}`, variant + hex.slice(17, 20), hex.slice(20, 32)].join(
      '-',
    ),
  );
}

/** Whose line: the number's, or one for this leg alone where the number is withheld. */
export function lineKeyOf(leg: { legId: LegId; from: E164 | null }, numberKey: (number: E164) => NumberKey): NumberKey {
  return leg.from === null ? anonymousKey(leg.legId) : numberKey(leg.from);
}
