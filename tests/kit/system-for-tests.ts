/** The system that a file's tests ring. Each failed test tells what was said on its file's lines. */
import { afterAll, afterEach, beforeAll, beforeEach, inject } from 'vitest';
import { heardOnTheLine } from './customers.ts';
import { blockOfThisFile } from './new-number.ts';
import { allWell } from './phones.ts';
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
  tellOnFailure(system, () => blockOfThisFile());
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
  tellOnFailure(doors, () => '');
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

function up<Some>(system: Some | undefined): Some {
  if (system === undefined) throw new Error('the system is not up yet');
  return system;
}

function tellOnFailure(system: RunningSystem, block: () => string): void {
  beforeEach(({ onTestFailed }) => {
    onTestFailed(async () => {
      process.stderr.write(`${await heardOnTheLine(system, block())}\n`);
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
