/** The system that a file's tests ring: brought up before the first, in order again after each, gone after the last. */
import { afterAll, afterEach, beforeAll, beforeEach } from 'vitest';
import { heardOnTheLine } from './customers.ts';
import { allWell } from './phones.ts';
import { startSystem, type System } from './system.ts';

/**
 * A system of this file's own, for tests that kill, restart, disturb or need settings of their own (`env`; a function
 * where what it names is made in a `beforeAll` before). After each test the faults are off; a failed one tells what was
 * said on the lines.
 */
export function systemForFile(env: NodeJS.ProcessEnv | (() => NodeJS.ProcessEnv) = {}): System {
  let started: System | undefined;
  const system = handedOn(() => {
    if (started === undefined) throw new Error('the system is not up yet');
    return started;
  });
  beforeAll(async () => {
    started = await startSystem(typeof env === 'function' ? env() : env);
  });
  beforeEach(({ onTestFailed }) => {
    onTestFailed(async () => {
      process.stderr.write(`${await heardOnTheLine(system)}\n`);
    });
  });
  afterEach(async () => {
    await allWell(system);
  });
  afterAll(async () => {
    await started?.stop();
  });
  return system;
}

/** Known before it is up. */
function handedOn(current: () => System): System {
  return {
    get dataDir() {
      return current().dataDir;
    },
    run: () => current().run(),
    api: (path, init) => current().api(path, init),
    sandbox: (path, init) => current().sandbox(path, init),
    kill: (name) => current().kill(name),
    freeze: (name) => current().freeze(name),
    stop: () => current().stop(),
    restart: (whileDown) => current().restart(whileDown),
    logs: (name, lines) => current().logs(name, lines),
  };
}
