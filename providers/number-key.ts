import { createHmac } from 'node:crypto';
import { asNumberKey, type E164, type NumberKey } from '../domain/ids.ts';

const keyed = (secret: string, text: string): string =>
  createHmac('sha256', secret).update(text).digest('base64url').slice(0, 22);

/** How a number appears in workflow ids and search attributes: plainly, or as its HMAC where a key is configured. */
export function numberKeys(secret: string | null): (number: E164) => NumberKey {
  if (secret === null) return (number) => asNumberKey(number);
  return (number) => asNumberKey(keyed(secret, number));
}

/** [ER3] By which a number whose customer was erased is still known, under each secret: written by the first, found by all. */
export function erasedNumberKeys(secrets: readonly (string | null)[]): (number: string) => string[] {
  const known = secrets.filter((secret) => secret !== null);
  return (number) => known.map((secret) => `erased:${keyed(secret, `opt-out:${number}`)}`);
}
