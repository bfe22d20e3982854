/** What is over is erased by age, each kind after its own days. Its schedule starts it once a night; missed nights are caught up by the next. */
import { AGING_KINDS, erasedBeforeMs, type AgingKind, type RetentionDays } from '../../domain/retention.ts';
import { erasingOld } from '../proxies.ts';

/** A batch is a second or so of the store's; so many of them keep the history small, and the rest waits a night. */
const BATCH = 500;
const BATCHES_MAX = 400;

export async function retention({ days }: { days: RetentionDays }): Promise<Record<AgingKind, number>> {
  const erased: Record<AgingKind, number> = { calls: 0, reminders: 0, campaign_contacts: 0, erasures: 0 };
  for (const kind of AGING_KINDS) {
    const atMs = erasedBeforeMs(kind, days, Date.now());
    if (atMs === null) continue;
    for (let batch = 0; batch < BATCHES_MAX; batch += 1) {
      const { count } = await erasingOld(`Erase ${kind.replace('_', ' ')} that are old enough`).eraseOlder({
        kind,
        atMs,
        limit: BATCH,
      });
      erased[kind] += count;
      if (count < BATCH) break;
    }
  }
  return erased;
}
