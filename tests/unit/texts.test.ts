/** Answers in writing: when they are given, with what the model is asked, and who gives them. */
import { pino } from 'pino';
import { expect, test } from 'vitest';
import { sendWhole } from '../../activities/texts.ts';
import { written, type WriteInput } from '../../activities/writing.ts';
import { claimSchema } from '../../domain/claim.ts';
import { newEntry } from '../../domain/dialog-transcript.ts';
import { newFacts } from '../../domain/document.ts';
import { asE164 } from '../../domain/ids.ts';
import { promptMessages, systemPrompt } from '../../domain/prompt.ts';
import { answerAtMs, isMachine, knownBetter, wordsOf } from '../../domain/sms.ts';
import { ProviderError } from '../../providers/provider-error.ts';
import { rulesInWriting } from '../kit/fake-activities.ts';
import { intentsInMemory } from '../kit/memory-intents.ts';

const INITIATE: WriteInput['initiate'] = {
  botCompany: 'Contoso',
  botName: 'Amelie',
  task: 'Help with orders',
  operatorNumber: null,
  claim: claimSchema([]),
  language: 'en-US',
  speechSpeed: 1,
  scenario: null,
};
const entry = (persona: 'human' | 'assistant', text: string) =>
  newEntry({ turnId: text, persona, text, atMs: 0 }, 'sms');
const input = (...said: ReturnType<typeof entry>[]): WriteInput => ({
  initiate: INITIATE,
  facts: newFacts(INITIATE, asE164('+15550100001')),
  transcript: said,
  recap: null,
  reason: null,
  customerNumber: '+15550100001',
  returningCaller: false,
  allowTools: true,
});
const now = { nowMs: Date.parse('2026-03-02T10:00:00Z'), signal: new AbortController().signal };

test('[TM3] an answer waits four seconds for more, and no longer than fifteen', () => {
  const at = (...seen: number[]): number => answerAtMs(seen.map((seenAtMs) => ({ seenAtMs })));
  expect(at(10_000)).toBe(14_000);
  expect(at(10_000, 13_000)).toBe(17_000);
  expect(at(10_000, 13_000, 16_000, 19_000, 22_000)).toBe(25_000);
});

test('[TM8] the rules answer in writing without a model: what was typed is taken, and nothing is to be spelled', async () => {
  const noted = await written(rulesInWriting(), input(entry('human', 'anna.petrova@example.com')), now);
  expect(noted).toMatchObject({
    answeredBy: 'rules',
    toolCalls: [
      { name: 'update_claim', arguments: { updates: [{ field: 'caller_email', value: 'anna.petrova@example.com' }] } },
    ],
  });
  const asked = 'What is your email address?';
  const again = await written(
    rulesInWriting(),
    input(entry('assistant', asked), entry('human', 'hm'), entry('assistant', asked), entry('human', 'hm hm')),
    now,
  );
  expect(again.text).toContain(asked);
  expect(again.text).not.toMatch(/spell|keypad|hear/i);
});

test('[TM8] a model that fails is replaced by the rules within the same answer', async () => {
  const broken = {
    tier: 'fast' as const,
    // eslint-disable-next-line require-yield -- a stream that breaks before its first word
    stream: async function* () {
      throw new ProviderError('anthropic', 'vendor_fault', { message: '529' });
    },
  };
  const kit = rulesInWriting();
  const deps = { ...kit, thinking: () => ({ ...kit.thinking(), models: [broken] }) };
  expect(await written(deps, input(entry('human', 'Hello')), now)).toMatchObject({ answeredBy: 'rules' });
});

test('[TM8] a model is told that it writes, and on the phone which words were written', () => {
  const place = { zone: 'Etc/UTC', country: 'US' };
  const { stable, volatile } = systemPrompt({ ...input(), ...place, nowMs: 0, guidance: null, inWriting: true });
  expect(stable).toContain('conversation by text messages');
  expect(stable).not.toContain('spoken by a voice');
  expect(volatile).toContain('"in_writing":true');
  const onThePhone = systemPrompt({ ...input(), ...place, nowMs: 0, guidance: null });
  expect(onThePhone.stable).toContain('(By text message:)');
  expect(promptMessages([entry('human', 'anna@example.com')])).toEqual([
    { role: 'user', text: '(By text message:)\nanna@example.com' },
  ]);
});

test('[TM4] [TM7] of a text in several messages a later try sends what was not sent', async () => {
  const sent: string[] = [];
  let failsAt = 2;
  const sms = {
    send: ({ text }: { text: string }) => {
      if (sent.length + 1 === failsAt) return Promise.reject(new ProviderError('v', 'rate_limit', { message: 'slow' }));
      sent.push(text);
      return Promise.resolve({ messageId: `m-${String(sent.length)}` });
    },
  };
  const deps = { sms, intents: intentsInMemory(), log: pino({ level: 'silent' }) };
  const text = 'One sentence of the long answer. '.repeat(40).trim();
  const message = { from: asE164('+15550100999'), to: asE164('+15550100001'), text, idempotencyKey: 'c/t/answer' };
  await expect(sendWhole(deps, message, 1)).rejects.toMatchObject({ kind: 'rate_limit' });
  failsAt = 0;
  const whole = await sendWhole(deps, message, 2);
  expect(whole.map((part) => part.text).join(' ')).toBe(text);
  expect(sent.join(' ')).toBe(text);
  expect(whole.map(({ mark }) => mark.ref)).toEqual(['c/t/answer', 'c/t/answer/2', 'c/t/answer/3']);
});

test('[TM3] the parts of a long message are one, in their order', () => {
  const part = (number: number, text: string) => ({ text, part: { ref: '7', number, of: 2 } });
  expect(wordsOf([{ text: 'Hello' }, part(2, 'ample.com'), part(1, 'anna@ex'), { text: 'Thanks' }])).toBe(
    'Hello\nanna@example.com\nThanks',
  );
});

test('[TM10] a machine that answers ours gets no more answers; a person who writes much does', () => {
  const texts = (customer: (index: number) => string, rounds: number, everyMs: number) =>
    Array.from({ length: rounds }, (_, index) => [
      { ...entry('human', customer(index)), atMs: index * everyMs },
      { ...entry('assistant', `Answer ${String(index)}`), atMs: index * everyMs + 1 },
    ]).flat();
  const away = (): string => 'I am away until Monday.';
  const asks = (index: number): string => `Question ${String(index)}`;
  const minute = 60_000;
  expect(isMachine(texts(away, 1, minute), minute)).toBe(false);
  expect(isMachine(texts(away, 3, minute), 3 * minute)).toBe(true);
  // The same again on another day is a person who asks once more.
  expect(isMachine(texts(away, 3, 24 * 60 * minute), 72 * 60 * minute)).toBe(false);
  expect(
    isMachine(
      texts(() => 'Yes', 6, minute),
      6 * minute,
    ),
  ).toBe(false);
  expect(isMachine(texts(asks, 20, minute), 20 * minute)).toBe(false);
  expect(isMachine(texts(asks, 31, minute), 31 * minute)).toBe(true);
});

test('[SM4] what is known of a message only moves on', () => {
  expect(knownBetter('delivered', 'submitted')).toBe(true);
  expect(knownBetter('delivered', 'failed')).toBe(true);
  expect(knownBetter('submitted', 'delivered')).toBe(false);
  expect(knownBetter('delivered', 'delivered')).toBe(false);
});
