import { expect, test } from 'vitest';
import { asTurnId } from '../../domain/ids.ts';
import { FakeLeg } from '../kit/fake-leg.ts';
import { toneMs } from '../kit/fake-speech.ts';

const greeting = { kind: 'greeting', turnId: 'g-1', text: 'Hello there. How can I help?' } as const;

test('[TT10] from greeting to a played answer: the customer is heard, committed, answered, and what was heard is known', async () => {
  const leg = new FakeLeg({ opening: greeting });
  await leg.clock.advanceUntil(
    'the greeting is played',
    () => leg.network.playedMs >= toneMs('Hello there.') + toneMs('How can I help?'),
  );
  leg.fast.thenSays({ text: 'Gladly. When would you like to come?' });
  const turn = await leg.saysAndCommits('I want to book a table.');
  expect(turn.utterance).toBe('I want to book a table.');
  expect(turn.via).toBe('speech');
  expect(turn.heard).toEqual([{ turnId: 'g-1', heardText: 'Hello there. How can I help?', complete: true }]);

  const answer = leg.answer();
  await leg.clock.advance(toneMs('Gladly. When would you like to come?') + 500);
  const outcome = await answer;
  expect(outcome).toMatchObject({
    ended: 'played',
    said: 'Gladly. When would you like to come?',
    heardText: 'Gladly. When would you like to come?',
    heardComplete: true,
    answeredBy: 'fast',
  });
  expect(outcome.latency.endpointingMs).toBeGreaterThan(0);
  expect(outcome.latency.voiceToVoiceMs).toBeGreaterThan(0);
  expect(leg.fast.requests[0]?.messages.map((message) => message.role)).toEqual(['assistant', 'user']);
});

test('[BI10] words of the customer stop the bot at once, and history holds what was heard', async () => {
  const leg = new FakeLeg({
    opening: {
      kind: 'greeting',
      turnId: 'g-1',
      text: 'Welcome to the very long greeting of this company which goes on and on without an end in sight.',
    },
  });
  await leg.clock.advance(2_000);
  expect(leg.network.playedMs).toBeGreaterThan(1_000);
  const turn = await leg.saysAndCommits('Stop, I need a doctor.');
  expect(leg.network.cleared).toBe(1);
  expect(leg.network.bufferedMs).toBe(0);
  expect(turn.heard[0]).toMatchObject({ turnId: 'g-1', complete: false });
  expect(turn.heard[0]?.heardText).toMatch(/^Welcome to the/);
  expect(turn.heard[0]?.heardText.length).toBeLessThan(70);
});

test('[BI7] sound that was sent and not played does not count as heard', async () => {
  const text = 'on and on and on and on and on and on and on and on and on and on and on and on and on and on and on';
  const leg = new FakeLeg({ opening: { kind: 'greeting', turnId: 'g-1', text } });
  await leg.clock.advance(2_000);
  const turn = await leg.saysAndCommits('Stop that please.');
  const heardMs = toneMs(turn.heard[0]?.heardText ?? '');
  // Words of three letters: the cut is at most two letters off.
  expect(Math.abs(heardMs - leg.network.playedMs)).toBeLessThanOrEqual(240);
});

test('[BI11] after a cough and an "mhm" the bot goes on to its end', async () => {
  const text = 'Welcome to the very long greeting of this company which goes on and on without an end in sight.';
  const leg = new FakeLeg({ opening: { kind: 'greeting', turnId: 'g-1', text } });
  await leg.clock.advance(1_000);
  await leg.makesNoise(300);
  await leg.clock.advance(1_000);
  await leg.says('mhm', { ms: 400 });
  await leg.clock.advance(toneMs(text));
  expect(leg.link.turns).toEqual([]);
  const turn = await leg.saysAndCommits('I need help.');
  expect(turn.heard).toEqual([{ turnId: 'g-1', heardText: text, complete: true }]);
});

test('[TT11] the same round asked twice has one outcome and is spoken once', async () => {
  const leg = new FakeLeg();
  leg.fast.thenSays({ text: 'Yes.' });
  await leg.saysAndCommits('Is it open?');
  const [one, two] = [leg.answer(), leg.answer()];
  await leg.clock.advance(1_000);
  expect(await one).toEqual(await two);
  expect(leg.fast.requests).toHaveLength(1);
});

