import { pino } from 'pino';
import { describe, expect, test } from 'vitest';
import { Breaker } from '../../media/breaker.ts';
import { failOverRecognizer } from '../../media/ears-fail-over.ts';
import { FRAME_MS } from '../../media/frames.ts';
import { Recognition } from '../../media/recognition.ts';
import { failOverSynthesizer } from '../../media/voice-fail-over.ts';
import { ProviderError, type ProviderErrorKind } from '../../providers/provider-error.ts';
import type { Synthesizer, Utterable } from '../../providers/tts.ts';
import { FakeRecognizer, tone } from '../kit/fake-speech.ts';
import { settled, TestClock } from '../kit/test-clock.ts';

const log = pino({ level: 'silent' });
const frame = tone(FRAME_MS);
const bytesOf = (ms: number): number => (ms / FRAME_MS) * frame.length;
const broken = (kind: ProviderErrorKind): ProviderError => new ProviderError('test', kind, { message: 'unwell' });
/** A failure is forgotten for this long at least, and a silence. */
const AFTER_FAILURE_MS = 2_000;
const AFTER_SILENCE_MS = 30_000;

function kit() {
  return { breaker: new Breaker({ firstPauseMs: AFTER_FAILURE_MS }), pacer: new TestClock(), log };
}

describe('ears', () => {
  function bench() {
    const chosen = kit();
    const first = new FakeRecognizer('first');
    const second = new FakeRecognizer('second');
    const recognizer = failOverRecognizer([first, second], chosen);
    const clock = chosen.pacer;
    const newLeg = (language = 'en-US') => {
      const recognition = new Recognition({ recognizer, pacer: clock, log });
      recognition.listenFor({ language, hints: [] });
      return recognition;
    };
    const hear = async (recognition: Recognition, ms: number, speaking = true): Promise<void> => {
      const sinceMs = clock.nowMs();
      for (let heardMs = 0; heardMs < ms; heardMs += FRAME_MS) {
        recognition.write(frame);
        await clock.advance(FRAME_MS);
        recognition.beat(clock.nowMs(), { speaking, sinceMs });
      }
    };
    return { clock, first, second, newLeg, hear };
  }

  test('[ST119] a stream that breaks off in mid-speech is followed by one at the second service, which hears the sound again', async () => {
    const { first, second, newLeg, hear } = bench();
    const leg = newLeg();
    await hear(leg, 500);
    first.current.close(broken('unreachable'));
    expect(second.current.bytes).toBe(bytesOf(500));
    second.current.final('My name is Anna.');
    expect(leg.words.text).toBe('My name is Anna.');
    // Other calls of the process go to the second as well, and nobody opens a stream at the first.
    newLeg();
    expect(first.streams).toHaveLength(1);
    expect(second.streams).toHaveLength(2);
  });

  test('[ST120] a service that hears nothing of nine seconds of speech is left alone for half a minute', async () => {
    const { first, second, newLeg, hear } = bench();
    const leg = newLeg();
    await hear(leg, 9_500);
    expect(first.streams.map(({ state }) => state)).toEqual(['aborted']);
    second.current.final('Hello?');
    leg.take();
    await hear(leg, AFTER_SILENCE_MS - 2_000, false);
    newLeg();
    expect(first.streams).toHaveLength(1);
  });

  test('[ST120] a noise that none of them understands is held against nobody', async () => {
    const { first, second, newLeg, hear } = bench();
    const leg = newLeg();
    await hear(leg, 30_000);
    expect(first.streams.length + second.streams.length).toBeGreaterThanOrEqual(3);
    expect(second.streams.length).toBeGreaterThanOrEqual(1);
    const [before, others] = [first.streams.length, second.streams.length];
    newLeg();
    expect(first.streams).toHaveLength(before + 1);
    expect(second.streams).toHaveLength(others);
  });

  test('[ST120] so is one that gives no final when it is asked: the next turn is heard by another', async () => {
    const { first, second, newLeg, hear } = bench();
    const leg = newLeg();
    await hear(leg, 800);
    leg.forceFinal();
    await hear(leg, 1_500, false);
    leg.take();
    await hear(leg, 300);
    expect(second.streams).toHaveLength(1);
    expect(second.current.bytes).toBeGreaterThanOrEqual(bytesOf(300));
    expect(first.streams.every(({ state }) => state === 'aborted')).toBe(true);
  });

  test('[ST120] a stream that is no longer wanted, or was asked a moment ago, has not failed', async () => {
    const { first, second, newLeg, hear } = bench();
    const leg = newLeg();
    await hear(leg, 800);
    first.current.interim('yes');
    leg.take();
    await hear(leg, 300);
    leg.forceFinal();
    await hear(leg, 200, false);
    leg.take();
    newLeg().stop();
    expect(second.streams).toHaveLength(0);
  });

  test('[ST123] the preferred one is tried beside the other, unheard, and comes back when it understands', async () => {
    const { clock, first, second, newLeg, hear } = bench();
    const leg = newLeg();
    first.current.close(broken('vendor_fault'));
    await clock.advance(AFTER_FAILURE_MS + 100);
    leg.forceFinal();
    // The next stream runs at both, and only the second is heard.
    expect(first.streams).toHaveLength(2);
    await hear(leg, 200);
    expect(first.current.bytes).toBe(bytesOf(200));
    first.current.interim('not to be told');
    expect(leg.words.text).toBe('');
    second.current.final('Good morning.');
    expect(leg.words.text).toBe('Good morning.');
    newLeg();
    expect(first.streams).toHaveLength(3);
    expect(second.streams).toHaveLength(2);
  });

  test('[ST123] one that is still deaf on trial costs the customer nothing', async () => {
    const { clock, first, second, newLeg, hear } = bench();
    const leg = newLeg();
    await hear(leg, 9_500);
    await hear(leg, AFTER_SILENCE_MS + 100, false);
    leg.forceFinal();
    await hear(leg, 300);
    second.current.final('I am still here.');
    leg.take();
    leg.listenFor({ language: 'de-DE', hints: [] });
    const trials = first.streams.length;
    await clock.advance(1_000);
    newLeg();
    expect(first.streams).toHaveLength(trials);
  });

  test('[ST124] a language that one service refuses is heard by the other, the rest by the first', async () => {
    const { clock, first, second, newLeg } = bench();
    newLeg('tr-TR');
    first.current.close(broken('bad_request'));
    expect(second.current.options.language).toBe('tr-TR');
    newLeg('en-US');
    expect(first.current.options.language).toBe('en-US');
    await clock.advance(AFTER_FAILURE_MS + 100);
    newLeg('tr-TR');
    expect(second.streams).toHaveLength(2);
  });

  test('[EP25] when both are dead they are asked by turns, with growing pauses', async () => {
    const { clock, first, second, newLeg } = bench();
    newLeg();
    for (let round = 0; round < 40; round += 1) {
      for (const each of [first, second])
        for (const stream of each.streams) if (stream.state === 'open') stream.close(broken('unreachable'));
      await clock.advance(250);
    }
    expect(first.streams.length).toBeGreaterThan(1);
    expect(second.streams.length).toBeGreaterThan(1);
    expect(first.streams.length + second.streams.length).toBeLessThan(12);
  });
});

