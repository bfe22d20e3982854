import { expect, test } from 'vitest';
import { FakeLeg, type LegOptions } from '../kit/fake-leg.ts';
import { toneMs } from '../kit/fake-speech.ts';

const REPLY = 'Gladly. When would you like to come?';

/** Delays as vendors have them; the call answers a commit within 20 ms. */
function bench(options: LegOptions = {}) {
  const leg = new FakeLeg({ ...options, flags: { early_thinking: true, ...options.flags } });
  leg.synthesizer.delay = () => leg.clock.wait(120);
  const willSay = (text: string, over: Parameters<typeof leg.fast.thenSays>[0] = {}) => {
    leg.fast.thenSays({ text, after: () => leg.clock.wait(300), between: () => leg.clock.wait(20), ...over });
  };
  /** Until the model is asked, committed or heard, counted from the end of the customer's words. */
  const timeline = async () => {
    const endedAtMs = leg.clock.nowMs();
    const when: Record<'asked' | 'committed' | 'heard', number | null> = { asked: null, committed: null, heard: null };
    const seen = { asked: leg.fast.requests.length, committed: leg.link.turns.length, heard: leg.network.sent.length };
    let answered: ReturnType<typeof leg.answerAsTheCall> | undefined;
    await leg.clock.advanceUntil('the answer is heard', () => {
      const sinceMs = leg.clock.nowMs() - endedAtMs;
      if (leg.fast.requests.length > seen.asked) when.asked ??= sinceMs;
      if (leg.link.turns.length > seen.committed) {
        when.committed ??= sinceMs;
        answered ??= leg.answerAsTheCall();
      }
      if (leg.network.sent.length > seen.heard) when.heard ??= sinceMs;
      return when.heard !== null && answered !== undefined;
    });
    await leg.clock.advance(toneMs(REPLY) + 2_000);
    return { ...when, outcome: await answered };
  };
  return { leg, willSay, timeline };
}

test('[ET20] the model is asked at the first pause, and the reply is adopted with its sound', async () => {
  const { leg, willSay, timeline } = bench();
  leg.recognizer.onHalfClose = (stream) => stream.final('I want to book a table.');
  willSay(REPLY);
  await leg.says('i want to book a table');
  const { asked, committed, heard, outcome } = await timeline();
  expect(asked).toBeLessThanOrEqual(80);
  expect(committed).toBeGreaterThanOrEqual(360);
  // 300 ms to the first word, 120 ms to the first sound, and little else.
  expect(heard).toBeLessThanOrEqual((asked ?? 0) + 300 + 120 + 40);
  expect(leg.fast.requests).toHaveLength(1);
  expect(leg.synthesizer.asked.map(({ text }) => text)).toEqual(['Gladly.', 'When would you like to come?']);
  expect(outcome).toMatchObject({
    ended: 'played',
    said: REPLY,
    heardText: REPLY,
    heardComplete: true,
    early: { started: 1, adopted: 1, inputTokens: 0, outputTokens: 0 },
  });
});

test('[ET21] nothing is heard before the commit, however early the reply is ready', async () => {
  const { leg, willSay, timeline } = bench({ flags: { vad_silence_timeout_ms: 2_000 } });
  willSay(REPLY);
  await leg.says('i want to book a table');
  const { committed, heard } = await timeline();
  expect(committed).toBeGreaterThan(1_000);
  expect(heard).toBeGreaterThanOrEqual(committed ?? 0);
  expect(heard).toBeLessThanOrEqual((committed ?? 0) + 40);
});

test('[ET22] held, a reply has its first sentence alone made into sound', async () => {
  const { leg, willSay } = bench({ flags: { vad_silence_timeout_ms: 4_000 } });
  willSay(`${REPLY} We are open all day. Tell me.`);
  await leg.says('i want to book a table');
  await leg.clock.advance(1_500);
  expect(leg.link.turns).toEqual([]);
  expect(leg.synthesizer.asked.map(({ text }) => text)).toEqual(['Gladly.']);
});

test('[ET23] words that go on void the reply: it is stopped unheard, its cost is told, and the whole is thought about', async () => {
  const { leg, willSay, timeline } = bench();
  willSay('For how many?', { hangs: true });
  await leg.says('i want to book');
  await leg.clock.advance(140);
  expect(leg.fast.requests).toHaveLength(1);
  willSay(REPLY);
  await leg.says('i want to book a table for two');
  expect(leg.fast.aborted).toBe(1);
  const { outcome } = await timeline();
  expect(leg.fast.requests.at(-1)?.messages).toMatchObject([{ text: 'i want to book a table for two' }]);
  expect(leg.synthesizer.asked.map(({ text }) => text)).not.toContain('For how many?');
  expect(outcome?.early).toMatchObject({ started: 2, adopted: 1 });
  expect(outcome?.early?.inputTokens).toBeGreaterThan(0);
});

