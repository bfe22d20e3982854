import { inTime } from './in-time.ts';
import type { ApiPorts } from './ports.ts';
import { invalidField, unavailable } from './problems.ts';

const STORE_MS = 3_000;
/** One short question. */
export const READ_MS = 1_500;

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

/** What `after` names: the last of the page before. */
export async function lastOfPage<Kept>(
  ports: Pick<ApiPorts, 'log'>,
  what: string,
  found: Promise<Kept | null>,
): Promise<Kept> {
  const last = await fromStore(ports, found, READ_MS);
  if (last === null) throw invalidField('after', `no ${what}`);
  return last;
}
