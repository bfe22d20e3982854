import { expect, test } from 'vitest';
import { phraseWordings } from '../../domain/phrases.ts';
import { FRAME_MS } from '../../media/frames.ts';
import { ProviderError } from '../../providers/provider-error.ts';
import type { Synthesizer } from '../../providers/tts.ts';
import { FakeLeg } from '../kit/fake-leg.ts';
import { tone, toneMs } from '../kit/fake-speech.ts';

const saidAside = (leg: FakeLeg, kind: 'waiting' | 'one_moment' | 'technical_trouble'): boolean => {
  const wordings = phraseWordings(kind, 'en-US');
  return leg.synthesizer.asked.some(({ text }) => wordings.some((wording) => wording.includes(text)));
};

test('[TT20] silence is a turn of its own, counted only while nobody speaks or thinks', async () => {
  const leg = new FakeLeg({
    flags: { phone_silence_timeout_sec: 5 },
    opening: { kind: 'greeting', turnId: 'g-1', text: 'Hello there, this greeting takes a while to say.' },
  });
  const greetingMs = toneMs('Hello there, this greeting takes a while to say.');
  await leg.clock.advance(greetingMs + 4_500);
  expect(leg.link.turns).toEqual([]);
  await leg.clock.advance(1_500);
  expect(leg.link.turns).toMatchObject([{ via: 'silence', utterance: '' }]);
  const answered = leg.answer({ say: 'Are you still there?' });
  await leg.clock.advance(toneMs('Are you still there?') + 4_000);
  await answered;
  expect(leg.link.turns).toHaveLength(1);
  await leg.clock.advance(2_000);
  expect(leg.link.turns).toHaveLength(2);
});

test('[TT21] keys are one answer, ended by a pause or by #', async () => {
  const leg = new FakeLeg();
  for (const digit of '123') leg.session.onWord({ event: 'websocket:dtmf', digit, duration: 200 });
  await leg.clock.advance(1_900);
  expect(leg.link.turns).toEqual([]);
  await leg.clock.advance(200);
  expect(leg.link.turns).toMatchObject([{ via: 'keypad', utterance: '123' }]);
  for (const digit of '45#') leg.session.onWord({ event: 'websocket:dtmf', digit, duration: 200 });
  await leg.clock.advance(40);
  expect(leg.link.turns[1]).toMatchObject({ via: 'keypad', utterance: '45' });
});

test('[TT21] a # behind an answer that is committed already stops nothing', async () => {
  const leg = new FakeLeg();
  for (const digit of '12') leg.session.onWord({ event: 'websocket:dtmf', digit, duration: 200 });
  await leg.clock.advance(2_100);
  leg.fast.thenSays({ text: 'Twelve, I have noted it.', between: () => leg.clock.advance(40) });
  const answer = leg.answer();
  for (const digit of '##') leg.session.onWord({ event: 'websocket:dtmf', digit, duration: 200 });
  await leg.clock.advance(4_000);
  expect(await answer).toMatchObject({ ended: 'played', heardText: 'Twelve, I have noted it.' });
  expect(leg.link.turns).toHaveLength(1);
});

test('[EP5] a television behind finished words: they are a turn after three seconds, by one forced final', async () => {
  const leg = new FakeLeg();
  leg.recognizer.onHalfClose = (stream) => {
    leg.clock.after(300, () => {
      stream.final('I need help.');
    });
  };
  await leg.says('I need help');
  const saidAtMs = leg.clock.nowMs();
  const streams = leg.recognizer.streams.length;
  await leg.makesNoise(2_400);
  // Two seconds without a word: another stream hears the same again.
  expect(leg.recognizer.streams.slice(streams)).toHaveLength(1);
  for (const again of ['I', 'I need', 'I need help']) leg.recognizer.current.interim(again);
  await leg.makesNoise(1_200);
  expect(leg.link.turns).toMatchObject([{ via: 'speech', utterance: 'I need help.' }]);
  expect(leg.clock.nowMs() - saidAtMs).toBeLessThan(4_000);
  expect(leg.recognizer.streams.slice(streams)).toHaveLength(2);
});