test('[ET34] what is dropped because the customer hangs up is told once the leg has ended, and once', async () => {
  const { leg, willSay } = bench();
  willSay('For how many?', { hangs: true });
  await leg.says('i want to book');
  await leg.clock.advance(140);
  expect(leg.fast.requests).toHaveLength(1);
  leg.session.close('network');
  const told = leg.session.takeEarlyCosts();
  expect(told).toMatchObject({ started: 1, adopted: 0 });
  expect(told?.inputTokens).toBeGreaterThan(0);
  expect(leg.session.takeEarlyCosts()).toBeUndefined();
});

test('[ET24] no tool of a dropped reply leaves the host; those of an adopted one come with its outcome', async () => {
  const { leg, willSay, timeline } = bench();
  const wrong = { toolUseId: 'tool-1', name: 'end_call', arguments: {} };
  const right = { toolUseId: 'tool-2', name: 'update_claim', arguments: { field: 'name' } };
  leg.fast.thenSays({ text: 'Goodbye.', toolCalls: [wrong] });
  await leg.says('that is not all');
  await leg.clock.advance(160);
  willSay('One second.', { toolCalls: [right] });
  await leg.says('that is not all my name is Ann');
  const { outcome } = await timeline();
  expect(outcome).toMatchObject({ ended: 'awaiting_tools', toolCalls: [right], said: 'One second.' });
  expect(outcome?.early).toMatchObject({ started: 2, adopted: 1, inputTokens: 100, outputTokens: 10 });
});

test('[ET25] a final that differs in capitals and marks keeps the reply, other words replace it at the commit', async () => {
  const { leg, willSay, timeline } = bench();
  leg.recognizer.onHalfClose = (stream) => stream.final('I want to book a table.');
  willSay(REPLY);
  await leg.says('i want to book a table');
  expect((await timeline()).outcome?.early).toMatchObject({ started: 1, adopted: 1 });
  leg.recognizer.onHalfClose = (stream) => stream.final('For four, please.');
  willSay('No such table.', { hangs: true });
  willSay('A table for four.');
  await leg.says('for for please');
  const { outcome } = await timeline();
  expect(outcome).toMatchObject({ said: 'A table for four.', early: { started: 2, adopted: 1 } });
});

test('[ET26] a question that turns out another, in facts or guidance, is asked anew', async () => {
  const { leg, willSay } = bench();
  willSay('Too early.');
  await leg.saysAndCommits('i want to book a table');
  await leg.clock.advance(200);
  willSay('In time.');
  const answered = leg.answerAsTheCall({ guidance: 'The customer is in a hurry.' });
  await leg.clock.advance(4_000);
  expect(await answered).toMatchObject({ said: 'In time.', early: { started: 1, adopted: 0 } });
  expect(leg.synthesizer.asked.map(({ text }) => text)).toEqual(['Too early.', 'In time.']);
  expect(leg.network.playedMs).toBeLessThan(toneMs('In time.') + 100);
});

test('[ET27] set words drop what was thought', async () => {
  const { leg, willSay } = bench();
  willSay('Let me think.');
  await leg.saysAndCommits('i want to book a table');
  const answered = leg.answerAsTheCall({ say: 'Our office is closed.', allowTools: false, guidance: null });
  await leg.clock.advance(4_000);
  expect(await answered).toMatchObject({ said: 'Our office is closed.', early: { started: 1, adopted: 0 } });
});

test('[ET28] the flag turns it off', async () => {
  const { leg, willSay, timeline } = bench({ flags: { early_thinking: false } });
  willSay(REPLY);
  await leg.says('i want to book a table');
  const { asked, committed, outcome } = await timeline();
  expect(asked).toBeGreaterThanOrEqual(committed ?? Infinity);
  expect(outcome).not.toHaveProperty('early');
});

