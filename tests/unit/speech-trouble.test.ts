import { pino } from 'pino';
import { describe, expect, test } from 'vitest';
import { phraseWordings } from '../../domain/phrases.ts';
import { earsAreLost, onDeafTurn, onFailedTry } from '../../domain/speech-trouble.ts';
import { Recognition } from '../../media/recognition.ts';
import { FakeLeg } from '../kit/fake-leg.ts';
import { FakeRecognizer } from '../kit/fake-speech.ts';
import { TestClock } from '../kit/test-clock.ts';

describe('what is owed', () => {
  test('[ST130] a second lost sentence in a row is excused, a third ends the call, each said once', () => {
    expect([1, 2, 3, 4, 5, 6, 7, 8].map(onFailedTry)).toEqual([
      null,
      null,
      'excuse',
      null,
      null,
      'give_up',
      null,
      null,
    ]);
  });

  test('[ST131] ears are lost after three streams without a word', () => {
    expect([0, 1, 2, 3, 9].map(earsAreLost)).toEqual([false, false, false, true, true]);
  });

  test('[ST131] who cannot be heard is asked for a key, then gets a human; the key is a promise', () => {
    const deaf = { via: 'deaf', utterance: '' };
    expect(onDeafTurn(deaf, 0)).toBe('ask_for_key');
    expect(onDeafTurn(deaf, 1)).toBe('bring_human');
    expect(onDeafTurn({ via: 'keypad', utterance: '1' }, 1)).toBe('promise_call');
    expect(onDeafTurn({ via: 'keypad', utterance: '1' }, 0)).toBeNull();
    expect(onDeafTurn({ via: 'keypad', utterance: '2' }, 1)).toBeNull();
    expect(onDeafTurn({ via: 'noise', utterance: '' }, 0)).toBeNull();
  });
});

describe('on the leg', () => {
  const manner = { language: 'en-US', speed: 1 };

  async function muteLeg(): Promise<FakeLeg> {
    const leg = new FakeLeg({ opening: { kind: 'none' } });
    await leg.clock.advance(100);
    for (const text of phraseWordings('technical_trouble', 'en-US').flatMap((words) => words.match(/[^.]+\./g) ?? []))
      await leg.equipment.voice.prepare({ text: text.trim(), ...manner });
    leg.synthesizer.dead = true;
    return leg;
  }

  test('[ST130] a voice that dies is excused in words kept as sound, and after three sentences the call is told', async () => {
    const leg = await muteLeg();
    const before = leg.network.playedMs;
    void leg.answer({ say: 'First sentence. Second sentence.' });
    await leg.clock.advanceUntil('an excuse', () => leg.network.playedMs > before + 1_000);
    expect(leg.link.turns).toEqual([]);
    void leg.answer({ say: 'And a third one.' });
    await leg.clock.advanceUntil('the commit', () => leg.link.turns.length > 0);
    expect(leg.link.turns).toMatchObject([{ via: 'mute', utterance: '' }]);
    await leg.clock.advance(5_000);
    expect(leg.link.turns.filter(({ via }) => via === 'mute')).toHaveLength(1);
  });

  test('[ST130] a single failed try, or one that an interruption called off, is no trouble', async () => {
    const leg = new FakeLeg({ opening: { kind: 'none' } });
    await leg.clock.advance(100);
    for (let turn = 0; turn < 4; turn += 1) {
      const text = `Sentence number ${String(turn)}.`;
      leg.synthesizer.failures.set(text, 1);
      const answered = leg.answer({ say: text });
      await leg.clock.advance(4_000);
      expect((await answered).heardText).toBe(text);
    }
    expect(leg.link.turns).toEqual([]);
  });

  test('[ST131] speech that no recogniser can hear is told as such, not as noise', async () => {
    const leg = new FakeLeg({ opening: { kind: 'none' } });
    await leg.clock.advance(100);
    for (let stream = 0; stream < 4; stream += 1) {
      leg.recognizer.current.close(new Error('nobody there'));
      await leg.clock.advance(4_000);
    }
    await leg.makesNoise(1_200);
    await leg.clock.advanceUntil('a commit', () => leg.link.turns.length > 0);
    expect(leg.link.turns[0]).toMatchObject({ via: 'deaf', utterance: '' });
  });

  test('[ST131] a word shows that ears work again; a service that only renews its streams has not lost any', async () => {
    const clock = new TestClock();
    const recognizer = new FakeRecognizer();
    const recognition = new Recognition({ recognizer, pacer: clock, log: pino({ level: 'silent' }) });
    recognition.listenFor({ language: 'en-US', hints: [] });
    for (let stream = 0; stream < 5; stream += 1) recognizer.current.close();
    expect(recognition.lost).toBe(false);
    for (let stream = 0; stream < 3; stream += 1) {
      recognizer.current.close(new Error('nobody there'));
      await clock.advance(4_000);
    }
    expect(recognition.lost).toBe(true);
    recognizer.current.interim('Hello');
    expect(recognition.lost).toBe(false);
  });
});