test('[EP10] a recogniser without interims: the end of speech forces its final, and that is the utterance', async () => {
  const leg = new FakeLeg();
  leg.recognizer.onHalfClose = (stream) => {
    leg.clock.after(600, () => {
      stream.final('I want a table.');
      stream.close();
    });
  };
  await leg.says('I want a table', { interims: false, ms: 900 });
  await leg.clock.advanceUntil('a commit', () => leg.link.turns.length > 0);
  expect(leg.link.turns).toMatchObject([{ via: 'speech', utterance: 'I want a table.' }]);
});

test('[EP11] a final that never comes does not hang the turn: the settled words are taken', async () => {
  const leg = new FakeLeg();
  await leg.says('I want a table.');
  await leg.clock.advance(700);
  expect(leg.link.turns).toMatchObject([{ via: 'speech', utterance: 'I want a table.' }]);
});

test('[EP12] the final that comes in time replaces the interim', async () => {
  const leg = new FakeLeg();
  leg.recognizer.onHalfClose = (stream) => stream.final('I want a table for two.');
  await leg.says('i want a table for too');
  await leg.clock.advanceUntil('a commit', () => leg.link.turns.length > 0);
  expect(leg.link.turns[0]?.utterance).toBe('I want a table for two.');
});

test('[EP13] speech that no recogniser understands is a misunderstanding, a cough is nothing', async () => {
  const leg = new FakeLeg();
  await leg.makesNoise(250);
  await leg.clock.advance(3_000);
  expect(leg.link.turns).toEqual([]);
  await leg.makesNoise(900);
  await leg.clock.advance(3_000);
  expect(leg.link.turns).toMatchObject([{ via: 'noise', utterance: '' }]);
});

test('[EP14] words after a finished sentence are waited for, though the sentence before is final', async () => {
  const leg = new FakeLeg();
  await leg.says('I need help.');
  leg.recognizer.current.final('I need help.');
  await leg.clock.advance(180);
  const first = leg.recognizer.current;
  await leg.says('quickly', { interims: false, ms: 400 });
  leg.recognizer.onHalfClose = () => leg.clock.after(300, () => first.final('Quickly please.'));
  await leg.clock.advanceUntil('a commit', () => leg.link.turns.length > 0);
  expect(leg.link.turns[0]?.utterance).toBe('I need help. Quickly please.');
});

test('[EP16] words from before the silence may lack the last one: the final is waited for half a second', async () => {
  const leg = new FakeLeg();
  leg.recognizer.onHalfClose = (stream) => {
    leg.clock.after(350, () => stream.final('My name is Anna Petrova.'));
  };
  leg.clock.after(700, () => leg.recognizer.current.interim('My name is Anna'));
  await leg.says('My name is Anna Petrova', { interims: false, ms: 1_200 });
  await leg.clock.advanceUntil('a commit', () => leg.link.turns.length > 0);
  expect(leg.link.turns[0]?.utterance).toBe('My name is Anna Petrova.');
});

test('[EP15] after this process stood still, what lies on the socket is heard before the turn is judged', async () => {
  const leg = new FakeLeg();
  await leg.says('My name is Anna', { ms: 1_000 });
  await leg.clock.standStill(1_400);
  expect(leg.link.turns).toEqual([]);
  for (let frame = 0; frame < 1_400 / FRAME_MS; frame += 1) leg.session.onFrame(tone(FRAME_MS));
  await leg.clock.advance(300);
  leg.recognizer.current.interim('My name is Anna Petrova');
  await leg.clock.advance(1_000);
  expect(leg.link.turns.map(({ utterance }) => utterance)).toEqual(['My name is Anna Petrova']);
});

test('[BI13] a "yes" into the last word of a question answers it', async () => {
  const text = 'Shall I book that table for you now?';
  const leg = new FakeLeg({ opening: { kind: 'greeting', turnId: 'g-1', text } });
  await leg.clock.advance(toneMs(text) - 300);
  const turn = await leg.saysAndCommits('yes');
  expect(turn.utterance).toBe('yes');
});

