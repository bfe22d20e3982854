/** Registers our search attributes with a Temporal server that was not started here. */
import { Connection } from '@temporalio/client';
import { SEARCH_ATTRIBUTES } from '../domain/search-attributes.ts';
import { Refusal } from './refusal.ts';

/** IndexedValueType in Temporal's api/enums/v1/common.proto. */
const TYPES = { Keyword: 2, Datetime: 6 } as const;

export async function missingSearchAttributes(connection: Connection, namespace: string): Promise<string[]> {
  const { customAttributes } = await connection.operatorService.listSearchAttributes({ namespace });
  return Object.keys(SEARCH_ATTRIBUTES).filter((name) => !(name in customAttributes));
}

export async function ensureSearchAttributes(address: string, namespace: string): Promise<void> {
  const connection = await Connection.connect({ address });
  try {
    const missing = await missingSearchAttributes(connection, namespace);
    if (missing.length === 0) return;
    const searchAttributes = Object.fromEntries(
      Object.entries(SEARCH_ATTRIBUTES)
        .filter(([name]) => missing.includes(name))
        .map(([name, type]) => [name, TYPES[type]]),
    );
    await connection.operatorService.addSearchAttributes({ namespace, searchAttributes });
  } catch (error) {
    throw new Refusal(
      `Temporal at ${address} lacks search attributes and does not let us add them (${String(error)}): add ${Object.keys(SEARCH_ATTRIBUTES).join(', ')} with \`temporal operator search-attribute create\`.`,
    );
  } finally {
    await connection.close();
  }
}