test('[ET29] without interims the model is asked at the commit, before the call asks', async () => {
  const { leg, willSay } = bench();
  leg.recognizer.onHalfClose = (stream) => {
    leg.clock.after(200, () => stream.final('I want a table.'));
  };
  willSay(REPLY);
  await leg.says('i want a table', { interims: false, ms: 900 });
  await leg.clock.advanceUntil('a commit', () => leg.link.turns.length > 0);
  expect(leg.fast.requests).toHaveLength(1);
  const answered = leg.answerAsTheCall();
  await leg.clock.advance(4_000);
  expect(await answered).toMatchObject({ said: REPLY, early: { started: 1, adopted: 1 } });
});

test('[ET30] keys, and a wish for a person, are not thought about', async () => {
  const { leg } = bench();
  await leg.saysAndCommits('let me talk to a human being please');
  leg.session.onWord({ event: 'websocket:dtmf', digit: '1', duration: 200 });
  await leg.clock.advance(3_000);
  expect(leg.link.turns.map(({ via }) => via)).toEqual(['speech', 'keypad']);
  expect(leg.fast.requests).toEqual([]);
});

test('[ET31] an early reply that nobody could give is no fault: the turn asks again', async () => {
  const { leg, willSay } = bench();
  leg.fast.thenSays({ error: new Error('no') });
  leg.fallback.thenSays({ error: new Error('no') });
  leg.rules.thenSays({ error: new Error('no') });
  await leg.says('i want to book a table');
  await leg.clock.advance(100);
  leg.rules.thenSays({ text: 'By the rules.' });
  willSay(REPLY);
  await leg.clock.advanceUntil('a commit', () => leg.link.turns.length > 0);
  const answered = leg.answerAsTheCall();
  await leg.clock.advance(5_000);
  expect(await answered).toMatchObject({ ended: 'played', early: { adopted: 1 } });
});

test('[ET2] a settled interim brings the last word: the model is asked once, and then', async () => {
  const { leg, willSay, timeline } = bench();
  willSay(REPLY);
  leg.clock.after(1_100, () => {
    leg.recognizer.current.interim('i want to book a');
  });
  leg.clock.after(1_200 + 100, () => {
    leg.recognizer.current.interim('i want to book a table');
  });
  await leg.says('i want to book a table', { interims: false, ms: 1_200 });
  const { asked, outcome } = await timeline();
  expect(asked).toBeLessThanOrEqual(120);
  expect(leg.fast.requests.map(({ messages }) => messages.at(-1))).toMatchObject([{ text: 'i want to book a table' }]);
  expect(outcome?.early).toMatchObject({ started: 1, adopted: 1 });
});

test('[ET32] while an earlier turn waits to be taken up nothing is thought early: both will be answered as one', async () => {
  const { leg, willSay } = bench();
  await leg.clock.advance(100);
  leg.link.goAway();
  willSay('For when?');
  await leg.says('i want to book a table');
  await leg.clock.advance(1_000);
  await leg.says('for four people please');
  await leg.clock.advance(1_000);
  expect(leg.fast.requests).toHaveLength(1);
});

test('[ET26] what the customer heard of the bot is part of the question: thought about anew once the bot is stopped', async () => {
  const text = 'Welcome to the very long greeting of this company which goes on and on without an end in sight.';
  const { leg, willSay, timeline } = bench({ opening: { kind: 'greeting', turnId: 'g-1', text } });
  await leg.clock.advance(1_500);
  willSay(REPLY);
  await leg.says('stop i need a doctor now');
  const { outcome } = await timeline();
  expect(outcome).toMatchObject({ said: REPLY, ended: 'played' });
  const asked = leg.fast.requests.at(-1)?.messages;
  expect(asked?.at(-1)).toMatchObject({ role: 'user', text: 'stop i need a doctor now' });
  expect(JSON.stringify(asked)).not.toContain('in sight');
});

test('[ET33] who goes on speaking before the bot could begin is answered as early as others', async () => {
  const { leg, willSay, timeline } = bench();
  willSay('For when?', { after: () => leg.clock.wait(800) });
  await leg.says('i want to');
  await leg.clock.advanceUntil('a commit', () => leg.link.turns.length > 0);
  const superseded = leg.answerAsTheCall();
  await leg.says('book a table for two', { ms: 1_600 });
  expect(leg.network.sent).toHaveLength(0);
  willSay(REPLY);
  const { asked, outcome } = await timeline();
  expect(asked).toBeLessThanOrEqual(80);
  expect(leg.fast.requests).toHaveLength(2);
  expect(outcome).toMatchObject({ said: REPLY, ended: 'played' });
  expect(await superseded).toMatchObject({ heardText: '', ended: 'superseded' });
  expect(JSON.stringify(leg.fast.requests[1]?.messages)).not.toContain('For when?');
});
