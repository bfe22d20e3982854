import { expect, test } from 'vitest';
import { WebhookMemory, type Reply } from '../../../api/webhook-memory.ts';

const reply = (status: number): Promise<Reply> => Promise.resolve({ status, body: {} });

test('[WH12] the same token over the same content is a repeat, over another a forgery, and forgotten with its age', () => {
  const memory = new WebhookMemory(300_000);
  expect(memory.recall('t', 'hash', 0).kind).toBe('first');
  memory.remember('t', { hash: 'hash', reply: reply(200) }, 0);
  expect(memory.recall('t', 'hash', 299_999).kind).toBe('repeat');
  expect(memory.recall('t', 'other', 299_999).kind).toBe('forged');
  expect(memory.recall('t', 'hash', 300_000).kind).toBe('first');
});

test('[WH2] a reply that failed is not given again: the repeat is a new try', async () => {
  const memory = new WebhookMemory(300_000);
  const failed = reply(503);
  memory.remember('t', { hash: 'hash', reply: failed }, 0);
  await failed;
  expect(memory.recall('t', 'hash', 1).kind).toBe('first');
});
