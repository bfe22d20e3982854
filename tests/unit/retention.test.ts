import { expect, test } from 'vitest';
import { erasedBeforeMs, keepsForEver, type RetentionDays } from '../../domain/retention.ts';

const FOR_EVER: RetentionDays = { calls: null, reminders: null, campaign_contacts: null, erasures: null };

test('[ER5] nothing is erased by age but what has its days', () => {
  const nowMs = Date.parse('2026-11-21T03:30:00Z');
  expect(keepsForEver(FOR_EVER)).toBe(true);
  const days = { ...FOR_EVER, calls: 30 };
  expect(keepsForEver(days)).toBe(false);
  expect(erasedBeforeMs('calls', days, nowMs)).toBe(Date.parse('2026-10-22T03:30:00Z'));
  expect(erasedBeforeMs('reminders', days, nowMs)).toBeNull();
});