test('[TT22] the bot does not begin while the customer speaks', async () => {
  const leg = new FakeLeg();
  leg.fast.thenSays({ text: 'Here is my answer.' });
  await leg.saysAndCommits('Tell me.');
  let answered: ReturnType<FakeLeg['answer']> | undefined;
  leg.clock.after(150, () => {
    answered = leg.answer();
  });
  await leg.says('mhm', { ms: 400 });
  expect(leg.network.sent).toHaveLength(0);
  await leg.clock.advance(3_000);
  expect(await answered).toMatchObject({ ended: 'played' });
  expect(leg.link.turns).toHaveLength(1);
});

test('[TT23] while Temporal is away the customer hears a waiting phrase once, and the turn is committed when it is back', async () => {
  const leg = new FakeLeg();
  await leg.clock.advance(100);
  leg.link.goAway();
  await leg.says('I want a table.');
  await leg.clock.advance(2_000);
  expect(saidAside(leg, 'waiting')).toBe(false);
  await leg.clock.advance(1_500);
  expect(saidAside(leg, 'waiting')).toBe(true);
  const asked = leg.synthesizer.asked.length;
  await leg.clock.advance(10_000);
  expect(leg.synthesizer.asked).toHaveLength(asked);
  leg.link.comeBack();
  await leg.clock.advance(100);
  expect(leg.link.turns).toMatchObject([{ utterance: 'I want a table.' }]);
});

test('[TT24] what is said while a turn cannot be committed follows in order, in one piece', async () => {
  const leg = new FakeLeg();
  await leg.clock.advance(100);
  leg.link.goAway();
  for (const words of ['I want a table.', 'For four people.', 'At eight o’clock please.']) {
    await leg.says(words);
    await leg.clock.advance(800);
  }
  leg.link.comeBack();
  await leg.clock.advance(100);
  expect(leg.link.turns.map((turn) => turn.utterance)).toEqual([
    'I want a table.',
    'For four people. At eight o’clock please.',
  ]);
});

test('[TT25] soft limit: a waiting phrase, once; then the answer all the same', async () => {
  const leg = new FakeLeg({ flags: { answer_soft_timeout_sec: 2 } });
  let speak: () => void = () => undefined;
  leg.fast.thenSays({ text: 'Found it.', after: new Promise((resolve) => (speak = resolve)) });
  leg.fallback.thenSays({ hangs: true });
  await leg.saysAndCommits('Look it up.');
  const answered = leg.answer();
  await leg.clock.advance(1_800);
  expect(saidAside(leg, 'waiting')).toBe(false);
  await leg.clock.advance(5_000);
  expect(saidAside(leg, 'waiting')).toBe(true);
  speak();
  await leg.clock.advance(2_000);
  expect(await answered).toMatchObject({
    ended: 'played',
    said: 'Found it.',
    heardText: 'Found it.',
    answeredBy: 'fast',
  });
});

test('[TT26] hard limit: an excuse is spoken, and the rules answer', async () => {
  const leg = new FakeLeg({ flags: { answer_soft_timeout_sec: 0, answer_hard_timeout_sec: 4 } });
  leg.fast.thenSays({ hangs: true });
  leg.fallback.thenSays({ hangs: true });
  leg.rules.thenSays({ text: 'What is your name?' });
  await leg.saysAndCommits('Look it up.');
  const answered = leg.answer();
  await leg.clock.advance(12_000);
  expect(await answered).toMatchObject({ ended: 'played', said: 'What is your name?', answeredBy: 'rules' });
  expect(saidAside(leg, 'waiting')).toBe(false);
  expect(saidAside(leg, 'technical_trouble')).toBe(true);
});

test('[TT27] asking in between does not start the wait anew: the hard limit counts from the first unanswered turn', async () => {
  const leg = new FakeLeg({ flags: { answer_soft_timeout_sec: 0, answer_hard_timeout_sec: 8 } });
  for (let turn = 0; turn < 3; turn += 1) {
    leg.fast.thenSays({ hangs: true });
    leg.fallback.thenSays({ hangs: true });
  }
  leg.rules.thenSays({ text: 'What is your name?' });
  for (const words of ['Look it up.', 'Are you there?', 'Hello, anybody?']) {
    await leg.saysAndCommits(words);
    void leg.answer();
    await leg.clock.advance(1_800);
  }
  await leg.clock.advance(2_000);
  expect(leg.rules.requests).toHaveLength(1);
});

