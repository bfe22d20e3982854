/** Ids of calls that are made from something known outside: whoever meets it again gets the same id. */
import { createHash } from 'node:crypto';
import type { CallId, LegId } from '../domain/ids.ts';
import { callIdFromHash } from '../domain/open-call.ts';

export const callIdFrom = (text: string): CallId => callIdFromHash(createHash('sha256').update(text).digest('hex'));

/** The call that an arriving leg opens; the search for missed calls asks for it by the same id. */
export const callIdOfLeg = (legId: LegId): CallId => callIdFrom(`leg:${legId}`);
