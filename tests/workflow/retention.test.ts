/** Erasing by age, night after night, on a clock that jumps. */
import { expect, test } from 'vitest';
import { createRetentionActivities } from '../../activities/retention.ts';
import { CALLS_QUEUE } from '../../domain/ids.ts';
import type { AgingKind } from '../../domain/retention.ts';
import type { retention } from '../../workflows/retention/workflow.ts';
import { House, jumpingClock } from './house.ts';

const DAY = 86_400_000;

test('[ER5] what is over is erased once it is old enough, in batches, over a store that was away; other kinds stay', async () => {
  const env = await jumpingClock();
  const begunMs = await env.currentTimeMs();
  // 1,200 calls of the first day, ten of each day after it.
  let calls = [
    ...Array.from({ length: 1_200 }, () => ({ atMs: begunMs })),
    ...Array.from({ length: 60 }, (_, index) => ({ atMs: begunMs + Math.floor(index / 10) * DAY })),
  ];
  const asked: AgingKind[] = [];
  let away = 1;
  const house = await House.open(env, 10, () =>
    createRetentionActivities({
      customers: {
        eraseOlder: (kind, { atMs, limit }) => {
          asked.push(kind);
          if (away > 0) {
            away -= 1;
            return Promise.reject(new Error('away'));
          }
          const old = calls.filter((each) => each.atMs < atMs).slice(0, limit);
          calls = calls.filter((each) => !old.includes(each));
          return Promise.resolve(old.length);
        },
      },
    }),
  );
  try {
    const days = { calls: 3, reminders: null, campaign_contacts: null, erasures: null };
    for (let night = 1; night <= 6; night += 1) {
      await env.sleep(DAY);
      const beganMs = await env.currentTimeMs();
      const before = calls;
      const done = await house.client.execute<typeof retention>('retention', {
        workflowId: `retention-${night}`,
        taskQueue: CALLS_QUEUE,
        args: [{ days }],
      });
      const endedMs = await env.currentTimeMs();
      const gone = before.filter((each) => !calls.includes(each));
      expect(done).toEqual({ calls: gone.length, reminders: 0, campaign_contacts: 0, erasures: 0 });
      expect(calls.every(({ atMs }) => atMs >= beganMs - 3 * DAY)).toBe(true);
      expect(gone.every(({ atMs }) => atMs < endedMs - 3 * DAY)).toBe(true);
      if (night === 1) expect(gone).toEqual([]);
    }
    expect(calls.length).toBeLessThan(60);
    expect(new Set(asked)).toEqual(new Set(['calls']));
  } finally {
    await house[Symbol.asyncDispose]();
    await env.teardown();
  }
});
