import { expect, test } from 'vitest';
import { createCreationBudget } from '../../../api/creation-budget.ts';

test('[RC7] three connects a second go at once, the next wait until a second has passed', () => {
  const budget = createCreationBudget(3);
  expect([1, 2, 3, 4, 5, 6, 7].map(() => budget.take(10_000))).toEqual([0, 0, 0, 1_000, 1_000, 1_000, 2_000]);
});

test('[RC7] no second sees more than three, however they fall', () => {
  const budget = createCreationBudget(3);
  const goes = [0, 100, 900, 950, 1_000, 1_050, 3_000, 3_001].map((atMs) => atMs + budget.take(atMs));
  expect(goes).toEqual([0, 100, 900, 1_000, 1_100, 1_900, 3_000, 3_001]);
});

test('[RC7] an account’s own limit holds, a smaller and a fractional one too', () => {
  const six = createCreationBudget(6);
  expect([1, 2, 3, 4, 5, 6, 7].map(() => six.take(10_000))).toEqual([0, 0, 0, 0, 0, 0, 1_000]);
  const half = createCreationBudget(0.5);
  expect([1, 2, 3].map(() => half.take(10_000))).toEqual([0, 2_000, 4_000]);
  const more = createCreationBudget(2.5);
  expect([1, 2, 3, 4].map(() => more.take(10_000))).toEqual([0, 0, 800, 800]);
});
