/** What the door does for calls that it could not answer. */
import { afterEach, beforeEach, expect, test } from 'vitest';
import { BOT, FRENCH_BOT, startApi, type ApiHarness } from '../kit/api-harness.ts';

let api: ApiHarness;
beforeEach(async () => {
  api = await startApi();
});
afterEach(async () => {
  await api[Symbol.asyncDispose]();
});

const LEG = {
  from: '447700900123',
  to: '447700900001',
  uuid: '9ba0f3a1-2f5e-4d7c-8c3b-6f0e9a1b2c3d',
  conversation_uuid: 'CON-1',
};
const event = (status: string, changes: object = {}) => ({
  ...LEG,
  status,
  direction: 'inbound',
  timestamp: '2026-03-01T10:00:00.000Z',
  ...changes,
});

test('[MC1] the end of a leg that no line knows has missed calls looked for', async () => {
  await api.webhook('/vonage/event', event('completed'));
  expect(api.temporal.looks).toBe(0);
  api.temporal.noLines = true;
  await api.webhook('/vonage/event', event('answered', { timestamp: '2026-03-01T10:00:01.000Z' }));
  expect(api.temporal.looks).toBe(0);
  await api.webhook('/vonage/event', event('completed', { timestamp: '2026-03-01T10:00:02.000Z' }));
  expect(api.temporal.looks).toBe(1);
});

test('[MC1] who hears our apology is looked for, and stands in the records with their leg', async () => {
  api.hosts.length = 0;
  await api.webhook('/vonage/answer', { ...LEG, endpoint_type: 'phone' });
  await expect.poll(() => api.temporal.looks).toBe(1);
  const [call] = api.store.calls.values();
  expect(call).toMatchObject({ missed: true, legs: [{ leg_id: LEG.uuid }] });
  expect(await api.store.hasLeg(LEG.uuid)).toBe(false);
});

test('[MC5] the file for a static host: the apology in each language of our numbers, or in the one of a number', async () => {
  const all = await api.get('/fallback-ncco');
  expect(all.status).toBe(200);
  expect(all.body).toMatchObject([
    { action: 'talk', language: 'en-US', text: expect.stringContaining('sorry') as string },
    { action: 'talk', language: 'fr-FR', text: expect.stringContaining('désolés') as string },
  ]);
  const french = await api.get(`/fallback-ncco?number=${encodeURIComponent(FRENCH_BOT)}`);
  expect(french.body).toMatchObject([{ language: 'fr-FR' }]);
  const english = await api.get(`/fallback-ncco?number=${BOT.slice(1)}`);
  expect(english.body).toMatchObject([{ language: 'en-US' }]);
});