test('[TT54] while a tool runs long a word is said once, behind what the model said before it', async () => {
  const leg = new FakeLeg();
  const call = { toolUseId: 'tool-1', name: 'search_knowledge', arguments: {} };
  leg.fast.thenSays({ text: 'Let me look that up for you.', toolCalls: [call] });
  await leg.saysAndCommits('Are you open on Sunday?');
  expect(await leg.answer()).toMatchObject({ ended: 'awaiting_tools' });
  await leg.clock.advance(toneMs('Let me look that up for you.') + 1_700);
  expect(saidAside(leg, 'one_moment')).toBe(false);
  await leg.clock.advance(400);
  expect(saidAside(leg, 'one_moment')).toBe(true);
  await leg.clock.advance(6_000);
  expect(leg.synthesizer.asked).toHaveLength(2);
  leg.fast.thenSays({ text: 'Yes, until five.' });
  const results = [{ toolUseId: 'tool-1', name: 'search_knowledge', content: 'Sunday 9-17', isError: false }];
  const answered = leg.answer({ round: 1, utterance: '', toolResults: results });
  await leg.clock.advance(3_000);
  expect(await answered).toMatchObject({ ended: 'played', said: 'Yes, until five.', heardText: 'Yes, until five.' });
});

test('[TT50, TT52] a model in a loop is not heard to the end of it', async () => {
  const leg = new FakeLeg();
  const question = 'What is your e-mail address?';
  const heard: string[] = [];
  for (let turn = 0; turn < 3; turn += 1) {
    leg.fast.thenSays({ text: `${question} ${question}` });
    await leg.saysAndCommits('I want to book a table.');
    const answered = leg.answer();
    await leg.clock.advance(8_000);
    heard.push((await answered).heardText);
  }
  expect(heard.slice(0, 2)).toEqual([question, question]);
  expect(phraseWordings('going_in_circles', 'en-US')).toContain(heard[2]);
});

test('[LM50] with every model failing the rules answer, and the outcome says so', async () => {
  const leg = new FakeLeg();
  const overloaded = new ProviderError('anthropic', 'rate_limit', { message: '529' });
  leg.fast.thenSays({ error: overloaded });
  leg.fallback.thenSays({ error: overloaded });
  leg.rules.thenSays({ text: 'By the rules.' });
  await leg.saysAndCommits('Hello you.');
  const answered = leg.answer();
  await leg.clock.advance(2_000);
  expect(await answered).toMatchObject({ answeredBy: 'rules', said: 'By the rules.' });
});

test('[ST74] a sentence that cannot be synthesised is tried once more, then left out, and not counted as heard', async () => {
  const leg = new FakeLeg();
  leg.synthesizer.failures.set('Second one.', 2);
  leg.synthesizer.failures.set('Third one.', 1);
  const answered = leg.answer({ say: 'First one. Second one. Third one.', via: 'silence' });
  await leg.clock.advance(4_000);
  expect(await answered).toMatchObject({ ended: 'played', heardComplete: false });
  expect(leg.network.playedMs).toBeGreaterThanOrEqual(toneMs('First one.') + toneMs('Third one.'));
  expect(leg.network.playedMs).toBeLessThan(toneMs('First one.') + toneMs('Third one.') + 200);
});

