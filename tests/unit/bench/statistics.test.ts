import { expect, test } from 'vitest';
import { largest, percentile, seeded, summary } from '../../bench/statistics.ts';
import { callerScript, SCENARIOS } from '../../bench/callers.ts';
import { scriptSchema } from '../../../sandbox/phone/script.ts';

test('[QT9] a percentile is a value that was measured: the nearest rank, none between two', () => {
  const samples = [900, 100, 500, 300, 700];
  expect(percentile(samples, 0.5)).toBe(500);
  expect(percentile(samples, 0.95)).toBe(900);
  expect(percentile(samples, 0)).toBe(100);
  expect(percentile([100, 200], 0.5)).toBe(100);
  expect(
    percentile(
      Array.from({ length: 100 }, (_, index) => index + 1),
      0.95,
    ),
  ).toBe(95);
});

test('[QT9] of nothing there is no figure', () => {
  expect(summary([])).toEqual({ n: 0, p50: null, p95: null, max: null });
});

test.each([1, 9, 10, 11, 37, 80, 150, 200])(
  '[QT13] the largest number, %i, is found to within 5 by doubling and halving',
  async (truth) => {
    const asked: number[] = [];
    const found = await largest(
      (calls) => {
        asked.push(calls);
        return Promise.resolve(calls <= truth);
      },
      { from: 10, most: 200, toWithin: 5 },
    );
    expect(found).toBeLessThanOrEqual(truth);
    expect(truth - found).toBeLessThan(5);
    expect(asked.length).toBeLessThan(11);
    expect(new Set(asked).size).toBe(asked.length);
  },
);

test('[QT14] the same seed makes the same callers, and the phones understand them', () => {
  expect(Array.from({ length: 3 }, seeded(7))).toEqual(Array.from({ length: 3 }, seeded(7)));
  for (const scenario of SCENARIOS) {
    expect(callerScript(scenario, 5)).toEqual(callerScript(scenario, 5));
    expect(callerScript('talk', 5)).not.toEqual(callerScript('talk', 6));
    expect(scriptSchema.safeParse(callerScript(scenario, 5)).error).toBeUndefined();
  }
});
