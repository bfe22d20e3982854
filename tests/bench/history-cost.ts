/** What a turn costs Temporal: the events and bytes that lie between one commit and the next in a call's history. */
import proto from '@temporalio/proto';

type HistoryEvent = proto.temporal.api.history.v1.IHistoryEvent;
const { HistoryEvent: Wire } = proto.temporal.api.history.v1;
const { EventType } = proto.temporal.api.enums.v1;

export interface TurnCost {
  events: number;
  bytes: number;
  /** Activities of it by name, in order. */
  activities: string[];
  /** Rounds of tools. */
  tools: number;
}

export interface HistoryCost {
  events: number;
  bytes: number;
  turns: TurnCost[];
  /** Bytes by the kind of event, largest first. */
  bytesByKind: [string, { count: number; bytes: number }][];
}

const kindOf = (event: HistoryEvent): string => EventType[event.eventType ?? 0] ?? 'unknown';

/** An update is accepted where a turn begins; the workflow task around it belongs to the turn as well. */
export function historyCost(events: readonly HistoryEvent[]): HistoryCost {
  const starts = events.flatMap((event, index) =>
    event.workflowExecutionUpdateAcceptedEventAttributes?.acceptedRequest?.input?.name === 'takeTurn'
      ? [taskBefore(events, index)]
      : [],
  );
  const byKind = new Map<string, { count: number; bytes: number }>();
  for (const event of events) {
    const sum = byKind.get(kindOf(event)) ?? { count: 0, bytes: 0 };
    byKind.set(kindOf(event), { count: sum.count + 1, bytes: sum.bytes + sizeOf(event) });
  }
  return {
    events: events.length,
    bytes: events.reduce((sum, event) => sum + sizeOf(event), 0),
    turns: starts.slice(0, -1).map((start, turn) => costOf(events.slice(start, starts[turn + 1]))),
    bytesByKind: [...byKind].sort((one, other) => other[1].bytes - one[1].bytes),
  };
}

export const sizeOf = (event: HistoryEvent): number => Wire.encode(event).finish().length;

function taskBefore(events: readonly HistoryEvent[], index: number): number {
  let start = index;
  while (start > 0 && !kindOf(events[start] ?? {}).includes('WORKFLOW_TASK_SCHEDULED')) start -= 1;
  return start;
}

function costOf(events: readonly HistoryEvent[]): TurnCost {
  const activities = events.flatMap((event) => {
    const name = event.activityTaskScheduledEventAttributes?.activityType?.name;
    return typeof name === 'string' ? [name] : [];
  });
  return {
    events: events.length,
    bytes: events.reduce((sum, event) => sum + sizeOf(event), 0),
    activities,
    tools: activities.filter((name) => name === 'runTool').length,
  };
}

export const mean = (numbers: readonly number[]): number =>
  numbers.length === 0 ? 0 : Math.round(numbers.reduce((sum, one) => sum + one, 0) / numbers.length);

export function told(cost: HistoryCost): string {
  const lines = cost.turns.map(
    (turn, index) =>
      `turn ${String(index + 1)}: ${String(turn.events)} events, ${String(turn.bytes)} bytes (${turn.activities.join(', ')})`,
  );
  const group = (name: string, turns: TurnCost[]): string =>
    `${name}: ${String(turns.length)} turns, mean ${String(mean(turns.map((turn) => turn.events)))} events, ${String(mean(turns.map((turn) => turn.bytes)))} bytes, most ${String(Math.max(0, ...turns.map((turn) => turn.events)))} events, ${String(Math.max(0, ...turns.map((turn) => turn.bytes)))} bytes`;
  return [
    ...lines,
    group(
      'without tools',
      cost.turns.filter((turn) => turn.tools === 0),
    ),
    group(
      'with tools',
      cost.turns.filter((turn) => turn.tools > 0),
    ),
    `whole call: ${String(cost.events)} events, ${String(cost.bytes)} bytes`,
    ...cost.bytesByKind.map(
      ([kind, { count, bytes }]) =>
        `  ${kind}: ${String(count)} × ${String(Math.round(bytes / count))} = ${String(bytes)} bytes`,
    ),
  ].join('\n');
}
