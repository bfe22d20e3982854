import { pino } from 'pino';
import { expect, test } from 'vitest';
import { Breaker } from '../../media/breaker.ts';
import { think, type Thought, type ThinkingKit } from '../../media/thinking.ts';
import { ProviderError } from '../../providers/provider-error.ts';
import type { LlmRequest } from '../../providers/llm.ts';
import { FakeLeg } from '../kit/fake-leg.ts';
import { FakeLlm } from '../kit/fake-llm.ts';
import { settled, TestClock } from '../kit/test-clock.ts';

const request: LlmRequest = {
  system: { stable: 'be kind', volatile: 'now' },
  messages: [{ role: 'user', text: 'hello' }],
  tools: [],
  maxTokens: 100,
};
const overloaded = new ProviderError('anthropic', 'rate_limit', { message: '529' });

function bench() {
  const clock = new TestClock();
  const [fast, fallback, rules] = [new FakeLlm('fast'), new FakeLlm('fallback'), new FakeLlm('rules')];
  const kit: ThinkingKit = {
    models: [fast, fallback],
    rules,
    breaker: new Breaker(),
    pacer: clock,
    log: pino({ level: 'silent' }),
  };
  const abort = new AbortController();
  const ask = (hardMs = 40_000, spoken = () => '') => {
    const thoughts: Thought[] = [];
    const whole = (async () => {
      for await (const thought of think(request, kit, { hardMs, signal: abort.signal, spoken })) thoughts.push(thought);
    })();
    return {
      thoughts,
      whole,
      text: () => thoughts.map((thought) => (thought.type === 'text' ? thought.text : '')).join(''),
    };
  };
  return { clock, fast, fallback, rules, kit, abort, ask };
}

test('[LM40] the fast tier answers alone when it can', async () => {
  const { fast, fallback, ask } = bench();
  fast.thenSays({ text: 'Hello there.' });
  const reply = ask();
  await reply.whole;
  expect(reply.text()).toBe('Hello there.');
  expect(reply.thoughts.at(-1)).toMatchObject({ type: 'done', tier: 'fast' });
  expect(fallback.requests).toEqual([]);
});

test('[LM41] an overloaded tier is replaced at once, then the rules', async () => {
  const { fast, fallback, rules, ask } = bench();
  fast.thenSays({ error: overloaded });
  fallback.thenSays({ error: overloaded });
  rules.thenSays({ text: 'By the rules.' });
  const reply = ask();
  await reply.whole;
  expect(reply.thoughts.at(-1)).toMatchObject({ type: 'done', tier: 'rules' });
});

test('[LM42] a silent tier is joined by the next, and whoever speaks first is heard', async () => {
  const { clock, fast, fallback, ask } = bench();
  fast.thenSays({ hangs: true });
  fallback.thenSays({ text: 'Second to the rescue.' });
  const reply = ask();
  await clock.advance(2_400);
  expect(fallback.requests).toEqual([]);
  await clock.advance(200);
  await reply.whole;
  expect(reply.thoughts.at(-1)).toMatchObject({ tier: 'fallback' });
  expect(fast.aborted).toBe(1);
});

test('[LM43] a tier that was silent is not waited for in the next turn', async () => {
  const { clock, fast, fallback, ask } = bench();
  fast.thenSays({ hangs: true });
  fallback.thenSays({ text: 'One.' });
  fallback.thenSays({ text: 'Two.' });
  const first = ask();
  await clock.advance(2_600);
  await first.whole;
  const second = ask();
  await second.whole;
  expect(second.text()).toBe('Two.');
  expect(fast.requests).toHaveLength(1);
  await clock.advance(31_000);
  fast.thenSays({ text: 'Back.' });
  const third = ask();
  await third.whole;
  expect(third.text()).toBe('Back.');
});