describe('voice', () => {
  const SENTENCE: Utterable = { text: 'Good day.', language: 'en-US', voice: 'Aoede', speed: 1, sampleRateHz: 16_000 };

  type Manner = 'speaks' | 'silent' | 'breaks' | ProviderErrorKind | { afterMs: number };

  class Mouth implements Synthesizer {
    readonly name: string;
    manner: Manner = 'speaks';
    readonly asked: Utterable[] = [];
    readonly #clock: TestClock;

    constructor(name: string, clock: TestClock) {
      this.name = name;
      this.#clock = clock;
    }

    async *synthesize(utterable: Utterable, signal: AbortSignal): AsyncGenerator<Buffer> {
      this.asked.push(utterable);
      const { manner } = this;
      if (typeof manner === 'object' || manner === 'silent') {
        await new Promise<void>((resolve, reject) => {
          if (typeof manner === 'object') this.#clock.after(manner.afterMs, resolve);
          signal.addEventListener('abort', () => {
            reject(signal.reason as Error);
          });
        });
      } else if (manner !== 'speaks' && manner !== 'breaks') throw broken(manner);
      yield Buffer.from(`${this.name} 1 `);
      await Promise.resolve();
      if (manner === 'breaks') throw broken('unreachable');
      yield Buffer.from(`${this.name} 2`);
    }
  }

  function bench() {
    const chosen = kit();
    const clock = chosen.pacer;
    const first = new Mouth('first', clock);
    const second = new Mouth('second', clock);
    const voice = failOverSynthesizer([first, second], chosen);
    const say = async (signal = new AbortController().signal): Promise<string> => {
      let heard = '';
      for await (const piece of voice.synthesize(SENTENCE, signal)) heard += piece.toString();
      return heard;
    };
    return { clock, first, second, say };
  }

  test('[ST121] what one cannot say the other says, the same sentence at once; the next goes there directly', async () => {
    const { first, second, say } = bench();
    first.manner = 'unreachable';
    expect(await say()).toBe('second 1 second 2');
    expect(await say()).toBe('second 1 second 2');
    expect(first.asked).toHaveLength(1);
    expect(second.asked.map(({ text }) => text)).toEqual([SENTENCE.text, SENTENCE.text]);
  });

  test('[ST121] who has no sound after a second and a half is joined by the other', async () => {
    const { clock, first, say } = bench();
    first.manner = 'silent';
    const heard = say();
    await clock.advance(1_600);
    expect(await heard).toBe('second 1 second 2');
  });

  test('[ST121] a slow voice beside a dead one still says the sentence', async () => {
    const { clock, first, second, say } = bench();
    first.manner = { afterMs: 2_500 };
    second.manner = 'vendor_fault';
    const heard = say();
    await clock.advance(2_600);
    expect(await heard).toBe('first 1 first 2');
  });

  test('[ST121] who was asked second and had no time to answer has not failed', async () => {
    const { clock, first, second, say } = bench();
    first.manner = { afterMs: 1_700 };
    second.manner = 'silent';
    const heard = say();
    await clock.advance(1_800);
    expect(await heard).toBe('first 1 first 2');
    first.manner = 'unreachable';
    second.manner = 'speaks';
    expect(await say()).toBe('second 1 second 2');
    expect(second.asked).toHaveLength(2);
  });

  test('[ST122] who dies in mid-sentence is not repeated, and the next sentence is another’s', async () => {
    const { first, second, say } = bench();
    first.manner = 'breaks';
    await expect(say()).rejects.toMatchObject({ kind: 'unreachable' });
    expect(second.asked).toHaveLength(0);
    expect(await say()).toBe('second 1 second 2');
  });

  test('[ST123] the preferred voice says a sentence to nobody before it is heard again', async () => {
    const { clock, first, say } = bench();
    first.manner = 'unreachable';
    await say();
    await clock.advance(AFTER_FAILURE_MS + 100);
    expect(await say()).toBe('second 1 second 2');
    expect(first.asked).toHaveLength(2);
    await clock.advance(AFTER_FAILURE_MS + 100);
    first.manner = 'speaks';
    expect(await say()).toBe('second 1 second 2');
    await settled();
    expect(await say()).toBe('first 1 first 2');
  });

  test('[ST124] a voice refused in one language is not held against the others', async () => {
    const { first, say } = bench();
    first.manner = 'bad_request';
    expect(await say()).toBe('second 1 second 2');
    expect(first.asked).toHaveLength(1);
  });

  test('[ST125] a voice’s name goes to its own vendor only', async () => {
    const { first, second, say } = bench();
    first.manner = 'unreachable';
    await say();
    expect(first.asked[0]?.voice).toBe('Aoede');
    expect(second.asked[0]?.voice).toBeNull();
  });

  test('[ST126] with every voice out of order a sentence is given up at once, and tried again after the pause', async () => {
    const { clock, first, second, say } = bench();
    first.manner = 'unreachable';
    second.manner = 'unreachable';
    for (let each = 0; each < 3; each += 1) await expect(say()).rejects.toMatchObject({ kind: 'unreachable' });
    const asked = first.asked.length + second.asked.length;
    await expect(say()).rejects.toThrow('out of order');
    expect(first.asked.length + second.asked.length).toBe(asked);
    await clock.advance(15_100);
    second.manner = 'speaks';
    expect(await say()).toBe('second 1 second 2');
  });

  test('[ST126] an interruption ends it with its own reason and is held against nobody', async () => {
    const { clock, first, say } = bench();
    first.manner = 'silent';
    const abort = new AbortController();
    const heard = say(abort.signal);
    const reason = new Error('the caller speaks');
    await clock.advance(100);
    abort.abort(reason);
    await expect(heard).rejects.toBe(reason);
    first.manner = 'speaks';
    expect(await say()).toBe('first 1 first 2');
  });
});
