/** What is over and old enough, out of the store. Repeating it finds the rest. */
import type { AgingKind } from '../domain/retention.ts';
import type { CustomerStore } from '../providers/customers.ts';
import { withFailures } from './failures.ts';

export type RetentionActivities = ReturnType<typeof createRetentionActivities>;

export function createRetentionActivities({ customers }: { customers: Pick<CustomerStore, 'eraseOlder'> }) {
  return withFailures({
    async eraseOlder(what: { kind: AgingKind; atMs: number; limit: number }): Promise<{ count: number }> {
      const { kind, atMs, limit } = what;
      return { count: await customers.eraseOlder(kind, { atMs, limit }) };
    },
  });
}
