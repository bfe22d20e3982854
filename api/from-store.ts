import { inTime } from './in-time.ts';
import type { ApiPorts } from './ports.ts';
import { unavailable } from './problems.ts';

const STORE_MS = 3_000;

/** What the store says, or a problem that tells to try again soon. */
export async function fromStore<Result>(
  { log }: Pick<ApiPorts, 'log'>,
  work: Promise<Result>,
  withinMs = STORE_MS,
): Promise<Result> {
  try {
    return await inTime('store', withinMs, work);
  } catch (error) {
    log.warn({ err: error }, 'the store was not reached');
    throw unavailable('The store');
  }
}
