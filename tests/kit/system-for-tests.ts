/** The system that a file's tests ring. A failed test tells what was said on its lines. */
import { afterAll, afterEach, beforeAll, beforeEach, inject } from 'vitest';
import { heardOnTheLine } from './customers.ts';
import { blockOfThisFile, numbersGiven } from './new-number.ts';
import { allWell, hangUpAll } from './phones.ts';
import { runningSystem, startSystem, type RunningSystem, type System } from './system.ts';

/**
 * The system that files share, for tests that neither disturb nor configure it: each rings numbers of its own
 * (`newNumber()`) and judges its own calls alone.
 */
export function sharedSystem(): RunningSystem {
  const holder: { system?: RunningSystem } = {};
  beforeAll(async () => {
    const response = await fetch(inject('sharedSystemDoor'));
    if (!response.ok) throw new Error(await response.text());
    holder.system = runningSystem(await response.text());
  });
  const system = doorsOf(() => up(holder.system));
  tellOnFailure(system, (number) => number.startsWith(blockOfThisFile()));
  return system;
}

/**
 * A system of this file's own, for tests that kill, restart, disturb or need settings of their own (`env`; a function
 * where what it names is made in a `beforeAll` before). After each test the faults are off.
 */
export function systemForFile(env: NodeJS.ProcessEnv | (() => NodeJS.ProcessEnv) = {}): System {
  const holder: { system?: System } = {};
  beforeAll(async () => {
    holder.system = await startSystem(typeof env === 'function' ? env() : env);
  });
  const current = (): System => up(holder.system);
  const doors = doorsOf(current);
  tellOnFailure(doors, () => true);
  afterEach(async () => {
    await allWell(doors);
  });
  afterAll(async () => {
    await holder.system?.stop();
  });
  return Object.assign(doors, {
    kill: (name: string) => current().kill(name),
    freeze: (name: string) => current().freeze(name),
    stop: () => current().stop(),
    restart: (whileDown?: () => Promise<void>) => current().restart(whileDown),
  });
}

export interface SystemPool {
  /** Waits for one that is free; afterwards its faults are off and its lines empty. */
  withSystem<Result>(use: (system: System) => Promise<Result>): Promise<Result>;
}

/** Several systems of this file's own, for concurrent tests each of which needs one to itself. */
export function systemPool(size: number): SystemPool {
  const systems: System[] = [];
  const free: System[] = [];
  const waiting: ((system: System) => void)[] = [];
  beforeAll(async () => {
    // One after the other: each start takes both cores for itself.
    for (let each = 0; each < size; each += 1) systems.push(await startSystem());
    free.push(...systems);
  });
  afterAll(async () => {
    await Promise.all(systems.map((system) => system.stop()));
  });
  return {
    async withSystem(use) {
      const system = free.pop() ?? (await new Promise<System>((resolve) => waiting.push(resolve)));
      const earlier = numbersGiven();
      try {
        return await use(system);
      } catch (error) {
        process.stderr.write(`${await heardOnTheLine(system, (number) => !earlier.includes(number))}\n`);
        throw error;
      } finally {
        await allWell(system);
        await hangUpAll(system);
        const next = waiting.shift();
        if (next === undefined) free.push(system);
        else next(system);
      }
    },
  };
}

function up<Some>(system: Some | undefined): Some {
  if (system === undefined) throw new Error('the system is not up yet');
  return system;
}

/** What was said in this try, not in the tests before. */
function tellOnFailure(system: RunningSystem, isOurs: (number: string) => boolean): void {
  beforeEach(({ onTestFailed }) => {
    const earlier = numbersGiven();
    onTestFailed(async () => {
      const heard = await heardOnTheLine(system, (number) => isOurs(number) && !earlier.includes(number));
      process.stderr.write(`${heard}\n`);
    });
  });
}

/** Known before it is up. */
function doorsOf(current: () => RunningSystem): RunningSystem {
  return {
    get dataDir() {
      return current().dataDir;
    },
    run: () => current().run(),
    api: (path, init) => current().api(path, init),
    sandbox: (path, init) => current().sandbox(path, init),
    logs: (name, lines) => current().logs(name, lines),
  };
}
