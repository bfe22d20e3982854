import { expect, test } from 'vitest';
import { keepPromises, wrongOnes } from '../kit/many-promises.ts';
import { jumpingClock } from '../workflow/house.ts';

const SEED = Number(process.env['SEED'] ?? 1_000_328);
const MANY = Number(process.env['PROMISES'] ?? 1_000);

test(`[CB4] [CB8] [CB13] [CB20] a thousand promises over a change of the clocks and two restarts: each in its time, and once (seed ${SEED})`, async () => {
  const env = await jumpingClock();
  try {
    const begunAtMs = performance.now();
    const { kept, ringsOfWorkers } = await keepPromises(env, { many: MANY, seed: SEED, everyDayToo: true });
    const rings = kept.reduce((sum, { rungAtMs }) => sum + rungAtMs.length, 0);
    const latestMs = Math.max(...kept.flatMap(({ lateMs }) => lateMs.map((each) => each ?? Infinity)));
    const tookS = Math.round((performance.now() - begunAtMs) / 1_000);
    process.stdout.write(
      `seed ${SEED}: ${MANY} promises, ${rings} rings, the latest ${latestMs} ms after its moment; ${tookS} s\n`,
    );
    expect(wrongOnes(kept)).toEqual([]);
    expect(ringsOfWorkers.map((each) => each > 0)).toEqual([true, true, true]);
  } finally {
    await env.teardown();
  }
}, 3_600_000);
