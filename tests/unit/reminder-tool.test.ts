import { MockActivityEnvironment } from '@temporalio/testing';
import { expect, test } from 'vitest';
import type { ToolInput } from '../../activities/tools.ts';
import type { OpenPromise } from '../../domain/conversation.ts';
import { asE164 } from '../../domain/ids.ts';
import type { ToolEffect } from '../../workflows/call/messages.ts';
import { callActivities, createFakeWorld } from '../kit/fake-activities.ts';

const GERMAN = '+493012345678';
const AMERICAN = '+18005550100';
const NOW = Date.parse('2026-11-21T10:00:00Z');

const noted = (number: string, given: Record<string, unknown>): Promise<ToolEffect> =>
  tool({
    customerNumber: asE164(number),
    call: {
      toolUseId: 't',
      name: 'create_or_update_reminder',
      arguments: { title: 'Call back', description: 'As agreed', owner: 'assistant', ...given },
    },
  });

async function tool(given: Pick<ToolInput, 'call'> & Partial<ToolInput>): Promise<ToolEffect> {
  const input: ToolInput = {
    idempotencyKey: 'key',
    schema: [],
    claim: {},
    language: 'en-US',
    customerNumber: asE164(GERMAN),
    botNumber: asE164('+15550100999'),
    nowMs: NOW,
    ...given,
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
  for (const due_date_time of ['2026-11-26T10:00', '2026-11-26T10:00:00+00:00', '2026-11-26T10:00:00Z', 'tomorrow'])
    for (const owner of ['assistant', 'human']) {
      const asked = await noted(AMERICAN, { due_date_time, owner });
      expect(asked.result).toMatchObject({
        isError: true,
        content: expect.stringContaining('in which city') as string,
      });
      expect(asked.reminder).toBeUndefined();
    }
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

test('[CB26] what is taken back is said with its time; several, or another title, are asked about; none is told', async () => {
  const standing = (title: string, due: string): OpenPromise => ({
    callbackId: `cb ${title}`,
    title,
    description: '',
    dueAtMs: Date.parse(due),
    owner: 'assistant',
  });
  const promised = [standing('Call back', '2026-11-26T09:00:00Z'), standing('The bill', '2026-11-27T10:00:00Z')];
  const cancel = (title: string | undefined, more: Partial<ToolInput>) =>
    tool({
      call: { toolUseId: 't', name: 'cancel_reminder', arguments: title === undefined ? {} : { title } },
      ...more,
    });

  const one = await cancel('the bill', { promised });
  expect(one.takesBack).toEqual({ title: 'The bill', callbackId: 'cb The bill' });
  expect(one.result.content).toContain('"The bill" (Friday 27 November, 11:00 (Europe/Berlin))');
  const which = await cancel(undefined, { promised });
  expect(which.result).toMatchObject({
    isError: true,
    content: expect.stringMatching(/Call back.*The bill.*Ask/) as string,
  });
  const other = await cancel('The delivery', { promised });
  expect(other.result).toMatchObject({
    isError: true,
    content: expect.stringMatching(/no "The delivery".*Call back/) as string,
  });
  const none = await cancel(undefined, {});
  expect(none.result).toMatchObject({
    isError: false,
    content: expect.stringContaining('Nothing is promised') as string,
  });
  for (const { takesBack } of [which, other, none]) expect(takesBack).toBeUndefined();
});
