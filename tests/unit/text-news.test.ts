/** What the customer hears of a text of ours that did not arrive. */
import { expect, test } from 'vitest';
import { newFacts } from '../../domain/document.ts';
import { LANGUAGES } from '../../domain/languages.ts';
import { systemPrompt } from '../../domain/prompt.ts';
import { ownerOf, refOf } from '../../domain/sms.ts';
import {
  inTask,
  leftOver,
  textReported,
  untold,
  withReport,
  type KnownNews,
  type TextReport,
} from '../../domain/text-news.ts';
import { ring } from './rules-customer.ts';

const report = (messageId: string, became: TextReport['became']): TextReport => ({
  messageId,
  ref: null,
  became,
  reason: became === 'failed' ? '1320 unreachable' : null,
});
const after = (...reports: TextReport[]): KnownNews[] =>
  reports.reduce<KnownNews[]>((news, each) => withReport(news, each, `text ${each.messageId}`), []);
const told = (news: KnownNews[]): KnownNews[] => news.map((each) => ({ ...each, told: true }));

test('[SM8] a text that failed is told once, however often the network says so', () => {
  const news = after(report('a', 'failed'), report('b', 'failed'), report('a', 'failed'));
  expect(untold(news)).toEqual([
    { text: 'text a', arrived: false, reason: '1320 unreachable' },
    { text: 'text b', arrived: false, reason: '1320 unreachable' },
  ]);
  expect(untold(withReport(told(news), report('a', 'failed'), 'text a'))).toEqual([]);
});

test('[SM8] what has arrived after all is told only to who was told the contrary', () => {
  const failed = after(report('a', 'failed'));
  expect(untold(withReport(failed, report('a', 'arrived'), 'text a'))).toEqual([]);
  const corrected = withReport(told(failed), report('a', 'arrived'), 'text a');
  expect(untold(corrected)).toEqual([{ text: 'text a', arrived: true, reason: '1320 unreachable' }]);
  // Said so: nothing brings it up again, and a word of its failure that comes late is none.
  const settled = told(corrected);
  expect(untold(withReport(settled, report('a', 'arrived'), 'text a'))).toEqual([]);
  expect(untold(withReport(settled, report('a', 'failed'), 'text a'))).toEqual([]);
  expect(untold(after(report('a', 'arrived'), report('a', 'failed')))).toEqual([]);
});

test('[SM9] a colleague gets what nobody has told, and nothing that has arrived', () => {
  const news = after(report('a', 'failed'), report('b', 'failed'), report('c', 'failed'), report('b', 'arrived'));
  const [first, ...others] = news;
  if (first === undefined) throw new Error('no news');
  const left = leftOver([{ ...first, told: true }, ...others]);
  expect(left.map(({ messageId }) => messageId)).toEqual(['c']);
  expect(inTask(left)).toBe('Tell the customer in another way: “text c” (1320 unreachable)');
  expect(leftOver(left.map((each) => ({ ...each, handedOver: true })))).toEqual([]);
});

test('[SM8] a report finds its text by the network’s id, or by our own where the network gave none', () => {
  const text = (words: string, messageId: string | null, ref: string) =>
    ({ persona: 'assistant', text: words, sms: { messageId, ref, status: 'submitted' } }) as const;
  const said = [text('one', 'm-1', 'c/1'), text('two', null, 'c/2'), { persona: 'human', text: 'three' }];
  expect(textReported(said, { ...report('m-1', 'failed'), ref: 'c/2' })).toBe('one');
  expect(textReported(said, { ...report('m-2', 'failed'), ref: 'c/2' })).toBe('two');
  expect(textReported(said, report('m-3', 'failed'))).toBeUndefined();
});

test('[SM8] whose text it is stands in what a network gives back, however long the key', () => {
  expect(ownerOf(refOf('call-1/turn/answer'))).toBe('call-1');
  const key = (turn: string): string => `${'c'.repeat(36)}/${turn.repeat(36)}/toolu_${'x'.repeat(24)}/send_sms`;
  const refs = ['1', '2'].map((turn) => refOf(key(turn)));
  expect(refs.map(ownerOf)).toEqual(['c'.repeat(36), 'c'.repeat(36)]);
  expect(new Set(refs).size).toBe(2);
  expect(Math.max(...refs.map((ref) => ref.length))).toBeLessThanOrEqual(100);
  expect(ownerOf('stop-word:m-1')).toBe('');
});

const INITIATE = {
  ...{ botCompany: 'Contoso', botName: 'Amelie', task: 'Help', operatorNumber: null, claim: [] },
  ...{ language: 'en-US', speechSpeed: 1, scenario: null },
};

test('[SM8] a model is told which text failed and why; without news it is told nothing of texts', () => {
  const place = { zone: 'Etc/UTC', country: 'US', nowMs: 0, customerNumber: null, returningCaller: false };
  const input = { ...place, initiate: INITIATE, reason: null, recap: null, guidance: null };
  const facts = newFacts(INITIATE, null);
  const { volatile } = systemPrompt({ ...input, facts: { ...facts, textNews: untold(after(report('a', 'failed'))) } });
  expect(volatile).toContain(
    'Your text message "text a" did not arrive (the network says: "1320 unreachable"): say so in this answer',
  );
  expect(systemPrompt({ ...input, facts }).volatile).not.toContain('text message');
});

test('[SM8] the rules do not say in one breath that a text was sent and that it failed', async () => {
  const talk = ring({ language: 'en-US', claim: [] });
  talk.facts.textNews = [{ text: 'Ref. A17', arrived: false, reason: null }];
  const said = await talk.says('Please text me the details');
  expect(said).toMatch(/^By the way, my text message to you did not arrive\. It said: Ref\. A17 \S/);
  expect(said).not.toContain('I have sent you');
});

test.each(LANGUAGES.map(({ code, locale }) => [code, locale] as const))(
  '[SM8] the rules say it in %s with their next answer, and read a short one out',
  async (_code, language) => {
    const talk = ring({ language, claim: [] });
    talk.facts.textNews = [{ text: 'Ref. A17', arrived: false, reason: null }];
    expect(await talk.says('…')).toContain('Ref. A17');
    talk.facts.textNews = [{ text: 'long '.repeat(100), arrived: false, reason: null }];
    expect(await talk.says('…')).not.toContain('long long');
    delete talk.facts.textNews;
    expect(await talk.says('…')).not.toMatch(/SMS|sms|text message|mesaj|сообщен|повідомлен/);
  },
);
