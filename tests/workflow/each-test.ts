import { TestWorkflowEnvironment } from '@temporalio/testing';
import { afterAll, afterEach, beforeAll, beforeEach } from 'vitest';
import { localTemporal, type TemporalHandle } from '../kit/servers.ts';
import { House, jumpingClock, quietRuntime } from './house.ts';

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

/** A server each, for tests that sleep long: a workflow that is cut off at the end of one could stop the clock of the next. */
export function serverForEachTest(): { readonly current: House } {
  const holder: { house?: House; env?: TestWorkflowEnvironment } = {};
  beforeEach(async () => {
    holder.env = await jumpingClock();
    holder.house = await House.open(holder.env);
  });
  afterEach(async () => {
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

/** The server that `npm start` runs, in real time: for what the one with the jumping clock leaves out. */
export function realServer(): { readonly current: House } {
  const holder: { house?: House; env?: TestWorkflowEnvironment; server?: TemporalHandle } = {};
  beforeAll(async () => {
    quietRuntime();
    holder.server = await localTemporal();
    holder.env = await TestWorkflowEnvironment.createFromExistingServer({ address: holder.server.address });
    holder.house = await House.open(holder.env);
  });
  beforeEach(() => holder.house?.fresh());
  afterAll(async () => {
    await holder.house?.[Symbol.asyncDispose]();
    await holder.env?.teardown();
    await holder.server?.stop();
  });
  return {
    get current(): House {
      if (holder.house === undefined) throw new Error('the house is not open yet');
      return holder.house;
    },
  };
}
