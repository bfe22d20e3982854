/** One system for all test files that do it no harm: brought up by vitest's own process when the first of them asks. */
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { TestProject } from 'vitest/node';
import { startSystem, type System } from './system.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** Answers with the data folder of the shared system, once that is up. */
    sharedSystemDoor: string;
  }
}

export async function setup(project: TestProject): Promise<() => Promise<void>> {
  let system: Promise<System> | undefined;
  const door = createServer((_, response) => {
    system ??= startSystem();
    system.then(
      ({ dataDir }) => response.end(dataDir),
      (error: unknown) => response.writeHead(500).end(String(error)),
    );
  });
  door.listen(0, '127.0.0.1');
  await once(door, 'listening');
  project.provide('sharedSystemDoor', `http://127.0.0.1:${String((door.address() as AddressInfo).port)}`);
  return async () => {
    door.closeAllConnections();
    door.close();
    await (await system)?.stop();
  };
}
