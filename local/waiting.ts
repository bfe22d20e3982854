import { setTimeout as wait } from 'node:timers/promises';

const LOOK_EVERY_MS = 200;

/** Looks again and again; false when it has not become true in time. */
export async function untilTrue(probe: () => Promise<boolean>, limitMs: number): Promise<boolean> {
  const deadline = Date.now() + limitMs;
  while (Date.now() < deadline) {
    if (await probe()) return true;
    await wait(LOOK_EVERY_MS);
  }
  return false;
}
