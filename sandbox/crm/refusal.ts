import { randomUUID } from 'node:crypto';
import { HttpError } from '../http.ts';

/** An error as HubSpot words it. */
export function refusal(status: number, category: string, message: string): HttpError {
  return new HttpError(status, { status: 'error', message, correlationId: randomUUID(), category });
}
