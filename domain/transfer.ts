/** How a hand-over to an operator came out, read from the operator leg's webhooks in whatever order they arrive. */
import { endsLeg, type LegStatus } from './leg.ts';

export interface OperatorEvent {
  status: LegStatus;
  durationS: number | null;
  detail: string | null;
}

export type TransferOutcome =
  | { state: 'ringing' }
  | { state: 'joined'; left: boolean }
  /** In words, for the report. */
  | { state: 'failed'; detail: string };

/** [TR1] Answered counts even when its webhook comes after `completed`, or not at all but with a talking time. */
export function transferOutcome(events: readonly OperatorEvent[]): TransferOutcome {
  const left = events.some((event) => endsLeg(event.status));
  const joined = events.some(
    (event) =>
      event.status === 'answered' ||
      event.status === 'human' ||
      (event.status === 'completed' && (event.durationS ?? 0) > 0),
  );
  if (joined) return { state: 'joined', left };
  // `completed` follows every other end, so the telling word is the other one.
  const ends = events.filter((event) => endsLeg(event.status));
  const end = ends.find((event) => event.status !== 'completed') ?? ends[0];
  if (end === undefined) return { state: 'ringing' };
  return { state: 'failed', detail: end.detail === null ? end.status : `${end.status}: ${end.detail}` };
}
