import { MockActivityEnvironment } from '@temporalio/testing';
import { expect, test } from 'vitest';
import type { ToolInput } from '../../activities/tools.ts';
import { asE164 } from '../../domain/ids.ts';
import type { ToolEffect } from '../../workflows/call/messages.ts';
import { callActivities, createFakeWorld } from '../kit/fake-activities.ts';

const GERMAN = '+493012345678';
const AMERICAN = '+18005550100';
const NOW = Date.parse('2026-11-21T10:00:00Z');

async function noted(number: string, given: Record<string, unknown>): Promise<ToolEffect> {
  const input: ToolInput = {
    idempotencyKey: 'key',
    call: {
      toolUseId: 't',
      name: 'create_or_update_reminder',
      arguments: { title: 'Call back', description: 'As agreed', owner: 'assistant', ...given },
    },
    schema: [],
    claim: {},
    language: 'en-US',
    customerNumber: asE164(number),
    botNumber: asE164('+15550100999'),
    nowMs: NOW,
  };
  const { runTool } = callActivities(createFakeWorld());
  return await new MockActivityEnvironment().run<[ToolInput], ToolEffect, typeof runTool>(runTool, input);
}

test('[CB12] a time said is on the clock of the number’s zone, and is said back', async () => {
  const { result, reminder } = await noted(GERMAN, { due_date_time: 'Thursday at ten' });
  expect(Date.parse(reminder?.dueDateTime ?? '')).toBe(Date.parse('2026-11-26T09:00:00Z'));
  expect(result.content).toContain('Thursday 26 November, 10:00 (Europe/Berlin)');
});

test('[CB12] where the number leaves it open the zone is asked for, and then taken', async () => {
  const asked = await noted(AMERICAN, { due_date_time: '2026-11-26T10:00' });
  expect(asked.result).toMatchObject({ isError: true, content: expect.stringContaining('in which city') as string });
  const told = await noted(AMERICAN, { due_date_time: '2026-11-26T10:00:00Z', zone: 'America/Denver' });
  expect(Date.parse(told.reminder?.dueDateTime ?? '')).toBe(Date.parse('2026-11-26T17:00:00Z'));
  expect(told.reminder?.zone).toBe('America/Denver');
  expect(told.result.content).toContain('whose time it is');
});

test('[CB12] a zone that does not exist, and a time that has passed, are refused', async () => {
  expect((await noted(GERMAN, { due_date_time: '2026-11-26T10:00', zone: 'Mars/Olympus' })).result.isError).toBe(true);
  const past = await noted(GERMAN, { due_date_time: '2026-11-20T10:00:00+01:00' });
  expect(past.result).toMatchObject({ isError: true, content: expect.stringContaining('has passed') as string });
});

test('[CB18] [CB19] whose it is, how it is to come and in which words goes with it', async () => {
  const { reminder } = await noted(GERMAN, {
    due_date_time: '2026-11-26T10:00:00+01:00',
    owner: 'customer',
    channel: 'sms',
    words_for_customer: 'Denken Sie an Ihren Termin.',
    flexible: true,
  });
  expect(reminder).toMatchObject({
    owner: 'customer',
    channel: 'sms',
    words: 'Denken Sie an Ihren Termin.',
    flexible: true,
  });
});
