import type { TestWorkflowEnvironment } from '@temporalio/testing';
import { afterAll, beforeAll, beforeEach } from 'vitest';
import { House, jumpingClock } from './house.ts';

/** One server and one house a test file; a fresh customer for each test. */
export function houseForEachTest(maxCachedWorkflows = 100): { readonly current: House } {
  const holder: { house?: House; env?: TestWorkflowEnvironment } = {};
  beforeAll(async () => {
    holder.env = await jumpingClock();
    holder.house = await House.open(holder.env, maxCachedWorkflows);
  });
  beforeEach(() => holder.house?.fresh());
  afterAll(async () => {
    await holder.house?.[Symbol.asyncDispose]();
    await holder.env?.teardown();
  });
  return {
    get current(): House {
      if (holder.house === undefined) throw new Error('the house is not open yet');
      return holder.house;
    },
  };
}
