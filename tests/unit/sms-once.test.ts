import { pino } from 'pino';
import { expect, test } from 'vitest';
import { sendOnce } from '../../activities/sms-once.ts';
import { asE164 } from '../../domain/ids.ts';
import { ProviderError, type ProviderErrorKind } from '../../providers/provider-error.ts';
import { intentsInMemory } from '../kit/memory-intents.ts';

const message = { from: '+15550100999', to: asE164('+15550100001'), text: 'Hello', idempotencyKey: 'c/t/x/send_sms' };

function bench() {
  const sent: string[] = [];
  const intents = intentsInMemory();
  let trouble: ProviderErrorKind | null = null;
  const sms = {
    send: ({ text }: { text: string }) => {
      if (trouble !== null) return Promise.reject(new ProviderError('vonage', trouble, { message: 'no' }));
      sent.push(text);
      return Promise.resolve({ messageId: 'm-1' });
    },
  };
  const deps = { sms, intents, log: pino({ level: 'silent' }) };
  return { sent, intents, deps, fails: (kind: ProviderErrorKind | null) => (trouble = kind) };
}

test('[TL20] sent once; a later try of the same, whose acknowledgement was lost, sends nothing and says so', async () => {
  const { sent, deps } = bench();
  expect(await sendOnce(deps, message, 1)).toBe('sent');
  expect(await sendOnce(deps, message, 2)).toBe('sent');
  expect(sent).toEqual(['Hello']);
});

test('[TL20] a try that finds one begun and not ended does not send: it may have been sent', async () => {
  const { sent, intents, deps } = bench();
  await intents.begin('sms:c/t/x/send_sms');
  expect(await sendOnce(deps, message, 2)).toBe('perhaps');
  expect(sent).toEqual([]);
});

test.each<ProviderErrorKind>(['in_doubt', 'timeout'])(
  '[TL20] a network that answers with %s leaves it open',
  async (kind) => {
    const { sent, intents, deps, fails } = bench();
    fails(kind);
    expect(await sendOnce(deps, message, 1)).toBe('perhaps');
    fails(null);
    expect(await sendOnce(deps, message, 2)).toBe('perhaps');
    expect(sent).toEqual([]);
    expect(intents.open()).toHaveLength(1);
  },
);

test('[TL20] a clear refusal is none: the next try sends', async () => {
  const { sent, deps, fails } = bench();
  fails('rate_limit');
  await expect(sendOnce(deps, message, 1)).rejects.toMatchObject({ kind: 'rate_limit' });
  fails(null);
  expect(await sendOnce(deps, message, 2)).toBe('sent');
  expect(sent).toEqual(['Hello']);
});

test('[TL20] a fault of the network that may have come after the sending stays open', async () => {
  const { deps, fails } = bench();
  fails('vendor_fault');
  await expect(sendOnce(deps, message, 1)).rejects.toMatchObject({ kind: 'vendor_fault' });
  fails(null);
  expect(await sendOnce(deps, message, 2)).toBe('perhaps');
});

test('[TL20] with the store away the first try sends and no later one', async () => {
  const { sent, deps } = bench();
  const away = () => Promise.reject(new ProviderError('mongodb', 'unreachable', { message: 'away' }));
  const intents = { begin: away, finish: away, withdraw: away };
  expect(await sendOnce({ ...deps, intents }, message, 1)).toBe('sent');
  expect(await sendOnce({ ...deps, intents }, message, 2)).toBe('perhaps');
  expect(sent).toEqual(['Hello']);
});
