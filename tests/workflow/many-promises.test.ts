/** Promised calls on a clock that jumps. A thousand: tests/long. */
import { expect, test } from 'vitest';
import { keepPromises, wrongOnes } from '../kit/many-promises.ts';
import { jumpingClock } from './house.ts';

const SEED = Number(process.env['SEED'] ?? 20_270_328);
const MANY = Number(process.env['PROMISES'] ?? 100);

test(`[CB4] [CB8] [CB13] [CB20] ${MANY} promises over a change of the clocks and two restarts: each in its time, and once (seed ${SEED})`, async () => {
  const env = await jumpingClock();
  try {
    const { kept, ringsOfWorkers } = await keepPromises(env, { many: MANY, seed: SEED, everyDayToo: true });
    expect(kept).toHaveLength(MANY);
    expect(wrongOnes(kept)).toEqual([]);
    // Two restarts, and something to do for each that came.
    expect(ringsOfWorkers.map((rings) => rings > 0)).toEqual([true, true, true]);
  } finally {
    await env.teardown();
  }
}, 150_000);
