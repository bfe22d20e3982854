/** How long what is over is kept, kind by kind. */
export const AGING_KINDS = ['calls', 'reminders', 'campaign_contacts', 'erasures'] as const;
export type AgingKind = (typeof AGING_KINDS)[number];

/** Null = for ever. */
export type RetentionDays = Record<AgingKind, number | null>;

const DAY_MS = 86_400_000;

/** What was last changed before then is erased; null = nothing is. */
export function erasedBeforeMs(kind: AgingKind, days: RetentionDays, nowMs: number): number | null {
  const kept = days[kind];
  return kept === null ? null : nowMs - kept * DAY_MS;
}

export const keepsForEver = (days: RetentionDays): boolean => AGING_KINDS.every((kind) => days[kind] === null);

/** Every night; the hour is that of the configuration's own zone. */
export const RETENTION_AT = { hour: 3, minute: 30 } as const;
export const RETENTION_SCHEDULE = 'schedule:retention';
