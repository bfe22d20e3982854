import { expect, test } from 'vitest';
import { asConnectId } from '../../../domain/ids.ts';
import { cut, nccoFromPlan } from '../../../providers/vonage/codec.ts';

const provisional = {
  legId: 'l'.repeat(36),
  from: '+447700900123',
  to: '+447700900001',
  conversationId: `CON-${'c'.repeat(36)}`,
  regionUrl: 'https://api-eu-3.vonage.com',
};
const bot = (headers: object) => ({
  do: 'bot' as const,
  mediaUrl: 'ws://h/media',
  headers: { callId: 'c'.repeat(36), connectId: asConnectId('n'.repeat(36)), ...headers },
  eventUrl: 'http://e',
  from: '+1',
});
const headersOf = (plan: ReturnType<typeof bot>) =>
  (nccoFromPlan([plan])[0] as { endpoint: { headers: object }[] }).endpoint[0]?.headers ?? {};

test('[WH4] headers for a provisional call fit into what the network carries', () => {
  const headers = headersOf(bot({ provisional }));
  expect(headers).toHaveProperty('provisional', provisional);
  expect(Buffer.byteLength(JSON.stringify(headers))).toBeLessThanOrEqual(512);
});

test('[WH4] headers that would not fit give up the region first', () => {
  const headers = headersOf(
    bot({ provisional: { ...provisional, regionUrl: `https://${'r'.repeat(300)}.vonage.com` } }),
  );
  expect(headers).toHaveProperty('provisional.regionUrl', '');
  expect(headers).toHaveProperty('provisional.legId', provisional.legId);
});

test('[TR10] a text too long to be spoken ends at a word', () => {
  expect(cut('word '.repeat(10), 22)).toBe('word word word word…');
  expect(cut('short', 22)).toBe('short');
  expect(cut('x'.repeat(200), 100)).toHaveLength(100);
});
