import { TestWorkflowEnvironment } from '@temporalio/testing';
import { afterAll, beforeAll, beforeEach } from 'vitest';
import { localTemporal, type TemporalHandle } from '../kit/servers.ts';
import { clockJumps, House, jumpingClock, quietRuntime } from './house.ts';

/**
 * One server and one house a test file; a fresh customer for each test. What a test leaves at work can stop that server's
 * clock: then, and for a test that is tried again, there are a new server and a new house.
 */
export function houseForEachTest(
  maxCachedWorkflows = 100,
  instead?: (house: House) => object,
): { readonly current: House } {
  const holder: { house?: House; env?: TestWorkflowEnvironment } = {};
  const leave = async (): Promise<void> => {
    const { house, env } = holder;
    delete holder.house;
    delete holder.env;
    await house?.[Symbol.asyncDispose]();
    await env?.teardown();
  };
  beforeEach(async ({ task }) => {
    const isFirstTry = (task.result?.retryCount ?? 0) === 0;
    if (holder.house !== undefined && isFirstTry && (await isAsNew(holder.house))) return;
    await leave();
    holder.env = await jumpingClock();
    holder.house = await House.open(holder.env, maxCachedWorkflows, instead);
  });
  afterAll(leave);
  return {
    get current(): House {
      if (holder.house === undefined) throw new Error('the house is not open yet');
      return holder.house;
    },
  };
}

async function isAsNew(house: House): Promise<boolean> {
  try {
    await house.fresh();
  } catch {
    return false;
  }
  return await clockJumps(house.env);
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