test.each([
  ['dies', (): Promise<void> => Promise.reject(new Error('the connection is gone'))],
  ['stalls', (): Promise<void> => new Promise(() => undefined)],
])('[ST132] a voice that %s on the way: what sounded is history, what did not is told to the model', async (_, end) => {
  const half: Synthesizer = {
    name: 'half',
    async *synthesize({ text }, signal) {
      yield tone(toneMs(text) / 2);
      await Promise.race([
        end(),
        new Promise((_resolve, reject) => {
          signal.addEventListener('abort', () => reject(signal.reason as Error));
        }),
      ]);
    },
  };
  const leg = new FakeLeg({ synthesizer: half });
  const answered = leg.answer({
    say: 'Your appointment is on Monday the third at ten in the morning.',
    via: 'silence',
  });
  await leg.clock.advance(8_000);
  const { ended, heardText, heardComplete } = await answered;
  expect({ ended, heardComplete }).toEqual({ ended: 'played', heardComplete: false });
  expect(heardText).toMatch(/^Your appointment is on/);
  expect(heardText).not.toMatch(/morning/);
  leg.fast.thenSays({ text: 'In the morning.' });
  await leg.saysAndCommits('At what time?');
  void leg.answer();
  await leg.clock.advance(500);
  expect(leg.fast.requests[0]?.system.volatile).toMatch(/morning/);
});

test('[ST75] marks that never come back do not keep a reply open for ever', async () => {
  const leg = new FakeLeg();
  leg.network.onWord = () => undefined;
  const answered = leg.answer({ say: 'Hello there.', via: 'silence' });
  await leg.clock.advance(toneMs('Hello there.') + 2_500);
  expect(await answered).toMatchObject({ ended: 'played', heardComplete: true });
});

test('[ST76] playback runs at most half a second ahead', async () => {
  const leg = new FakeLeg({
    opening: {
      kind: 'greeting',
      turnId: 'g-1',
      text: 'A rather long greeting that goes on for several seconds, so that it can be seen how far ahead it is sent.',
    },
  });
  let most = 0;
  leg.clock.each(() => (most = Math.max(most, leg.network.bufferedMs)));
  await leg.clock.advance(4_000);
  expect(most).toBeGreaterThan(200);
  expect(most).toBeLessThanOrEqual(500);
});

test('[LA10] a new language holds for voice and ears from the next sentence on', async () => {
  const leg = new FakeLeg();
  await leg.clock.advance(100);
  const facts = leg.link.seed?.facts;
  if (facts === undefined) throw new Error('no seed');
  const answered = leg.answer({ say: 'Guten Tag.', facts: { ...facts, language: 'de-DE' }, via: 'silence' });
  await leg.clock.advance(2_000);
  await answered;
  expect(leg.synthesizer.asked.at(-1)?.language).toBe('de-DE');
  expect(leg.recognizer.current.options.language).toBe('de-DE');
});

test('[RC14] the greeting waits for nobody: prepared words are spoken when the call does not answer', async () => {
  const text = 'Good day, this is Contoso.';
  const leg = new FakeLeg({
    start: { prepared: { text, manner: { language: 'en-US', speed: 1 } } },
    opening: { kind: 'greeting', turnId: 'g-9', text },
    arrange: ({ link }) => {
      link.goAway();
    },
  });
  await leg.clock.advance(500);
  expect(leg.network.sent.length).toBeGreaterThan(0);
  leg.link.comeBack();
  await leg.clock.advance(toneMs(text) + 500);
  expect(leg.link.attaches[0]?.spokeAlone).toMatchObject({ text });
  const turn = await leg.saysAndCommits('I need help.');
  expect(turn.heard).toEqual([{ turnId: 'g-9', heardText: text, complete: true }]);
  expect(leg.synthesizer.asked).toHaveLength(1);
});

test('[RC15] without words of its own the host says that somebody is there', async () => {
  const leg = new FakeLeg({
    arrange: ({ link }) => {
      link.goAway();
    },
  });
  await leg.clock.advance(1_900);
  expect(leg.network.sent).toHaveLength(0);
  await leg.clock.advance(500);
  expect(saidAside(leg, 'one_moment')).toBe(true);
});

test('[RC16] a leg that no call wants is closed', async () => {
  const leg = new FakeLeg({
    arrange: ({ link }) => {
      link.seed = null;
    },
  });
  await leg.clock.advance(100);
  expect(leg.network.closed).toBe(true);
  expect(await leg.session.ended).toBe('gone');
});
