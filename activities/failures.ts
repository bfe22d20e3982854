/** What a provider's failure means to Temporal, decided once. */
import { ApplicationFailure } from '@temporalio/common';
import { ProviderError, type ProviderErrorKind } from '../providers/provider-error.ts';

/** Asking again the same way would fail again, or might do the thing twice. */
const FINAL: ReadonlySet<ProviderErrorKind> = new Set(['bad_request', 'not_found', 'in_doubt']);
/** Somebody has to pay or to enter a new key first: no hurry. */
const NEEDS_A_PERSON_MS = 60_000;

export function asFailure(error: unknown): unknown {
  if (!(error instanceof ProviderError)) return error;
  const delayMs =
    error.retryAfterMs ?? (error.kind === 'credentials' || error.kind === 'quota' ? NEEDS_A_PERSON_MS : null);
  return ApplicationFailure.create({
    type: error.kind,
    message: error.message,
    nonRetryable: FINAL.has(error.kind),
    details: [{ vendor: error.vendor, retryAfterMs: error.retryAfterMs }],
    cause: error,
    ...(delayMs === null ? {} : { nextRetryDelay: delayMs }),
  });
}

/** Kinds that workflows tell apart by `ApplicationFailure.type`. */
export type FailureKind = ProviderErrorKind;

/** Every activity of a factory, its provider errors translated. */
export function withFailures<Activities extends object>(activities: Activities): Activities {
  const translated = Object.entries(activities).map(([name, run]) => [
    name,
    async (input: unknown) => {
      try {
        return await (run as (input: unknown) => Promise<unknown>)(input);
      } catch (error) {
        throw asFailure(error);
      }
    },
  ]);
  return Object.fromEntries(translated) as Activities;
}
