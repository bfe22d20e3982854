import { createHmac } from 'node:crypto';
import { asNumberKey, type E164, type NumberKey } from '../domain/ids.ts';

/** How a number appears in workflow ids and search attributes: plainly, or as its HMAC where a key is configured. */
export function numberKeys(secret: string | null): (number: E164) => NumberKey {
  if (secret === null) return (number) => asNumberKey(number);
  return (number) => asNumberKey(createHmac('sha256', secret).update(number).digest('base64url').slice(0, 22));
}
