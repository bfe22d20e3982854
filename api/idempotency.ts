/** `Idempotency-Key`: a request that may be repeated. */
import { createHash } from 'node:crypto';
import { callIdFromHash } from '../domain/open-call.ts';
import { inTime } from './in-time.ts';
import type { ApiPorts } from './ports.ts';
import { ProblemError } from './problems.ts';

/** A key that cannot be looked up in time is no reason to refuse: the id follows from the key. */
const KEY_MS = 1_000;

/**
 * The same key means the same call, or the same campaign. Its id follows from the key, so that a repeat is recognised by itself; the store remembers
 * the body, to tell a repeat from a mistake. Keys of different clients do not meet.
 */
export async function idForKey(
  ports: Pick<ApiPorts, 'store' | 'log'>,
  asked: { key: string; client: string; body: unknown },
): Promise<string> {
  const scoped = sha256Hex(`idempotency\n${asked.client}\n${asked.key}`);
  const callId = callIdFromHash(scoped);
  const fingerprint = sha256Hex(JSON.stringify(sorted(asked.body)));
  try {
    const stands = await inTime('store', KEY_MS, ports.store.claimKey({ key: scoped, callId, fingerprint }));
    if (stands.fingerprint === fingerprint) return stands.callId;
  } catch (error) {
    ports.log.warn({ err: error, id: callId }, 'idempotency key not looked up; the id alone guards against a repeat');
    return callId;
  }
  throw new ProblemError({
    status: 422,
    title: 'Key used before',
    detail: 'this Idempotency-Key came with another body before',
    errors: [{ field: 'Idempotency-Key', reason: 'used with another body' }],
  });
}

const sha256Hex = (text: string): string => createHash('sha256').update(text).digest('hex');

/** Keys in order, so that a body written in another order is the same body. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, part]) => [name, sorted(part)]),
  );
}