test('[LM44] a merely slow model still gives the answer', async () => {
  const { clock, fast, fallback, ask } = bench();
  let speak: () => void = () => undefined;
  fast.thenSays({ text: 'Slow but sure.', after: new Promise((resolve) => (speak = resolve)) });
  fallback.thenSays({ hangs: true });
  const reply = ask();
  await clock.advance(9_000);
  speak();
  await reply.whole;
  expect(reply.thoughts.at(-1)).toMatchObject({ tier: 'fast' });
  expect(fallback.aborted).toBe(1);
});

test('[LM45] at the hard limit silent models are given up and the rules answer', async () => {
  const { clock, fast, fallback, rules, ask } = bench();
  fast.thenSays({ hangs: true });
  fallback.thenSays({ hangs: true });
  rules.thenSays({ text: 'By the rules.' });
  const reply = ask(10_000);
  await clock.advance(10_100);
  await reply.whole;
  expect(reply.thoughts[0]).toEqual({ type: 'given_up' });
  expect(reply.thoughts.at(-1)).toMatchObject({ tier: 'rules' });
});

test('[LM46] a reply that breaks off is carried on by the next tier, which knows what was said; its tool calls are void', async () => {
  const { fast, fallback, ask } = bench();
  fast.thenSays({ text: 'It is Monday. I will look', error: overloaded });
  fallback.thenSays({ text: 'I look it up.' });
  const reply = ask(40_000, () => 'It is Monday.');
  await reply.whole;
  expect(reply.thoughts.map((thought) => thought.type)).toContain('broken_off');
  expect(fallback.requests[0]?.system.volatile).toContain('"It is Monday."');
});

test('[LM46] of the sentence in which it breaks off nothing is heard, and the next tier does not believe it was', async () => {
  const leg = new FakeLeg();
  await leg.saysAndCommits('When may I come?');
  leg.fast.thenSays({ text: 'You may come on Monday. Please bring your', error: overloaded });
  leg.fallback.thenSays({ text: 'Please bring your passport.' });
  const answer = leg.answer();
  await leg.clock.advance(8_000);
  expect((await answer).heardText).toBe('You may come on Monday. Please bring your passport.');
  expect(leg.fallback.requests[0]?.system.volatile).toContain('"You may come on Monday."');
});

test('[LM47] a stream that stalls in mid-reply is broken off', async () => {
  const { clock, fast, fallback, ask } = bench();
  fast.thenSays({ text: 'Well,', hangs: true });
  fallback.thenSays({ text: 'here it is.' });
  const reply = ask();
  await clock.advance(6_100);
  await reply.whole;
  expect(reply.thoughts.at(-1)).toMatchObject({ tier: 'fallback' });
});

test('[LM48] an empty reply counts as none', async () => {
  const { fast, fallback, ask } = bench();
  fast.thenSays({});
  fallback.thenSays({ text: 'Something.' });
  const reply = ask();
  await reply.whole;
  expect(reply.text()).toBe('Something.');
});

test('[LM51] models called off after a long silence are not waited for in the next turn', async () => {
  const { clock, fast, fallback, rules, kit, ask } = bench();
  fast.thenSays({ hangs: true });
  fallback.thenSays({ hangs: true });
  rules.thenSays({ text: 'By the rules.' });
  const spokenOver = new AbortController();
  const first = (async () => {
    for await (const thought of think(request, kit, { hardMs: 40_000, signal: spokenOver.signal, spoken: () => '' }))
      throw new Error(`nobody should speak: ${thought.type}`);
  })();
  await clock.advance(7_000);
  spokenOver.abort(new Error('superseded'));
  await expect(first).rejects.toThrow('superseded');
  const second = ask();
  await second.whole;
  expect(second.text()).toBe('By the rules.');
});

test('[LM49] called off, every model is stopped and nobody else is asked', async () => {
  const { clock, fast, fallback, rules, abort, ask } = bench();
  fast.thenSays({ hangs: true });
  const reply = ask();
  await clock.advance(200);
  abort.abort(new Error('superseded'));
  await expect(reply.whole).rejects.toThrow('superseded');
  await settled();
  expect(fast.aborted).toBe(1);
  expect([...fallback.requests, ...rules.requests]).toEqual([]);
});
