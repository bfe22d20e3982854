import { expect, test } from 'vitest';
import { closingGoneCalls, LiveCalls } from '../../../activities/campaign-room.ts';
import type { CallDocument } from '../../../domain/call-document.ts';
import { aCall } from '../../contract/store-documents.ts';

const NOW_MS = Date.parse('2026-03-01T12:00:00Z');

/** Calls in the record, and those whose workflow stands. */
function house(calls: CallDocument[], standing: string[]) {
  const record = new Map(calls.map((call) => [call.call_id, call]));
  const live = (): CallDocument[] => [...record.values()].filter(({ in_progress }) => in_progress);
  const asked: string[] = [];
  const campaigns = {
    countLiveCalls: () => Promise.resolve(live().length),
    quietLiveCalls: ({ beforeMs }: { beforeMs: number }) =>
      Promise.resolve(
        live()
          .filter(({ updated_at }) => Date.parse(updated_at) < beforeMs)
          .map(({ call_id }) => call_id),
      ),
  };
  const store = {
    findCall: (callId: string) => Promise.resolve(record.get(callId) ?? null),
    saveCall: (call: CallDocument) => {
      record.set(call.call_id, call);
      return Promise.resolve();
    },
  };
  const callRuns = (callId: string) => {
    asked.push(callId);
    return Promise.resolve(standing.includes(callId));
  };
  return { record, asked, calls: new LiveCalls(campaigns, closingGoneCalls({ store, campaigns, callRuns })) };
}

const live = (call_id: string, updated_at: string): CallDocument =>
  aCall({ call_id, updated_at, in_progress: true, phase: 'live', disposition: null });

test('[LN14] with every place taken, calls of which nothing is left are closed in the record and hold none', async () => {
  const long = '2026-03-01T09:00:00.000Z';
  const calls = [live('gone', long), live('talks-long', long), live('new', '2026-03-01T11:59:00.000Z')];
  const { calls: room, record, asked } = house(calls, ['talks-long', 'new']);
  expect(await room.count({ places: 3, nowMs: NOW_MS })).toBe(2);
  expect(record.get('gone')).toMatchObject({ phase: 'closed', in_progress: false, disposition: 'failed' });
  expect(record.get('talks-long')).toMatchObject({ in_progress: true });
  expect(asked.sort()).toEqual(['gone', 'talks-long']);
});

test('[LN14] while there are places nobody is asked for, and with none once a minute', async () => {
  const { calls: room, asked } = house([live('talks-long', '2026-03-01T09:00:00.000Z')], ['talks-long']);
  await room.count({ places: 2, nowMs: NOW_MS });
  expect(asked).toEqual([]);
  room.begun();
  for (let each = 0; each < 3; each += 1) expect(await room.count({ places: 2, nowMs: NOW_MS })).toBe(2);
  expect(asked).toEqual(['talks-long']);
});
