import { pino } from 'pino';
import { expect, test } from 'vitest';
import { createErrands } from '../../../api/errands.ts';

const log = pino({ level: 'silent' });

test('[WH8] an errand that fails is tried until it succeeds, and done once', async () => {
  const errands = createErrands({ log, nowMs: () => 0, pauseMs: 1 });
  let tries = 0;
  let done = 0;
  await errands.run('tell', async () => {
    tries += 1;
    await Promise.resolve();
    if (tries < 4) throw new Error('away');
    done += 1;
  });
  expect([tries, errands.waiting()]).toEqual([1, 1]);
  await expect.poll(() => errands.waiting()).toBe(0);
  expect([tries, done]).toEqual([4, 1]);
});

test('[WH8] after ten minutes it is left to the workflow to find out', async () => {
  let nowMs = 0;
  let tries = 0;
  const errands = createErrands({ log, nowMs: () => nowMs, pauseMs: 1 });
  await errands.run('tell', () => {
    tries += 1;
    if (tries === 3) nowMs = 10 * 60_000;
    return Promise.reject(new Error('away'));
  });
  await expect.poll(() => errands.waiting()).toBe(0);
  expect(tries).toBe(3);
});

test('[WH8] stopping ends the waiting', async () => {
  const errands = createErrands({ log, nowMs: () => 0, pauseMs: 60_000 });
  await errands.run('tell', () => Promise.reject(new Error('away')));
  errands.stop();
  await expect.poll(() => errands.waiting()).toBe(0);
});
