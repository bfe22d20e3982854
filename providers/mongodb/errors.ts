/** What a MongoDB failure means to us. Messages carry the driver's class and code only: its own texts quote documents. */
import {
  MongoError,
  MongoNetworkError,
  MongoNetworkTimeoutError,
  MongoServerError,
  MongoServerSelectionError,
} from 'mongodb';
import { ProviderError, type ProviderErrorKind } from '../provider-error.ts';

const VENDOR = 'mongodb';
const DUPLICATE_KEY = 11_000;
/** Unauthorized, AuthenticationFailed, Atlas's own "bad auth". */
const CREDENTIAL_CODES: ReadonlySet<unknown> = new Set([13, 18, 8_000]);
/** Seen while a primary steps down or a node shuts down; another attempt finds the new primary. */
const MOVING_CODES: ReadonlySet<unknown> = new Set([91, 189, 10_107, 11_600, 11_602, 13_435, 13_436]);
/** BadValue, FailedToParse, TypeMismatch, DocumentValidationFailure, DollarPrefixedFieldName, BSONObjectTooLarge. */
const REFUSED_CODES: ReadonlySet<unknown> = new Set([2, 9, 14, 52, 121, 10_334]);

/** Runs one operation on an open connection; failures come out as `ProviderError`s. */
export type Run = <Result>(what: string, operation: () => Promise<Result>) => Promise<Result>;

/** False = what it would insert is there already, by another's hand. */
export async function insertedBy(write: Promise<unknown>): Promise<boolean> {
  try {
    await write;
    return true;
  } catch (error) {
    if (isDuplicateKey(error)) return false;
    throw error;
  }
}

export function isDuplicateKey(error: unknown): boolean {
  return error instanceof MongoServerError && error.code === DUPLICATE_KEY;
}

/** Runs one operation; whatever it throws comes out as a {@link ProviderError}. */
export async function asProvider<Result>(what: string, run: () => Promise<Result>): Promise<Result> {
  try {
    return await run();
  } catch (error) {
    if (error instanceof ProviderError) throw error;
    throw new ProviderError(VENDOR, kindOf(error), { message: `${what} failed (${nameOf(error)})`, cause: error });
  }
}

function kindOf(error: unknown): ProviderErrorKind {
  if (error instanceof MongoNetworkTimeoutError) return 'timeout';
  if (error instanceof MongoNetworkError || error instanceof MongoServerSelectionError) return 'unreachable';
  if (error instanceof MongoServerError) {
    if (CREDENTIAL_CODES.has(error.code)) return 'credentials';
    if (MOVING_CODES.has(error.code) || error.hasErrorLabel('RetryableWriteError')) return 'unreachable';
    return REFUSED_CODES.has(error.code) ? 'bad_request' : 'vendor_fault';
  }
  // The driver's own refusals: an address that does not parse, an argument that is none, a client closed under us.
  if (error instanceof MongoError) return error.name === 'MongoTopologyClosedError' ? 'unreachable' : 'bad_request';
  // A socket that breaks while a request is being written is told by the system's own error, not the driver's.
  return systemCode(error) === null ? 'vendor_fault' : 'unreachable';
}

function systemCode(error: unknown): string | null {
  const code = error instanceof Error && 'code' in error ? error.code : null;
  return typeof code === 'string' && /^E[A-Z]+$/.test(code) ? code : null;
}

function nameOf(error: unknown): string {
  if (error instanceof MongoServerError) return `${error.codeName ?? error.name} ${String(error.code ?? '')}`.trim();
  return systemCode(error) ?? (error instanceof Error ? error.name : 'unknown');
}