test('[TT12] tools: text plays while they run, their results reach the next round', async () => {
  const leg = new FakeLeg();
  const call = { toolUseId: 'tool-1', name: 'update_claim', arguments: { field: 'name', value: 'Ann' } };
  leg.fast.thenSays({ text: 'One second.', toolCalls: [call] });
  leg.fast.thenSays({ text: 'Done.' });
  await leg.saysAndCommits('My first name is Ann.');
  const first = await leg.answer();
  expect(first).toMatchObject({ ended: 'awaiting_tools', said: 'One second.', toolCalls: [call] });
  const second = leg.answer({
    round: 1,
    utterance: '',
    toolResults: [{ toolUseId: 'tool-1', name: 'update_claim', content: 'ok', isError: false }],
  });
  await leg.clock.advance(3_000);
  expect(await second).toMatchObject({ ended: 'played', said: 'Done.', heardText: 'Done.', heardComplete: true });
  expect(leg.fast.requests[1]?.messages.map((message) => message.role)).toEqual(['user', 'assistant', 'tools']);
});

test('[TT13] who speaks on before the answer is heard overtakes it', async () => {
  const leg = new FakeLeg();
  leg.fast.thenSays({ hangs: true });
  await leg.saysAndCommits('I would like a table.');
  const first = leg.answer();
  await leg.saysAndCommits('For four people.');
  expect(await first).toMatchObject({ ended: 'superseded', heardText: '' });
  leg.fast.thenSays({ text: 'A table for four.' });
  const second = leg.answer();
  await leg.clock.advance(3_000);
  expect(await second).toMatchObject({ ended: 'played' });
  expect(leg.fast.requests[1]?.messages).toMatchObject([
    { text: 'I would like a table.' },
    { text: 'For four people.' },
  ]);
});

test('[TT14] set words are said as they are, and an empty wish waits for the last word', async () => {
  const leg = new FakeLeg();
  const said = leg.answer({ turnId: asTurnId('bye'), say: 'Goodbye then.', via: 'silence' });
  await leg.clock.advance(2_000);
  expect(await said).toMatchObject({
    ended: 'played',
    answeredBy: 'phrase',
    heardText: 'Goodbye then.',
    heardComplete: true,
  });
  expect(leg.fast.requests).toEqual([]);
});

test('[DS12] the first sentence behind a tool is timed from the beginning of the turn', async () => {
  const leg = new FakeLeg();
  leg.fast.thenSays({ toolCalls: [{ toolUseId: 'tool-1', name: 'search_knowledge', arguments: {} }] });
  leg.fast.thenSays({ text: 'It is for seven o’clock.' });
  await leg.saysAndCommits('When is my table?');
  const first = await leg.answer();
  expect(first.latency).toMatchObject({ firstSentenceMs: null, voiceToVoiceMs: null });
  await leg.clock.advance(1_000);
  const outcome = leg.answer({
    round: 1,
    utterance: '',
    toolResults: [{ toolUseId: 'tool-1', name: 'search_knowledge', content: 'seven', isError: false }],
  });
  await leg.clock.advance(3_000);
  const { latency } = await outcome;
  expect(latency.firstSentenceMs).toBeGreaterThanOrEqual(1_000);
  expect(latency.voiceToVoiceMs).toBeGreaterThan(latency.firstSentenceMs ?? Infinity);
});

test('[TT15] the results of an overtaken turn’s tools reach the model with the next question', async () => {
  const leg = new FakeLeg();
  const call = { toolUseId: 'tool-1', name: 'update_claim', arguments: {} };
  leg.fast.thenSays({ toolCalls: [call] });
  await leg.saysAndCommits('My name is Ann Smith.');
  expect(await leg.answer()).toMatchObject({ ended: 'awaiting_tools' });
  await leg.saysAndCommits('And I need a table.');
  leg.fast.thenSays({ text: 'Sure.' });
  const answered = leg.answer({
    toolResults: [{ toolUseId: 'tool-1', name: 'update_claim', content: 'saved', isError: false }],
  });
  await leg.clock.advance(2_000);
  await answered;
  expect(leg.fast.requests[1]?.messages).toMatchObject([
    { role: 'user', text: 'My name is Ann Smith.' },
    { role: 'assistant', toolCalls: [call] },
    { role: 'tools', results: [{ content: 'saved' }] },
    { role: 'user', text: 'And I need a table.' },
  ]);
});
